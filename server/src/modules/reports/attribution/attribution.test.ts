import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import { appendEvents, type NewEvent } from '../../events/journal.ts'
import { listTouchedOrders, readAttribution } from './read-attribution.ts'
import { AttributionQuery, FACETS, type Facet, MODELS, type Shares } from './schema.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const HOUR_MS = 3_600_000
const QUERY = { from: '2026-11-01', to: '2026-11-23' }
let made = 0

const order = (
  db: TestDb,
  corpId: string,
  given: { contactId: string; at: Date; amountFen: number; refundedFen?: number; state?: 'paid' | 'closed' },
) =>
  inCorp(db.api, corpId, (tx) =>
    sql`insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, source, updated_at)
      values (${corpId}, ${given.contactId}, 'own', ${`n${++made}`}, ${given.state ?? 'paid'}, ${given.at}, ${given.at}, ${given.amountFen}, ${given.refundedFen ?? 0}, 'import', ${given.at})`.execute(
      tx,
    ),
  )

type Deed = {
  contactId: string
  at: Date
  staffId?: string | null
  kind: NewEvent['kind']
  props: NewEvent['props']
  trusted?: boolean
}
const happen = (db: TestDb, corpId: string, deeds: readonly Deed[]) =>
  inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      deeds.map((deed) => ({ source: 'system' as const, ...deed, key: `k${++made}` })),
      NOON,
    ),
  )

const mass = (broadcast: string, channel = 'mass') => ({
  kind: 'touch.sent' as const,
  props: {
    touchId: '1',
    channel,
    topic: '上新',
    title: `群发${broadcast}`,
    sourceKind: 'broadcast',
    sourceId: `${broadcast}/9`,
  },
})
const opened = (pieceId: string) => ({
  kind: 'content.opened' as const,
  props: { pieceId, title: `素材${pieceId}`, kind: 'article' },
})
const given = (pieceId: string) => ({
  kind: 'content.sent' as const,
  props: { piece: 'script', pieceId, title: `话术${pieceId}`, kind: 'text' },
})

const read = (db: TestDb, corpId: string, by: Facet = 'way', scope?: string[], more: object = {}) =>
  inCorp(db.api, corpId, (tx) =>
    readAttribution(tx, corpId, AttributionQuery.parse({ ...QUERY, by, ...more }), scope, NOON),
  )

test('the worked case of the handbook: four models of one order to the fen, and what was given back taken from each', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const [he, stranger] = [await aContact(db, corpId), await aContact(db, other)]
  const paid = new Date('2026-11-20T04:00:00Z')
  const before = (days: number) => new Date(paid.getTime() - days * DAY_MS)
  await happen(db, corpId, [
    { contactId: he, at: new Date(before(7).getTime() - 1), ...given('5') }, // a thousandth of a second too early
    { contactId: he, at: before(7), ...mass('1') },
    { contactId: he, at: before(2), ...opened('3') },
    { contactId: he, at: before(1), trusted: false, ...given('6') }, // nobody vouches for it
    { contactId: he, at: before(0), ...given('7') }, // no longer before
    { contactId: he, at: new Date(paid.getTime() - 1), ...mass('2') },
    { contactId: he, at: before(1), ...mass('4', 'moment') }, // nobody says who has seen a moment
  ])
  await happen(db, other, [{ contactId: stranger, at: before(1), ...mass('1') }])
  await order(db, corpId, { contactId: he, at: paid, amountFen: 10_001 })
  await order(db, other, { contactId: stranger, at: paid, amountFen: 77 })

  const lines = async () =>
    Object.fromEntries((await read(db, corpId, 'source')).lines.map((line) => [line.name, line]))
  // Of 10 001: 4 000.4, 2 000.2, 4 000.4: the fen left goes to the later of the two largest. Decay: 0.5, 0.820335, 1.
  expect(await lines()).toMatchObject({
    群发1: { orders: 1, first: 10_001, last: 0, position: 4_000, decay: 2_155 },
    群发2: { orders: 1, first: 0, last: 10_001, position: 4_001, decay: 4_310 },
  })
  expect((await read(db, corpId, 'source')).rest).toEqual({
    orders: 1,
    first: 0,
    last: 0,
    position: 2_000,
    decay: 3_536,
  })
  await sql`update customer_order set refunded_fen = 5001 where corp_id = ${corpId}`.execute(db.owner)
  expect(await lines()).toMatchObject({
    群发1: { first: 5_000, position: 2_000 },
    群发2: { last: 5_000, position: 2_000 },
  })
  expect((await read(db, corpId)).total).toEqual({ orders: 1, amountFen: 10_001, refundedFen: 5_001, netFen: 5_000 })
  const page = await inCorp(db.api, corpId, (tx) =>
    listTouchedOrders(
      tx,
      corpId,
      { ...AttributionQuery.parse({ ...QUERY, by: 'source' }), key: 'broadcast:2' },
      undefined,
      NOON,
    ),
  )
  expect(page.items.map(({ share, path }) => [share.position, path.map(({ way, counted }) => [way, counted])])).toEqual(
    [
      [
        2_000,
        [
          ['mass', false],
          ['opened', false],
          ['mass', true],
        ],
      ],
    ],
  )
})

