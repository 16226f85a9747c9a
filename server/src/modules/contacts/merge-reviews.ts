import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import type { Actor, Scope } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { ReviewSettled } from './errors.ts'
import type { IdentityKind } from './identifiers.ts'
import { contactIdsOf, mergeContacts, rootsOf } from './merge-contacts.ts'
import type { MergeReview, MergeView, ReviewPage, ReviewQuery, ReviewSide } from './merge-schema.ts'
import { type KeptOfPerson, readIdentities, shownOf } from './read-identities.ts'
import { requireContact } from './read-profile.ts'
import { UNDO_DAYS, undoMerge } from './undo-merge.ts'

const PAGE = 20
const IDENTITIES_SHOWN = 12
const EVENTS_COUNTED = 1_000
const WAITING_COUNTED = 999
const MERGES_SHOWN = 100

/** Whom somebody who sees part of the corp may join: his own customers, and those who are nobody's. */
const within = (id: string, corpId: string, scope: Scope) =>
  scope
    ? sql`not exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = ${sql.ref(id)})
        or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = ${sql.ref(id)} and f.staff_id = any(${[...scope]}::bigint[]))`
    : sql`true`

/** Pairs that wait, each as the two they are now, newest first. */
const waiting = (corpId: string, scope: Scope) => sql`
  select distinct on (least(a.root, b.root), greatest(a.root, b.root)) a.root as one, b.root as two, r.met, r.created_at, r.contact_id, r.other_id
  from merge_review r
  cross join lateral (select coalesce(c.merged_into, c.contact_id) as root from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = r.contact_id) a
  cross join lateral (select coalesce(c.merged_into, c.contact_id) as root from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = r.other_id) b
  where r.corp_id = ${corpId}::bigint and r.state = 'open' and a.root <> b.root and (${within('a.root', corpId, scope)}) and (${within('b.root', corpId, scope)})
  order by least(a.root, b.root), greatest(a.root, b.root), r.created_at desc`

/** A page of pairs a person is to decide about. */
export async function listReviews(tx: Tx, corpId: string, { cursor }: ReviewQuery, scope: Scope): Promise<ReviewPage> {
  const [, at, one, two] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_(\d{1,18})_(\d{1,18})$/.exec(cursor ?? '') ?? []
  const { rows } = await sql<{
    one: string
    two: string
    met: { kind: IdentityKind; value: string; trust: number }[]
    createdAt: Date
    contactId: string
    otherId: string
  }>`
    select * from (${waiting(corpId, scope)}) w
    where ${at ? sql`(w.created_at, w.contact_id, w.other_id) < (${at}::timestamptz, ${one}::bigint, ${two}::bigint)` : sql`true`}
    order by w.created_at desc, w.contact_id desc, w.other_id desc limit ${PAGE + 1}`.execute(tx)
  const { rows: counted } = await sql<{ n: number }>`
    select count(*)::int as n from (select from (${waiting(corpId, scope)}) w limit ${WAITING_COUNTED}) c`.execute(tx)
  const page = rows.slice(0, PAGE)
  const sides = await readSides(
    tx,
    corpId,
    page.flatMap((row) => [row.one, row.two]),
  )
  const items = page.map((row): MergeReview => {
    const pair = [sides.get(row.one)!, sides.get(row.two)!].sort(
      (a, b) => Number(b.anchored) - Number(a.anchored) || b.staff.length - a.staff.length,
    )
    const all = pair.flatMap((side) => side.kept)
    const met = row.met.map((one) =>
      shownOf({ ...one, hint: all.find((i) => i.kind === one.kind && i.value === one.value)?.hint ?? null }),
    )
    return {
      stays: pair[0]!.side,
      joins: pair[1]!.side,
      met,
      createdAt: row.createdAt.toISOString(),
      apartOnly: pair.every((side) => side.anchored),
    }
  })
  const last = page.at(-1)
  const nextCursor =
    last && rows.length > PAGE ? `${last.createdAt.toISOString()}_${last.contactId}_${last.otherId}` : null
  return { items, nextCursor, waiting: counted[0]!.n }
}

