import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { addDays, dayCount, shanghaiDay } from '../../platform/shanghai.ts'
import { StatsPeriod } from '../channels/errors.ts'
import type { Scope } from '../corps/context.ts'
import type { Figures, Period } from './schema.ts'

const DAYS_DEFAULT = 30
const DAYS_MAX = 366

export interface Span {
  from: string
  to: string
}

/** The days asked for, the same number of days before them, and how many. */
export function spanOf(period: Period, now: Date): { now: Span; before: Span; days: number } {
  const to = period.to ?? shanghaiDay(now)
  const from = period.from ?? addDays(to, 1 - DAYS_DEFAULT)
  const days = dayCount(from, to)
  if (days < 1 || days > DAYS_MAX) throw new StatsPeriod({ daysMax: DAYS_MAX })
  return { now: { from, to }, before: { from: addDays(from, -days), to: addDays(from, -1) }, days }
}

/** What can be added up: counts, and the two halves of every rate. */
const COUNTS = [
  'added',
  'byCustomer',
  'byStaff',
  'otherwise',
  'of7',
  'kept7',
  'of30',
  'kept30',
  'told',
  'chats',
  'messages',
  'applied',
  'negative',
  'shareWeight',
  'shareSum',
  'replyWeight',
  'replySum',
] as const
export type Sums = Record<(typeof COUNTS)[number], number>
const NOTHING = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Sums

export const addUp = (all: Iterable<Sums>): Sums => {
  const total = { ...NOTHING }
  for (const sums of all) for (const name of COUNTS) total[name] += sums[name]
  return total
}

/** Of each member with anything to count in these days. From rows of days: neither follows nor the journal are read. */
export async function readSums(
  tx: Tx,
  corpId: string,
  span: Span,
  scope: Scope,
  now: Date,
): Promise<Map<string, Sums>> {
  const seen = scope ? [...scope] : null
  const today = shanghaiDay(now)
  // The last friend of a day has had seven days when the seventh day after it is over.
  const [of7, of30] = [addDays(today, -8), addDays(today, -31)]
  const { rows } = await sql<Sums & { staffId: string }>`
    with friends as (
      select staff_id, sum(added)::int as added, sum(lost_by_customer)::int as by_customer, sum(lost_by_staff)::int as by_staff, sum(lost_otherwise)::int as otherwise,
        coalesce(sum(added) filter (where on_day <= ${of7}::date), 0)::int as of7, coalesce(sum(added - gone_7) filter (where on_day <= ${of7}::date), 0)::int as kept7,
        coalesce(sum(added) filter (where on_day <= ${of30}::date), 0)::int as of30, coalesce(sum(added - gone_30) filter (where on_day <= ${of30}::date), 0)::int as kept30
      from staff_day where corp_id = ${corpId}::bigint and on_day between ${span.from}::date and ${span.to}::date and (${seen}::bigint[] is null or staff_id = any(${seen}::bigint[])) group by staff_id
    ), talk as (
      select staff_id, count(*)::int as told, sum(chats)::int as chats, sum(messages)::int as messages, sum(applied)::int as applied, sum(negative)::int as negative,
        coalesce(sum(greatest(chats, 1)) filter (where reply_share is not null), 0)::int as share_weight, coalesce(sum(greatest(chats, 1) * reply_share::float8), 0) as share_sum,
        coalesce(sum(greatest(chats, 1)) filter (where first_reply_minutes is not null), 0)::int as reply_weight, coalesce(sum(greatest(chats, 1) * first_reply_minutes::float8), 0) as reply_sum
      from staff_behavior where corp_id = ${corpId}::bigint and on_day between ${span.from}::date and ${span.to}::date and (${seen}::bigint[] is null or staff_id = any(${seen}::bigint[])) group by staff_id
    )
    select * from friends full join talk using (staff_id)`.execute(tx)
  return new Map(rows.map(({ staffId, ...row }) => [staffId, complete(row)]))
}

/** A member in one of the two tables alone has nothing in the other. */
const complete = (row: { [name in keyof Sums]: number | null }): Sums =>
  Object.fromEntries(COUNTS.map((name) => [name, row[name] ?? 0])) as Sums

/** Rates are made last, of sums: never of other rates. */
export function figuresOf(sums: Sums = NOTHING): Figures {
  const lost = sums.byCustomer + sums.byStaff + sums.otherwise
  const told = (count: number) => (sums.told > 0 ? count : null)
  const mean = (sum: number, weight: number) => (weight > 0 ? Math.round((sum / weight) * 10) / 10 : null)
  return {
    added: sums.added,
    lost,
    lostByCustomer: sums.byCustomer,
    lostByStaff: sums.byStaff,
    net: sums.added - lost,
    kept7: { of: sums.of7, kept: sums.kept7 },
    kept30: { of: sums.of30, kept: sums.kept30 },
    told: sums.told,
    chats: told(sums.chats),
    messages: told(sums.messages),
    replyShare: mean(sums.shareSum, sums.shareWeight),
    firstReplyMinutes: mean(sums.replySum, sums.replyWeight),
    applied: told(sums.applied),
    negative: told(sums.negative),
  }
}