test('an answer within the window counts once for each touch before it, however the customer is written since', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const he = await aContact(db, corpId)
  const at = (hours: number) => new Date(NOON.getTime() - 15 * DAY_MS + hours * HOUR_MS)
  await happen(db, corpId, [
    { contactId: he, at: at(0), ...mass('1') },
    { contactId: he, at: at(5), ...given('1') },
    { contactId: he, at: at(168), kind: 'message.sent', props: {} }, // just too late for the first
    { contactId: he, at: at(169), ...given('1') },
  ])
  expect((await read(db, corpId)).lines.map(({ key, touches, replied }) => [key, touches, replied])).toEqual([
    ['sent', 2, 1],
    ['mass', 1, 0],
  ])
})

/** One order after another, as one would with pencil and paper. */
interface Told {
  person: string
  at: number
  seq: number
  staffId: string | null
  keys: Record<Facet, string | null>
}
function split(net: number, weights: readonly number[]): number[] {
  const all = weights.reduce((a, b) => a + BigInt(b), 0n)
  const parts = weights.map((w) => (BigInt(net) * BigInt(w)) / all)
  let left = net - Number(parts.reduce((a, b) => a + b, 0n))
  const byRest = weights
    .map((w, place) => ({ place, rest: (BigInt(net) * BigInt(w)) % all }))
    .sort((a, b) => (a.rest === b.rest ? b.place - a.place : a.rest < b.rest ? 1 : -1))
  const out = parts.map(Number)
  for (const { place } of byRest) if (left-- > 0) out[place]! += 1
  return out
}
const WEIGHTS: Record<keyof Shares, (n: number, place: number, ageMs: number, halfLifeDays: number) => number> = {
  first: (_, place) => (place === 0 ? 1 : 0),
  last: (n, place) => (place === n - 1 ? 1 : 0),
  position: (n, place) => (n <= 2 ? 1 : place === 0 || place === n - 1 ? 2 * (n - 2) : 1),
  decay: (_, __, ageMs, half) => Math.max(1, Math.round(1e6 * 2 ** (-(ageMs / 1000) / (half * 86_400)))),
}

