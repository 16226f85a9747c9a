import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aMaterial, aRadarLink, aView } from '../../../../test/radar-house.ts'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { mergeContacts } from '../../contacts/merge-contacts.ts'
import { readTimeline } from '../../events/journal.ts'
import { linksFor, tokenMark } from './links.ts'
import { setQuiet } from './reading/quiet.ts'
import { settleNamed } from './reading/settle.ts'
import { type Beat, takeBeats } from './reading/take-beats.ts'
import { openView, sealView } from './reading/view-token.ts'
import { readForwards } from './stats/forward-tree.ts'
import { listReaders } from './stats/list-readers.ts'
import { readRadar } from './stats/read-radar.ts'

const START = at.getTime()

async function aHouse() {
  const db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId, { name: '周小满' })
  const materialId = await aMaterial(db, corpId)
  const link = await aRadarLink(db, corpId, { materialId, staffId })
  return { db, corpId, staffId, materialId, link, [Symbol.asyncDispose]: () => db[Symbol.asyncDispose]() }
}
type House = Awaited<ReturnType<typeof aHouse>>

/** Somebody reads a link for so long, and leaves. */
async function read(
  { db, corpId }: Pick<House, 'db' | 'corpId'>,
  given: {
    linkId: string
    device: string
    wm?: string
    seconds?: number
    depth?: number
    stays?: boolean
    atMs?: number
  },
) {
  const { linkId, device, wm, seconds = 10, depth = 50, stays = false, atMs = START } = given
  const view = aView(corpId, linkId, device, atMs)
  const beat: Beat = {
    view,
    n: 1,
    seconds,
    depth,
    heardMs: atMs + seconds * 1000,
    ids: wm ? [{ kind: 'external_userid', value: wm, trust: 2 }] : [],
  }
  const [heard] = await takeBeats({ db: db.api, vault: testVault }, corpId, [beat], new Date(atMs))
  if (!stays) await settleNamed(db.api, corpId, [view.viewId], new Date(atMs + seconds * 1000))
  return { view, heard: heard! }
}
const linkOf = async (db: TestDb, token: string) =>
  (
    await sql<{ linkId: string }>`select link_id from radar_token where token_mark = ${tokenMark(token)}`.execute(
      db.owner,
    )
  ).rows[0]!.linkId
const timeline = (db: TestDb, corpId: string, contactId: string) =>
  inCorp(db.api, corpId, (tx) => readTimeline(tx, corpId, { contactIds: [contactId], limit: 50 }))
const radar = ({ db, corpId, materialId }: House, scope?: string[]) =>
  inCorp(db.api, corpId, (tx) => readRadar(tx, corpId, materialId, scope, new Date(START + 3_600_000)))
const readers = ({ db, corpId, materialId }: House, scope?: string[], query = {}) =>
  inCorp(db.api, corpId, (tx) => listReaders(tx, corpId, materialId, { sort: 'last', limit: 50, ...query }, scope))

test('sent again, by the same member the same way to the same person, it is the same link; anything else is another', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, materialId } = house
  const base = { materialId, version: 1, staffId, channel: 'chat' as const }
  const wishes = [
    base,
    { ...base, channel: 'group' as const, chatId: 'wr1' },
    { ...base, channel: 'group' as const, chatId: 'wr2' },
    { ...base, contactId: '7' },
    { ...base, version: 2 },
  ]
  const make = () => inCorp(db.api, corpId, (tx) => linksFor(tx, testVault, corpId, wishes, at))
  const [first, again] = await Promise.all([make(), make()])
  expect(again).toEqual(first)
  expect(first[0]!.token).toBe(house.link.token)
  expect(first[4]).toEqual(first[0])
  expect(new Set(first.map(({ token }) => token)).size).toBe(4)
})

