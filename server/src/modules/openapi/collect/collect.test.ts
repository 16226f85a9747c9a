import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Killed, killing } from '../../../../test/killing.ts'
import { aCaller, aKey, SHOP } from '../../../../test/open-api.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aCorp, freshDb, type TestDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { declareKind } from '../../events/catalogue.ts'
import { collect } from './collect.ts'

let sent = 0
const ago = (ms: number) => new Date(Date.now() - ms).toISOString()
const [MINUTE, DAY] = [60_000, 86_400_000]
/** A page view that would be taken. */
const view = (given: object = {}) => ({
  type: 'page',
  messageId: `m${++sent}`,
  at: ago(MINUTE),
  device: 'd1',
  properties: { url: 'https://shop.example.com/tea' },
  ...given,
})
const journal = async (db: TestDb) =>
  (
    await sql<{
      contactId: string
      kind: string
      at: Date
      source: string
      trusted: boolean
      props: Record<string, unknown>
    }>`
    select contact_id, kind, at, source, trusted, props from event where kind <> 'contact.merged' order by at, event_id`.execute(
      db.owner,
    )
  ).rows

async function aShop() {
  const db = await freshDb()
  const corpId = await aCorp(db)
  const there = await aWholeApp(db)
  const [server, web] = [await aKey(db, corpId, 'server'), await aKey(db, corpId, 'web')]
  return {
    db,
    corpId,
    there,
    keys: { server, web },
    server: aCaller(there, server.key),
    page: aCaller(there, web.key, { origin: SHOP }),
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

test('what a server tells is believed, what a page tells is kept and not believed; a message told again is one', async () => {
  await using shop = await aShop()
  const [one, two] = [view({ ids: { unionid: 'u1' } }), view()]
  expect(await shop.server.collect([one])).toMatchObject({
    status: 202,
    body: { accepted: 1, duplicates: 0, refused: [] },
  })
  expect((await shop.page.collect([two, two])).body).toEqual({ accepted: 1, duplicates: 1, refused: [] })
  // A retry is the same fact, though it is sent later and the person reads otherwise by now.
  expect((await shop.page.collect([{ ...two, device: 'd2' }], { sentAt: ago(-MINUTE) })).body).toMatchObject({
    accepted: 0,
    duplicates: 1,
  })
  expect((await journal(shop.db)).map(({ source, trusted }) => [source, trusted]).sort()).toEqual([
    ['api', true],
    ['tracker', false],
  ])
})

test('of five hundred with every fault among them the right ones are taken and each other is named by its place', async () => {
  await using shop = await aShop()
  const deep = { a: { b: { c: { d: 1 } } } }
  const faults: [unknown, string][] = [
    [null, 'collect.malformed'],
    ['x', 'collect.malformed'],
    [view({ messageId: '' }), 'collect.malformed'],
    [view({ at: 'yesterday' }), 'collect.malformed'],
    [view({ ids: { unionId: 'u' } }), 'collect.malformed'],
    [view({ ids: { openid: 'no appid' } }), 'collect.malformed'],
    [view({ messageId: 'a\0' }), 'collect.malformed'],
    [view({ device: 'a\ud800' }), 'collect.malformed'],
    [view({ device: undefined }), 'collect.nobody'],
    [view({ device: undefined, ids: { phone: 'my phone' } }), 'collect.nobody'],
    [view({ type: 'track', event: 'order.paid' }), 'collect.kind_unknown'],
    [view({ type: 'track', event: 'contact.added' }), 'collect.kind_unknown'],
    [view({ type: 'track', event: '__proto__' }), 'collect.kind_unknown'],
    [view({ properties: {} }), 'collect.property_refused'],
    [view({ properties: { url: 7 } }), 'collect.property_refused'],
    [view({ properties: { url: 'x', ['a'.repeat(60)]: 1 } }), 'collect.property_refused'],
    [view({ properties: { url: 'x', 'a.b': 1 } }), 'collect.property_refused'],
    [view({ properties: { url: 'x', constructor: 1 } }), 'collect.property_refused'],
    [view({ properties: JSON.parse('{"url":"x","__proto__":{"admin":true}}') }), 'collect.property_refused'],
    [view({ properties: { url: 'x', deep } }), 'collect.property_refused'],
    [view({ properties: { url: 'x', many: Array.from({ length: 200 }, () => 1) } }), 'collect.property_refused'],
    [
      view({ properties: { url: 'x', ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`p${i}`, i])) } }),
      'collect.property_refused',
    ],
    [view({ properties: { url: 'x'.repeat(9_000) } }), 'collect.too_large'],
    [view({ at: ago(4 * 365 * DAY) }), 'collect.too_old'],
  ]
  const batch: unknown[] = Array.from({ length: 500 - faults.length }, (_, i) => view({ device: `d${i % 40}` }))
  faults.forEach(([fault], i) => void batch.splice(i * 20, 0, fault))
  const { status, body } = await shop.server.collect(batch)
  expect(status).toBe(202)
  expect(body.accepted).toBe(500 - faults.length)
  expect(body.refused.map(({ index, code }: { index: number; code: string }) => [index, code])).toEqual(
    faults.map(([, code], i) => [i * 20, code]),
  )
  for (const { message } of body.refused) expect(message.length).toBeGreaterThan(5)
  expect(await journal(shop.db)).toHaveLength(500 - faults.length)
  expect(({} as Record<string, unknown>).admin).toBeUndefined()
})

