import { expect, test } from 'vitest'
import { aSignedApp } from '../../../../test/signed-app.ts'
import { aContext, aCorp, aStaff, at, freshDb } from '../../../../test/world.ts'
import { standingClock } from '../../../platform/clock.ts'
import { inCorp } from '../../../platform/db.ts'
import { registerChannelRoutes } from '../routes.ts'

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
const rosterOf = (staffIds: string[], backupIds = staffIds) => ({
  week: [{ weekdays: EVERY_DAY, from: '09:00', to: '18:00', staffIds }],
  days: [],
  backupIds,
  dailyCap: null,
  caps: [],
  autoAccept: null,
})

test('a staff member goes off duty and on again himself, the next scan says so at once, and head office has no duty', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId, { name: '鲍勃' })]
  await using work = aContext(db, { clock: standingClock(at) }) // ten in the morning
  const deps = { db: db.api, work, demo: false, adminLogin: 'admin' }
  await using there = await aSignedApp(db, {
    work,
    before: (app) => void app.register((rooms) => registerChannelRoutes(rooms, deps)),
  })
  const [asAmy, asOperator] = [await there.signedIn(corpId, 'staff', amy), await there.signedIn(corpId, 'operator')]
  const ask = async (method: 'GET' | 'PUT' | 'POST', url: string, cookie: string, payload?: object) => {
    const reply = await there.app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
    return { status: reply.statusCode, body: reply.json() }
  }
  const made = await ask('POST', '/api/channel-codes', asOperator, { name: '店', roster: rosterOf([amy, bob], [bob]) })
  expect(made.status).toBe(201)
  const next = async () => (await ask('GET', `/api/channel-codes/${made.body.channelCodeId}/roster`, asAmy)).body.next
  expect((await next()).receives).toEqual([amy, bob])

  const until = new Date(at.getTime() + 3_600_000).toISOString()
  expect((await ask('PUT', '/api/duty', asAmy, { onDuty: false, until })).body).toEqual({
    onDuty: false,
    until,
    codes: 1,
  })
  expect((await next()).people.map((p: { name: string; verdict: string }) => [p.name, p.verdict])).toEqual([
    ['艾米', 'off_duty'],
    ['鲍勃', 'receives'],
  ])
  expect((await ask('PUT', `/api/staff/${bob}/duty`, asAmy, { onDuty: false, until: null })).status).toBe(403)
  expect((await ask('PUT', '/api/duty', asAmy, { onDuty: true })).body).toMatchObject({ onDuty: true })
  expect((await next()).receives).toEqual([amy, bob])
  expect((await ask('PUT', `/api/staff/${amy}/duty`, asOperator, { onDuty: false, until: null })).status).toBe(200)
  expect([(await next()).receives, (await ask('GET', '/api/duty', asAmy)).body.onDuty]).toEqual([[bob], false])
  expect((await ask('GET', '/api/duty', asOperator)).body.code).toBe('channels.not_a_member')
  const audited = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('auditLog').select('action').where('corpId', '=', corpId).where('objectKind', '=', 'staff').execute(),
  )
  expect(audited.map((line) => line.action)).toEqual(['duty.off', 'duty.on', 'duty.off'])
})

test('a roster that names another corp’s people, nobody, a wrong hour or a crowd is refused with what is wrong', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const [amy, stranger] = [await aStaff(db, corpId), await aStaff(db, theirs)]
  await using work = aContext(db, { clock: standingClock(at) })
  const deps = { db: db.api, work, demo: false, adminLogin: 'admin' }
  await using there = await aSignedApp(db, {
    work,
    before: (app) => void app.register((rooms) => registerChannelRoutes(rooms, deps)),
  })
  const cookie = await there.signedIn(corpId, 'operator')
  const create = async (given: object) => {
    const reply = await there.app.inject({
      method: 'POST',
      url: '/api/channel-codes',
      headers: { cookie },
      payload: { name: '店', ...given },
    })
    return [reply.statusCode, reply.json().code]
  }
  expect(await create({ roster: rosterOf([amy, stranger]) })).toEqual([404, 'platform.not_found'])
  expect((await create({}))[0]).toBe(400)
  expect((await create({ roster: rosterOf([amy], []) }))[0]).toBe(400)
  const late = rosterOf([amy])
  expect((await create({ roster: { ...late, week: [{ ...late.week[0], from: '24:00' }] } }))[0]).toBe(400)
  expect((await create({ roster: { ...late, week: [{ ...late.week[0], weekdays: [1, 1] }] } }))[0]).toBe(400)
  const crowd = await Promise.all(Array.from({ length: 101 }, () => aStaff(db, corpId)))
  const halves = rosterOf(crowd.slice(0, 60), [amy])
  const both = {
    ...halves,
    week: [...halves.week, { ...halves.week[0]!, from: '12:00', to: '13:00', staffIds: crowd.slice(60) }],
  }
  expect(await create({ roster: both })).toEqual([409, 'channels.too_many_on_shift'])
  expect(
    (
      await there.app.inject({
        method: 'POST',
        url: '/api/channel-codes/roster/check',
        headers: { cookie },
        payload: { roster: rosterOf([stranger]) },
      })
    ).statusCode,
  ).toBe(404)
})
