import { sql } from 'kysely'
import type { WorkContext } from '../../server/src/modules/corps/context.ts'
import { ensureFacts, readFacts } from '../../server/src/modules/facts/count.ts'
import { deedRows } from '../../server/src/modules/facts/deeds.ts'
import { buildSegment } from '../../server/src/modules/segments/build.ts'
import { keepCorp } from '../../server/src/modules/segments/keep.ts'
import { needsOf } from '../../server/src/modules/segments/persons.ts'
import type { Rule } from '../../server/src/modules/segments/schema.ts'
import { createSegment } from '../../server/src/modules/segments/service.ts'
import { type Db, inCorp, openPools, type Tx } from '../../server/src/platform/db.ts'
import { createLog } from '../../server/src/platform/log.ts'
import { DATA_NOW, type History, openHistory } from './engine-data.ts'
import { recompute } from './engine-rules.ts'

export const refs = { rules: new Map(), states: new Map() }

export interface Arena {
  db: Db
  history: History
  context: WorkContext
  turn(ms: number): void
  now(): Date
}

export async function openArena(contacts: number, say: (text: string) => void): Promise<Arena & AsyncDisposable> {
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

export const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const from = performance.now()
  const value = await work()
  return { ms: performance.now() - from, value }
}
/** Without the pool’s limit on statements: a recompute over twenty million events takes the time it takes. */
export const inOurs = <T>(arena: Arena, work: (tx: Tx) => Promise<T>) =>
  inCorp(arena.db, arena.history.corpId, async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx)
    return work(tx)
  })

/** Makes the segments and builds them; what they hold must be what a recompute finds. */
export async function settle(
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

export async function compare(arena: Arena, i: number, rule: Rule): Promise<number> {
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

export const recomputeAll = (arena: Arena, rules: readonly Rule[]) =>
  timed(() =>
    inOurs(arena, async (tx) => {
      await sql`select set_config('work_mem', '256MB', true)`.execute(tx)
      for (const rule of rules)
        await sql`select count(*) from (${recompute(arena.history.corpId, rule, arena.now())}) r`.execute(tx)
    }),
  )

export const keepAll = async (arena: Arena) => {
  while (await keepCorp(arena.context, arena.history.corpId)) await undefined
}
