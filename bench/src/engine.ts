import { type RawBuilder, sql } from 'kysely'
import type { WorkContext } from '../../server/src/modules/corps/context.ts'
import { appendEvents, type NewEvent } from '../../server/src/modules/events/journal.ts'
import { ensureFacts, readFacts } from '../../server/src/modules/facts/count.ts'
import { deedRows } from '../../server/src/modules/facts/deeds.ts'
import { factKey } from '../../server/src/modules/facts/spec.ts'
import { buildSegment } from '../../server/src/modules/segments/build.ts'
import { toSql } from '../../server/src/modules/segments/compile.ts'
import { spanMs } from '../../server/src/modules/segments/evaluate.ts'
import { keepCorp } from '../../server/src/modules/segments/keep.ts'
import { needsOf } from '../../server/src/modules/segments/persons.ts'
import { type Condition, Rule } from '../../server/src/modules/segments/schema.ts'
import { createSegment } from '../../server/src/modules/segments/service.ts'
import { type Db, inCorp, openPools, type Tx } from '../../server/src/platform/db.ts'
import { createLog } from '../../server/src/platform/log.ts'
import { type Bench, median, round } from './bench.ts'
import { DATA_NOW, type History, KINDS, openHistory, PRODUCTS } from './engine-data.ts'

const BATCH = 10_000
const BATCHES = 7
const UNSEEN = 9
const refs = { rules: new Map(), states: new Map() }
const day = (n: number) => ({ n, unit: 'day' })

/** Twenty segments, half of them broad: what shops ask, over orders, events in windows and tags. */
function twenty(tagIds: readonly string[], from = 0): Rule[] {
  const order = { kind: 'order.paid' }
  return Array.from({ length: 20 }, (_, n): Rule => {
    const i = n + from
    const view = {
      kind: 'product.viewed',
      where: i % 4 === 3 ? [{ prop: 'productNo', op: 'is', values: [`P${i}`] }] : [],
    }
    const tag = { is: 'tags', any: [tagIds[(i * 7) % 40], tagIds[(i * 11) % 90]] }
    const often = { is: 'did', deed: order, atLeast: 2 + (i % 3) }
    const spent = { is: 'total', deed: order, amount: 'amountFen', atLeast: 20_000 + 5_000 * (i % 5) }
    const leaving = {
      is: 'when',
      deed: order,
      which: 'last',
      olderThan: day(20 + (i % 3) * 10),
      newerThan: day(60 + (i % 4) * 10),
    }
    const seen = { is: 'did', deed: view, atLeast: 1 + (i % 2), within: day(3 + (i % 5)) }
    const cart = { is: 'did', deed: { kind: KINDS[2] }, atLeast: 1, within: day(7) }
    const shapes = [
      [often, leaving],
      [spent, seen],
      [often, spent, leaving, tag, seen],
      [leaving, seen],
      [tag, cart],
      [often, spent],
      [spent, leaving, tag],
      [seen, cart],
      [often, tag],
      [often, spent, leaving],
    ]
    return Rule.parse({ is: 'all', of: shapes[i % shapes.length] })
  })
}

