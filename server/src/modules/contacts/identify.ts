import { sql } from 'kysely'
import { Overtaken, type Tx } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import {
  byStrength,
  type Identifier,
  type IdentityKind,
  type KeptIdentifier,
  keepIdentifiers,
  slotOf,
} from './identifiers.ts'
import { mergeAll } from './merge-contacts.ts'
import { type Holding, type Person, pairOf, type Seating, seatGroups } from './seat-groups.ts'

export type { Identifier } from './identifiers.ts'

/**
 * One contact id per group of identifiers that arrived together, in order; makes contacts, links identifiers, merges or
 * queues a review by ADR 15. Set-based: a constant number of statements for n groups, one when nothing is new. Two
 * writers at once agree: the identity's key decides whose it is, and identifiers change hands under the lock of their
 * contacts only. Keys are claimed in their order before contacts are locked in theirs, so writers do not deadlock.
 * To be called within `inCorp`, which begins again when somebody overtook us.
 */
export async function identifyContacts(
  tx: Tx,
  corpId: string,
  vault: Vault,
  groups: readonly { identifiers: readonly Identifier[] }[],
  now: Date,
): Promise<string[]> {
  const kept = groups.map(({ identifiers }) => keepIdentifiers(vault, identifiers))
  return identifyKept(tx, corpId, kept, now)
}

/** The same for identifiers as they are kept. */
export async function identifyKept(
  tx: Tx,
  corpId: string,
  kept: readonly KeptIdentifier[][],
  now: Date,
): Promise<string[]> {
  if (kept.some((group) => group.length === 0)) throw new Error('a group needs an identifier that can be kept')
  const keys = new Map(kept.flat().map((one) => [one.key, one]))
  const before = await readHoldings(tx, corpId, keys)
  if (kept.every((group) => isSettled(group, before))) return kept.map(([one]) => before.get(one!.key)!.contactId)

  const claims = await claim(tx, corpId, kept, before, now)
  if (claims.late.size > 0) for (const [key, held] of await readHoldings(tx, corpId, claims.late)) before.set(key, held)
  const locked = await lockHolders(tx, corpId, kept, before)
  // Read again: what follows must see what whoever held the locks before us has left.
  const holdings = locked.length > 0 ? await readHoldings(tx, corpId, keys) : before
  for (const key of claims.drawn.keys()) holdings.delete(key) // ours already, and still to be seated
  const atTable = [...new Set([...holdings.values()].map(({ contactId }) => contactId))]
  const standing = { holdings: new Map(holdings), ...(await readPersons(tx, corpId, atTable)) }
  const seating = seatGroups(kept, standing, (group) => claims.freshId(group))
  const isLocked = new Set(locked)
  if ([...seating.touched].some((contactId) => !isLocked.has(contactId))) throw new Overtaken()

  await makeContacts(tx, corpId, seating.made, now)
  await mergeAll(tx, corpId, seating.merges, { why: 'identified', actor: null }, now)
  await saveHoldings(tx, corpId, [...keys.values()], new Map([...holdings, ...claims.drawn]), seating.holdings)
  await queueReviews(tx, corpId, seating, now)
  return seating.seats
}

/** By which each of them is told from everybody else, as proven as it can be; without those who have nothing but devices. */
export async function strongestOf(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
): Promise<Map<string, KeptIdentifier>> {
  const { rows } = await sql<{ contactId: string; kind: IdentityKind; value: string; hint: string | null }>`
    select c.contact_id, i.kind, i.value, i.hint from contact c join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = coalesce(c.merged_into, c.contact_id)
    where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...contactIds]}::bigint[]) and i.kind <> 'device' and i.trust = 2`.execute(
    tx,
  )
  const kept = rows.map(({ contactId, ...row }) => ({
    contactId,
    one: { ...row, trust: 2 as const, key: `${row.kind} ${row.value}`, slot: slotOf(row.kind, row.value) },
  }))
  // The strongest comes last and stays.
  return new Map(kept.sort((a, b) => byStrength(b.one, a.one)).map(({ contactId, one }) => [contactId, one]))
}

