import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { seeded } from '../../../../test/random.ts'
import { aContact, aContext, aCorp, aStaff, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { DAY_MS, shanghaiDay } from '../../../platform/shanghai.ts'
import { countContacts } from '../../contacts/list-contacts.ts'
import type { WorkContext } from '../../corps/context.ts'
import { recountOrders } from '../../facts/count.ts'
import { buildSegment } from '../build.ts'
import { keepCorp } from '../keep.ts'
import { listSegments } from '../read.ts'
import { editSegment } from '../service.ts'
import { readFifths } from './bands.ts'
import { placeBoxes } from './cells.ts'
import { readMoves } from './moves.ts'
import { previewModel } from './preview.ts'
import { readModel } from './read-model.ts'
import { recutModels } from './recut.ts'
import { readDraft, saveModel } from './save-model.ts'
import { BANDS, type CellDraft, RfmDraft } from './schema.ts'
import { START } from './start.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const boss = { name: '店长', scope: undefined }

interface Order {
  contactId: string
  orderId: string
  at: Date
  amountFen: number
  refundedFen: number
  closed: boolean
}

/** A corp with customers whose orders the test knows, and whose clock it turns. */
async function aShop(db: TestDb, people: number) {
  const corpId = await aCorp(db)
  const staff = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const customers: string[] = []
  for (let n = 0; n < people; n++) customers.push(await aContact(db, corpId, { staffId: staff[n % 2]! }))
  const orders: Order[] = []
  let now = NOON
  const context: WorkContext = aContext(db, { clock: { now: () => now } as never })
  const inShop = <T>(work: Parameters<typeof inCorp<T>>[2]) => inCorp(db.api, corpId, work)
  const shop = {
    corpId,
    customers,
    staff,
    orders,
    context,
    inShop,
    now: () => now,
    turn(ms: number) {
      now = new Date(now.getTime() + ms)
    },
    async keep() {
      while (await keepCorp(context, corpId)) await undefined
    },
    /** Builds what waits to be built, in any order. */
    async build(most = Infinity) {
      const { rows } = await inShop((tx) =>
        sql<{ segmentId: string; version: number }>`
          select segment_id, version from segment_version where corp_id = ${corpId}::bigint and state = 'building' order by segment_id desc`.execute(
          tx,
        ),
      )
      for (const row of rows.slice(0, most))
        await buildSegment.run(
          context,
          { corpId, ...row },
          { number: 1, last: false, signal: new AbortController().signal },
        )
    },
    async save(draft: unknown) {
      await inShop((tx) => saveModel(tx, corpId, RfmDraft.parse(draft), boss, now))
    },
    async buy(contactId: string, daysAgo: number, amountFen: number) {
      const placed = new Date(now.getTime() - daysAgo * DAY_MS)
      await inShop(async (tx) => {
        const { rows } = await sql<{ orderId: string }>`
          insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, source, updated_at)
          values (${corpId}, ${contactId}, 'own', ${`n${orders.length}`}, 'paid', ${placed}::timestamptz, ${placed}::timestamptz, ${amountFen}, 'import', ${now}::timestamptz) returning order_id`.execute(
          tx,
        )
        orders.push({ contactId, orderId: rows[0]!.orderId, at: placed, amountFen, refundedFen: 0, closed: false })
        await recountOrders(tx, corpId, [contactId])
      })
    },
    async spoil(order: Order, how: { refundedFen?: number; closed?: boolean }) {
      Object.assign(order, how)
      await inShop(async (tx) => {
        await sql`update customer_order set refunded_fen = ${order.refundedFen}, state = ${order.closed ? 'closed' : 'paid'}
          where corp_id = ${corpId}::bigint and contact_id = ${order.contactId}::bigint and order_id = ${order.orderId}::bigint`.execute(
          tx,
        )
        await recountOrders(tx, corpId, [order.contactId])
      })
    },
    view: (scope?: string[]) => inShop((tx) => readModel(tx, corpId, scope, now)),
    /** Whom each cell holds by its segment, read with nobody sweeping. */
    async held() {
      const { rows } = await inShop((tx) =>
        sql<{ contactId: string; names: string[] }>`
          select m.contact_id, array_agg(s.name) as names from rfm_cell r join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
          join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = s.segment_id and m.version = s.version and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz
          where r.corp_id = ${corpId}::bigint group by 1`.execute(tx),
      )
      return new Map(rows.map((row) => [row.contactId, row.names]))
    },
  }
  return shop
}

/** The cell of every buyer by his orders, as plainly as it can be written down. */
function readPlainly(draft: RfmDraft, orders: readonly Order[], customers: readonly string[], at: Date) {
  const found = new Map<string, string[]>()
  for (const contactId of customers) {
    const bought = orders.filter(
      (o) => o.contactId === contactId && o.at <= at && !o.closed && o.refundedFen < o.amountFen,
    )
    if (bought.length === 0) continue
    const age = at.getTime() - Math.max(...bought.map((o) => o.at.getTime()))
    const counted = bought.filter(
      (o) => draft.withinDays === null || o.at.getTime() > at.getTime() - draft.withinDays * DAY_MS,
    )
    const sum = counted.reduce((all, o) => all + o.amountFen - o.refundedFen, 0)
    const fen = draft.money === 'sum' ? sum : counted.length === 0 ? 0 : Math.floor(sum / counted.length)
    const r = BANDS - draft.cuts.r.filter((days) => age >= days * DAY_MS).length
    const f = 1 + draft.cuts.f.filter((cut) => counted.length > cut).length
    const m = 1 + draft.cuts.m.filter((cut) => fen > cut).length
    const inside = ([from, to]: readonly [number, number], band: number) => from <= band && band <= to
    const cell = draft.cells.find(({ box }) => inside(box.r, r) && inside(box.f, f) && inside(box.m, m))
    found.set(contactId, [cell!.name])
  }
  return found
}

/** The 125 boxes cut in two, over and over, at random: always a partition. */
function randomCells(random: () => number): CellDraft[] {
  let boxes: CellDraft['box'][] = [{ r: [1, 5], f: [1, 5], m: [1, 5] }]
  for (let n = 0; n < 6; n++)
    boxes = boxes.flatMap((box) => {
      const axis = (['r', 'f', 'm'] as const)[Math.floor(random() * 3)]!
      const [from, to] = box[axis]
      if (from === to || random() < 0.4) return [box]
      const cut = from + Math.floor(random() * (to - from))
      return [
        { ...box, [axis]: [from, cut] },
        { ...box, [axis]: [cut + 1, to] },
      ]
    })
  return boxes.slice(0, 20).length === boxes.length
    ? boxes.map((box, n) => ({ name: `格${n}`, box, atRisk: n % 2 === 0, play: '' }))
    : randomCells(random)
}
const rising = (random: () => number, least: number, most: number) =>
  Array.from({ length: 4 }, () => least + Math.floor(random() * (most - least))).sort((a, b) => a - b)
const randomDraft = (random: () => number): RfmDraft => ({
  mode: 'own',
  monthly: false,
  withinDays: random() < 0.5 ? 3 + Math.floor(random() * 20) : null,
  money: random() < 0.5 ? 'average' : 'sum',
  cuts: { r: rising(random, 1, 25), f: rising(random, 0, 9), m: rising(random, 0, 900) },
  cells: randomCells(random),
})

describe('the cells', () => {
  test('of what one begins with are a partition; a gap and an overlap are refused by name', () => {
    expect(new Set(placeBoxes(START.cells)).size).toBe(START.cells.length)
    const [first, ...others] = START.cells
    expect(() => placeBoxes(others)).toThrow(/R4 F4 M4、R4 F4 M5、R4 F5 M4，以及另外 5 处/)
    const wider = { ...first!, box: { ...first!.box, f: [3, 5] as [number, number] } }
    expect(() => placeBoxes([wider, ...others])).toThrow(/“核心客户”和“潜力大客”都包含了 R4 F3 M4/)
    expect(() =>
      placeBoxes([first!, ...others.map((cell, n) => (n === 0 ? { ...cell, name: first!.name } : cell))]),
    ).toThrow(/有两格都叫“核心客户”/)
  })

  test('through random models, orders, refunds, closed orders and leaps in time every buyer is in exactly one cell: the one his orders say, with the sweeper stopped', async () => {
    await using db = await freshDb()
    const dice = seeded(7)
    const shop = await aShop(db, 24)
    let [answers, models, moved] = [0, 0, 0]
    for (let round = 0; round < 7; round++) {
      const before = await shop.inShop((tx) => readDraft(tx, shop.corpId))
      const draft = randomDraft(dice)
      // Some cells go on under another box, some are new, some go.
      draft.cells.forEach((cell, n) => {
        const old = before?.cells[n]
        if (old?.cellId && dice() < 0.7) Object.assign(cell, { cellId: old.cellId })
      })
      await shop.save(draft)
      models++
      for (let step = 0; step < 7; step++) {
        if (step === 3) await shop.build()
        for (let n = 0; n < 5; n++) {
          const old = shop.orders[Math.floor(dice() * shop.orders.length * 1.5)]
          if (old && dice() < 0.3)
            await shop.spoil(
              old,
              dice() < 0.3 ? { closed: true } : { refundedFen: Math.floor(dice() * (old.amountFen + 1)) },
            )
          else await shop.buy(shop.customers[Math.floor(dice() * 20)]!, dice() * 30, 1 + Math.floor(dice() * 600))
        }
        await shop.keep()
        shop.turn(dice() * 4 * DAY_MS)
        // Until the new cells are all built the old ones stand, whole.
        const stands = step < 3 ? before : draft
        if (stands) {
          const plain = readPlainly(stands, shop.orders, shop.customers, shop.now())
          expect(await shop.held()).toEqual(step < 3 ? expect.any(Map) : plain)
          const held = [...(await shop.held()).values()]
          expect(held.length).toBe(plain.size)
          expect(held.every((names) => names.length === 1)).toBe(true)
          answers += plain.size
        }
        if (step < 3) continue
        const view = await shop.view()
        expect(view.cells.reduce((all, cell) => all + cell.people, 0)).toBe(view.buyers)
        moved += view.cells.reduce((all, cell) => all + cell.falling.people, 0)
        // The model read in SQL at once agrees with the cells as they are kept.
        const standing = (await shop.inShop((tx) => readDraft(tx, shop.corpId)))!
        const preview = await shop.inShop((tx) => previewModel(tx, shop.corpId, standing, shop.now()))
        expect(preview.moved).toBe(0)
        expect(preview.cells.map((cell) => cell.people)).toEqual(view.cells.map((cell) => cell.people))
        expect(preview.grid.reduce((all, one) => all + one.people, 0)).toBe(view.buyers)
      }
    }
    console.info(
      `${answers} buyers read in ${models} models, each in the one cell his orders say; ${moved} times somebody was about to fall`,
    )
    expect(answers).toBeGreaterThan(500)
    expect(moved).toBeGreaterThan(50)
  }, 120_000)

  test('of another model take the old ones’ place all at once, however many are built so far; people cannot edit or take away one', async () => {
    await using db = await freshDb()
    const shop = await aShop(db, 6)
    for (const [n, contactId] of shop.customers.entries()) await shop.buy(contactId, n * 40, 1_000 * (n + 1))
    await shop.save(START)
    await shop.build()
    const old = await shop.held()
    expect(old.size).toBe(6)
    const standing = (await shop.inShop((tx) => readDraft(tx, shop.corpId)))!
    const [first, second, ...others] = standing.cells
    // Two change names, the last is taken out into one that was beside it, and recency is cut elsewhere.
    const last = others.pop()!
    others.at(-1)!.box = { r: [1, 1], f: [1, 5], m: [1, 5] }
    const changed = {
      ...standing,
      cuts: { ...standing.cuts, r: [10, 20, 50, 100] },
      cells: [{ ...first!, name: second!.name }, { ...second!, name: first!.name }, ...others],
    }
    await shop.save(changed)
    await shop.build(4)
    expect(await shop.view()).toMatchObject({ building: { total: null }, buyers: 6 })
    expect((await shop.held()).size).toBe(6)
    await shop.build()
    expect(await shop.held()).toEqual(readPlainly(RfmDraft.parse(changed), shop.orders, shop.customers, shop.now()))
    expect((await shop.view()).building).toBeNull()
    expect((await shop.view()).cells.map((cell) => cell.name)).not.toContain(last.name)
    // Its name is free again, and what it was is out of the way once the next model is saved.
    await shop.save({
      ...changed,
      cells: [...changed.cells.slice(0, -1), { ...changed.cells.at(-1)!, name: last.name }],
    })
    expect(
      (
        await shop.inShop((tx) =>
          tx
            .selectFrom('segment')
            .select('name')
            .where('corpId', '=', shop.corpId)
            .where('archivedAt', 'is not', null)
            .execute(),
        )
      ).length,
    ).toBe(1)
    const [cell] = (await shop.view()).cells
    expect(await shop.inShop((tx) => listSegments(tx, shop.corpId, undefined, shop.now()))).toEqual([])
    await expect(
      shop.inShop((tx) => editSegment(tx, shop.corpId, cell!.segmentId, { name: '改' }, boss, NOON)),
    ).rejects.toThrow(/人群/)
    await expect(
      shop.save({
        ...changed,
        cells: [{ ...START.cells[0], cellId: '999999', box: { r: [1, 5], f: [1, 5], m: [1, 5] } }],
      }),
    ).rejects.toThrow(/刚刚被别人改过/)
  })
})

test('fifths are what SQL says of the raw orders; they stand until they are worked out anew, each month where it is asked for', async () => {
  await using db = await freshDb()
  const shop = await aShop(db, 30)
  expect(await shop.inShop((tx) => readFifths(tx, shop.corpId, START, NOON))).toBeNull()
  for (let n = 0; n < 90; n++)
    await shop.buy(shop.customers[(n * n) % 23]!, 1 + ((n * 37) % 300) + 0.5, 100 + ((n * 7_919) % 9_000))
  await shop.spoil(shop.orders[3]!, { closed: true })
  await shop.spoil(shop.orders[5]!, { refundedFen: 50 })
  for (const [money, withinDays] of [
    ['sum', null],
    ['average', null],
    ['sum', 120],
    ['average', 120],
  ] as const) {
    const { rows } = await shop.inShop((tx) =>
      sql<{ r: string[]; f: string[]; m: string[] }>`
        select percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by r) as r, percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by f) as f,
          percentile_disc(array[0.2, 0.4, 0.6, 0.8]) within group (order by m) as m
        from (select extract(epoch from ${NOON}::timestamptz - max(paid_at)) / 86400 as r, count(*) filter (where recent) as f,
            case when ${money} = 'sum' then coalesce(sum(net) filter (where recent), 0) else coalesce(trunc(avg(net) filter (where recent)), 0) end as m
          from (select contact_id, paid_at, amount_fen - refunded_fen as net, ${withinDays}::int is null or paid_at > ${NOON}::timestamptz - ${withinDays}::int * interval '1 day' as recent
            from customer_order where corp_id = ${shop.corpId}::bigint and state = 'paid' and refunded_fen < amount_fen) o group by contact_id) buyer`.execute(
        tx,
      ),
    )
    const { r, f, m } = rows[0]!
    const cuts = await shop.inShop((tx) => readFifths(tx, shop.corpId, { money, withinDays }, NOON))
    expect(cuts).toEqual({ r: r.map((days) => Math.floor(Number(days)) + 1), f: f.map(Number), m: m.map(Number) })
  }
  const cuts = (await shop.inShop((tx) => readFifths(tx, shop.corpId, START, NOON)))!
  await shop.save({ ...START, cuts, mode: 'quintiles', monthly: true })
  await shop.build()
  shop.turn(5 * DAY_MS)
  await shop.buy(shop.customers[0]!, 0, 90_000)
  await recutModels(shop.context)
  expect((await shop.view()).model?.cuts).toEqual(cuts)
  shop.turn(4 * DAY_MS) // into December
  await recutModels(shop.context)
  const { model } = await shop.view()
  expect(model?.cuts).toEqual(await shop.inShop((tx) => readFifths(tx, shop.corpId, START, shop.now())))
  expect(model?.cuts).not.toEqual(cuts)
  expect(model?.changedBy).toBe('每月自动')
})

test('who falls within 30 days by time alone, the money in danger, and the way from cell to cell; whoever sees some customers sees theirs', async () => {
  await using db = await freshDb()
  const shop = await aShop(db, 5)
  const [ann, bo, cem, , never] = shop.customers as [string, string, string, string, string]
  await shop.buy(ann, 1, 2_000) // new, falls to R3 in 59 days: not within 30
  await shop.buy(bo, 40, 7_000) // new by 60 days: falls in 20
  await shop.buy(cem, 200, 9_000) // asleep
  await shop.save(START)
  await shop.build()
  const of = (view: Awaited<ReturnType<typeof shop.view>>, name: string) =>
    view.cells.find((cell) => cell.name === name)!
  const view = await shop.view()
  expect(of(view, '新客')).toMatchObject({ people: 2, totalFen: 9_000, falling: { people: 1, totalFen: 7_000 } })
  expect(of(view, '沉睡客户')).toMatchObject({ people: 1, falling: { people: 0, totalFen: 0 } })
  expect(view).toMatchObject({ customers: 5, buyers: 3, risk: { people: 1, totalFen: 7_000 } })
  expect(view.grid).toEqual([
    { r: 1, f: 1, people: 1, totalFen: 9_000 },
    { r: 4, f: 1, people: 1, totalFen: 7_000 },
    { r: 5, f: 1, people: 1, totalFen: 2_000 },
  ])
  // The list of customers is filtered by the cell.
  expect(
    await shop.inShop((tx) =>
      countContacts(tx, shop.corpId, { segmentId: of(view, '新客').segmentId, now: shop.now() } as never, undefined),
    ),
  ).toMatchObject({ total: 2 })
  const seen = await shop.view([shop.staff[1]!])
  expect(seen).toMatchObject({ customers: 2, buyers: 1, risk: { people: 1 } })
  expect(of(seen, '新客')).toMatchObject({ people: 1, totalFen: 7_000 })

  const ids = new Map(view.cells.map((cell) => [cell.name, cell.cellId]))
  const moves = (from: string, to: string, scope?: string[]) =>
    shop.inShop((tx) => readMoves(tx, shop.corpId, { from, to }, scope, shop.now()))
  const today = shanghaiDay(shop.now())
  shop.turn(25 * DAY_MS)
  await shop.keep()
  await shop.buy(never, 0.5, 500)
  await shop.keep()
  const later = shanghaiDay(shop.now())
  const kept = await moves(today, later)
  expect([kept.from.how, kept.to.how]).toEqual(['kept', 'kept'])
  const byNames = (a: { from: string | null; to: string | null }, b: typeof a) =>
    `${a.from}${a.to}` < `${b.from}${b.to}` ? -1 : 1
  expect([...kept.flows].sort(byNames)).toEqual(
    [
      { from: ids.get('新客')!, to: ids.get('新客')!, people: 1 },
      { from: ids.get('新客')!, to: ids.get('没有再来')!, people: 1 },
      { from: ids.get('沉睡客户')!, to: ids.get('沉睡客户')!, people: 1 },
      { from: null, to: ids.get('新客')!, people: 1 },
    ].sort(byNames),
  )
  expect((await moves(today, later, [shop.staff[1]!])).flows).toEqual([
    { from: ids.get('新客')!, to: ids.get('没有再来')!, people: 1 },
  ])
  // Before the cells were kept: as today's cells would have said by the orders of then.
  const restated = await moves('2026-10-20', today)
  expect([restated.from.how, restated.to.how]).toEqual(['restated', 'kept'])
  expect(restated.flows).toContainEqual({ from: null, to: ids.get('新客')!, people: 1 }) // Ann had not bought yet
  expect(restated.flows).toContainEqual({ from: ids.get('新客')!, to: ids.get('新客')!, people: 1 })

  const other = await aCorp(db)
  expect(await inCorp(db.api, other, (tx) => readModel(tx, other, undefined, shop.now()))).toMatchObject({
    model: null,
    cells: [],
    buyers: 0,
    customers: 0,
  })
  await expect(
    inCorp(db.api, other, (tx) => readMoves(tx, other, { from: today, to: later }, undefined, shop.now())),
  ).rejects.toThrow(/还没有 RFM 模型/)
})