test('PB-09: a link holds 128 random bits, and neither table says what stands in one', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, materialId } = house
  const wishes = Array.from({ length: 500 }, (_, i) => ({
    materialId,
    version: 1,
    staffId,
    channel: 'chat' as const,
    contactId: String(i + 1),
  }))
  const links = await inCorp(db.api, corpId, (tx) => linksFor(tx, testVault, corpId, wishes, at))
  const bits = new Float64Array(128)
  for (const { token } of links)
    Buffer.from(token, 'base64url').forEach((byte, i) => {
      for (let bit = 0; bit < 8; bit++) bits[i * 8 + bit]! += (byte >> bit) & 1
    })
  expect(Buffer.from(links[0]!.token, 'base64url')).toHaveLength(16)
  // Each bit is set in about half of them: none of them is a counter, a time, a corp.
  expect(Math.min(...bits)).toBeGreaterThan(180)
  expect(Math.max(...bits)).toBeLessThan(320)
  const dump = JSON.stringify([
    (await sql`select * from radar_link`.execute(db.owner)).rows,
    (await sql`select * from radar_token`.execute(db.owner)).rows,
  ])
  for (const { token } of links) {
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(JSON.stringify([...Buffer.from(token, 'base64url')]).slice(1, -1))
  }
})

test('forged readings: a made-up, altered or borrowed view opens nothing, and what a page makes up is cut to what is possible', async () => {
  await using house = await aHouse()
  const { corpId, link, db } = house
  const view = aView(corpId, link.linkId, 'phone', START)
  const sealed = sealView(testVault, view)
  expect(openView(testVault, sealed, 'phone')).toEqual(view)
  expect(openView(testVault, sealed, 'another phone')).toBeUndefined()
  const bytes = Buffer.from(sealed, 'base64url')
  for (let i = 0; i < bytes.length; i++) {
    const altered = Buffer.from(bytes)
    altered[i]! ^= 1
    expect(openView(testVault, altered.toString('base64url'), 'phone')).toBeUndefined()
  }
  const say = (n: number, seconds: number, afterS: number) =>
    takeBeats(
      { db: db.api, vault: testVault },
      corpId,
      [{ view, n, seconds, depth: 100, heardMs: START + afterS * 1000, ids: [] }],
      at,
    )
  expect((await say(1, 3_600, 1))[0]!.counted).toBe(false)
  expect((await say(2, 3_600, 5))[0]!.counted).toBe(true)
  for (let i = 0; i < 20; i++) await say(3, 9_999, 9)
  await say(1, 9_999, 9)
  await settleNamed(db.api, corpId, [view.viewId], at)
  expect((await say(4, 9_999, 900))[0]).toEqual({ counted: true, ended: true, forward: null })
  expect(await radar(house)).toMatchObject({ opens: 1, people: 1, readings: 1, seconds: 9 })
})

test('a reading of another corp’s link is neither seen nor counted with ours', async () => {
  await using house = await aHouse()
  const other = await aCorp(house.db)
  const { heard } = await read({ db: house.db, corpId: other }, { linkId: house.link.linkId, device: 'phone' })
  expect(heard).toMatchObject({ counted: false })
  expect(await radar(house)).toMatchObject({ opens: 0, people: 0 })
})

test('who is named is told to his journal with proof, a browser without; each reading once as opened and once as read', async () => {
  await using house = await aHouse()
  const { db, corpId, link, staffId, materialId } = house
  const contactId = await aContact(db, corpId, { name: '林晚', externalUserid: 'wm-lin', staffId })
  await read(house, { linkId: link.linkId, device: 'phone', wm: 'wm-lin', seconds: 40, depth: 82 })
  const { items } = await timeline(db, corpId, contactId)
  expect(items.map(({ kind, trusted, staffId: by, props }) => [kind, trusted, by, props])).toEqual([
    [
      'content.read',
      true,
      staffId,
      {
        piece: 'material',
        pieceId: materialId,
        kind: 'article',
        title: '春茶怎么选',
        channel: 'chat',
        linkId: link.linkId,
        seconds: 40,
        depth: 82,
      },
    ],
    [
      'content.opened',
      true,
      staffId,
      {
        piece: 'material',
        pieceId: materialId,
        kind: 'article',
        title: '春茶怎么选',
        channel: 'chat',
        linkId: link.linkId,
      },
    ],
  ])
  await read(house, { linkId: link.linkId, device: 'strange', seconds: 5 })
  const { items: all } = await readers(house)
  const stranger = all.find(({ known }) => !known)!
  expect(stranger).toMatchObject({ customer: false, opens: 1, seconds: 5 })
  expect((await timeline(db, corpId, stranger.contactId)).items.map(({ trusted }) => trusted)).toEqual([false, false])
})