/** The same rule over raw history as well as we can write it: windows first, one look at each table, no subquery per row. */
function recompute(corpId: string, rule: Rule, now: Date): RawBuilder<unknown> {
  const conditions = rule.of as Condition[]
  const orders = conditions.filter((c) => 'deed' in c && c.deed.kind === 'order.paid')
  const having = orders.map((c) => {
    if (c.is === 'did') return sql`count(*) >= ${c.atLeast ?? 1}`
    if (c.is === 'total') return sql`sum(amount_fen - refunded_fen) >= ${c.atLeast ?? 0}`
    if (c.is !== 'when') throw new Error(c.is)
    return sql`max(paid_at) <= ${new Date(now.getTime() - spanMs(c.olderThan!))}::timestamptz and max(paid_at) > ${new Date(now.getTime() - spanMs(c.newerThan!))}::timestamptz`
  })
  const sets: RawBuilder<unknown>[] = []
  if (having.length > 0)
    sets.push(
      sql`select contact_id from customer_order where corp_id = ${corpId}::bigint and paid_at is not null and state <> 'closed' and refunded_fen < amount_fen group by contact_id having ${sql.join(having, sql` and `)}`,
    )
  for (const c of conditions) {
    if (c.is === 'did' && c.within) {
      const where = c.deed.where.map((one) => sql`and props @> ${JSON.stringify({ [one.prop]: one.values[0] })}::jsonb`)
      sets.push(
        sql`select contact_id from event where corp_id = ${corpId}::bigint and kind = ${c.deed.kind} and at > ${new Date(now.getTime() - spanMs(c.within))}::timestamptz ${sql.join(where, sql` `)} group by contact_id having count(*) >= ${c.atLeast ?? 1}`,
      )
    }
    if (c.is === 'tags')
      sets.push(sql`select contact_id from contact where corp_id = ${corpId}::bigint and tag_ids && ${c.any}::bigint[]`)
  }
  const joined = sets.map((set, i) => sql`(${set}) ${sql.ref(`s${i}`)}`)
  const [first, ...rest] = joined
  return sql`select s0.contact_id from ${first} ${
    rest.length > 0
      ? sql`join ${sql.join(
          rest.map((one) => sql`${one} using (contact_id)`),
          sql` join `,
        )}`
      : sql``
  }`
}

interface Arena {
  db: Db
  history: History
  context: WorkContext
  turn(ms: number): void
  now(): Date
}

async function open(contacts: number, say: (text: string) => void): Promise<Arena & AsyncDisposable> {
  const history = await openHistory(contacts, say)
  const pools = openPools(history.databaseUrl, { api: 2, intake: 1, work: 2 })
  let now = DATA_NOW
  const context = { db: pools.work, clock: { now: () => now }, log: createLog('error') } as unknown as WorkContext
  return {
    db: pools.work,
    history,
    context,
    now: () => now,
    turn(ms) {
      now = new Date(now.getTime() + ms)
    },
    async [Symbol.asyncDispose]() {
      await pools.stop()
      await history[Symbol.asyncDispose]()
    },
  }
}

const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const from = performance.now()
  const value = await work()
  return { ms: performance.now() - from, value }
}
const inOurs = <T>(arena: Arena, work: (tx: Tx) => Promise<T>) => inCorp(arena.db, arena.history.corpId, work)

/** Makes the segments and builds them; what they hold must be what a recompute finds. */
async function settle(
  arena: Arena,
  rules: readonly Rule[],
  say: (text: string) => void,
): Promise<{ buildMs: number[]; members: number[] }> {
  const { corpId } = arena.history
  await inOurs(arena, (tx) =>
    ensureFacts(
      tx,
      corpId,
      rules.flatMap((rule) => [...needsOf([rule], refs).facts.values()].map(({ spec }) => spec)),
      arena.now(),
    ),
  )
  say('counting facts …')
  // At once, which the product does customer by customer so that nobody waits for it.
  await inOurs(arena, async (tx) => {
    for (const fact of await readFacts(tx, corpId))
      await sql`
        insert into contact_fact (corp_id, contact_id, fact_id, number, total, first_at, last_at, times, amounts)
        select ${corpId}::bigint, contact_id, ${fact.factId}::bigint, count(*), sum(amount), min(at), max(at), (array_agg(at order by at desc, amount desc))[1:16], (array_agg(amount order by at desc, amount desc))[1:16]
        from (${deedRows(corpId, fact)}) d group by contact_id`.execute(tx)
    await sql`update fact set filled_at = ${arena.now()}::timestamptz where corp_id = ${corpId}::bigint`.execute(tx)
  })
  await vacuum(arena)
  const [buildMs, members]: [number[], number[]] = [[], []]
  for (const [i, rule] of rules.entries()) {
    const segmentId = await inOurs(arena, (tx) =>
      createSegment(tx, corpId, { name: `人群${i}`, note: '', rule }, { name: '试', scope: undefined }, arena.now()),
    )
    const { ms } = await timed(() =>
      buildSegment.run(
        arena.context,
        { corpId, segmentId, version: 1 },
        { number: 1, last: false, signal: new AbortController().signal },
      ),
    )
    buildMs.push(ms)
  }
  await vacuum(arena)
  for (const [i, rule] of rules.entries()) members.push(await compare(arena, i, rule))
  say(`20 segments of ${Math.min(...members)} to ${Math.max(...members)} members, each as a recompute has it`)
  return { buildMs, members }
}