test('texts are kept without what a database cannot hold', async () => {
  await using shop = await aShop()
  await shop.server.collect([view({ properties: { url: 'https://a/\0', title: '茶\ud83c', list: ['a\0b'] } })])
  expect((await journal(shop.db))[0]?.props).toEqual({ url: 'https://a/', title: '茶\ufffd', list: ['ab'] })
})

test('PB-05: a page’s wrong clock is put right by when it says it sends; nothing is of the future; a server’s word of three years stands', async () => {
  await using shop = await aShop()
  const at = async () => (await journal(shop.db)).at(-1)!.at.getTime()
  const near = (ms: number) => expect(ms).toSatisfy((value: number) => Math.abs(value) < 5_000)
  // Two hours fast: ten minutes before sending is ten minutes ago.
  await shop.page.collect([view({ at: ago(-2 * 3_600_000 + 10 * MINUTE) })], { sentAt: ago(-2 * 3_600_000) })
  near((await at()) - (Date.now() - 10 * MINUTE))
  for (const sender of [shop.page, shop.server]) {
    await sql`truncate event`.execute(shop.db.owner)
    await sender.collect([view({ at: '2099-01-01T00:00:00Z' })])
    near((await at()) - Date.now())
  }
  expect((await shop.page.collect([view({ at: ago(8 * DAY) })])).body.refused[0].code).toBe('collect.too_old')
  expect((await shop.page.collect([view({ at: '1970-01-01T00:00:00Z' })])).body.refused[0].code).toBe('collect.too_old')
  expect((await shop.server.collect([view({ at: ago(700 * DAY) })])).body.accepted).toBe(1)
})

test('PB-03: a page cannot say who somebody is; with a token its server signed it speaks for that one person', async () => {
  await using shop = await aShop()
  await shop.server.collect([
    { type: 'identify', messageId: 'i1', at: ago(0), ids: { unionid: 'u1', phone: '13800001234' } },
  ])
  const { rows } = await sql<{
    id: string
  }>`select contact_id as id from contact_identity where kind = 'unionid'`.execute(shop.db.owner)
  const person = rows[0]!.id

  await shop.page.collect([view({ device: 'd9' })])
  for (const kind of ['unionid', 'external_userid'])
    expect((await shop.page.collect([view({ ids: { [kind]: 'u1' } })])).body.refused[0].code).toBe('collect.not_proven')
  expect(
    (await shop.page.collect([{ ...view(), type: 'merge', ids: { phone: '13800001234' } }])).body.refused[0].code,
  ).toBe('collect.not_proven')
  // Somebody else's number, typed: his page is not hers.
  await shop.page.collect([view({ device: 'd9', ids: { phone: '13800001234' } })])
  expect((await sql`select from contact where merged_into is not null`.execute(shop.db.owner)).rows).toEqual([])

  const signed = await shop.server.post('/api/openapi/person-token', { ids: { unionid: 'u1' }, minutes: 5 })
  expect(signed.status).toBe(201)
  const personToken = signed.body.token as string
  expect(JSON.stringify(signed.body)).not.toContain(`"${person}"`)
  for (const forged of [
    personToken.slice(0, -2) + (personToken.endsWith('AA') ? 'BB' : 'AA'),
    personToken.slice(4),
    'pt_',
    `pt_${btoa(person)}`,
  ]) {
    await sql`truncate event`.execute(shop.db.owner)
    await shop.page.collect([view({ device: 'dx' })], { personToken: forged })
    expect((await journal(shop.db))[0]).toMatchObject({ trusted: false })
  }
  await sql`truncate event`.execute(shop.db.owner)
  // What he did as nobody on this device is his now.
  await shop.page.collect([view({ device: 'd9' })], { personToken })
  expect(await journal(shop.db)).toMatchObject([{ contactId: person, trusted: true }])
  const { rows: merged } = await sql<{
    into: string
  }>`select merged_into as "into" from contact where merged_into is not null`.execute(shop.db.owner)
  expect(merged).toEqual([{ into: person }])

  const other = await aCorp(shop.db)
  const theirs = aCaller(shop.there, (await aKey(shop.db, other, 'web')).key, { origin: SHOP })
  await theirs.collect([view({ device: 'd9' })], { personToken })
  expect((await journal(shop.db)).at(-1)).toMatchObject({ trusted: false })
  expect((await shop.page.post('/api/openapi/person-token', { ids: { unionid: 'u1' } })).body.code).toBe(
    'openapi.server_key_needed',
  )
  expect((await shop.server.post('/api/openapi/person-token', { ids: {} })).body.code).toBe('openapi.nobody_named')
  expect(
    (await shop.server.post('/api/openapi/person-token', { ids: { unionid: 'u1' }, minutes: 25 * 60 })).status,
  ).toBe(400)
})