test('of a PDF: seconds by page and the farthest one, of each reading, each reader and the material; what a page makes up is cut', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  const contactId = await aContact(db, corpId, { externalUserid: 'wm-a', staffId })
  const paged = async (device: string, wm: string | undefined, atMs: number, said: [number, number[]][]) => {
    const view = aView(corpId, link.linkId, device, atMs)
    for (const [i, [seconds, pages]] of said.entries())
      await takeBeats(
        { db: db.api, vault: testVault },
        corpId,
        [
          {
            view,
            n: i + 1,
            seconds,
            depth: 50,
            pages,
            heardMs: atMs + seconds * 1000,
            ids: wm ? [{ kind: 'external_userid', value: wm, trust: 2 }] : [],
          },
        ],
        new Date(atMs),
      )
    await settleNamed(db.api, corpId, [view.viewId], new Date(atMs + 60_000))
  }
  await paged('pa', 'wm-a', START, [
    [4, [4]],
    [12, [4, 3, 5]],
  ])
  await paged('pa', 'wm-a', START + 100_000, [[9, [9]]])
  await paged('pb', undefined, START + 200_000, [[6, [1, 900, 3, 0]]]) // an hour on a page within six seconds
  const { items } = await readers(house)
  expect(items.find((one) => one.contactId === contactId)).toMatchObject({ pages: [13, 3, 5], seconds: 21 })
  expect(items.find(({ known }) => !known)).toMatchObject({ pages: [1, 5, 0, 0] })
  expect((await radar(house)).pages).toEqual([
    { reached: 100, seconds: 14 },
    { reached: 66.7, seconds: 8 },
    { reached: 66.7, seconds: 5 },
    { reached: 33.3, seconds: 0 },
  ])
  const told = (await timeline(db, corpId, contactId)).items.filter(({ kind }) => kind === 'content.read')
  expect(told.map(({ props }) => props.page)).toEqual([1, 3])
})

test('a link sent into a group is read by whoever signs in: each member’s reading is his own', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, materialId } = house
  const link = await aRadarLink(db, corpId, { materialId, staffId, channel: 'group', chatId: 'wr1' })
  const [a, b] = [
    await aContact(db, corpId, { externalUserid: 'wm-a', staffId }),
    await aContact(db, corpId, { externalUserid: 'wm-b', staffId }),
  ]
  await read(house, { linkId: link.linkId, device: 'phone-a', wm: 'wm-a', seconds: 5 })
  await read(house, { linkId: link.linkId, device: 'phone-b', wm: 'wm-b', seconds: 70 })
  await read(house, { linkId: link.linkId, device: 'phone-b', wm: 'wm-b', seconds: 30 })
  const { items } = await readers(house)
  expect(new Map(items.map(({ contactId, opens, seconds }) => [contactId, [opens, seconds]]))).toEqual(
    new Map([
      [a, [1, 5]],
      [b, [2, 100]],
    ]),
  )
  expect((await radar(house)).channels).toEqual([{ channel: 'group', opens: 3, people: 2, secondsMean: 35 }])
})