const vacuum = async ({ history }: Arena) => {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: history.databaseUrl })
  await client.connect()
  await client.query('vacuum analyze contact_fact, segment_member, event, fact')
  await client.end()
}

async function compare(arena: Arena, i: number, rule: Rule): Promise<number> {
  const { corpId } = arena.history
  return inOurs(arena, async (tx) => {
    const now = arena.now()
    const { rows } = await sql<{ members: number; missing: number; extra: number }>`
      with wanted as materialized (${recompute(corpId, rule, now)}), held as materialized (
        select m.contact_id from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id and s.version = m.version and s.name = ${`人群${i}`}
        where m.corp_id = ${corpId}::bigint and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz)
      select (select count(*)::int from held) as members, (select count(*)::int from (select * from wanted except select * from held) x) as missing,
        (select count(*)::int from (select * from held except select * from wanted) y) as extra`.execute(tx)
    const { members, missing, extra } = rows[0]!
    if (missing + extra > 0) throw new Error(`segment ${i}: ${missing} missing, ${extra} too many, of ${members}`)
    return members
  })
}

const recomputeAll = (arena: Arena, rules: readonly Rule[]) =>
  timed(() =>
    inOurs(arena, async (tx) => {
      await sql`select set_config('work_mem', '256MB', true)`.execute(tx)
      for (const rule of rules)
        await sql`select count(*) from (${recompute(arena.history.corpId, rule, arena.now())}) r`.execute(tx)
    }),
  )

const keepAll = async (arena: Arena) => {
  while (await keepCorp(arena.context, arena.history.corpId)) await undefined
}

function aBatch(arena: Arena, contacts: number, nr: number): NewEvent[] {
  const random = (n: number) => (Math.imul(n + 1, 2_654_435_761) >>> 0) / 4_294_967_296
  return Array.from({ length: BATCH }, (_, i) => ({
    contactId: String(1 + Math.floor(random(nr * BATCH + i) ** 2.2 * contacts)),
    kind: KINDS[Math.floor(random(i * 31 + nr) ** 2 * KINDS.length)]!,
    at: new Date(arena.now().getTime() - Math.floor(random(i) * 1_000)),
    source: 'api',
    props: { productNo: `P${Math.floor(random(i * 7 + nr) ** 2 * PRODUCTS)}` },
    key: `batch ${nr} ${i}`,
  }))
}

/** `segments`: ten thousand events, to the commit of every change they make to twenty live segments, against twenty recomputes over raw history. */
export const segments: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  await using arena = await open(contacts, say)
  const rules = twenty(arena.history.tagIds)
  const { buildMs, members } = await settle(arena, rules, say)
  const [ours, base]: [number[], number[]] = [[], []]
  for (let nr = 0; nr < BATCHES; nr++) {
    arena.turn(60_000)
    const batch = aBatch(arena, contacts, nr)
    const { ms } = await timed(async () => {
      for (let from = 0; from < BATCH; from += 1_000)
        await inOurs(arena, (tx) =>
          appendEvents(tx, arena.history.corpId, batch.slice(from, from + 1_000), arena.now(), { live: false }),
        )
      await keepAll(arena)
    })
    ours.push(ms)
    if (nr % 3 === 1) base.push((await recomputeAll(arena, rules)).ms)
  }
  for (const [i, rule] of rules.entries()) await compare(arena, i, rule)
  return {
    bench: 'segments',
    ours: round(median(ours)),
    baseline: round(median(base)),
    ratio: round(median(base) / median(ours), 1),
    unit: 'ms per 10 000 events',
    detail: {
      contacts,
      ours: ours.map((ms) => round(ms)),
      recompute: base.map((ms) => round(ms)),
      members,
      buildMs: buildMs.map((ms) => round(ms)),
    },
  }
}

