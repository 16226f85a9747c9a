import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { contactIdsOf } from './merge-contacts.ts'
import { requireContact } from './read-profile.ts'
import type { ContactInterest } from './schema.ts'

const SHOWN = 5

/** How warm somebody is: his points with what they came from, and the live streams he watched. Read from his journal. */
export async function readInterest(tx: Tx, corpId: string, askedId: string, scope: Scope): Promise<ContactInterest> {
  const contactId = await requireContact(tx, corpId, askedId, scope)
  const contactIds = await contactIdsOf(tx, corpId, contactId)
  const { rows } = await sql<Row>`
    with of_person as materialized (
      select kind, at, event_id, props, trusted from event where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) and kind in ('score.added', 'live.watched')
    )
    select
      coalesce((select sum((props->>'points')::int) from of_person where kind = 'score.added'), 0)::int as score,
      coalesce((select jsonb_agg(jsonb_build_object('points', (x.props->>'points')::int, 'why', coalesce(x.props->>'why', ''), 'at', x.at) order by x.at desc, x.event_id) from (
        select * from of_person where kind = 'score.added' order by at desc, event_id limit ${SHOWN}) x), '[]') as scored,
      (select count(distinct props->>'liveId') from of_person where kind = 'live.watched' and trusted)::int as lives,
      coalesce((select sum((props->>'minutes')::numeric) from of_person where kind = 'live.watched' and trusted), 0)::float8 as minutes,
      coalesce((select jsonb_agg(jsonb_build_object('title', x.title, 'minutes', x.minutes, 'at', x.at) order by x.at desc, x.live_id) from (
        select props->>'liveId' as live_id, max(props->>'title') as title, sum((props->>'minutes')::numeric)::float8 as minutes, max(at) as at
        from of_person where kind = 'live.watched' and trusted group by 1 order by max(at) desc, 1 limit ${SHOWN}) x), '[]') as watched`.execute(
    tx,
  )
  const { score, scored, lives, minutes, watched } = rows[0]!
  return {
    score,
    scored: scored.map(whenInUtc),
    lives: { number: lives, minutes, newest: watched.map(whenInUtc) },
  }
}

interface Row {
  score: number
  scored: { points: number; why: string; at: string }[]
  lives: number
  minutes: number
  watched: { title: string; minutes: number; at: string }[]
}

const whenInUtc = <T extends { at: string }>(one: T): T => ({ ...one, at: new Date(one.at).toISOString() })
