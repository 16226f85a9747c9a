import { sql } from 'kysely'
import { type Bench, median, round } from './bench.ts'
import { compare, inOurs, keepAll, openArena, recomputeAll, settle, timed } from './engine-arena.ts'
import { twenty } from './engine-rules.ts'

const HOURS = 7

/** `clock`: an hour passes and nothing happens: every turn announced, against the same twenty recomputes. */
export const bench: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  await using arena = await openArena(contacts, say)
  const rules = twenty(arena.history.tagIds)
  await settle(arena, rules, say)
  await keepAll(arena)
  const [ours, base, turned]: [number[], number[], number[]] = [[], [], []]
  for (let hour = 0; hour < HOURS; hour++) {
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
