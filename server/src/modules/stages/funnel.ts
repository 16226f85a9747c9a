import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { addDays, shanghaiDay } from '../../platform/shanghai.ts'
import type { Scope } from '../corps/context.ts'
import { readStaffOf } from '../staff/scope.ts'
import { dayMs } from './calendar.ts'
import { readCalendar, readStages } from './read-book.ts'
import type { Funnel, FunnelQuery } from './schema.ts'

const USUAL_DAYS = 30

/** Of stays that began in a period, read from their index alone where the whole corp is asked of. */
export async function readFunnel(
  tx: Tx,
  corpId: string,
  flowId: string,
  query: FunnelQuery,
  scope: Scope,
  now: Date,
): Promise<Funnel> {
  const stages = await readStages(tx, corpId, { flowId })
  if (stages.length === 0) throw new NotFound({ what: '流程' })
  const today = shanghaiDay(now)
  const period = { from: query.from ?? addDays(today, 1 - USUAL_DAYS), to: query.to ?? today }
  const from = await staysOf(tx, corpId, flowId, { ...query, ...period }, scope)
  const { rows } = await sql<Omit<Funnel['stages'][number], 'medianDays'> & { medianMs: number | null }>`
    select y.stage_id, count(*)::int as entered, count(*) filter (where y.way = 'onward')::int as onward, count(*) filter (where y.way = 'lost')::int as lost,
      count(*) filter (where y.way = 'back')::int as back, count(*) filter (where y.way = 'still')::int as still,
      percentile_cont(0.5) within group (order by y.worked_ms) filter (where y.way = 'onward') as median_ms
    from (
      select y.stage_id, y.worked_ms, case when y.until is null then 'still' when n.kind = 'lost' and s.kind <> 'lost' then 'lost'
        when n.kind = 'won' and s.kind <> 'won' or n.kind = s.kind and n.sort_order > s.sort_order then 'onward' else 'back' end as way
      ${from} join stage s on s.corp_id = ${corpId}::bigint and s.stage_id = y.stage_id left join stage n on n.corp_id = ${corpId}::bigint and n.stage_id = y.next_stage_id
      offset 0
    ) y group by y.stage_id`.execute(tx)
  const day = dayMs(await readCalendar(tx, corpId))
  const found = new Map(rows.map((row) => [row.stageId, row]))
  return {
    stages: stages.map(({ stageId }) => {
      const { medianMs = null, ...row } = found.get(stageId) ?? { entered: 0, onward: 0, lost: 0, back: 0, still: 0 }
      return { ...row, stageId, medianDays: medianMs === null ? null : Math.round((medianMs / day) * 10) / 10 }
    }),
    lostReasons: await readLosses(
      tx,
      corpId,
      from,
      stages.filter((stage) => stage.kind === 'lost').map((s) => s.stageId),
    ),
  }
}

async function readLosses(
  tx: Tx,
  corpId: string,
  from: RawBuilder<unknown>,
  lostIds: readonly string[],
): Promise<Funnel['lostReasons']> {
  const { rows } = await sql<Funnel['lostReasons'][number]>`
    select l.lost_reason_id, r.name, l.customers from (
      select y.lost_reason_id, count(*)::int as customers ${from} where y.stage_id = any(${[...lostIds]}::bigint[]) group by y.lost_reason_id
    ) l left join lost_reason r on r.corp_id = ${corpId}::bigint and r.lost_reason_id = l.lost_reason_id order by l.customers desc, l.lost_reason_id`.execute(
    tx,
  )
  return rows
}

/** `from stage_stay y …`: of the customers these staff follow, or followed, and whom the scope sees. */
async function staysOf(
  tx: Tx,
  corpId: string,
  flowId: string,
  { from, to, staffIds, departmentId }: FunnelQuery & { from: string; to: string },
  scope: Scope,
): Promise<RawBuilder<unknown>> {
  const department = departmentId && (await readStaffOf(tx, corpId, [departmentId], { below: true }))
  const asked = [scope, staffIds, department || undefined].flatMap((ids) => (ids ? [ids] : []))
  const seen = asked.map(
    (ids) =>
      sql` and exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = y.contact_id and f.staff_id = any(${scope ? ids.filter((id) => scope.includes(id)) : [...ids]}::bigint[]))`,
  )
  return sql`from (select * from stage_stay y where y.corp_id = ${corpId}::bigint and y.flow_id = ${flowId}::bigint and y.since >= ${from}::date::timestamp at time zone 'Asia/Shanghai'
    and y.since < (${to}::date + 1)::timestamp at time zone 'Asia/Shanghai'${sql.join(seen, sql``)}) y`
}
