import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { addDays, dayCount, dayStart, shanghaiDay } from '../../../platform/shanghai.ts'
import { StatsPeriod } from '../errors.ts'
import type { ChannelStats, StatsQuery } from '../schema.ts'
import { readReplied, readRepliesSince, toldBy } from './replied.ts'

const DAYS_DEFAULT = 30
const DAYS_MAX = 366

interface Sums {
  scans: number
  adds: number
  losses: number
}
const none: Sums = { scans: 0, adds: 0, losses: 0 }
export const withNet = ({ scans, adds, losses }: Sums) => ({ scans, adds, losses, net: adds - losses })

/** The days asked for, the last 30 by default. */
export function daysOf(query: z.infer<typeof StatsQuery>, now: Date): { from: string; to: string; days: number } {
  const to = query.to ?? shanghaiDay(now)
  const from = query.from ?? addDays(to, 1 - DAYS_DEFAULT)
  const days = dayCount(from, to)
  if (days < 1 || days > DAYS_MAX) throw new StatsPeriod({ daysMax: DAYS_MAX })
  return { from, to, days }
}

/** What a code and its placements brought, by day and by staff member, beside the same number of days before. From the daily sums: the journal is not read. */
export async function readChannelStats(
  tx: Tx,
  corpId: string,
  channelCodeId: string,
  query: z.infer<typeof StatsQuery>,
  now: Date,
): Promise<ChannelStats> {
  const codes = await tx
    .selectFrom('channelCode')
    .select(['channelCodeId', 'state', 'placementOf'])
    .where('corpId', '=', corpId)
    .where((eb) => eb.or([eb('channelCodeId', '=', channelCodeId), eb('placementOf', '=', channelCodeId)]))
    .execute()
  if (!codes.some((code) => code.channelCodeId === channelCodeId)) throw new NotFound({ what: '渠道活码' })
  const codeIds = codes.map((code) => code.channelCodeId)
  const states = codes.map((code) => code.state)
  const { from, to, days } = daysOf(query, now)

  const { rows: byDay } = await sql<Sums & { day: string; current: boolean }>`
    select to_char(on_day, 'YYYY-MM-DD') as day, on_day >= ${from}::date as current, sum(scans)::int as scans, sum(adds)::int as adds, sum(losses)::int as losses
    from channel_daily where corp_id = ${corpId} and channel_code_id = any(${codeIds}::bigint[]) and on_day between ${addDays(from, -days)}::date and ${to}::date
    group by on_day order by on_day`.execute(tx)
  const { rows: byStaff } = await sql<Sums & { staffId: string; name: string }>`
    select d.staff_id, s.name, 0 as scans, sum(d.adds)::int as adds, sum(d.losses)::int as losses
    from channel_daily d join staff s on s.corp_id = d.corp_id and s.staff_id = d.staff_id
    where d.corp_id = ${corpId} and s.corp_id = ${corpId} and d.channel_code_id = any(${codeIds}::bigint[]) and d.on_day between ${from}::date and ${to}::date
    group by d.staff_id, s.name having sum(d.adds) + sum(d.losses) > 0 order by sum(d.adds) desc, d.staff_id`.execute(
    tx,
  )
  const period = { from: dayStart(from), to: dayStart(addDays(to, 1)) }

  const ownerIds = codes.map((code) => code.placementOf ?? code.channelCodeId)
  const came = await readCame(tx, corpId, states, ownerIds, period)
  const since = await readRepliesSince(tx, corpId)
  const replied = toldBy(since, to) ? await readReplied(tx, corpId, states, period) : null
  const of = new Map(byDay.map((row) => [row.day, row]))
  const totals = sum(byDay.filter((row) => row.current))
  return {
    from,
    to,
    repliesSince: since?.toISOString() ?? null,
    totals: withNet(totals),
    previous: withNet(sum(byDay.filter((row) => !row.current))),
    byDay: Array.from({ length: days }, (_, nr) => addDays(from, nr)).map((day) => ({
      day,
      ...withNet(of.get(day) ?? none),
      replied: replied && sumOf(replied.filter((row) => row.day === day)),
    })),
    byStaff: byStaff.map(({ staffId, name, ...sums }) => ({
      staffId,
      name,
      adds: sums.adds,
      losses: sums.losses,
      net: sums.adds - sums.losses,
      replied: replied && sumOf(replied.filter((row) => row.staffId === staffId)),
    })),
    retention: await readRetention(tx, corpId, states, period, now),
    heat: await readHeat(tx, corpId, states, period),
    funnel: [
      { step: 'scans', count: totals.scans },
      { step: 'adds', count: totals.adds },
      { step: 'replied', count: replied && sumOf(replied) },
      { step: 'tagged', count: came.tagged },
      { step: 'kept', count: came.kept },
    ],
  }
}