test('nobody gets in without a key that holds, from a page it does not name, or with a body too large', async () => {
  await using shop = await aShop()
  const status = async (key: string, headers: Record<string, string> = {}) =>
    (await aCaller(shop.there, key, headers).collect([view()])).body.code ?? 'taken'
  expect(await status('')).toBe('openapi.key_needed')
  expect(await status(`sk_${'x'.repeat(43)}`)).toBe('openapi.key_needed')
  expect(await status(shop.keys.web.key, { origin: 'https://evil.example.com' })).toBe('openapi.origin_not_allowed')
  expect(await status(shop.keys.web.key, { origin: SHOP })).toBe('taken')
  expect(await status(shop.keys.server.key, { origin: 'https://evil.example.com' })).toBe('taken')
  const inAddress = (key: string) =>
    shop.there.app.inject({
      method: 'POST',
      url: `/collect?key=${key}`,
      headers: { origin: SHOP, 'content-type': 'text/plain' },
      payload: JSON.stringify({ batch: [view()] }),
    })
  expect((await inAddress(shop.keys.web.key)).statusCode).toBe(202)
  expect((await inAddress(shop.keys.web.key)).headers['access-control-allow-origin']).toBe(SHOP)
  expect((await inAddress(shop.keys.server.key)).statusCode).toBe(401) // a secret does not stand in an address
  expect((await shop.server.collect(Array.from({ length: 501 }, () => view()))).status).toBe(400)
  expect((await shop.server.post('/collect', `{"batch":[${'1,'.repeat(300_000)}1]}`)).status).toBe(413)
  expect((await shop.server.post('/collect', '{"batch":')).status).toBe(400)
  expect((await shop.server.collect([])).status).toBe(400)

  await inCorp(shop.db.api, shop.corpId, (tx) =>
    sql`update api_key set revoked_at = now() where corp_id = ${shop.corpId} and kind = 'server'`.execute(tx),
  )
  expect(await status(shop.keys.server.key)).toBe('openapi.key_needed')
})

test('a page of another site asks first, may send, and never with a cookie; every other route still refuses it', async () => {
  await using shop = await aShop()
  const headers = { origin: SHOP, 'access-control-request-method': 'POST' }
  const asked = await shop.there.app.inject({ method: 'OPTIONS', url: '/collect', headers })
  expect(asked.statusCode).toBe(204)
  expect(asked.headers['access-control-allow-origin']).toBe(SHOP)
  expect(asked.headers['access-control-allow-credentials']).toBeUndefined()
  const elsewhere = await shop.there.app.inject({ method: 'POST', url: '/api/openapi/keys', headers: { origin: SHOP } })
  expect(elsewhere.json().code).toBe('platform.foreign_origin')
  expect(elsewhere.headers['access-control-allow-origin']).toBeUndefined()
})