/** One contact has them all, trusted enough: there is nothing to write. */
function isSettled(group: readonly KeptIdentifier[], holdings: ReadonlyMap<string, Holding>): boolean {
  const holder = holdings.get(group[0]!.key)?.contactId
  return group.every((one) => {
    const held = holdings.get(one.key)
    return held !== undefined && held.contactId === holder && held.trust >= one.trust
  })
}

async function readHoldings(
  tx: Tx,
  corpId: string,
  keys: ReadonlyMap<string, KeptIdentifier>,
): Promise<Map<string, Holding>> {
  const asked = [...keys.values()]
  const { rows } = await sql<{ key: string; contactId: string; trust: number }>`
    select i.kind || ' ' || i.value as key, i.contact_id, i.trust from unnest(${asked.map((k) => k.kind)}::text[], ${asked.map((k) => k.value)}::text[]) as k(kind, value)
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = k.kind and i.value = k.value`.execute(tx)
  return new Map(rows.map(({ key, contactId, trust }) => [key, { contactId, trust }]))
}

interface Claims {
  /** Keys that are ours now, as they were claimed. */
  drawn: Map<string, Holding>
  /** Somebody else's a moment before. */
  late: Map<string, KeptIdentifier>
  freshId(group: number): string
}

/** Claims every key nobody has, for an id drawn for its group: whoever comes second waits here, and then finds ours. */
async function claim(
  tx: Tx,
  corpId: string,
  groups: readonly KeptIdentifier[][],
  holdings: ReadonlyMap<string, Holding>,
  now: Date,
): Promise<Claims> {
  const missing = new Map<string, { one: KeptIdentifier; group: number }>()
  groups.forEach((ones, group) => {
    for (const one of ones) if (!holdings.has(one.key) && !missing.has(one.key)) missing.set(one.key, { one, group })
  })
  // A group makes one contact, and a second one for names that cannot be the first's.
  const { rows } = await sql<{ id: string }>`
    select nextval(pg_get_serial_sequence('contact', 'contact_id')) as id from generate_series(1, ${2 * groups.length})`.execute(
    tx,
  )
  const firstIds = rows.slice(0, groups.length).map(({ id }) => id)
  const secondIds = rows.slice(groups.length).map(({ id }) => id)
  const sorted = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { one, group }]) => ({ ...one, group }))
  const { rows: claimed } = await sql<{ key: string; contactId: string; trust: number }>`
    insert into contact_identity (corp_id, kind, value, contact_id, trust, hint, created_at)
    select ${corpId}::bigint, kind, value, id, trust, hint, ${now}::timestamptz
    from unnest(${sorted.map((k) => k.kind)}::text[], ${sorted.map((k) => k.value)}::text[], ${sorted.map((k) => firstIds[k.group]!)}::bigint[], ${sorted.map((k) => k.trust)}::smallint[], ${sorted.map((k) => k.hint)}::text[]) as k(kind, value, id, trust, hint)
    on conflict (corp_id, kind, value) do nothing returning kind || ' ' || value as key, contact_id, trust`.execute(tx)
  const drawn = new Map(claimed.map(({ key, contactId, trust }) => [key, { contactId, trust }]))
  const used = new Set<number>()
  return {
    drawn,
    late: new Map([...missing].filter(([key]) => !drawn.has(key)).map(([key, { one }]) => [key, one])),
    freshId(group) {
      const ids = used.has(group) ? secondIds : firstIds
      used.add(group)
      return ids[group]!
    },
  }
}

/** Of every group that is not settled, whoever has something of it; each waits for the others in the order of ids. */
async function lockHolders(
  tx: Tx,
  corpId: string,
  groups: readonly KeptIdentifier[][],
  holdings: ReadonlyMap<string, Holding>,
): Promise<string[]> {
  const open = groups.filter((group) => !isSettled(group, holdings)).flat()
  const contactIds = [...new Set(open.flatMap((one) => holdings.get(one.key)?.contactId ?? []))]
  if (contactIds.length > 0)
    await sql`select from contact where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) order by contact_id for no key update`.execute(
      tx,
    )
  return contactIds
}

