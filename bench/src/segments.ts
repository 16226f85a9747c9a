import { sql } from 'kysely'
import { appendEvents, type NewEvent } from '../../server/src/modules/events/journal.ts'
import type { Rule } from '../../server/src/modules/segments/schema.ts'
import { type Bench, median, round } from './bench.ts'
import { type Arena, compare, inOurs, keepAll, openArena, recomputeAll, settle, timed } from './engine-arena.ts'
import { KINDS, PRODUCTS } from './engine-data.ts'
import { recompute, twenty } from './engine-rules.ts'

const BATCH = 10_000
const BATCHES = 7

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

/**
 * `segments`: ten thousand events, to the commit of every change they make to twenty live segments, against twenty
 * recomputes over raw history; and at a tenth of the size, where ours should take as long.
 */
export const bench: Bench = async ({ quick, contacts = quick ? 20_000 : 1_000_000, say }) => {
  const small = await run(contacts / 10, say)
  const { ours, base, loop, ...detail } = await run(contacts, say)
  return {
    bench: 'segments',
    ours: round(median(ours)),
    baseline: round(median(base)),
    ratio: round(median(base) / median(ours), 1),
    unit: 'ms per 10 000 events',
    ratioLoopOf300: round(loop / median(ours), 0),
    sizeIndependence: round(median(ours) / median(small.ours), 2),
    detail: {
      contacts,
      ours: ours.map((ms) => round(ms)),
      recompute: base.map((ms) => round(ms)),
      loopOf300: round(loop, 0),
      atATenth: small.ours.map((ms) => round(ms)),
      ...detail,
    },
  }
}

async function run(contacts: number, say: (text: string) => void) {
  await using arena = await openArena(contacts, say)
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
  const loop = await loopOf300(arena, rules, members)
  return { ours, base, loop, members, buildMs: buildMs.map((ms) => round(ms)) }
}

const LOOP = 300
const LOOPS_TIMED = 3

/**
 * What a rebuild in steps of 300 members takes, each step the whole rule and NOT IN those found before (Mautic's way). A few
 * steps of the middle-sized segment are timed and counted up for all of them; the later steps are dearer than these.
 */
async function loopOf300(arena: Arena, rules: readonly Rule[], members: readonly number[]): Promise<number> {
  const { corpId } = arena.history
  const middle = [...members.keys()].sort((a, b) => members[a]! - members[b]!)[members.length >> 1]!
  const { ms } = await timed(() =>
    inOurs(arena, async (tx) => {
      await sql`create temporary table found (contact_id bigint) on commit drop`.execute(tx)
      for (let step = 0; step < LOOPS_TIMED; step++)
        await sql`insert into found select contact_id from (${recompute(corpId, rules[middle]!, arena.now())}) r where contact_id not in (select contact_id from found) limit ${LOOP}`.execute(
          tx,
        )
    }),
  )
  const steps = members.reduce((sum, one) => sum + Math.ceil(one / LOOP), 0)
  return (ms / LOOPS_TIMED) * steps
}
