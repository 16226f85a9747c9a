import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { conditions } from '../contacts/list-contacts.ts'
import { ContactFilter } from '../contacts/schema.ts'
import type { Scope } from '../corps/context.ts'
import type { Audience, AudiencePart } from './schema.ts'

export interface Picked {
  /** In order of ids. */
  contactIds: string[]
  included: number
  excluded: number
}

/** Everybody an audience means whom the scope may see, in one statement; a customer in several parts once. */
export async function pickAudience(
  tx: Tx,
  corpId: string,
  { include, exclude }: Audience,
  scope: Scope,
  now: Date,
): Promise<Picked> {
  const set = async (parts: readonly AudiencePart[]) => {
    const all: RawBuilder<unknown>[] = []
    // A part is a fragment; some first read what they are about, and there are ten at most.
    for (const part of parts)
      all.push(sql`select c.contact_id from contact c where ${await partCondition(tx, corpId, part, scope, now)}`)
    return sql.join(all, sql` union `)
  }
  const out = exclude.length > 0 ? await set(exclude) : sql`select null::bigint as contact_id where false`
  const { rows } = await sql<{ contactIds: string[] | null; included: number }>`
    with inside as materialized (${await set(include)}), outside as materialized (${out})
    select (select count(*)::int from inside) as included,
      (select array_agg(i.contact_id order by i.contact_id) from inside i where not exists (select from outside o where o.contact_id = i.contact_id)) as contact_ids`.execute(
    tx,
  )
  const { contactIds, included } = rows[0]!
  return { contactIds: contactIds ?? [], included, excluded: included - (contactIds?.length ?? 0) }
}

async function partCondition(
  tx: Tx,
  corpId: string,
  part: AudiencePart,
  scope: Scope,
  now: Date,
): Promise<RawBuilder<unknown>> {
  const within = (filter: Partial<ContactFilter>) =>
    conditions(tx, corpId, { state: 'following', ...filter, now }, scope)
  switch (part.kind) {
    case 'all':
      return within({})
    case 'segment':
      return within({ segmentId: part.segmentId })
    case 'tags':
      return within(part.match === 'all' ? { tagsAll: part.tagIds } : { tagsAny: [part.tagIds] })
    case 'filter':
      return within(ContactFilter.parse(part.filter))
    case 'list':
      return sql`${await within({})} and c.contact_id = any((select l.contact_ids from broadcast_list l where l.corp_id = ${corpId}::bigint and l.broadcast_list_id = ${part.broadcastListId}::bigint)::bigint[])`
  }
}

/** What an audience names must be there, and this corp's. */
export async function requireParts(tx: Tx, corpId: string, { include, exclude }: Audience): Promise<void> {
  const parts = [...include, ...exclude]
  const of = (kind: AudiencePart['kind']) => parts.filter((part) => part.kind === kind)
  const segments = of('segment').map((part) => (part as { segmentId: string }).segmentId)
  const lists = of('list').map((part) => (part as { broadcastListId: string }).broadcastListId)
  const tags = of('tags').flatMap((part) => (part as { tagIds: string[] }).tagIds)
  const { rows } = await sql<{ what: string }>`
    select '人群' as what from unnest(${segments}::bigint[]) id where not exists (select from segment s where s.corp_id = ${corpId}::bigint and s.segment_id = id and s.archived_at is null)
    union all select '名单' from unnest(${lists}::bigint[]) id where not exists (select from broadcast_list l where l.corp_id = ${corpId}::bigint and l.broadcast_list_id = id)
    union all select '标签' from unnest(${tags}::bigint[]) id where not exists (select from tag t where t.corp_id = ${corpId}::bigint and t.tag_id = id) limit 1`.execute(
    tx,
  )
  if (rows[0]) throw new NotFound({ what: rows[0].what })
}
