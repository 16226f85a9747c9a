import { expect, test } from 'vitest'
import { aCaller, aKey, SHOP } from '../../../../test/open-api.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aContact, aContext, aCorp, aStaff, freshDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readInterest } from '../../contacts/read-interest.ts'
import { readTimeline } from '../../events/journal.ts'
import { buildSegment } from '../../segments/build.ts'
import { keepCorp } from '../../segments/keep.ts'
import { listSegments } from '../../segments/read.ts'
import { Rule } from '../../segments/schema.ts'
import { createSegment } from '../../segments/service.ts'

const MINUTE = 60_000
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString()
let told = 0
const watched = (who: string, liveId: string, minutes: number, given: object = {}) => ({
  type: 'track',
  event: 'live.watched',
  messageId: `live-${++told}`,
  at: ago(30),
  ids: { external_userid: who },
  properties: { liveId, title: `第 ${liveId} 场`, minutes, joinedAt: ago(60), leftAt: ago(30), comments: 2 },
  ...given,
})

test('live streams a server tells of stand in the timeline and the profile, each with all its minutes, and rules add them up', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const server = aCaller(there, (await aKey(db, corpId, 'server')).key)
  const staffId = await aStaff(db, corpId)
  const [lin, chen] = [
    await aContact(db, corpId, { name: '林晚', externalUserid: 'wm-lin', staffId }),
    await aContact(db, corpId, { name: '陈屿', externalUserid: 'wm-chen', staffId }),
  ]
  const again = watched('wm-lin', '88', 25)
  const { body } = await server.collect([
    again,
    again, // told twice: once
    watched('wm-lin', '88', 16), // he came back
    watched('wm-lin', '89', 19),
    watched('wm-chen', '88', 59),
    {
      ...watched('wm-lin', '90', 1),
      event: 'live.booked',
      properties: { liveId: '90', title: '第 90 场', startsAt: ago(-60) },
    },
  ])
  expect(body).toEqual({ accepted: 5, duplicates: 1, refused: [] })
  const of = (contactId: string) => inCorp(db.api, corpId, (tx) => readInterest(tx, corpId, contactId, [staffId]))
  expect((await of(lin)).lives).toEqual({
    number: 2,
    minutes: 60,
    newest: [
      { title: '第 88 场', minutes: 41, at: expect.any(String) },
      { title: '第 89 场', minutes: 19, at: expect.any(String) },
    ],
  })
  const { items } = await inCorp(db.api, corpId, (tx) =>
    readTimeline(tx, corpId, { contactIds: [lin], limit: 10, kinds: ['live.watched', 'live.booked'] }),
  )
  expect(items.map(({ kind, trusted, props }) => [kind, trusted, props.title]).sort()).toEqual([
    ['live.booked', true, '第 90 场'],
    ['live.watched', true, '第 88 场'],
    ['live.watched', true, '第 88 场'],
    ['live.watched', true, '第 89 场'],
  ])
  await using context = aContext(db)
  const size = async (rule: unknown) => {
    const segmentId = await inCorp(db.api, corpId, (tx) =>
      createSegment(
        tx,
        corpId,
        { name: `群${++told}`, note: '', rule: Rule.parse({ is: 'all', of: [rule] }) },
        { name: '店长', scope: undefined },
        new Date(),
      ),
    )
    await buildSegment.run(
      context,
      { corpId, segmentId, version: 1 },
      { number: 1, last: false, signal: new AbortController().signal },
    )
    while (await keepCorp(context, corpId)) await undefined
    const all = await inCorp(db.api, corpId, (tx) => listSegments(tx, corpId, undefined, new Date()))
    return all.find((one) => one.segmentId === segmentId)!.members
  }
  const deed = { kind: 'live.watched' }
  expect(await size({ is: 'total', deed, amount: 'minutes', atLeast: 60 })).toBe(1)
  expect(await size({ is: 'total', deed, amount: 'minutes', atLeast: 59 })).toBe(2)
  expect(await size({ is: 'did', deed, atLeast: 3 })).toBe(1)
  expect(
    await size({ is: 'did', deed: { kind: 'live.watched', where: [{ prop: 'liveId', op: 'is', values: ['89'] }] } }),
  ).toBe(1)
  expect(await size({ is: 'total', deed, amount: 'minutes', atLeast: 1, within: { n: 20, unit: 'minute' } })).toBe(0)
  expect((await of(chen)).lives).toMatchObject({ number: 1, minutes: 59 })
})

test('a page’s word is kept and shown as such, and stands in no profile; what is not whole minutes is refused with what to do', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const page = aCaller(there, (await aKey(db, corpId, 'web')).key, { origin: SHOP })
  const server = aCaller(there, (await aKey(db, corpId, 'server')).key)
  const told = { ...watched('', '88', 500), ids: {}, device: 'd1' }
  expect((await page.collect([told])).body.accepted).toBe(1)
  expect(
    (await server.collect([{ type: 'identify', messageId: 'i', at: ago(1), device: 'd1', ids: { unionid: 'u1' } }]))
      .body,
  ).toMatchObject({ accepted: 1 })
  const { contactId } = await db.owner
    .selectFrom('contactIdentity')
    .select('contactId')
    .where('kind', '=', 'unionid')
    .executeTakeFirstOrThrow()
  const { lives } = await inCorp(db.api, corpId, (tx) => readInterest(tx, corpId, contactId, undefined))
  expect(lives).toEqual({ number: 0, minutes: 0, newest: [] })
  const { properties } = watched('wm-lin', '88', 1)
  for (const wrong of [
    { minutes: 12.5 },
    { minutes: '41' },
    { minutes: undefined },
    { liveId: undefined },
    { leftAt: '20:46' },
  ]) {
    const { body } = await server.collect([watched('wm-lin', '88', 1, { properties: { ...properties, ...wrong } })])
    expect(body.refused, JSON.stringify(wrong)).toMatchObject([{ code: 'collect.property_refused' }])
  }
})
