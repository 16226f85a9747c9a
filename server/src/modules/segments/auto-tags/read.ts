import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { addDays, shanghaiDay } from '../../../platform/shanghai.ts'
import type { Scope } from '../../corps/context.ts'
import { membersAt } from '../read.ts'
import type { AutoTagGroup, AutoTagView } from './schema.ts'

/** Today and the six days before it. */
const WEEK_DAYS = 7

type Row = Omit<AutoTagView, 'updatedAt' | 'building' | 'week'> & {
  tagGroupId: string
  groupName: string
  exclusive: boolean
  put: number
  taken: number
  updatedAt: Date
  state: string
  done: number
  total: number | null
}

/** Every tag group that has rules, in the library's order, with its rules in the order they are asked. */
export async function listAutoTags(tx: Tx, corpId: string, scope: Scope, now: Date): Promise<AutoTagGroup[]> {
  const since = addDays(shanghaiDay(now), 1 - WEEK_DAYS)
  const { rows } = await sql<Row>`
    select r.rule_id, r.tag_id, t.name as tag_name, r.segment_id, v.rule, r.keep, r.state = 'on' as "on", t.tag_group_id, g.name as group_name, x.tag_group_id is not null as exclusive,
      case when s.version = 0 then null else ${membersAt(corpId, now, scope)} end as members,
      (select count(distinct ft.contact_id)::int from follow_tag ft
        join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = ft.contact_id and f.staff_id = ft.staff_id and f.lost_at is null
        where ft.corp_id = ${corpId}::bigint and ft.tag_id = r.tag_id and ft.source = 'rule' and ft.reason->>'ruleId' = r.rule_id::text
          and (${scope ? [...scope] : null}::bigint[] is null or ft.staff_id = any(${scope ? [...scope] : null}::bigint[]))) as carriers,
      coalesce(d.put, 0)::int as put, coalesce(d.taken, 0)::int as taken,
      v.state, v.done, v.total, case when v.state = 'failed' then coalesce(v.cause, '') end as failed, r.created_by, r.updated_at
    from auto_tag_rule r
    join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is null
    join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
    join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
    join lateral (select * from segment_version n where n.corp_id = ${corpId}::bigint and n.segment_id = s.segment_id order by n.version desc limit 1) v on true
    left join auto_tag_exclusive x on x.corp_id = ${corpId}::bigint and x.tag_group_id = t.tag_group_id
    left join lateral (select sum(put) as put, sum(taken) as taken from auto_tag_day d
      where d.corp_id = ${corpId}::bigint and d.rule_id = r.rule_id and d.day >= ${since}::date) d on true
    where r.corp_id = ${corpId}::bigint and r.deleted_at is null
    order by g.sort_order desc, g.created_at, g.tag_group_id, r.rank, r.rule_id`.execute(tx)
  return [...Map.groupBy(rows, (row) => row.tagGroupId)].map(([tagGroupId, of]) => ({
    tagGroupId,
    name: of[0]!.groupName,
    exclusive: of[0]!.exclusive,
    rules: of.map(
      ({ state, done, total, put, taken, updatedAt, groupName: _, tagGroupId: __, exclusive: ___, ...row }) => ({
        ...row,
        week: scope ? null : { put, taken },
        building: state === 'building' ? { done, total } : null,
        updatedAt: updatedAt.toISOString(),
      }),
    ),
  }))
}