const sumOf = (rows: readonly { replied: number }[]) => rows.reduce((all, row) => all + row.replied, 0)

const sum = (rows: Sums[]): Sums =>
  rows.reduce(
    (all, row) => ({ scans: all.scans + row.scans, adds: all.adds + row.adds, losses: all.losses + row.losses }),
    none,
  )

interface Period {
  from: Date
  to: Date
}
export const RETENTION_DAYS = [1, 7, 30]

/**
 * Of those who came in the period: how many somebody has tagged by hand, here or in WeCom, and how many are friends now.
 * The code's own tags tell nothing, whoever put them there before us.
 */
async function readCame(tx: Tx, corpId: string, states: string[], ownerIds: string[], { from, to }: Period) {
  const { rows } = await sql<{ kept: number; tagged: number }>`
    select count(*) filter (where f.lost_at is null)::int as kept,
      count(*) filter (where exists (select from follow_tag ft where ft.corp_id = ${corpId}::bigint and ft.contact_id = f.contact_id and ft.staff_id = f.staff_id and ft.source <> 'rule'
        and not exists (select from channel_code_tag ct where ct.corp_id = ${corpId}::bigint and ct.channel_code_id = any(${ownerIds}::bigint[]) and ct.tag_id = ft.tag_id)))::int as tagged
    from follow f where f.corp_id = ${corpId}::bigint and f.state = any(${states}::text[]) and f.added_at >= ${from}::timestamptz and f.added_at < ${to}::timestamptz`.execute(
    tx,
  )
  return rows[0]!
}

/** Whoever came too late to have stayed so long is in neither number. */
async function readRetention(tx: Tx, corpId: string, states: string[], { from, to }: Period, now: Date) {
  const { rows } = await sql<{ days: number; of: number; kept: number }>`
    select n.days, count(f.contact_id)::int as of,
      count(f.contact_id) filter (where f.lost_at is null or f.lost_at >= f.added_at + n.days * interval '1 day')::int as kept
    from unnest(${RETENTION_DAYS}::int[]) as n(days)
    left join follow f on f.corp_id = ${corpId}::bigint and f.state = any(${states}::text[]) and f.added_at >= ${from}::timestamptz and f.added_at < ${to}::timestamptz
      and f.added_at <= ${now}::timestamptz - n.days * interval '1 day'
    group by n.days order by n.days`.execute(tx)
  return rows
}

async function readHeat(tx: Tx, corpId: string, states: string[], { from, to }: Period): Promise<number[][]> {
  const { rows } = await sql<{ weekday: number; hour: number; adds: number }>`
    select extract(isodow from f.added_at at time zone 'Asia/Shanghai')::int as weekday, extract(hour from f.added_at at time zone 'Asia/Shanghai')::int as hour, count(*)::int as adds
    from follow f where f.corp_id = ${corpId}::bigint and f.state = any(${states}::text[]) and f.added_at >= ${from}::timestamptz and f.added_at < ${to}::timestamptz
    group by 1, 2`.execute(tx)
  const heat = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0))
  for (const { weekday, hour, adds } of rows) heat[weekday - 1]![hour] = adds
  return heat
}
