import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aContext, aCorp, aStaff, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { followPlace } from './apply-contacts.ts'
import { maskPhone } from './mobiles.ts'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/** A corp of five customers where three and more need a second pair of eyes. */
async function aHouse(db: TestDb, rules = { approvalAbove: 3, dailyMax: 100 }) {
  const corpId = await aCorp(db)
  const clock = { now: () => new Date(house.now) }
  const own = aContext(db, { clock })
  const there = await aSignedApp(db, { work: own })
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId)]
  for (let i = 0; i < 5; i++) await aContact(db, corpId, { staffId: i < 2 ? amy : bob, name: `客户${i}` })
  const ask = async (cookie: string, method: Method, url: string, payload?: object) => {
    const reply = await there.app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
    const json = reply.headers['content-type']?.toString().includes('json') ? reply.json() : undefined
    return { status: reply.statusCode, code: json?.code, body: json, text: reply.body }
  }
  const owner = await there.signedIn(corpId, 'owner')
  const admin = await there.signedIn(corpId, 'admin')
  const operator = await there.signedIn(corpId, 'operator')
  const house = {
    corpId,
    there,
    ask,
    owner,
    admin,
    operator,
    amy,
    now: at.getTime(),
    async asked(cookie = operator, filter: object = {}) {
      const reply = await ask(cookie, 'POST', '/api/contact-exports', { filter, format: 'csv', reason: '寄年货' })
      return reply.body.contactExportId as string
    },
    decide: (cookie: string, id: string, approve = true) =>
      ask(cookie, 'POST', `/api/contact-exports/${id}/decision`, { approve, note: '可以' }),
    take: (cookie: string, id: string) => ask(cookie, 'GET', `/api/contact-exports/${id}/file`),
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await own[Symbol.asyncDispose]()
    },
  }
  expect((await ask(owner, 'PUT', '/api/export-rules', rules)).status).toBe(204)
  return house
}

const linesOf = (text: string) => text.trim().split('\r\n')

test('IO-08: up to the limit a list is taken at once; one more customer and somebody else has to agree', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, operator, admin, amy } = house
  const short = await ask(operator, 'GET', `/api/contacts/export.csv?staffIds=${amy}`)
  expect(linesOf(short.text)).toHaveLength(1 + 2)
  await ask(house.owner, 'PUT', '/api/export-rules', { approvalAbove: 4, dailyMax: 100 })
  expect((await ask(operator, 'GET', '/api/contacts/export.csv')).code).toBe('contacts.export_needs_approval')
  await ask(house.owner, 'PUT', '/api/export-rules', { approvalAbove: 5, dailyMax: 100 })
  expect(linesOf((await ask(operator, 'GET', '/api/contacts/export.csv')).text)).toHaveLength(1 + 5)

  await ask(house.owner, 'PUT', '/api/export-rules', { approvalAbove: 3, dailyMax: 100 })
  const id = await house.asked()
  expect((await house.take(operator, id)).code).toBe('contacts.export_closed')
  expect((await ask(admin, 'GET', '/api/contact-exports/waiting')).body).toEqual({ waiting: 1 })
  expect((await house.decide(admin, id)).status).toBe(204)
  expect((await house.decide(admin, id, false)).code).toBe('contacts.export_closed')
  const file = linesOf((await house.take(operator, id)).text)
  expect(file).toHaveLength(1 + 5)
  // Whose it was stands in every row: who leaks one tells on himself.
  expect(file.slice(1).every((line) => line.includes(`E${id}-operator`))).toBe(true)
  expect((await house.take(operator, id)).code).toBe('contacts.export_closed')
  const audit = await inCorp(db.api, house.corpId, (tx) =>
    tx.selectFrom('auditLog').select('action').where('objectId', '=', id).orderBy('line').execute(),
  )
  expect(audit.map(({ action }) => action).slice(-3)).toEqual([
    'contact.export_ask',
    'contact.export_approve',
    'contact.export',
  ])
})

test('nobody lets out his own list, takes another’s, or one refused, withdrawn, expired or grown', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, operator, admin, owner, corpId, amy } = house
  const admins = await house.asked(admin)
  expect((await house.decide(admin, admins)).code).toBe('contacts.own_export')
  expect((await ask(operator, 'GET', '/api/contact-exports')).body).toEqual([])
  expect((await ask(owner, 'GET', '/api/contact-exports')).body).toMatchObject([
    { contactExportId: admins, own: false, state: 'waiting', customers: 5, reason: '寄年货' },
  ])
  await house.decide(owner, admins)
  for (const thief of [operator, owner]) expect((await house.take(thief, admins)).status).toBe(404)
  expect((await ask(operator, 'DELETE', `/api/contact-exports/${admins}`)).status).toBe(404)

  const refused = await house.asked()
  await house.decide(owner, refused, false)
  expect((await house.take(operator, refused)).code).toBe('contacts.export_closed')
  const withdrawn = await house.asked()
  await house.decide(owner, withdrawn)
  expect((await ask(operator, 'DELETE', `/api/contact-exports/${withdrawn}`)).status).toBe(204)
  expect((await house.take(operator, withdrawn)).code).toBe('contacts.export_closed')

  const late = await house.asked()
  await house.decide(owner, late)
  house.now += 24 * 3_600_000
  expect((await house.take(operator, late)).code).toBe('contacts.export_closed')
  expect((await ask(operator, 'GET', '/api/contact-exports')).body[0]).toMatchObject({
    contactExportId: late,
    state: 'expired',
  })

  const grown = await house.asked()
  await house.decide(owner, grown)
  for (let i = 0; i < 101; i++) await aContact(db, corpId, { staffId: amy, name: `新${i}` })
  expect((await house.take(operator, grown)).code).toBe('contacts.export_outgrown')
})

