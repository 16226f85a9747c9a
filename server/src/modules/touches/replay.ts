import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { BLOCK } from './blocks.ts'
import { type DayCounts, fullest, limitsOn } from './caps.ts'
import { drawOf } from './draw.ts'
import { FATE } from './fates.ts'
import { TOUCH, type TouchRow } from './ledger.ts'
import { readSalt } from './policy.ts'
import type { Policy, Replay } from './schema.ts'

/** Fates of whoever was meant to be reached and had nothing against it but limits, holdouts and what came after. */
const MEANT: ReadonlySet<number> = new Set([
  ...[FATE.heldOut, FATE.capped, FATE.platformFull, FATE.displaced],
  ...[FATE.reserved, FATE.sending, FATE.asked, FATE.sent, FATE.unknown],
  ...[FATE.notFriend, FATE.overPlatform, FATE.notSent, FATE.failed],
])
/** Those of them that got as far as a place. */
const REACHED: ReadonlySet<number> = new Set([...MEANT].filter((fate) => fate >= FATE.reserved))
const ROUND = 32
/** Touches of one person in the span, at which the picture's last column stands for more. */
const MOST = 20

/**
 * What would have happened under other rules: the touches of some days once more, in the order they were for, with the
 * same people in mind. Only caps, WeCom's limit and the holdout are asked; hours and refusals are as they were.
 */
export async function replay(
  tx: Tx,
  corpId: string,
  policy: Policy,
  { from, to }: { from: string; to: string },
): Promise<Replay> {
  const { rows: touches } = await sql<TouchRow>`
    select ${TOUCH} from touch t where t.corp_id = ${corpId}::bigint and t.day between ${from}::date and ${to}::date and t.released_at is null order by t.day, t.at, t.priority, t.touch_id`.execute(
    tx,
  )
  const salt = await readSalt(tx, corpId)
  const { rows: held } = await sql<{ block: string }>`
    select distinct block from touch_fate where corp_id = ${corpId}::bigint and day between ${from}::date and ${to}::date order by block`.execute(
    tx,
  )
  const sums = new Map(touches.map((touch) => [touch.touchId, { meant: 0, was: 0, would: 0, capped: 0, heldOut: 0 }]))
  const people = { was: new Array<number>(MOST + 1).fill(0), would: new Array<number>(MOST + 1).fill(0) }
  for (let at = 0; at < held.length; at += ROUND) {
    const blocks = held.slice(at, at + ROUND).map((row) => Number(row.block))
    const { rows } = await sql<{ touchId: string; block: string; fates: Buffer }>`
      select touch_id, block, fates from touch_fate where corp_id = ${corpId}::bigint and block = any(${blocks}::bigint[]) and day between ${from}::date and ${to}::date`.execute(
      tx,
    )
    for (const block of blocks) {
      const fates = new Map(rows.filter((row) => Number(row.block) === block).map((row) => [row.touchId, row.fates]))
      replayBlock(block, touches, fates, policy, salt, sums, people)
    }
  }
  return {
    touches: touches.map(({ touchId, title, channel, topic, at }) => ({
      touchId,
      title,
      channel,
      topic,
      at: at.toISOString(),
      ...sums.get(touchId)!,
    })),
    ...people,
  }
}

type Sums = Map<string, { meant: number; was: number; would: number; capped: number; heldOut: number }>

function replayBlock(
  block: number,
  touches: readonly TouchRow[],
  fates: ReadonlyMap<string, Buffer>,
  policy: Policy,
  salt: number,
  sums: Sums,
  people: { was: number[]; would: number[] },
): void {
  const [was, would, seen] = [new Uint8Array(BLOCK), new Uint8Array(BLOCK), new Uint8Array(BLOCK)]
  const rows: DayCounts[] = []
  const exempt = new Set(policy.topics.filter((topic) => topic.exempt).map(({ name }) => name))
  for (const touch of touches) {
    const held = fates.get(touch.touchId)
    if (!held) continue
    const sum = sums.get(touch.touchId)!
    const full = limitsOn(policy, touch.day, touch.channel, touch.topic).map((limit) => ({
      limit: limit.limit,
      most: fullest(limit, rows),
    }))
    const row = { day: touch.day, channel: touch.channel, topic: touch.topic, counts: new Uint8Array(BLOCK) }
    for (let place = 0; place < BLOCK; place++) {
      const fate = held[place]!
      if (!MEANT.has(fate)) continue
      seen[place] = 1
      sum.meant++
      if (REACHED.has(fate)) {
        sum.was++
        was[place]!++
      }
      if (!exempt.has(touch.topic) && drawOf(salt, block * BLOCK + place) < policy.holdout) sum.heldOut++
      else if (full.some(({ limit, most }) => most[place]! >= limit)) sum.capped++
      else {
        sum.would++
        would[place]!++
        row.counts[place] = 1
      }
    }
    rows.push(row)
  }
  for (let place = 0; place < BLOCK; place++) {
    if (!seen[place]) continue
    people.was[Math.min(was[place]!, MOST)]!++
    people.would[Math.min(would[place]!, MOST)]!++
  }
}
