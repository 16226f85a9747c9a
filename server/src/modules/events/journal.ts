import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Scope } from '../corps/context.ts'
import { countEvents, recountPersons } from '../facts/count.ts'
import { noteHeard } from './ears.ts'
import { noteActive, rereadActive } from './last-active.ts'
import { holdWriters, noteReplies, rereadReplies } from './replies.ts'
import type { EventKind, EventSource, OwnKind, TimelineItem } from './schema.ts'

export interface NewEvent {
  contactId: string
  at: Date
  kind: EventKind | OwnKind
  staffId?: string | null
  source: EventSource
  /** False: nobody vouches for it. */
  trusted?: boolean
  props: Record<string, unknown>
  /** Idempotency key: the same fact, told again, meets the same row. Include what makes it one fact, never a clock. */
  key: string
}

export interface AppendedEvent extends NewEvent {
  eventId: string
}

/** The longest list a notification names one by one; a bulk load only says that something happened. */
const NAMED_MAX = 40
/** Statements stay far below PostgreSQL’s limits and keep memory flat. */
const CHUNK = 2_000

/**
 * Appends facts to the journal, counts them, and returns those that were new. A repeat, even from another process, adds nothing. Open pages
 * hear of it with the commit; commits that notify take turns, so a stream of many small ones says `live: false` and tells
 * them afterwards.
 */
export async function appendEvents(
  tx: Tx,
  corpId: string,
  events: NewEvent[],
  recordedAt: Date,
  { live = true }: { live?: boolean } = {},
): Promise<AppendedEvent[]> {
  const appended: AppendedEvent[] = []
  await holdWriters(tx, corpId, events)
  for (let from = 0; from < events.length; from += CHUNK) {
    const rows = events.slice(from, from + CHUNK).map((event) => ({ ...event, eventId: eventIdOf(corpId, event.key) }))
    const { rows: fresh } = await sql<{ eventId: string; contactId: string }>`
      insert into event (corp_id, contact_id, at, event_id, kind, staff_id, source, trusted, props, recorded_at)
      select ${corpId}::bigint, r.contact_id, r.at, r.event_id, r.kind, r.staff_id, r.source, r.trusted, r.props, ${recordedAt}::timestamptz
      from unnest(${rows.map((r) => r.contactId)}::bigint[], ${rows.map((r) => r.at.toISOString())}::timestamptz[], ${rows.map((r) => r.eventId)}::uuid[],
        ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.staffId ?? null)}::bigint[], ${rows.map((r) => r.source)}::text[],
        ${rows.map((r) => r.trusted ?? true)}::boolean[], ${rows.map((r) => JSON.stringify(r.props))}::jsonb[]) as r(contact_id, at, event_id, kind, staff_id, source, trusted, props)
      on conflict do nothing returning event_id, contact_id`.execute(tx)
    const isNew = new Set(fresh.map((r) => r.eventId))
    for (const row of rows) if (isNew.delete(row.eventId)) appended.push(row)
  }
  await countEvents(tx, corpId, appended)
  await noteActive(tx, corpId, appended)
  await noteReplies(tx, corpId, appended)
  await noteHeard(tx, corpId, appended)
  if (live && appended.length > 0) await notifyLive(tx, corpId, appended)
  return appended
}

/**
 * Takes lines out of a person’s journal, and out of what is counted of him: for whoever withdraws what he let us note.
 * `contactIds` are the person's with whoever was merged into him.
 */
export async function takeBackEvents(
  tx: Tx,
  corpId: string,
  contactId: string,
  contactIds: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const { rows } = await sql`
    delete from event where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[])
      and event_id = any(${keys.map((key) => eventIdOf(corpId, key))}::uuid[]) returning event_id`.execute(tx)
  if (rows.length === 0) return
  await recountPersons(tx, corpId, [contactId])
  await rereadActive(tx, corpId, contactId, contactIds)
  await rereadReplies(tx, corpId, [contactId])
}

/** Tells open pages what is new: by name, or of many that there is something. */
export async function notifyLive(db: Db | Tx, corpId: string, appended: readonly AppendedEvent[]): Promise<void> {
  const named =
    appended.length <= NAMED_MAX
      ? appended.map((e) => ({ id: e.eventId, contact: e.contactId, at: e.at.toISOString() }))
      : []
  await sql`select pg_notify('siyu_live', ${JSON.stringify({ corpId, events: named })})`.execute(db)
}

