import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'

/** How long back a group is looked at. */
export const SCORE_DAYS = 30
/** What each part of the score is worth: together a hundred. */
export const WORTH = { active: 60, joined: 20, stayed: 20 } as const
/** Half of a group's customers doing something in a month, or a tenth of it new, is all anybody could wish for. */
const FULL = { active: 0.5, joined: 0.1, left: 0.1 } as const
/** From how much on a group is alive, and from how much on it is quiet; below that it is dead. */
export const LEVELS = { alive: 55, quiet: 30 } as const

/**
 * Looks at every group of a corp, in one statement: how many of its customers did something themselves within the month,
 * how many came and how many left.
 */
export async function scoreGroups(tx: Tx, corpId: string, now: Date): Promise<void> {
  const since = sql`${now}::timestamptz - ${SCORE_DAYS} * interval '1 day'`
  await sql`
    with seen as (
      select m.group_chat_id, (count(*) filter (where m.left_at is null))::int as outsiders,
        (count(*) filter (where m.left_at is null and c.last_added_at is not null))::int as customers,
        (count(*) filter (where m.left_at is null and a.last_on > ${shanghaiDay(now)}::date - ${SCORE_DAYS}::int))::int as active,
        (count(*) filter (where m.joined_at > ${since}))::int as joined, (count(*) filter (where m.left_at > ${since}))::int as gone
      from group_member m
      left join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid
      left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id
      left join contact_active a on a.corp_id = ${corpId}::bigint and a.contact_id = i.contact_id
      where m.corp_id = ${corpId}::bigint and m.staff_id is null and (m.left_at is null or m.left_at > ${since}) group by m.group_chat_id
    ), part as (
      select g.group_chat_id, coalesce(s.outsiders, 0) as outsiders, coalesce(s.customers, 0) as customers, coalesce(s.active, 0) as active, coalesce(s.joined, 0) as joined, coalesce(s.gone, 0) as gone
      from group_chat g left join seen s on s.group_chat_id = g.group_chat_id where g.corp_id = ${corpId}::bigint and g.gone_at is null
    ), point as (
      select *, case when customers = 0 then 0 else round(${WORTH.active} * least(1, active / (customers * ${FULL.active}::numeric))) end as of_active,
        case when outsiders = 0 then 0 else round(${WORTH.joined} * least(1, joined / (outsiders * ${FULL.joined}::numeric))) end as of_joined,
        case when outsiders = 0 then 0 else round(${WORTH.stayed} * (1 - least(1, gone / (outsiders * ${FULL.left}::numeric)))) end as of_stayed
      from part
    )
    update group_chat g set score = p.of_active + p.of_joined + p.of_stayed, scored_at = ${now}::timestamptz,
      score_parts = jsonb_build_object('outsiders', p.outsiders, 'customers', p.customers, 'active', p.active, 'joined', p.joined, 'left', p.gone,
        'points', jsonb_build_object('active', p.of_active, 'joined', p.of_joined, 'stayed', p.of_stayed))
    from point p where g.corp_id = ${corpId}::bigint and g.group_chat_id = p.group_chat_id`.execute(tx)
}
