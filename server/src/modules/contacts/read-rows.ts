import { sql } from 'kysely'
import { PREPARED, type Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import type { ContactRow } from './schema.ts'

const FOLLOWERS_SHOWN = 3

/**
 * The rows of a page, in its order, with what stands beside each name, in one statement: the page's follows and its tags
 * are each read as one set. The last event is not older than the last time he was added: months before need not be looked
 * through.
 */
export async function readRows(tx: Tx, corpId: string, contactIds: string[], scope: Scope): Promise<ContactRow[]> {
  if (contactIds.length === 0) return []
  const seen = (staffId: string) => (scope ? sql`${sql.ref(staffId)} = any(${[...scope]}::bigint[])` : sql`true`)
  const { rows } = await sql<
    Omit<ContactRow, 'lastAddedAt' | 'lostAt'> & { lastAddedAt: Date | null; lostAt: Date | null }
  >`${PREPARED}
    with page as materialized (
      select c.*, p.place from unnest(${contactIds}::bigint[]) with ordinality as p(contact_id, place)
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = p.contact_id
    ), followed as (
      select p.contact_id,
        (array_agg(f.remark order by f.added_at desc) filter (where f.remark <> ''))[1] as remark, (array_agg(f.state order by f.added_at desc) filter (where f.state is not null))[1] as state,
        array_to_json((array_agg(json_build_object('staffId', f.staff_id::text, 'name', s.name, 'addedAt', to_char(f.added_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by f.lost_at is not null, f.added_at desc))[1:${sql.lit(FOLLOWERS_SHOWN)}]) as followers
      from page p join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = p.contact_id and (f.lost_at is null or p.lost_at is not null)
      join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
      where ${seen('f.staff_id')} group by p.contact_id
    ), carried as (
      select distinct on (p.contact_id, ft.tag_id) p.contact_id, ft.tag_id, ft.source, ft.added_at
      from page p join follow_tag ft on ft.corp_id = ${corpId}::bigint and ft.contact_id = p.contact_id
      where ${seen('ft.staff_id')} order by p.contact_id, ft.tag_id, ft.added_at
    ), tagged as (
      select d.contact_id, json_agg(json_build_object('tagId', t.tag_id::text, 'name', t.name, 'groupName', g.name, 'source', d.source) order by d.added_at, d.tag_id) as tags
      from carried d join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = d.tag_id and t.deleted_at is null
      join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id group by d.contact_id
    ), staying as (
      select p.contact_id, json_agg(json_build_object('flowId', y.flow_id::text, 'stageId', y.stage_id::text, 'name', st.name, 'color', st.color, 'kind', st.kind,
        'since', to_char(y.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'toldAt', to_char(y.told_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by fl.sort_order, fl.flow_id) as stages
      from page p join stage_stay y on y.corp_id = ${corpId}::bigint and y.contact_id = p.contact_id and y.until is null
      join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = y.stage_id
      join stage_flow fl on fl.corp_id = ${corpId}::bigint and fl.flow_id = y.flow_id and fl.archived_at is null group by p.contact_id
    )
    select p.contact_id, p.name, p.avatar, p.gender, p.kind, p.corp_name, p.last_added_at, p.lost_at, p.followers as follower_count,
      coalesce(f.remark, '') as remark, f.state, coalesce(f.followers, '[]') as followers, coalesce(t.tags, '[]') as tags, coalesce(y.stages, '[]') as stages, e.last_event
    from page p left join followed f on f.contact_id = p.contact_id left join tagged t on t.contact_id = p.contact_id left join staying y on y.contact_id = p.contact_id
    left join lateral (
      select json_build_object('kind', e.kind, 'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) as last_event
      from event e where e.corp_id = ${corpId}::bigint and e.contact_id = p.contact_id and e.at >= p.last_added_at order by e.at desc, e.event_id desc limit 1
    ) e on true
    order by p.place`.execute(tx)
  return rows.map((row) => ({
    ...row,
    lastAddedAt: row.lastAddedAt?.toISOString() ?? null,
    lostAt: row.lostAt?.toISOString() ?? null,
  }))
}
