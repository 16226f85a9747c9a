import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { CSV_START, csvLine } from '../../../platform/tables/csv.ts'
import { writeXlsx } from '../../../platform/xlsx.ts'
import type { StatsFileQuery } from '../schema.ts'
import { readRepliesSince, toldBy } from './replied.ts'

const ROWS_AT_ONCE = 2_000
const HEAD = ['日期', '分组', '活码', '投放位', '成员', '扫码', '添加', '流失', '净增', '回复']

export interface ChosenDays extends StatsFileQuery {
  from: string
  to: string
}
type Cells = (string | number)[]
interface Row {
  channelCodeId: string
  day: string
  staffId: string
  groupName: string
  name: string
  placementName: string
  staffName: string
  scans: number
  adds: number
  losses: number
  replied: number
}

/** The daily sums of codes as CSV, read as the file is taken. A line: what one member got by one code, or place, on one day. */
export async function* writeStats(db: Db, corpId: string, chosen: ChosenDays): AsyncGenerator<string> {
  yield CSV_START
  for await (const cells of readCells(db, corpId, chosen)) yield csvLine(cells)
}

/** The same as a workbook. */
export const writeStatsXlsx = (db: Db, corpId: string, chosen: ChosenDays): Readable =>
  writeXlsx('渠道活码', readCells(db, corpId, chosen))

async function* readCells(db: Db, corpId: string, chosen: ChosenDays): AsyncGenerator<Cells> {
  yield HEAD
  const since = await inCorp(db, corpId, (tx) => readRepliesSince(tx, corpId))
  const isTold = toldBy(since, chosen.to)
  let after: Row | undefined
  for (;;) {
    const rows = await inCorp(db, corpId, (tx) => readRows(tx, corpId, chosen, after))
    yield* rows.map((row) => cellsOf(row, isTold))
    if (rows.length < ROWS_AT_ONCE) return
    after = rows.at(-1)
  }
}

async function readRows(tx: Tx, corpId: string, chosen: ChosenDays, after: Row | undefined): Promise<Row[]> {
  const { codes, groups, from, to } = chosen
  const { rows } = await sql<Row>`
    with line as (
    select c.channel_code_id, c.state, d.on_day, to_char(d.on_day, 'YYYY-MM-DD') as day, d.staff_id, o.group_name, o.name, case when c.placement_of is null then '' else c.name end as placement_name,
      coalesce(s.name, '') as staff_name, d.scans, d.adds, d.losses
    from channel_daily d
    join channel_code c on c.corp_id = ${corpId}::bigint and c.channel_code_id = d.channel_code_id
    join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = d.staff_id
    where d.corp_id = ${corpId}::bigint and d.on_day between ${from}::date and ${to}::date
      and (${codes.length + groups.length === 0} or o.channel_code_id = any(${codes}::bigint[]) or o.group_name = any(${groups}::text[]))
      and (d.channel_code_id, d.on_day, d.staff_id) > (${after?.channelCodeId ?? '0'}::bigint, ${after?.day ?? from}::date, ${after?.staffId ?? '-1'}::bigint)
    order by d.channel_code_id, d.on_day, d.staff_id limit ${ROWS_AT_ONCE}
    ), reply as (
      select f.state, (f.added_at at time zone 'Asia/Shanghai')::date as on_day, f.staff_id, count(*)::int as replied
      from (select state, min(on_day) as first, max(on_day) as last from line group by state) l
      join follow f on f.corp_id = ${corpId}::bigint and f.state = l.state and f.added_at >= l.first::timestamp at time zone 'Asia/Shanghai' and f.added_at < (l.last + 1)::timestamp at time zone 'Asia/Shanghai'
      join first_reply r on r.corp_id = ${corpId}::bigint and r.contact_id = f.contact_id and r.staff_id = f.staff_id
      group by 1, 2, 3
    )
    select line.*, coalesce(reply.replied, 0) as replied from line left join reply using (state, on_day, staff_id)
    order by line.channel_code_id, line.on_day, line.staff_id`.execute(tx)
  return rows
}

/** Empty where nothing told what customers write: nobody replied would not be so. */
const cellsOf = (
  { day, groupName, name, placementName, staffName, scans, adds, losses, replied }: Row,
  isTold: boolean,
): Cells => [day, groupName, name, placementName, staffName, scans, adds, losses, adds - losses, isTold ? replied : '']
