import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { addDays } from '../../platform/shanghai.ts'
import type { Scope } from '../corps/context.ts'
import { spanOf } from './read-sums.ts'
import type { Period, StaffCodes, StaffTrend, TrendQuery } from './schema.ts'
import { readMembers } from './staff-stats.ts'

interface DayRow {
  staffId: string
  day: string
  added: number
  lost: number
  chats: number | null
  messages: number | null
}

/** Day by day: a line for each member chosen, or one for everybody asked about. Somebody one does not see has none. */
export async function readStaffTrend(
  tx: Tx,
  corpId: string,
  query: z.infer<typeof TrendQuery>,
  scope: Scope,
  now: Date,
): Promise<StaffTrend> {
  const { now: span, days: count } = spanOf(query, now)
  const members = await readMembers(tx, corpId, scope, query)
  const chosen = members.filter(({ staffId }) => query.staffIds?.includes(staffId))
  const single = (query.staffIds?.length ?? 0) > 0
  const rows = await readDays(
    tx,
    corpId,
    span,
    (single ? chosen : members).map(({ staffId }) => staffId),
    single,
  )
  const days = Array.from({ length: count }, (_, i) => addDays(span.from, i))
  const line = (staffId: string | null, name: string | null) => {
    const of = new Map(rows.filter((row) => !single || row.staffId === staffId).map((row) => [row.day, row]))
    return {
      staffId,
      name,
      added: days.map((day) => of.get(day)?.added ?? 0),
      lost: days.map((day) => of.get(day)?.lost ?? 0),
      chats: days.map((day) => of.get(day)?.chats ?? null),
      messages: days.map((day) => of.get(day)?.messages ?? null),
    }
  }
  return { days, lines: single ? chosen.map(({ staffId, name }) => line(staffId, name)) : [line(null, null)] }
}

async function readDays(
  tx: Tx,
  corpId: string,
  span: { from: string; to: string },
  staffIds: string[],
  single: boolean,
) {
  const who = single ? sql`staff_id` : sql`0::bigint`
  const { rows } = await sql<DayRow>`
    with friends as (
      select ${who} as staff_id, on_day, sum(added)::int as added, sum(lost_by_customer + lost_by_staff + lost_otherwise)::int as lost
      from staff_day where corp_id = ${corpId}::bigint and on_day between ${span.from}::date and ${span.to}::date and staff_id = any(${staffIds}::bigint[]) group by 1, 2
    ), talk as (
      select ${who} as staff_id, on_day, sum(chats)::int as chats, sum(messages)::int as messages
      from staff_behavior where corp_id = ${corpId}::bigint and on_day between ${span.from}::date and ${span.to}::date and staff_id = any(${staffIds}::bigint[]) group by 1, 2
    )
    select staff_id, to_char(on_day, 'YYYY-MM-DD') as day, coalesce(added, 0) as added, coalesce(lost, 0) as lost, chats, messages from friends full join talk using (staff_id, on_day)`.execute(
    tx,
  )
  return rows
}

/** Through which codes a member's new friends came. */
export async function readStaffCodes(
  tx: Tx,
  corpId: string,
  staffId: string,
  period: Period,
  scope: Scope,
  now: Date,
): Promise<z.infer<typeof StaffCodes>> {
  const { from, to } = spanOf(period, now).now
  const known = await readMembers(tx, corpId, scope ? scope.filter((id) => id === staffId) : [staffId], {})
  if (known.length === 0) throw new NotFound({ what: '成员' })
  const { rows: items } = await sql<{ channelCodeId: string; name: string; adds: number; losses: number }>`
    select o.channel_code_id, o.name, sum(d.adds)::int as adds, sum(d.losses)::int as losses
    from channel_daily d join channel_code c on c.corp_id = ${corpId}::bigint and c.channel_code_id = d.channel_code_id
    join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where d.corp_id = ${corpId}::bigint and d.staff_id = ${staffId}::bigint and d.on_day between ${from}::date and ${to}::date
    group by 1, 2 having sum(d.adds) + sum(d.losses) > 0 order by 3 desc, 1`.execute(tx)
  const { rows } = await sql<{ added: number }>`
    select coalesce(sum(added), 0)::int as added from staff_day where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint and on_day between ${from}::date and ${to}::date`.execute(
    tx,
  )
  const byCode = items.reduce((n, { adds }) => n + adds, 0)
  return { items, without: Math.max(0, (rows[0]?.added ?? 0) - byCode) }
}