interface Side {
  side: ReviewSide
  staff: string[]
  kept: KeptOfPerson[]
  anchored: boolean
}

async function readSides(tx: Tx, corpId: string, contactIds: string[]): Promise<Map<string, Side>> {
  if (contactIds.length === 0) return new Map()
  const identities = await readIdentities(tx, corpId, contactIds)
  const { rows } = await sql<{
    contactId: string
    name: string
    avatar: string | null
    since: Date
    staff: string[]
    count: number
    last: string | null
    lastAt: Date | null
  }>`
    select c.contact_id, c.name, c.avatar, least(c.first_added_at, b.at, c.created_at) as since, coalesce(f.staff, '{}') as staff, e.count, l.last, l.last_at
    from contact c
    left join lateral (
      select array_agg(s.name order by f.lost_at is not null, f.added_at) as staff from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
      where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id
    ) f on true
    cross join lateral (
      select count(*)::int as count from (select from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id limit ${EVENTS_COUNTED + 1}) counted
    ) e
    left join lateral (
      select e.kind as last, e.at as last_at from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id order by e.at desc, e.event_id desc limit 1
    ) l on true
    left join lateral (
      select e.at from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id order by e.at, e.event_id limit 1
    ) b on true
    where c.corp_id = ${corpId}::bigint and c.contact_id = any(${contactIds}::bigint[])`.execute(tx)
  return new Map(
    rows.map(({ contactId, name, avatar, since, staff, count, last, lastAt }) => {
      const kept = identities.get(contactId) ?? []
      const side: ReviewSide = {
        contactId,
        name,
        avatar,
        staff,
        identities: kept.slice(0, IDENTITIES_SHOWN).map(shownOf),
        events: {
          count: Math.min(count, EVENTS_COUNTED),
          isFloor: count > EVENTS_COUNTED,
          last,
          lastAt: lastAt?.toISOString() ?? null,
        },
        knownSince: since.toISOString(),
      }
      const anchored = staff.length > 0 || kept.some(({ kind }) => kind === 'external_userid')
      return [contactId, { side, staff, kept, anchored }]
    }),
  )
}

/** Decides a pair that waits, once: they become one, or are kept apart from then on. Returns who stays. */
export async function decideReview(
  tx: Tx,
  actor: Actor,
  pair: { contactId: string; otherId: string },
  decision: 'merge' | 'apart',
  now: Date,
): Promise<string> {
  const { corpId, scope } = actor
  const contactId = await requireContact(tx, corpId, pair.contactId, scope)
  const otherId = await requireMergeable(tx, corpId, pair.otherId, scope)
  const ids = [...(await contactIdsOf(tx, corpId, contactId)), ...(await contactIdsOf(tx, corpId, otherId))]
  const { rows } = await sql<{ contactId: string; otherId: string; state: string }>`
    select contact_id, other_id, state from merge_review
    where corp_id = ${corpId}::bigint and contact_id = any(${ids}::bigint[]) and other_id = any(${ids}::bigint[]) order by contact_id, other_id for no key update`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '待合并' })
  if (contactId === otherId || rows.every(({ state }) => state !== 'open')) throw new ReviewSettled()
  const merged = decision === 'merge'
  const rootId = merged
    ? await mergeContacts(tx, corpId, { from: otherId, into: contactId }, { why: 'review', actor: actor.name }, now)
    : contactId
  await sql`
    insert into merge_review (corp_id, contact_id, other_id, met, state, created_at, decided_at, decided_by)
    select ${corpId}::bigint, a, b, '[]', ${merged ? 'merged' : 'apart'}, ${now}::timestamptz, ${now}::timestamptz, ${actor.name}
    from unnest(${[...rows.map((r) => r.contactId), least(contactId, otherId)]}::bigint[], ${[...rows.map((r) => r.otherId), greatest(contactId, otherId)]}::bigint[]) as p(a, b) group by a, b
    on conflict (corp_id, contact_id, other_id) do update set state = excluded.state, decided_at = excluded.decided_at, decided_by = excluded.decided_by`.execute(
    tx,
  )
  const action = merged ? 'contact.merge' : 'contact.keep_apart'
  await recordAudit(tx, actor, { action, kind: 'contact', id: rootId, detail: { contactId, otherId }, at: now })
  return rootId
}

