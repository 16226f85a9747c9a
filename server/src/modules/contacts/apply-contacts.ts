import type { ContactOfUser } from '@siyu/wecom/types'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import { type AppendedEvent, appendEvents, type NewEvent } from '../events/journal.ts'
import type { EventSource } from '../events/schema.ts'
import { ensureStaff } from '../staff/service.ts'
import { type Identifier, identifyContacts } from './identify.ts'
import type { LearntLoss } from './lose-follows.ts'
import { maskPhone } from './mobiles.ts'
import { refreshContacts } from './service.ts'

/** One follow as WeCom tells it, with the customer it leads to. */
export interface FollowTold {
  contact: ContactOfUser['external_contact']
  follow: Omit<ContactOfUser['follow_info'], 'tag_id'>
  tagWecomIds: string[]
}

/** What higher rooms do with what was just learnt, in the same transaction. Wired in `worker.ts`. */
export interface ContactHooks {
  /** Tags of pairs are WeCom's word about them; the tags room makes them its set. Returns whose tags changed. */
  afterFollows(
    tx: Tx,
    corpId: string,
    pairs: { contactId: string; staffId: string; tagWecomIds: string[]; isNew: boolean }[],
    told: Told,
  ): Promise<string[]>
  /** Facts that were really new. */
  afterEvents(tx: Tx, corpId: string, appended: AppendedEvent[], now: Date): Promise<void>
  /** Who ended a friendship was learnt after its loss had been written down. */
  afterLearnt(tx: Tx, corpId: string, learnt: LearntLoss[]): Promise<void>
}

export interface Told {
  source: EventSource
  now: Date
  /** When WeCom was asked. What we learnt from a later question stays. */
  askedAt: Date
}

interface Written {
  contactId: string
  staffId: string
  isNew: boolean
  addedBefore: Date | null
  wasLost: boolean
  remarkBefore: string | null
  descriptionBefore: string | null
}

/**
 * Makes contacts and follows what WeCom says they are, for callbacks and syncs alike: one set of statements however many
 * rows. An answer older than what stands changes nothing. Returns the pairs told and how many follows changed; a repeat
 * changes none.
 */
export async function applyContacts(
  tx: Tx,
  corpId: string,
  vault: Vault,
  rows: FollowTold[],
  told: Told,
  hooks: ContactHooks,
): Promise<{ pairs: { contactId: string; staffId: string }[]; changed: number }> {
  if (rows.length === 0) return { pairs: [], changed: 0 }
  const staffIds = await ensureStaff(
    tx,
    corpId,
    rows.map((r) => r.follow.userid),
    told.now,
  )
  const contactIds = await identifyContacts(tx, corpId, vault, rows.map(identifiersOf), told.now)
  const pairs = rows.map((row, index) => ({
    ...row,
    contactId: contactIds[index]!,
    staffId: staffIds.get(row.follow.userid.toLowerCase())!,
  }))
  // Follows first, then their tags, then contacts, each in the order of their ids, here and wherever they are written:
  // writers must not deadlock.
  const written = await saveFollows(tx, corpId, vault, pairs, told)
  const isWritten = new Set(written.map((w) => `${w.contactId} ${w.staffId}`))
  const toCount = [...new Set(written.map((w) => w.contactId))]
  const isNew = new Set(written.filter((w) => w.isNew).map((w) => `${w.contactId} ${w.staffId}`))
  const retagged = await hooks.afterFollows(
    tx,
    corpId,
    pairs.map((p) => ({
      contactId: p.contactId,
      staffId: p.staffId,
      tagWecomIds: p.tagWecomIds,
      isNew: isNew.has(`${p.contactId} ${p.staffId}`),
    })),
    told,
  )
  const renamed = await saveContacts(tx, corpId, pairs, { toCount, isWritten }, told)
  await refreshContacts(tx, corpId, [...toCount, ...renamed, ...retagged], told.now)
  const appended = await appendEvents(tx, corpId, factsOf(pairs, written, told), told.now)
  await hooks.afterEvents(tx, corpId, appended, told.now)
  return { pairs, changed: written.length }
}

/** WeCom's own word of who somebody is. Whoever was known by his unionid alone turns out to be this customer. */
function identifiersOf({ contact }: FollowTold): { identifiers: Identifier[] } {
  const known: Identifier = { kind: 'external_userid', value: contact.external_userid, trust: 2 }
  return { identifiers: contact.unionid ? [known, { kind: 'unionid', value: contact.unionid, trust: 2 }] : [known] }
}