test('a chain of forwardings is a tree: each friend under whoever sent it on, himself never under himself', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  const ids = Object.fromEntries(
    await Promise.all(
      ['a', 'b', 'c'].map(async (one) => [
        one,
        await aContact(db, corpId, { name: one, externalUserid: `wm-${one}`, staffId }),
      ]),
    ),
  ) as Record<'a' | 'b' | 'c', string>
  const first = await read(house, { linkId: link.linkId, device: 'pa', wm: 'wm-a' })
  const ownOfA = await linkOf(db, first.heard.forward!)
  // He finds his own address again, and comes back by it.
  const back = await read(house, { linkId: ownOfA, device: 'pa', wm: 'wm-a' })
  expect(await inCorp(db.api, corpId, (tx) => readForwards(tx, corpId, house.materialId, undefined))).toEqual({
    edges: [],
    more: false,
  })
  const second = await read(house, { linkId: ownOfA, device: 'pb', wm: 'wm-b' })
  await read(house, { linkId: ownOfA, device: 'pb', wm: 'wm-b' })
  await read(house, { linkId: await linkOf(db, second.heard.forward!), device: 'pc', wm: 'wm-c' })
  await read(house, { linkId: await linkOf(db, back.heard.forward!), device: 'pc', wm: 'wm-c' })
  const { edges } = await inCorp(db.api, corpId, (tx) => readForwards(tx, corpId, house.materialId, undefined))
  expect(edges.map(({ from, to, opens }) => [from.name, to.name, opens]).sort()).toEqual([
    ['a', 'b', 2],
    ['a', 'c', 1],
    ['b', 'c', 1],
  ])
  expect(await radar(house)).toMatchObject({ opens: 6, people: 3, forwards: 3 })
  const told = (await timeline(db, corpId, ids.a)).items.filter(({ kind }) => kind === 'content.forwarded')
  expect(told.map(({ props }) => props.toContactId).sort()).toEqual([ids.b, ids.c].sort())
})

test('whoever would rather not be seen leaves the count and nothing else, before, meanwhile and after', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  const contactId = await aContact(db, corpId, { externalUserid: 'wm-a', staffId })
  const before = await radar(house)
  const { view } = await read(house, { linkId: link.linkId, device: 'phone', wm: 'wm-a', seconds: 3, stays: true })
  expect(await radar(house)).toMatchObject({ opens: 1, people: 1 })
  await setQuiet({ db: db.api }, view, async () => contactId, true, at)
  expect(await radar(house)).toEqual({
    ...before,
    opens: 1,
    trend: expect.anything(),
    staff: [expect.objectContaining({ opens: 1, people: 0 })],
    channels: [expect.objectContaining({ opens: 1, people: 0 })],
  })
  await takeBeats(
    { db: db.api, vault: testVault },
    corpId,
    [{ view, n: 9, seconds: 60, depth: 90, heardMs: START + 60_000, ids: [] }],
    at,
  )
  await settleNamed(db.api, corpId, [view.viewId], at)
  // On another phone of his, and on this phone with nobody named.
  await read(house, { linkId: link.linkId, device: 'tablet', wm: 'wm-a' })
  await read(house, { linkId: link.linkId, device: 'phone' })
  expect((await readers(house)).items).toEqual([])
  expect(await radar(house)).toMatchObject({ opens: 3, people: 0, seconds: 0, readings: 0 })
  expect((await timeline(db, corpId, contactId)).items).toEqual([])
  const { rows } = await sql`select contact_id, seconds, depth from radar_view`.execute(db.owner)
  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ contactId: null, seconds: 0, depth: 0 })))
  expect((await sql`select from radar_notice`.execute(db.owner)).rows).toEqual([])
  await setQuiet({ db: db.api }, view, async () => contactId, false, at)
  await read(house, { linkId: link.linkId, device: 'phone', wm: 'wm-a' })
  expect(await radar(house)).toMatchObject({ opens: 4, people: 1, readings: 1 })
})

