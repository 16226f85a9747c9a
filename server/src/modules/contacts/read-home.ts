import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { DAY_MS, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { Scope } from '../corps/context.ts'
import type { HomeView } from './schema.ts'

const DAYS = 14
const SHOWN = 5

/** Today's figures beside yesterday's up to the same minute. Reads the journal of fourteen days by (corp, at) and nothing wider. */
export async function readHome(tx: Tx, corpId: string, now: Date, scope: Scope): Promise<HomeView> {
  const today = dayStart(shanghaiDay(now))
  const from = new Date(today.getTime() - (DAYS - 1) * DAY_MS)
  const yesterday = new Date(today.getTime() - DAY_MS)
  const sameMinute = new Date(now.getTime() - DAY_MS)
  const mine = sql`(${scope ?? null}::bigint[] is null or e.staff_id = any(${scope ?? null}::bigint[]))`
  const { rows } = await sql<{ kind: string; hour: Date; n: number; early: number }>`
    select e.kind, date_trunc('hour', e.at) as hour, count(*)::int as n, count(*) filter (where e.at <= ${sameMinute}::timestamptz)::int as early
    from event e where e.corp_id = ${corpId}::bigint and e.at >= ${from}::timestamptz and e.at <= ${now}::timestamptz and e.kind in ('contact.added', 'contact.lost') and ${mine}
    group by 1, 2`.execute(tx)
  const {
    rows: [welcomes],
  } = await sql<{ sent: number; missed: number; medianMs: number | null }>`
    select count(*) filter (where e.kind = 'welcome.sent')::int as sent, count(*) filter (where e.kind = 'welcome.failed' and e.props->>'cause' is distinct from 'wecom.41051')::int as missed,
      percentile_cont(0.5) within group (order by (e.props->>'ms')::float8) filter (where e.kind = 'welcome.sent') as median_ms
    from event e where e.corp_id = ${corpId}::bigint and e.at >= ${today}::timestamptz and e.at <= ${now}::timestamptz and e.kind in ('welcome.sent', 'welcome.failed') and ${mine}`.execute(
    tx,
  )
  const {
    rows: [counted],
  } = await sql<{ contacts: number }>`
    ${
      scope
        ? sql`select count(distinct f.contact_id)::int as contacts from follow f where f.corp_id = ${corpId}::bigint and f.staff_id = any(${[...scope]}::bigint[]) and f.lost_at is null`
        : sql`select count(*)::int as contacts from contact c where c.corp_id = ${corpId}::bigint and c.lost_at is null and c.last_added_at is not null`
    }`.execute(tx)
  const { rows: codes } = await sql<{ channelCodeId: string; name: string; adds: number; losses: number }>`
    select c.channel_code_id, c.name, sum(d.adds)::int as adds, sum(d.losses)::int as losses from channel_daily d
    join channel_code c on c.corp_id = ${corpId}::bigint and c.channel_code_id = d.channel_code_id
    where d.corp_id = ${corpId}::bigint and d.on_day = (${today}::timestamptz at time zone 'Asia/Shanghai')::date and (${scope ?? null}::bigint[] is null or d.staff_id = any(${scope ?? null}::bigint[]))
    group by 1, 2 having sum(d.adds) > 0 order by 3 desc, 1 limit ${SHOWN}`.execute(tx)
  const { rows: staff } = await sql<{ staffId: string; name: string; added: number }>`
    select e.staff_id, s.name, count(*)::int as added from event e join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = e.staff_id
    where e.corp_id = ${corpId}::bigint and e.at >= ${today}::timestamptz and e.at <= ${now}::timestamptz and e.kind = 'contact.added' and ${mine} group by 1, 2 order by 3 desc, 1 limit ${SHOWN}`.execute(
    tx,
  )

  const sum = (kind: string, since: Date, until: Date, field: 'n' | 'early' = 'n') =>
    rows.reduce((n, row) => (row.kind === kind && row.hour >= since && row.hour < until ? n + row[field] : n), 0)
  const tomorrow = new Date(today.getTime() + DAY_MS)
  const hourOf = (start: Date, hour: number) =>
    [new Date(start.getTime() + hour * 3_600_000), new Date(start.getTime() + (hour + 1) * 3_600_000)] as const
  return {
    at: now.toISOString(),
    contacts: counted?.contacts ?? 0,
    added: { value: sum('contact.added', today, tomorrow), before: sum('contact.added', yesterday, today, 'early') },
    lost: { value: sum('contact.lost', today, tomorrow), before: sum('contact.lost', yesterday, today, 'early') },
    welcomes: { sent: welcomes?.sent ?? 0, missed: welcomes?.missed ?? 0, medianMs: welcomes?.medianMs ?? null },
    hours: Array.from({ length: 24 }, (_, hour) => ({
      hour,
      today: sum('contact.added', ...hourOf(today, hour)),
      yesterday: sum('contact.added', ...hourOf(yesterday, hour)),
    })),
    days: Array.from({ length: DAYS }, (_, i) => {
      const start = new Date(from.getTime() + i * DAY_MS)
      const end = new Date(start.getTime() + DAY_MS)
      return {
        day: shanghaiDay(start),
        added: sum('contact.added', start, end),
        lost: sum('contact.lost', start, end),
      }
    }),
    codes,
    staff,
  }
}