async function readPersons(
  tx: Tx,
  corpId: string,
  contactIds: string[],
): Promise<{ persons: Map<string, Person>; apart: Set<string> }> {
  const persons = new Map<string, Person>(contactIds.map((id) => [id, { names: new Map(), followed: false }]))
  if (contactIds.length === 0) return { persons, apart: new Set() }
  const { rows } = await sql<{ contactId: string; kind: IdentityKind; value: string }>`
    select contact_id, kind, value from contact_identity
    where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) and kind <> 'device'`.execute(tx)
  for (const { contactId, kind, value } of rows) {
    const { names } = persons.get(contactId)!
    const slot = slotOf(kind, value)
    names.set(slot, (names.get(slot) ?? new Set()).add(value))
  }
  const { rows: followed } = await sql<{ contactId: string }>`
    select distinct contact_id from follow where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[])`.execute(
    tx,
  )
  for (const { contactId } of followed) persons.get(contactId)!.followed = true
  const { rows: apart } = await sql<{ contactId: string; otherId: string }>`
    select contact_id, other_id from merge_review
    where corp_id = ${corpId}::bigint and contact_id = any(${contactIds}::bigint[]) and other_id = any(${contactIds}::bigint[]) and state = 'apart'`.execute(
    tx,
  )
  return { persons, apart: new Set(apart.map((pair) => pairOf(pair.contactId, pair.otherId))) }
}

async function makeContacts(tx: Tx, corpId: string, contactIds: readonly string[], now: Date): Promise<void> {
  if (contactIds.length === 0) return
  await sql`
    insert into contact (corp_id, contact_id, created_at, updated_at) overriding system value
    select ${corpId}::bigint, id, ${now}::timestamptz, ${now}::timestamptz from unnest(${[...contactIds]}::bigint[]) as id`.execute(
    tx,
  )
}

async function saveHoldings(
  tx: Tx,
  corpId: string,
  ones: readonly KeptIdentifier[],
  before: ReadonlyMap<string, Holding>,
  after: ReadonlyMap<string, Holding>,
): Promise<void> {
  const changed = ones.flatMap((one) => {
    const [was, is] = [before.get(one.key), after.get(one.key)!]
    return was?.contactId === is.contactId && was.trust === is.trust ? [] : [{ ...one, ...is }]
  })
  if (changed.length === 0) return
  await sql`
    update contact_identity i set contact_id = g.contact_id, trust = g.trust
    from unnest(${changed.map((c) => c.kind)}::text[], ${changed.map((c) => c.value)}::text[], ${changed.map((c) => c.contactId)}::bigint[], ${changed.map((c) => c.trust)}::smallint[]) as g(kind, value, contact_id, trust)
    where i.corp_id = ${corpId}::bigint and i.kind = g.kind and i.value = g.value and (i.contact_id, i.trust) is distinct from (g.contact_id, g.trust)`.execute(
    tx,
  )
}

/** A pair once looked at, or waiting already, is not queued again. */
async function queueReviews(tx: Tx, corpId: string, { reviews }: Seating, now: Date): Promise<void> {
  if (reviews.length === 0) return
  const met = reviews.map((review) =>
    JSON.stringify(review.met.map((one) => ({ kind: one.kind, value: one.value, trust: one.trust }))),
  )
  await sql`
    insert into merge_review (corp_id, contact_id, other_id, met, state, created_at)
    select ${corpId}::bigint, a, b, met, 'open', ${now}::timestamptz
    from unnest(${reviews.map(({ pair }) => pair[0])}::bigint[], ${reviews.map(({ pair }) => pair[1])}::bigint[], ${met}::jsonb[]) as r(a, b, met)
    on conflict (corp_id, contact_id, other_id) do nothing`.execute(tx)
}