test('turning it off meanwhile takes back this reading alone: what he read before stays his', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  const contactId = await aContact(db, corpId, { externalUserid: 'wm-a', staffId })
  await read(house, { linkId: link.linkId, device: 'phone', wm: 'wm-a', seconds: 30, depth: 40 })
  const was = await radar(house)
  const first = await readers(house)
  const { view } = await read(house, {
    linkId: link.linkId,
    device: 'phone',
    wm: 'wm-a',
    seconds: 3,
    depth: 99,
    stays: true,
    atMs: START + 60_000,
  })
  await setQuiet({ db: db.api }, view, async () => contactId, true, at)
  expect((await readers(house)).items).toEqual(first.items)
  expect(await radar(house)).toMatchObject({ opens: 2, people: was.people, seconds: was.seconds, readings: 1 })
})

test('what a browser read before anybody named it is told with the person it turned out to be', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  const known = await aContact(db, corpId, { name: '林晚', staffId })
  await read(house, { linkId: link.linkId, device: 'phone', seconds: 20, depth: 90 })
  await read(house, { linkId: link.linkId, device: 'phone', seconds: 5, depth: 10, atMs: START + 60_000 })
  const { items: before } = await readers(house)
  const anonymous = before[0]!.contactId
  await inCorp(db.api, corpId, (tx) =>
    sql`insert into radar_reader (corp_id, material_id, contact_id, opens, seconds, depth, known, first_at, last_at) values (${corpId}::bigint, ${house.materialId}::bigint, ${known}::bigint, 1, 7, 30, true, ${at}::timestamptz, ${at}::timestamptz)`.execute(
      tx,
    ),
  )
  await inCorp(db.api, corpId, (tx) =>
    mergeContacts(tx, corpId, { from: anonymous, into: known }, { why: 'review', actor: '测试' }, at),
  )
  for (const sort of ['last', 'opens', 'seconds'])
    expect((await readers(house, undefined, { sort })).items).toEqual([
      {
        contactId: known,
        name: '林晚',
        avatar: null,
        known: true,
        customer: true,
        opens: 3,
        seconds: 32,
        depth: 90,
        pages: [],
        firstAt: at.toISOString(),
        lastAt: new Date(START + 60_000).toISOString(),
      },
    ])
})

test('whoever sees some members sees their customers and what went through their links, and nobody else', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link, materialId } = house
  const tang = await aStaff(db, corpId)
  const ofTang = await aRadarLink(db, corpId, { materialId, staffId: tang })
  const mine = await aContact(db, corpId, { externalUserid: 'wm-mine', staffId })
  await aContact(db, corpId, { externalUserid: 'wm-his', staffId: tang })
  await read(house, { linkId: link.linkId, device: '1', wm: 'wm-mine' })
  await read(house, { linkId: ofTang.linkId, device: '2', wm: 'wm-his' })
  await read(house, { linkId: ofTang.linkId, device: '3' })
  expect((await readers(house, [staffId])).items.map((one) => one.contactId)).toEqual([mine])
  expect(await radar(house, [staffId])).toMatchObject({
    opens: 1,
    people: 1,
    links: 1,
    channels: [],
    staff: [{ staffId, opens: 1 }],
  })
  expect((await radar(house, [staffId, tang])).people).toBe(3)
  expect((await readers(house, [])).items).toEqual([])
})

test('pages of readers in each order give everybody once', async () => {
  await using house = await aHouse()
  const { db, corpId, staffId, link } = house
  for (let i = 0; i < 23; i++) {
    await aContact(db, corpId, { externalUserid: `wm-${i}`, staffId })
    await read(house, {
      linkId: link.linkId,
      device: `${i}`,
      wm: `wm-${i}`,
      seconds: 2 + (i % 5),
      atMs: START + (i % 7) * 1_000,
    })
  }
  for (const sort of ['last', 'opens', 'seconds'] as const) {
    const whole = (await readers(house, undefined, { sort, limit: 100 })).items
    const seen: typeof whole = []
    let before: string | undefined
    do {
      const page = await readers(house, undefined, { sort, limit: 5, before })
      seen.push(...page.items)
      before = page.nextCursor ?? undefined
    } while (before)
    expect(seen).toEqual(whole)
    expect(new Set(seen.map(({ contactId }) => contactId)).size).toBe(23)
  }
})
