import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import { difference, judge, type Share, sampleRatio } from '../channels/trial/judge.ts'
import { FATE } from '../touches/fates.ts'
import { contactsOfFate } from '../touches/send.ts'
import type { HeldRun } from './read.ts'
import type { Arm, Results } from './schema.ts'

/** Fates of whoever had nothing against him: those the draw could have left in or out. */
const DRAWN_IN = [
  ...[FATE.capped, FATE.platformFull, FATE.memberFull, FATE.displaced, FATE.released, FATE.reserved, FATE.sending],
  ...[FATE.asked, FATE.sent, FATE.unknown, FATE.notFriend, FATE.overPlatform, FATE.notSent, FATE.failed],
]
const NOBODY: Arm = { people: 0, sent: 0, buyers: 0, orders: 0, amountFen: 0, left: 0, refused: 0 }
const ALPHA = 0.05
const ALL = 20_000_000

/**
 * What a run brought within its window. Variants are compared by whom they were drawn for, sent or not; the lift compares
 * everybody the draw left in with everybody it left out, so that neither side is chosen by what came after.
 */
export async function readResults(tx: Tx, corpId: string, run: HeldRun, now: Date): Promise<Results> {
  const { content, touchId } = run
  const from = run.beganAt ?? run.at
  const to = new Date(from.getTime() + content.windowDays * DAY_MS)
  const arms = await readArms(tx, corpId, run.runId, touchId, from, to)
  const variants = content.variants.map(({ weight, text }, nr) => ({ ...(arms.get(nr) ?? NOBODY), weight, text }))
  const several = variants.length > 1
  const split = several
    ? sampleRatio(
        variants.map(({ people }) => people),
        variants.map(({ weight }) => weight),
      )
    : null
  const shares: Share[] = variants.map(({ people, buyers }) => ({ of: people, yes: buyers }))
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    open: now < to,
    all: variants.reduce((sum, arm) => add(sum, arm), NOBODY),
    variants,
    split,
    verdict: several ? judge(shares, 1, split!.skewed) : null,
    lift: touchId ? await readLift(tx, corpId, touchId, from, to) : null,
  }
}

const add = (a: Arm, b: Arm): Arm => ({
  people: a.people + b.people,
  sent: a.sent + b.sent,
  buyers: a.buyers + b.buyers,
  orders: a.orders + b.orders,
  amountFen: a.amountFen + b.amountFen,
  left: a.left + b.left,
  refused: a.refused + b.refused,
})

/** Each variant's people in one statement: who bought, who has gone, who would rather not be written to. */
async function readArms(
  tx: Tx,
  corpId: string,
  runId: string,
  touchId: string | null,
  from: Date,
  to: Date,
): Promise<Map<number, Arm>> {
  const sent = touchId
    ? (await contactsOfFate(tx, corpId, touchId, [FATE.sent], { limit: ALL })).map(({ contactId }) => contactId)
    : []
  const { rows } = await sql<Arm & { variant: number }>`
    with told as (
      select c.variant, p.contact_id, c.staff_id from broadcast_chunk c cross join unnest(c.contact_ids) as p(contact_id) where c.corp_id = ${corpId}::bigint and c.run_id = ${runId}::bigint
    ), bought as (
      select o.contact_id, count(*)::int as orders, sum(o.amount_fen - o.refunded_fen)::bigint as amount from customer_order o
      where o.corp_id = ${corpId}::bigint and o.paid_at >= ${from}::timestamptz and o.paid_at < ${to}::timestamptz and o.contact_id in (select contact_id from told) group by 1
    ), gone as (
      select distinct f.contact_id from follow f join told t on t.contact_id = f.contact_id and t.staff_id = f.staff_id
      where f.corp_id = ${corpId}::bigint and f.lost_at >= ${from}::timestamptz and f.lost_at < ${to}::timestamptz
    ), unwilling as (
      select distinct r.contact_id from touch_refusal r join told t on t.contact_id = r.contact_id
      where r.corp_id = ${corpId}::bigint and r.why = 'customer' and r.since >= ${from}::timestamptz and r.since < ${to}::timestamptz
    )
    select t.variant, count(*)::int as people, count(s.contact_id)::int as sent, count(b.contact_id)::int as buyers, coalesce(sum(b.orders), 0)::int as orders, coalesce(sum(b.amount), 0)::float8 as amount_fen,
      count(g.contact_id)::int as left, count(u.contact_id)::int as refused
    from told t left join bought b using (contact_id) left join gone g using (contact_id) left join unwilling u using (contact_id)
    left join unnest(${sent}::bigint[]) as s(contact_id) using (contact_id) group by t.variant`.execute(tx)
  return new Map(rows.map(({ variant, ...arm }) => [variant, arm]))
}

async function readLift(tx: Tx, corpId: string, touchId: string, from: Date, to: Date): Promise<Results['lift']> {
  const idsOf = async (fates: readonly number[]) =>
    (await contactsOfFate(tx, corpId, touchId, fates, { limit: ALL })).map(({ contactId }) => contactId)
  const out = await idsOf([FATE.heldOutHere])
  if (out.length === 0) return null
  const armOf = async (ids: readonly string[]) => {
    const { rows } = await sql<{ yes: number; amountFen: number }>`
      select count(distinct o.contact_id)::int as yes, coalesce(sum(o.amount_fen - o.refunded_fen), 0)::float8 as amount_fen from customer_order o
      where o.corp_id = ${corpId}::bigint and o.contact_id = any(${[...ids]}::bigint[]) and o.paid_at >= ${from}::timestamptz and o.paid_at < ${to}::timestamptz`.execute(
      tx,
    )
    return { of: ids.length, ...rows[0]! }
  }
  const [treated, heldOut] = [await armOf(await idsOf(DRAWN_IN)), await armOf(out)]
  const bounds = difference(heldOut, treated, ALPHA)
  const extra = treated.amountFen - (heldOut.amountFen / heldOut.of) * treated.of
  return {
    treated,
    heldOut,
    difference: bounds,
    sure: bounds.from > 0 || bounds.to < 0,
    extraFen: heldOut.of < 30 ? null : Math.round(extra),
  }
}
