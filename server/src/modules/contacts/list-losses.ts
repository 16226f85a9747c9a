import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import type { LossPage, LossQuery, LossRow } from './schema.ts'

const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f-]{36})$/

/**
 * Friendships that ended, newest first, each time one did. Who ended it is what the journal heard first, or, of the last
 * ending, what was learnt of it since.
 */
export async function listLosses(tx: Tx, corpId: string, query: LossQuery, scope: Scope): Promise<LossPage> {
  const [, at, eventId] = CURSOR.exec(query.before ?? '') ?? []
  const { rows } = await sql<Omit<LossRow, 'at' | 'addedAt'> & { at: Date; addedAt: Date | null }>`
    select e.event_id, e.contact_id, c.name, c.avatar, e.staff_id, s.name as staff_name, e.at, e.ended_by as by,
      case when e.follow_added_at <= e.at then e.follow_added_at else a.at end as added_at,
      (select k.name from channel_code k where k.corp_id = ${corpId}::bigint and k.state = coalesce(e.props->>'state', e.follow_state)) as channel,
      coalesce(t.tags, '[]') as tags, e.back
    from (
      select e.*, f.added_at as follow_added_at, f.state as follow_state, coalesce(f.lost_at is null, false) as back,
        coalesce(case when f.lost_at is not null and f.added_at <= e.at then f.lost_by end, e.props->>'by', 'unknown') as ended_by
      from event e left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = e.contact_id and f.staff_id = e.staff_id
      where e.corp_id = ${corpId}::bigint and e.kind = 'contact.lost'
        and (${scope ?? null}::bigint[] is null or e.staff_id = any(${scope ?? null}::bigint[]))
        and (${query.staffId ?? null}::bigint is null or e.staff_id = ${query.staffId ?? null}::bigint)
        and (${query.from ?? null}::date is null or e.at >= ${query.from ?? null}::date::timestamp at time zone 'Asia/Shanghai')
        and (${query.to ?? null}::date is null or e.at < (${query.to ?? null}::date + 1)::timestamp at time zone 'Asia/Shanghai')
        and (${at ?? null}::timestamptz is null or (e.at, e.event_id) < (${at ?? null}::timestamptz, ${eventId ?? null}::uuid))
    ) e
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = e.contact_id
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = e.staff_id
    left join lateral (
      select max(a.at) as at from event a where a.corp_id = ${corpId}::bigint and a.contact_id = e.contact_id and a.kind = 'contact.added' and a.staff_id = e.staff_id and a.at <= e.at
    ) a on true
    left join lateral (
      select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name, 'groupName', g.name, 'source', ft.source) order by ft.added_at) as tags
      from follow_tag ft join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = ft.tag_id and t.deleted_at is null join tag_group g on g.corp_id = ${corpId}::bigint and g.tag_group_id = t.tag_group_id
      where ft.corp_id = ${corpId}::bigint and ft.contact_id = e.contact_id and ft.staff_id = e.staff_id
    ) t on true
    where ${query.by ?? null}::text is null or e.ended_by = ${query.by ?? null}
    order by e.at desc, e.event_id desc limit ${query.limit + 1}`.execute(tx)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({ ...row, at: row.at.toISOString(), addedAt: row.addedAt?.toISOString() ?? null })),
    nextCursor: rows.length > query.limit && last ? `${last.at.toISOString()}_${last.eventId}` : null,
  }
}