function eventIdOf(corpId: string, key: string): string {
  const hex = sha256(`${corpId}\n${key}`).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** What is one member's alone: remarks and tags belong to the pair, as in WeCom, and a group to its owner. */
const NOTES: readonly EventKind[] = [
  'contact.edited',
  'note.added',
  'note.edited',
  'tag.added',
  'tag.removed',
  'group.joined',
  'group.left',
]

/** Notes that name one of these members: whoever was called may read what he was called for. */
const namesOne = (corpId: string, scope: readonly string[], kind: string, props: string) => sql<boolean>`exists (
  select from note_mention m where m.corp_id = ${corpId}::bigint and m.staff_id = any(${[...scope]}::bigint[])
    and m.note_id = case when ${sql.ref(kind)} in ('note.added', 'note.edited') then (${sql.ref(props)}->>'noteId')::bigint end)`

/** What WeCom and people did, by the index `event_told`: what pages and servers collect, and whom they identify, would drown it. */
const TOLD = sql<boolean>`event.source not in ('api', 'tracker', 'import') and event.kind not in ('contact.merged', 'contact.parted')`

export interface TimelineQuery {
  /** One person: the contact and whoever was merged into it. */
  contactIds?: readonly string[]
  kinds?: string[]
  /** Only of customers these staff follow, and not what others noted of them unless it names one of these. */
  scope?: Scope
  eventIds?: string[]
  /** Cursor of the page before: what it returned as `nextCursor`. */
  before?: string | undefined
  limit: number
}

/**
 * Newest first. With `contactIds` one person’s timeline, else the whole corp’s feed. What came to a contact before it was
 * merged is told of the person it is part of now.
 */
export async function readTimeline(
  tx: Tx,
  corpId: string,
  query: TimelineQuery,
): Promise<{ items: TimelineItem[]; nextCursor: string | null }> {
  let rows = tx
    .selectFrom('event')
    .innerJoin('contact', (j) =>
      j.onRef('contact.corpId', '=', 'event.corpId').onRef('contact.contactId', '=', 'event.contactId'),
    )
    .leftJoin('contact as root', (j) =>
      j.onRef('root.corpId', '=', 'contact.corpId').onRef('root.contactId', '=', 'contact.mergedInto'),
    )
    .leftJoin('eventType', (j) =>
      j.onRef('eventType.corpId', '=', 'event.corpId').onRef('eventType.kind', '=', 'event.kind'),
    )
    .leftJoin('staff', (j) => j.onRef('staff.corpId', '=', 'event.corpId').onRef('staff.staffId', '=', 'event.staffId'))
    .select([
      'event.eventId',
      sql<string>`coalesce(contact.merged_into, contact.contact_id)`.as('contactId'),
      sql<string>`coalesce(root.name, contact.name)`.as('contactName'),
      'event.at',
      'event.kind',
      'eventType.title',
      'event.source',
      'event.trusted',
      'event.staffId',
      'staff.name as staffName',
      'event.props',
    ])
    .where('event.corpId', '=', corpId)
    .where('contact.corpId', '=', corpId)
    .orderBy('event.at', 'desc')
    .orderBy('event.eventId', 'desc')
    .limit(query.limit + 1)
  // One id is walked in the key's own order; several are gathered.
  if (query.contactIds?.length === 1) rows = rows.where('event.contactId', '=', query.contactIds[0]!)
  else if (query.contactIds === undefined) rows = rows.where(TOLD)
  else if (query.contactIds)
    rows = rows.where('event.contactId', '=', sql<string>`any(${[...query.contactIds]}::bigint[])`)
  if (query.kinds && query.kinds.length > 0) rows = rows.where('event.kind', 'in', query.kinds)
  const { scope } = query
  if (scope !== undefined) {
    const staffIds = sql<string>`any(${[...scope]}::bigint[])`
    rows = rows.where((eb) =>
      eb.exists(
        eb
          .selectFrom('follow')
          .select('follow.staffId')
          .where('follow.corpId', '=', corpId)
          .where('follow.staffId', '=', staffIds)
          .where('follow.contactId', '=', sql<string>`coalesce(contact.merged_into, contact.contact_id)`),
      ),
    )
    rows = rows.where((eb) =>
      eb.or([
        eb('event.staffId', 'is', null),
        eb('event.staffId', '=', staffIds),
        eb('event.kind', 'not in', [...NOTES]),
        namesOne(corpId, scope, 'event.kind', 'event.props'),
      ]),
    )
  }
  if (query.eventIds) rows = rows.where('event.eventId', 'in', query.eventIds)
  const cursor = query.before ? parseCursor(query.before) : undefined
  if (cursor)
    rows = rows.where((eb) => eb(eb.refTuple('event.at', 'event.eventId'), '<', eb.tuple(cursor.at, cursor.eventId)))

  const found = await rows.execute()
  const page = found.slice(0, query.limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({ ...row, at: row.at.toISOString(), props: row.props as Record<string, unknown> })),
    nextCursor: found.length > query.limit && last ? `${last.at.toISOString()}_${last.eventId}` : null,
  }
}

/** How many lines `readTimeline` has of one person, counted up to `most`. */
export async function countTimeline(
  tx: Tx,
  corpId: string,
  { contactIds, scope, most }: { contactIds: readonly string[]; scope: Scope; most: number },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select from event e where e.corp_id = ${corpId}::bigint and e.contact_id = any(${[...contactIds]}::bigint[])
        and (${scope ?? null}::bigint[] is null or e.staff_id is null or e.staff_id = any(${scope ?? null}::bigint[]) or e.kind <> all(${[...NOTES]}::text[]) or ${namesOne(corpId, scope ?? [], 'e.kind', 'e.props')})
      limit ${most}) as counted`.execute(tx)
  return rows[0]?.count ?? 0
}

const CURSOR = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f-]{36})$/

function parseCursor(cursor: string): { at: Date; eventId: string } | undefined {
  const [, at, eventId] = CURSOR.exec(cursor) ?? []
  return at && eventId ? { at: new Date(at), eventId } : undefined
}