test('what one person takes in a day has an end, also by many short lists at once; tomorrow is another day', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db, { approvalAbove: 50, dailyMax: 100 })
  const { ask, operator, admin } = house
  const takes = await Promise.all(Array.from({ length: 25 }, () => ask(operator, 'GET', '/api/contacts/export.csv')))
  expect(takes.filter(({ status }) => status === 200)).toHaveLength(20)
  expect(takes.filter(({ code }) => code === 'contacts.daily_export_reached')).toHaveLength(5)
  expect((await ask(admin, 'GET', '/api/contacts/export.csv')).status).toBe(200)
  // 10:00 in Shanghai; fourteen hours on it is midnight there.
  house.now += 14 * 3_600_000 - 1
  expect((await ask(operator, 'GET', '/api/contacts/export.csv')).status).toBe(409)
  house.now += 1
  expect((await ask(operator, 'GET', '/api/contacts/export.csv')).status).toBe(200)
})

test('a decider who sees part of the corp lets out nothing; rules are kept within sense', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const part = await house.there.signedIn(house.corpId, 'admin', house.amy)
  await db.owner.updateTable('accountCorp').set({ scopeKind: 'own' }).where('staffId', '=', house.amy).execute()
  const id = await house.asked()
  expect((await house.decide(part, id)).code).toBe('contacts.part_of_the_corp')
  for (const bad of [{ approvalAbove: -1 }, { approvalAbove: 50_001 }, { dailyMax: 99 }, { approvalAbove: 1.5 }])
    expect(
      (await house.ask(house.owner, 'PUT', '/api/export-rules', { approvalAbove: 3, dailyMax: 100, ...bad })).status,
    ).toBe(400)
  const short = { filter: {}, format: 'csv', reason: ' 寄 ' }
  expect((await house.ask(house.operator, 'POST', '/api/contact-exports', short)).status).toBe(400)
})

test('AC-05: a whole number is shown for a purpose that is written down, so many a day, inside one’s scope alone', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { ask, corpId, owner, there, amy } = house
  const bob = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId: amy })
  const { vault } = aContext(db)
  await inCorp(db.api, corpId, async (tx) => {
    await tx.insertInto('follow').values({ corpId, contactId, staffId: bob, addedAt: at, updatedAt: at }).execute()
    for (const [staffId, mobile] of [
      [amy, '13800001111'],
      [bob, '13900002222'],
    ] as const)
      await tx
        .updateTable('follow')
        .set({
          mobilesSealed: vault.seal(JSON.stringify([mobile]), followPlace(corpId, { contactId, staffId })),
          mobilesMasked: [maskPhone(mobile)],
        })
        .where('corpId', '=', corpId)
        .where('contactId', '=', contactId)
        .where('staffId', '=', staffId)
        .execute()
  })
  const reveal = (cookie: string, body: object = { purpose: 'delivery', note: '寄样品' }) =>
    ask(cookie, 'POST', `/api/contacts/${contactId}/mobiles`, body)
  expect((await reveal(owner)).body.mobiles).toEqual([
    { staffId: amy, mobiles: ['13800001111'] },
    { staffId: bob, mobiles: ['13900002222'] },
  ])
  const amys = await there.signedIn(corpId, 'staff', amy)
  expect((await reveal(amys)).body.mobiles).toEqual([{ staffId: amy, mobiles: ['13800001111'] }])
  expect((await reveal(await there.signedIn(corpId, 'auditor'))).status).toBe(403)
  expect((await reveal(await there.signedIn(corpId, 'staff', await aStaff(db, corpId)))).status).toBe(404)
  for (const body of [{}, { purpose: 'curious' }]) expect((await reveal(owner, body)).status).toBe(400)
  const lines = () =>
    inCorp(db.api, corpId, (tx) =>
      tx.selectFrom('auditLog').select('detail').where('action', '=', 'contact.reveal').orderBy('line').execute(),
    )
  expect((await lines())[0]?.detail).toEqual({ purpose: 'delivery', note: '寄样品' })

  const many = await Promise.all(Array.from({ length: 105 }, () => reveal(amys)))
  expect(many.filter(({ status }) => status === 200)).toHaveLength(99) // with the one above, a hundred
  expect(many.filter(({ code }) => code === 'contacts.reveals_reached')).toHaveLength(6)
  expect(await lines()).toHaveLength(101)
})