test.each([1, 2, 3])(
  'random lives %i: every line, model and scope agrees to the fen with a plain replay of each order',
  async (seed) => {
    await using db = await freshDb()
    const corpId = await aCorp(db)
    let state = seed * 7919
    const below = (n: number) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((state / 2_147_483_648) * n)
    }
    const staff = [await aStaff(db, corpId), await aStaff(db, corpId), await aStaff(db, corpId)]
    const people: { contactId: string; staffId: string }[] = []
    for (let n = 0; n < 8; n++) {
      const staffId = staff[below(3)]!
      people.push({ contactId: await aContact(db, corpId, { staffId }), staffId })
    }
    // The last two are merged into the first two: what either did is one person's.
    const personOf = new Map(people.map(({ contactId }, n) => [contactId, people[n >= 6 ? n - 6 : n]!.contactId]))
    await sql`update contact set merged_into = m.into_id from unnest(${[people[6]!.contactId, people[7]!.contactId]}::bigint[], ${[people[0]!.contactId, people[1]!.contactId]}::bigint[]) as m(id, into_id) where contact.corp_id = ${corpId}::bigint and contact.contact_id = m.id`.execute(
      db.owner,
    )
    const start = Date.parse('2026-10-20T16:00:00Z')
    const spanHours = (NOON.getTime() - start) / HOUR_MS
    const told: Told[] = []
    const deeds: Deed[] = []
    // Never two at one instant: their order would be by ids we do not choose.
    for (let n = 0; n < 260; n++) {
      const at = start + below(spanHours) * HOUR_MS + n
      const { contactId } = people[below(people.length)]!
      const staffId = below(5) === 0 ? null : staff[below(3)]!
      const what = [mass(String(below(3))), opened(String(below(3))), given(String(below(3)))][below(3)]!
      const [way, piece, source] =
        what.kind === 'touch.sent'
          ? ['mass', null, `broadcast:${what.props.sourceId.split('/')[0]}`]
          : what.kind === 'content.opened'
            ? ['opened', `material:${what.props.pieceId}`, null]
            : ['sent', `script:${what.props.pieceId}`, null]
      deeds.push({ contactId, at: new Date(at), staffId, ...what })
      told.push({
        person: personOf.get(contactId)!,
        at,
        seq: n,
        staffId,
        keys: { way: way!, staff: staffId, code: null, piece: piece!, source: source! },
      })
    }
    await happen(db, corpId, deeds)
    const orders: { person: string; at: number; net: number }[] = []
    for (let n = 0; n < 60; n++) {
      const { contactId } = people[below(people.length)]!
      const at = start + below(spanHours) * HOUR_MS + 500
      const amountFen = below(4) === 0 ? below(4) : below(100_000)
      const refundedFen = below(3) === 0 ? below(amountFen + 1) : 0
      const closed = below(9) === 0
      await order(db, corpId, {
        contactId,
        at: new Date(at),
        amountFen,
        refundedFen,
        state: closed ? 'closed' : 'paid',
      })
      orders.push({ person: personOf.get(contactId)!, at, net: closed ? 0 : amountFen - refundedFen })
    }
    const [windowDays, halfLifeDays] = [
      [7, 7],
      [3, 1],
      [30, 10],
    ][seed - 1]! as [number, number]
    const follower = new Map(people.map(({ contactId, staffId }) => [contactId, staffId]))
    const [from, to] = [Date.parse('2026-11-01T00:00:00+08:00'), Date.parse('2026-11-24T00:00:00+08:00')]

    for (const scope of [undefined, [staff[0]!], [staff[1]!, staff[2]!]])
      for (const by of FACETS) {
        const sums = new Map<string, Shares>()
        let untouched = 0
        let net = 0
        for (const bought of orders.filter(({ at }) => at >= from && at < to)) {
          if (scope && !scope.includes(follower.get(bought.person)!)) continue
          net += bought.net
          const path = told
            .filter(
              (touch) =>
                touch.person === bought.person && touch.at < bought.at && touch.at >= bought.at - windowDays * DAY_MS,
            )
            .sort((a, b) => a.at - b.at)
          if (path.length === 0) untouched += bought.net
          for (const model of path.length > 0 ? MODELS : []) {
            const parts = split(
              bought.net,
              path.map((touch, place) => WEIGHTS[model](path.length, place, bought.at - touch.at, halfLifeDays)),
            )
            expect(parts.reduce((a, b) => a + b, 0)).toBe(bought.net)
            path.forEach((touch, place) => {
              const seen = !scope || touch.staffId === null || scope.includes(touch.staffId)
              const key = seen ? (touch.keys[by] ?? 'rest') : 'others'
              const sum = sums.get(key) ?? { first: 0, last: 0, position: 0, decay: 0 }
              sum[model] += parts[place]!
              sums.set(key, sum)
            })
          }
        }
        const found = await read(db, corpId, by, scope, { windowDays, halfLifeDays })
        const only = ({ first, last, position, decay }: Shares) => ({ first, last, position, decay })
        const nothing = { first: 0, last: 0, position: 0, decay: 0 }
        expect(found.total.netFen).toBe(net)
        expect(found.untouched.netFen).toBe(untouched)
        expect(only(found.rest)).toEqual(sums.get('rest') ?? nothing)
        expect(only(found.others)).toEqual(sums.get('others') ?? nothing)
        for (const line of found.lines)
          expect([line.key, only(line)]).toEqual([line.key, sums.get(line.key) ?? nothing])
        expect(
          [...sums.keys()]
            .filter((key) => key !== 'rest' && key !== 'others')
            .every((key) => found.lines.some((line) => line.key === key)),
        ).toBe(true)
        for (const model of MODELS)
          expect(
            found.lines.reduce((sum, line) => sum + line[model], found.rest[model] + found.others[model] + untouched),
          ).toBe(net)
      }
  },
)
