import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { addDays, dayStart } from '../../../platform/shanghai.ts'
import type { Comparison, ComparisonQuery } from '../schema.ts'
import { daysOf, RETENTION_DAYS, withNet } from './read-stats.ts'
import { readRepliesSince, toldBy } from './replied.ts'

/** Codes and folders with what belongs to each, placements too; a fragment. `main`: no placement. */
export const chosenCodes = (corpId: string, codes: string[], groups: string[]) => sql`
  select 'code:' || c.channel_code_id as key, c.name, false as is_group, own.channel_code_id, own.state, own.placement_of is null as main, own.cost_fen, own.starts_on, own.ends_on
  from channel_code c join channel_code own on own.corp_id = ${corpId}::bigint and (own.channel_code_id = c.channel_code_id or own.placement_of = c.channel_code_id)
  where c.corp_id = ${corpId}::bigint and c.channel_code_id = any(${codes}::bigint[]) and c.removed_at is null
  union all
  select 'group:' || c.group_name, c.group_name, true, own.channel_code_id, own.state, own.placement_of is null, own.cost_fen, own.starts_on, own.ends_on
  from channel_code c join channel_code own on own.corp_id = ${corpId}::bigint and (own.channel_code_id = c.channel_code_id or own.placement_of = c.channel_code_id)
  where c.corp_id = ${corpId}::bigint and c.group_name = any(${groups}::text[]) and c.placement_of is null`

interface Subject {
  key: string
  name: string
  isGroup: boolean
  codes: number
  costFen: string
  paidAdds: number
  adds: number[]
  scans: number
  losses: number
}

/** What codes or folders brought in the same days, side by side, in the order they were asked for. */
export async function compareCodes(tx: Tx, corpId: string, query: ComparisonQuery, now: Date): Promise<Comparison> {
  const { from, to } = daysOf(query, now)
  const chosen = chosenCodes(corpId, query.codes, query.groups)
  const { rows } = await sql<Subject>`
    with chosen as (${chosen})
    select c.key, c.name, c.is_group, count(*) filter (where c.main)::int as codes, sum(c.cost_fen) as cost_fen,
      coalesce(sum(paid.adds), 0)::int as paid_adds, coalesce(sum(sums.scans), 0)::int as scans, coalesce(sum(sums.losses), 0)::int as losses,
      array(select coalesce(sum(d.adds), 0)::int from generate_series(${from}::date, ${to}::date, interval '1 day') as day(on_day)
        left join (chosen own join channel_daily d on d.corp_id = ${corpId}::bigint and d.channel_code_id = own.channel_code_id) on own.key = c.key and d.on_day = day.on_day::date
        group by day.on_day order by day.on_day) as adds
    from chosen c
    left join lateral (select sum(d.scans) as scans, sum(d.losses) as losses from channel_daily d
      where d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id and d.on_day between ${from}::date and ${to}::date) sums on true
    left join lateral (select sum(d.adds) as adds from channel_daily d
      where not c.main and d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id
        and d.on_day >= coalesce(c.starts_on, '-infinity') and d.on_day <= coalesce(c.ends_on, 'infinity')) paid on true
    group by c.key, c.name, c.is_group`.execute(tx)
  const kept = await sql<{ key: string; days: number; of: number; kept: number }>`
    with chosen as (${chosen})
    select c.key, n.days, count(f.contact_id)::int as of,
      count(f.contact_id) filter (where f.lost_at is null or f.lost_at >= f.added_at + n.days * interval '1 day')::int as kept
    from chosen c cross join unnest(${RETENTION_DAYS}::int[]) as n(days)
    left join follow f on f.corp_id = ${corpId}::bigint and f.state = c.state and f.added_at >= ${dayStart(from)}::timestamptz
      and f.added_at < ${dayStart(addDays(to, 1))}::timestamptz and f.added_at <= ${now}::timestamptz - n.days * interval '1 day'
    group by c.key, n.days order by n.days`.execute(tx)
  const since = await readRepliesSince(tx, corpId)
  const replied = toldBy(since, to) ? await readRepliedOf(tx, corpId, chosen, { from, to }) : undefined
  const keys = [...query.codes.map((id) => `code:${id}`), ...query.groups.map((name) => `group:${name}`)]
  const found = new Map(rows.map((row) => [row.key, row]))
  return {
    from,
    to,
    repliesSince: since?.toISOString() ?? null,
    subjects: keys.map((key) => {
      const row = found.get(key)
      if (!row) throw new NotFound({ what: key.startsWith('code:') ? '渠道活码' : '活码分组' })
      const { name, isGroup, codes, scans, losses, paidAdds } = row
      const costFen = Number(row.costFen)
      const adds = row.adds.reduce((sum, n) => sum + n, 0)
      return {
        key,
        name,
        isGroup,
        codes,
        totals: withNet({ scans, adds, losses }),
        replied: replied ? (replied.get(key) ?? { of: 0, count: 0 }) : null,
        retention: kept.rows.filter((one) => one.key === key).map(({ key: _, ...one }) => one),
        costFen,
        cpaFen: costFen === 0 || paidAdds === 0 ? null : Math.round(costFen / paidAdds),
        adds: row.adds,
      }
    }),
  }
}

async function readRepliedOf(
  tx: Tx,
  corpId: string,
  chosen: ReturnType<typeof chosenCodes>,
  { from, to }: { from: string; to: string },
): Promise<Map<string, { of: number; count: number }>> {
  const { rows } = await sql<{ key: string; of: number; count: number }>`
    with chosen as (${chosen})
    select c.key, count(*)::int as of, count(r.contact_id)::int as count
    from chosen c join follow f on f.corp_id = ${corpId}::bigint and f.state = c.state and f.added_at >= ${dayStart(from)}::timestamptz and f.added_at < ${dayStart(addDays(to, 1))}::timestamptz
    left join first_reply r on r.corp_id = ${corpId}::bigint and r.contact_id = f.contact_id and r.staff_id = f.staff_id
    group by c.key`.execute(tx)
  return new Map(rows.map(({ key, ...one }) => [key, one]))
}