const least = (a: string, b: string) => (BigInt(a) < BigInt(b) ? a : b)
const greatest = (a: string, b: string) => (BigInt(a) < BigInt(b) ? b : a)

async function requireMergeable(tx: Tx, corpId: string, contactId: string, scope: Scope): Promise<string> {
  const root = (await rootsOf(tx, corpId, [contactId])).get(contactId)
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = ${root ?? '0'}::bigint and (${within('c.contact_id', corpId, scope)})`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '客户' })
  return rows[0].contactId
}

/** Merges that stand, of one contact or of the corp, newest first; within the days they can be taken back. */
export async function listMerges(
  tx: Tx,
  corpId: string,
  of: { contactId?: string; scope: Scope },
  now: Date,
): Promise<MergeView[]> {
  const { rows } = await sql<{
    mergeId: string
    fromId: string
    rootId: string
    name: string
    why: MergeView['why']
    actor: string | null
    at: Date
    moved: { identities: { kind: IdentityKind; value: string }[] }
  }>`
    select m.merge_id, m.contact_id as from_id, root.contact_id as root_id, root.name, m.why, m.actor, m.at, m.moved
    from contact_merge m join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = m.contact_id
    join contact root on root.corp_id = ${corpId}::bigint and root.contact_id = c.merged_into
    where m.corp_id = ${corpId}::bigint and m.undone_at is null and m.at > ${new Date(now.getTime() - UNDO_DAYS * DAY_MS)}::timestamptz
      and ${of.contactId === undefined ? sql`true` : sql`c.merged_into = ${of.contactId}::bigint`} and (${within('root.contact_id', corpId, of.scope)})
    order by m.at desc, m.merge_id desc limit ${MERGES_SHOWN}`.execute(tx)
  const hints = new Map(
    [...(await readIdentities(tx, corpId, [...new Set(rows.map((row) => row.rootId))])).values()]
      .flat()
      .map((one) => [`${one.kind} ${one.value}`, one]),
  )
  return rows.map(({ mergeId, rootId, name, why, actor, at, moved }) => ({
    mergeId,
    contactId: rootId,
    name,
    why,
    actor,
    at: at.toISOString(),
    undoUntil: new Date(at.getTime() + UNDO_DAYS * DAY_MS).toISOString(),
    identities: moved.identities
      .slice(0, IDENTITIES_SHOWN)
      .map((one) => shownOf(hints.get(`${one.kind} ${one.value}`) ?? { ...one, hint: null, trust: 2 })),
  }))
}

/** Takes back a merge into this contact. */
export async function undoMergeInto(
  tx: Tx,
  actor: Actor,
  { contactId, mergeId }: { contactId: string; mergeId: string },
  now: Date,
): Promise<string> {
  const { corpId } = actor
  const rootId = await requireContact(tx, corpId, contactId, actor.scope)
  const { rows } = await sql<{ fromId: string }>`
    select contact_id as from_id from contact_merge m
    where m.corp_id = ${corpId}::bigint and m.merge_id = ${mergeId}::bigint and (m.into_id = ${rootId}::bigint or m.contact_id = any(${await contactIdsOf(tx, corpId, rootId)}::bigint[]))`.execute(
    tx,
  )
  const [merge] = rows
  if (!merge) throw new NotFound({ what: '合并记录' })
  const undone = await undoMerge(tx, corpId, { contactId: merge.fromId, mergeId }, actor.name, now)
  const detail = { contactId: undone.contactId }
  await recordAudit(tx, actor, { action: 'contact.part', kind: 'contact', id: undone.rootId, detail, at: now })
  return undone.contactId
}