test('PB-01: an address that floods with a page’s key is told how long to wait, others go on', async () => {
  await using shop = await aShop()
  const ask = (remoteAddress: string) =>
    shop.there.app.inject({
      method: 'POST',
      url: '/collect',
      remoteAddress,
      headers: { authorization: `Bearer ${shop.keys.web.key}` },
      payload: { batch: [null] },
    })
  const answers = await Promise.all(Array.from({ length: 305 }, () => ask('10.0.0.1')))
  const refused = answers.filter(({ statusCode }) => statusCode === 429)
  expect(refused).toHaveLength(5)
  expect(Number(refused[0]!.headers['retry-after'])).toBeGreaterThan(0)
  expect(refused[0]!.json().code).toBe('openapi.too_fast')
  expect((await ask('10.0.0.2')).statusCode).toBe(202)
})

test('a key tells of its own corp alone; the same message of another corp is another', async () => {
  await using shop = await aShop()
  const other = await aCorp(shop.db)
  const theirs = aCaller(shop.there, (await aKey(shop.db, other, 'server')).key)
  const one = view({ ids: { unionid: 'u1' } })
  for (const sender of [shop.server, theirs]) expect((await sender.collect([one])).body).toMatchObject({ accepted: 1 })
  const { rows } = await sql<{
    corpId: string
    n: number
  }>`select corp_id, count(*)::int as n from event group by 1`.execute(shop.db.owner)
  expect(rows.map(({ corpId, n }) => [corpId, n]).sort()).toEqual([shop.corpId, other].sort().map((id) => [id, 1]))
})

test('own kinds are taken as declared, and no longer once archived', async () => {
  await using shop = await aShop()
  const lesson = (properties: object) => ({ ...view(), type: 'track', event: 'lesson.finished', properties })
  await inCorp(shop.db.api, shop.corpId, (tx) =>
    declareKind(
      tx,
      shop.corpId,
      {
        kind: 'lesson.finished',
        title: '上完一课',
        properties: [
          { name: 'score', title: '分数', type: 'number', required: true },
          { name: 'paidFen', title: '付了', type: 'money_fen', required: false },
          { name: 'until', title: '有效到', type: 'time', required: false },
        ],
      },
      new Date(),
    ),
  )
  const good = { score: 90, paidFen: 1999, until: '2026-12-01T00:00:00+08:00' }
  expect((await shop.server.collect([lesson(good)])).body.accepted).toBe(1)
  for (const wrong of [
    { ...good, score: '90' },
    { paidFen: 1 },
    { ...good, paidFen: 19.99 },
    { ...good, until: '2026-12-01' },
  ])
    expect((await shop.server.collect([lesson(wrong)])).body.refused[0].code).toBe('collect.property_refused')
  await shop.db.owner.updateTable('eventType').set({ archivedAt: new Date() }).execute()
  expect((await shop.server.collect([lesson(good)])).body.refused[0].code).toBe('collect.kind_unknown')
})

test('a batch that fails on its way leaves nothing half: told again it is all taken', async () => {
  await using shop = await aShop()
  const key = { ...shop.keys.server, corpId: shop.corpId, kind: 'server' as const, allowedOrigins: [] }
  const batch = [view({ ids: { unionid: 'u1' } }), view({ device: 'd2' })]
  await expect(
    collect(killing(shop.db.api), testVault, shop.corpId, [{ key, body: { batch }, arrivedAt: new Date() }]),
  ).rejects.toThrow(Killed)
  for (const table of ['event', 'contact', 'contact_identity', 'collected_message'])
    expect([table, (await sql`select from ${sql.table(table)}`.execute(shop.db.owner)).rows.length]).toEqual([table, 0])
  const [collected] = await collect(shop.db.api, testVault, shop.corpId, [
    { key, body: { batch }, arrivedAt: new Date() },
  ])
  expect(collected).toEqual({
    accepted: 2,
    duplicates: 0,
    refused: [],
  })
  const { rows } = await sql<{ kind: string }>`select kind from event`.execute(shop.db.owner)
  expect(rows.map(({ kind }) => kind)).toEqual(['page.viewed', 'page.viewed'])
})

test('eight senders of overlapping batches at once: every message is one event and every person one contact', async () => {
  await using shop = await aShop()
  const pool = Array.from({ length: 200 }, (_, i) => view({ device: `d${i % 25}`, ids: { unionid: `u${i % 25}` } }))
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      shop.server.collect(i % 2 ? pool.slice(i * 10) : pool.slice(0, 200 - i * 10).reverse()),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202))
  const events = await journal(shop.db)
  expect(events).toHaveLength(200)
  expect(new Set(events.map(({ contactId }) => contactId))).toHaveLength(25)
})