/** `clock`: an hour passes and nothing happens: every turn announced, against the same twenty recomputes. */
export const clock: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  await using arena = await open(contacts, say)
  const rules = twenty(arena.history.tagIds)
  await settle(arena, rules, say)
  await keepAll(arena)
  const [ours, base, turned]: [number[], number[], number[]] = [[], [], []]
  for (let hour = 0; hour < BATCHES; hour++) {
    arena.turn(3_600_000)
    for (const [i, rule] of rules.entries()) if (hour === 0) await compare(arena, i, rule) // before anybody has swept
    ours.push((await timed(() => keepAll(arena))).ms)
    const { rows } = await inOurs(arena, (tx) =>
      sql<{
        n: number
      }>`select coalesce(sum(cardinality(entered) + cardinality(exited)), 0)::int as n from segment_flip where corp_id = ${arena.history.corpId}::bigint and at = ${arena.now()}::timestamptz`.execute(
        tx,
      ),
    )
    turned.push(rows[0]!.n)
    if (hour % 3 === 1) base.push((await recomputeAll(arena, rules)).ms)
  }
  return {
    bench: 'clock',
    ours: round(median(ours)),
    baseline: round(median(base)),
    ratio: round(median(base) / median(ours), 1),
    unit: 'ms per hour',
    detail: { contacts, ours: ours.map((ms) => round(ms)), recompute: base.map((ms) => round(ms)), turned },
  }
}

/** `preview`: how many a rule nobody saved would hold, against the same over raw history. */
export const preview: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  await using arena = await open(contacts, say)
  const { corpId, tagIds } = arena.history
  await settle(arena, twenty(tagIds), say)
  const facts = await inOurs(arena, (tx) => readFacts(tx, corpId))
  const factIds = new Map(facts.map((fact) => [factKey(fact), fact.factId]))
  const unseen = twenty(tagIds, 40)
    .filter((rule) => [...needsOf([rule], refs).facts.keys()].every((key) => factIds.has(key)))
    .slice(0, UNSEEN)
  const count = (where: RawBuilder<unknown>) =>
    inOurs(arena, async (tx) => {
      await sql`select set_config('work_mem', '64MB', true)`.execute(tx)
      return (await sql<{ n: number }>`select count(*)::int as n from ${where}`.execute(tx)).rows[0]!.n
    })
  const [ours, base]: [number[], number[]] = [[], []]
  for (const rule of [...unseen, ...unseen]) {
    const where = toSql(rule, 'at', { corpId, now: arena.now(), refs, factIds })
    const a = await timed(() =>
      count(
        sql`contact c where c.corp_id = ${corpId}::bigint and c.last_added_at is not null and c.merged_into is null and ${where}`,
      ),
    )
    const b = await timed(() => count(sql`(${recompute(corpId, rule, arena.now())}) r`))
    if (a.value !== b.value) throw new Error(`${a.value} against ${b.value}: ${JSON.stringify(rule)}`)
    ours.push(a.ms)
    base.push(b.ms)
  }
  const warm = <T>(all: T[]) => all.slice(unseen.length)
  return {
    bench: 'preview',
    ours: round(median(warm(ours))),
    baseline: round(median(warm(base))),
    ratio: round(median(warm(base)) / median(warm(ours)), 1),
    unit: 'ms',
    detail: {
      contacts,
      rules: unseen.length,
      ours: warm(ours).map((ms) => round(ms)),
      recompute: warm(base).map((ms) => round(ms)),
    },
  }
}
