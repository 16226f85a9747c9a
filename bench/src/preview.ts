import { type RawBuilder, sql } from 'kysely'
import { readFacts } from '../../server/src/modules/facts/count.ts'
import { factKey } from '../../server/src/modules/facts/spec.ts'
import { toSql } from '../../server/src/modules/segments/compile.ts'
import { needsOf } from '../../server/src/modules/segments/persons.ts'
import { type Bench, median, round } from './bench.ts'
import { openDuck } from './duckdb.ts'
import { inOurs, openArena, refs, settle, timed } from './engine-arena.ts'
import { recompute, twenty } from './engine-rules.ts'

const UNSEEN = 9

/** `preview`: how many a rule nobody saved would hold, against DuckDB over raw history; and PostgreSQL over it, beside. */
export const bench: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  await using arena = await openArena(contacts, say)
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
  const duck = await openDuck(arena.history, say)
  const [ours, base, raw]: [number[], number[], number[]] = [[], [], []]
  for (const [i, rule] of [...unseen, ...unseen, ...unseen].entries()) {
    const where = toSql(rule, 'at', { corpId, now: arena.now(), refs, factIds })
    const a = await timed(() =>
      count(
        sql`contact c where c.corp_id = ${corpId}::bigint and c.last_added_at is not null and c.merged_into is null and ${where}`,
      ),
    )
    const b = await timed(() => duck.count(rule, arena.now()))
    if (a.value !== b.value) throw new Error(`${a.value} against ${b.value}: ${JSON.stringify(rule)}`)
    ours.push(a.ms)
    base.push(b.ms)
    if (i >= unseen.length) continue
    const c = await timed(() => count(sql`(${recompute(corpId, rule, arena.now())}) r`))
    if (a.value !== c.value) throw new Error(`${a.value} against ${c.value}: ${JSON.stringify(rule)}`)
    raw.push(c.ms)
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
      duckdb: warm(base).map((ms) => round(ms)),
      postgresOverHistory: raw.map((ms) => round(ms)),
    },
  }
}
