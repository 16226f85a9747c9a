import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Scope } from '../corps/context.ts'
import { LEVELS } from './score.ts'

/** A group is seen by whoever sees the customers of its owner. */
export const isSeen = (scope: Scope): RawBuilder<unknown> =>
  scope ? sql`g.owner_id = any(${[...scope]}::bigint[])` : sql`true`

/** Refuses, in the words of a missing one, a group of another corp or outside the scope. */
export async function requireGroup(tx: Tx, corpId: string, groupChatId: string, scope: Scope): Promise<void> {
  const { rows } = await sql`
    select from group_chat g where g.corp_id = ${corpId}::bigint and g.group_chat_id = ${groupChatId}::bigint and ${isSeen(scope)}`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '客户群' })
}

export const levelSql = sql`case when g.gone_at is not null or g.score is null then null when g.score >= ${sql.lit(LEVELS.alive)} then 'alive' when g.score >= ${sql.lit(LEVELS.quiet)} then 'quiet' else 'dead' end`

export const SCENES = ['unknown', 'invited', 'link', 'code'] as const
export const sceneSql = sql`(array['unknown', 'invited', 'link', 'code'])[m.scene + 1]`

export const instantSql = (column: string) =>
  sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The contact `c` behind a member `m` from outside, by whom WeCom says he is. */
export const joinContact = (corpId: string) => sql`
  left join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid and m.staff_id is null
  left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id`

export const personSql = sql`case when m.staff_id is not null then 'staff' when c.last_added_at is null then 'stranger' when c.lost_at is null then 'customer' else 'lost' end`

/** Whether a contact `c` is a customer whom one may see. */
export const isOurs = (scope: Scope) =>
  scope
    ? sql`(c.last_added_at is not null and (c.staff_ids && ${[...scope]}::bigint[] or c.past_staff_ids && ${[...scope]}::bigint[]))`
    : sql`c.last_added_at is not null`

/** Who follows a contact `c`, and what he is tagged with, of what the scope may see. */
export const followersSql = (corpId: string, scope: Scope) => sql`coalesce((
  select jsonb_agg(jsonb_build_object('staffId', s.staff_id::text, 'name', s.name) order by f.added_at) from follow f
  join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
  where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.lost_at is null and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[]))), '[]')`
export const tagsSql = (corpId: string, scope: Scope) => sql`coalesce((
  select jsonb_agg(jsonb_build_object('tagId', t.tag_id::text, 'name', t.name) order by t.tag_id) from tag t
  where t.corp_id = ${corpId}::bigint and t.deleted_at is null and t.tag_id in (
    select ft.tag_id from follow_tag ft where ft.corp_id = ${corpId}::bigint and ft.contact_id = c.contact_id and (${scope ?? null}::bigint[] is null or ft.staff_id = any(${scope ?? null}::bigint[])))), '[]')`