/** Returns whose name, or anything else WeCom says of the person, changed. */
async function saveContacts(
  tx: Tx,
  corpId: string,
  pairs: Pair[],
  { toCount, isWritten }: { toCount: string[]; isWritten: ReadonlySet<string> },
  { now, askedAt }: Told,
): Promise<string[]> {
  const given = [...new Map(pairs.map((p) => [p.contactId, p.contact]))].sort(([a], [b]) =>
    BigInt(a) < BigInt(b) ? -1 : 1,
  )
  const told = sql`unnest(${given.map(([id]) => id)}::bigint[], ${given.map(([, c]) => clean(c.name))}::text[], ${given.map(([, c]) => c.avatar || null)}::text[], ${given.map(([, c]) => c.gender ?? 0)}::smallint[],
      ${given.map(([, c]) => c.type)}::smallint[], ${given.map(([, c]) => c.corp_name || null)}::text[], ${given.map(([, c]) => c.position || null)}::text[])
      as g(contact_id, name, avatar, gender, kind, corp_name, position)`
  const differs = sql`(c.name, c.avatar, c.gender, c.kind, c.corp_name, c.position) is distinct from (g.name, g.avatar, g.gender, g.kind, g.corp_name, g.position)`
  await sql`select from contact c join ${told} on g.contact_id = c.contact_id
    where c.corp_id = ${corpId}::bigint and (${differs} or c.contact_id = any(${toCount}::bigint[])) order by c.contact_id for no key update of c`.execute(
    tx,
  )
  const { rows: changed } = await sql<{ contactId: string }>`
    update contact c set name = g.name, avatar = g.avatar, gender = g.gender, kind = g.kind, corp_name = g.corp_name, position = g.position, updated_at = ${now}::timestamptz
    from ${told} where c.corp_id = ${corpId}::bigint and c.contact_id = g.contact_id and ${differs}
      and not exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.asked_at > ${askedAt}::timestamptz)
    returning c.contact_id`.execute(tx)
  // The follows told remember when WeCom was asked, for the person too. Those alone: others' may be held by who waits for us.
  const isChanged = new Set(changed.map((c) => c.contactId))
  const toldNow = pairs.filter((p) => isChanged.has(p.contactId) && !isWritten.has(`${p.contactId} ${p.staffId}`))
  if (toldNow.length > 0)
    await sql`update follow f set asked_at = ${askedAt}::timestamptz
      from unnest(${toldNow.map((p) => p.contactId)}::bigint[], ${toldNow.map((p) => p.staffId)}::bigint[]) as g(contact_id, staff_id)
      where f.corp_id = ${corpId}::bigint and f.contact_id = g.contact_id and f.staff_id = g.staff_id and f.lost_at is null and f.asked_at < ${askedAt}::timestamptz`.execute(
      tx,
    )
  return [...isChanged]
}

type Pair = FollowTold & { contactId: string; staffId: string }

