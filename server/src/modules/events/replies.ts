import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { AppendedEvent } from './journal.ts'

/** How long after being added a word of his is a reply to it. */
const REPLY_DAYS = 30
/** What changes whom a word was said to, or whose it is. */
const TURNS: ReadonlySet<string> = new Set(['contact.added', 'contact.lost', 'contact.merged', 'contact.parted'])

type Fact = Pick<AppendedEvent, 'contactId' | 'staffId' | 'kind' | 'at' | 'trusted' | 'props'>
/** Only what somebody vouches for says that he wrote. */
const isWord = (fact: Fact) => fact.kind === 'message.sent' && fact.trusted !== false

/**
 * Whether a word `s` (at, the member it names) is a reply to the friendship `f`: said after he was added and within thirty
 * days. One that names a member is for him alone; one that does not is for whoever of his friends then added him last.
 */
const replies = (
  corpId: string,
) => sql<boolean>`s.at >= f.added_at and s.at < f.added_at + ${REPLY_DAYS} * interval '1 day'
  and case when s.names then f.staff_id = s.staff_id
    else (f.lost_at is null or f.lost_at >= s.at) and not exists (
      select from follow o where o.corp_id = ${corpId}::bigint and o.contact_id = f.contact_id and o.added_at <= s.at and (o.lost_at is null or o.lost_at >= s.at)
        and (o.added_at, o.staff_id) > (f.added_at, f.staff_id)) end`

/**
 * Whoever writes takes turns with whoever adds him: both hold his row, so neither misses what the other has not committed.
 * To be called before the journal is written.
 */
export async function holdWriters(tx: Tx, corpId: string, events: readonly Fact[]): Promise<void> {
  const writers = events.filter(isWord).map((word) => word.contactId)
  if (writers.length === 0) return
  await sql`
    select from contact c where c.corp_id = ${corpId}::bigint and c.contact_id in (
      select coalesce(w.merged_into, w.contact_id) from contact w where w.corp_id = ${corpId}::bigint and w.contact_id = any(${writers}::bigint[]))
    order by c.contact_id for no key update`.execute(tx)
}

/** Keeps who first replied when. Told twice, late or in any order it comes to the same; whoever replied already costs nothing. */
export async function noteReplies(tx: Tx, corpId: string, appended: readonly Fact[]): Promise<void> {
  await noteWords(tx, corpId, appended.filter(isWord))
  const turned = appended
    .filter((fact) => TURNS.has(fact.kind))
    .flatMap(({ contactId, props }) =>
      typeof props.contactId === 'string' ? [contactId, props.contactId] : [contactId],
    )
  await rereadReplies(tx, corpId, turned)
}

async function noteWords(tx: Tx, corpId: string, words: readonly Fact[]): Promise<void> {
  if (words.length === 0) return
  const since = new Date(Math.min(...words.map(({ at }) => at.getTime())))
  await sql`
    insert into reply_source as r (corp_id, since) values (${corpId}::bigint, ${since}::timestamptz)
    on conflict (corp_id) do update set since = excluded.since where r.since > excluded.since`.execute(tx)
  await sql`
    insert into first_reply as r (corp_id, contact_id, staff_id, at)
    select ${corpId}::bigint, f.contact_id, f.staff_id, min(s.at)
    from (
      select coalesce(c.merged_into, c.contact_id) as contact_id, w.at, w.staff_id is not null or w.userid is not null as names, coalesce(w.staff_id, m.staff_id) as staff_id
      from unnest(${words.map((w) => w.contactId)}::bigint[], ${words.map((w) => w.at.toISOString())}::timestamptz[], ${words.map((w) => w.staffId ?? null)}::bigint[],
        ${words.map(({ props }) => (typeof props.userid === 'string' ? props.userid : null))}::text[]) as w(contact_id, at, staff_id, userid)
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = w.contact_id
      left join staff m on m.corp_id = ${corpId}::bigint and lower(m.userid) = lower(w.userid)
    ) s join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = s.contact_id
    left join first_reply held on held.corp_id = ${corpId}::bigint and held.contact_id = f.contact_id and held.staff_id = f.staff_id
    where (held.at is null or held.at > s.at) and ${replies(corpId)}
    group by f.contact_id, f.staff_id order by f.contact_id, f.staff_id
    on conflict (corp_id, contact_id, staff_id) do update set at = excluded.at where r.at > excluded.at`.execute(tx)
}

/** Reads anew from the journal who of these replied: he was added, again perhaps, lost, or joined to another. */
export async function rereadReplies(tx: Tx, corpId: string, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return
  const { rows } = await sql`select from reply_source where corp_id = ${corpId}::bigint`.execute(tx)
  if (rows.length === 0) return // nobody's word was ever told
  await sql`
    with person as (
      select distinct coalesce(c.merged_into, c.contact_id) as contact_id from contact c
      where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...new Set(contactIds)]}::bigint[])
      union select unnest(${[...new Set(contactIds)]}::bigint[])
    ), said as (
      select f.contact_id, f.staff_id, r.at from person p join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = p.contact_id
      left join lateral (
        select min(s.at) as at from (
          select e.at, e.staff_id is not null or e.props->>'userid' is not null as names, coalesce(e.staff_id, m.staff_id) as staff_id
          from contact c join event e on e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id
          left join staff m on m.corp_id = ${corpId}::bigint and lower(m.userid) = lower(e.props->>'userid')
          where c.corp_id = ${corpId}::bigint and (c.contact_id = f.contact_id or c.merged_into = f.contact_id) and e.kind = 'message.sent' and e.trusted
            and e.at >= f.added_at and e.at < f.added_at + ${REPLY_DAYS} * interval '1 day'
        ) s where ${replies(corpId)}
      ) r on true
    ), gone as (
      delete from first_reply h using said s where h.corp_id = ${corpId}::bigint and h.contact_id = s.contact_id and h.staff_id = s.staff_id and s.at is null
    )
    insert into first_reply as r (corp_id, contact_id, staff_id, at)
    select ${corpId}::bigint, contact_id, staff_id, at from said where at is not null order by contact_id, staff_id
    on conflict (corp_id, contact_id, staff_id) do update set at = excluded.at where r.at <> excluded.at`.execute(tx)
}