async function saveFollows(
  tx: Tx,
  corpId: string,
  vault: Vault,
  pairs: Pair[],
  { now, askedAt }: Told,
): Promise<Written[]> {
  const given = [...new Map(pairs.map((p) => [`${p.contactId} ${p.staffId}`, p])).values()].sort((a, b) =>
    BigInt(a.contactId) < BigInt(b.contactId)
      ? -1
      : a.contactId === b.contactId && BigInt(a.staffId) < BigInt(b.staffId)
        ? -1
        : 1,
  )
  // Sealing differs each time; the mark tells two numbers apart that look alike once masked.
  const mobiles = given.map((p) => (p.follow.remark_mobiles ?? []).filter(Boolean))
  const { rows } = await sql<Written>`
    with given as (
      select * from unnest(${given.map((p) => p.contactId)}::bigint[], ${given.map((p) => p.staffId)}::bigint[], ${given.map((p) => clean(p.follow.remark ?? ''))}::text[], ${given.map((p) => clean(p.follow.description ?? ''))}::text[],
        ${given.map((_, i) => mobiles[i]!.map(maskPhone).join(' '))}::text[], ${given.map((p, i) => (mobiles[i]!.length > 0 ? vault.seal(JSON.stringify(mobiles[i]), followPlace(corpId, p)) : null))}::bytea[],
        ${mobiles.map((m) => (m.length > 0 ? vault.fingerprint(JSON.stringify(m)) : null))}::text[],
        ${given.map((p) => p.follow.add_way ?? 0)}::int[], ${given.map((p) => p.follow.state || null)}::text[], ${given.map((p) => p.follow.oper_userid || null)}::text[], ${given.map((p) => new Date(p.follow.createtime * 1000).toISOString())}::timestamptz[])
        as g(contact_id, staff_id, remark, description, masked, sealed, mark, add_way, state, oper_userid, added_at)
    ), before as (
      select f.contact_id, f.staff_id, f.added_at, f.lost_at, f.remark, f.description from follow f join given g using (contact_id, staff_id) where f.corp_id = ${corpId}::bigint
    ), written as (
      insert into follow as f (corp_id, contact_id, staff_id, remark, description, mobiles_sealed, mobiles_masked, mobiles_mark, add_way, state, oper_userid, added_at, asked_at, updated_at)
      select ${corpId}::bigint, contact_id, staff_id, remark, description, sealed, coalesce(string_to_array(nullif(masked, ''), ' '), '{}'), mark, add_way, state, oper_userid, added_at, ${askedAt}::timestamptz, ${now}::timestamptz
      from (select contact_id, staff_id, remark, description, sealed, coalesce(masked, '') as masked, mark, add_way, state, oper_userid, added_at from given) g
      on conflict (corp_id, contact_id, staff_id) do update set remark = excluded.remark, description = excluded.description, mobiles_sealed = excluded.mobiles_sealed, mobiles_masked = excluded.mobiles_masked, mobiles_mark = excluded.mobiles_mark,
        add_way = excluded.add_way, state = excluded.state, oper_userid = excluded.oper_userid, added_at = excluded.added_at, lost_at = null, lost_by = null, asked_at = excluded.asked_at, updated_at = excluded.updated_at
      where f.asked_at <= excluded.asked_at and (f.remark, f.description, f.mobiles_mark, f.add_way, f.state, f.oper_userid, f.added_at, f.lost_at)
        is distinct from (excluded.remark, excluded.description, excluded.mobiles_mark, excluded.add_way, excluded.state, excluded.oper_userid, excluded.added_at, null::timestamptz)
      returning f.contact_id, f.staff_id
    )
    select w.contact_id, w.staff_id, b.added_at is null or b.added_at <> g.added_at or b.lost_at is not null as is_new, b.added_at as added_before, b.lost_at is not null as was_lost,
      b.remark as remark_before, b.description as description_before
    from written w join given g using (contact_id, staff_id) left join before b using (contact_id, staff_id)`.execute(
    tx,
  )
  return rows
}

/** The facts in what was written: a friendship that is new or began again, and notes that changed. */
function factsOf(pairs: Pair[], written: Written[], { source, askedAt }: Told): NewEvent[] {
  const by = new Map(pairs.map((p) => [`${p.contactId} ${p.staffId}`, p]))
  return written.flatMap((w): NewEvent[] => {
    const { contact, follow } = by.get(`${w.contactId} ${w.staffId}`)!
    const at = new Date(follow.createtime * 1000)
    const shared = { contactId: w.contactId, staffId: w.staffId, source }
    const pair = `${contact.external_userid} ${follow.userid.toLowerCase()}`
    const facts: NewEvent[] = []
    if (w.addedBefore === null || w.addedBefore.getTime() !== at.getTime()) {
      facts.push({
        ...shared,
        kind: 'contact.added',
        at,
        key: `added ${pair} ${follow.createtime}`,
        props: { addWay: follow.add_way ?? 0, ...(follow.state ? { state: follow.state } : {}) },
      })
    } else if (!w.wasLost) {
      const change = {
        ...differs('remark', w.remarkBefore, clean(follow.remark ?? '')),
        ...differs('description', w.descriptionBefore, clean(follow.description ?? '')),
      }
      if (Object.keys(change).length > 0)
        facts.push({
          ...shared,
          kind: 'contact.edited',
          at: askedAt,
          key: `edited ${pair} ${askedAt.getTime()} ${JSON.stringify(change)}`,
          props: change,
        })
    }
    return facts
  })
}

const differs = (name: string, from: string | null, to: string) =>
  from !== null && from !== to ? { [name]: { from, to } } : {}

export const followPlace = (corpId: string, pair: { contactId: string; staffId: string }) =>
  `follow.${corpId}.${pair.contactId}.${pair.staffId}.mobiles`

/** 138****0000; shorter numbers keep only their last two digits. */
/** PostgreSQL's text holds no NUL, and a lone surrogate is no UTF-8. */
const clean = (text: string) => text.replaceAll('\u0000', '').toWellFormed()
