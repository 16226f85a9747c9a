import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { identifyContacts } from '../../contacts/identify.ts'
import { markChanged } from '../../facts/changes.ts'
import type { IncomingEntry, IncomingMember } from './schema.ts'

export interface PutMembers {
  created: number
  updated: number
  unchanged: number
}

/**
 * Takes members as their corp sees them: of each the newest version by its own clock holds, an entry counts once by its
 * number, and the balance is what was last stated and what came and went after it. However it is split, repeated and
 * shuffled the books are the same. A constant number of statements for n members.
 */
export async function putMembers(
  tx: Tx,
  corpId: string,
  vault: Vault,
  members: readonly IncomingMember[],
  now: Date,
): Promise<PutMembers> {
  if (members.length === 0) return { created: 0, updated: 0, unchanged: 0 }
  const contactIds = await identifyContacts(tx, corpId, vault, members, now)
  const numbers = [...new Set(members.map(({ memberNo }) => memberNo))].sort()
  const made = await claimAccounts(tx, corpId, numbers, members)
  const changed = new Set([
    ...(await stateNewest(tx, corpId, members)),
    ...(await addEntries(tx, corpId, members)),
    ...made,
  ])
  await balance(tx, corpId, [...changed])
  const touched = members.flatMap(({ memberNo }, i) => (changed.has(memberNo) ? [contactIds[i]!] : []))
  await markChanged(tx, corpId, touched, ['member'])
  return { created: made.size, updated: changed.size - made.size, unchanged: numbers.length - changed.size }
}

/** Makes those nobody has; locks them all in their order, so that two writers of one meet here. */
async function claimAccounts(
  tx: Tx,
  corpId: string,
  numbers: string[],
  members: readonly IncomingMember[],
): Promise<Set<string>> {
  const oldest = new Map<string, Date>()
  for (const { memberNo, updatedAt } of members) {
    const before = oldest.get(memberNo)
    if (!before || updatedAt < before) oldest.set(memberNo, updatedAt)
  }
  // Made as older than anything said of them, so that the first word about each is news.
  const { rows } = await sql<{ memberNo: string }>`
    insert into member_account (corp_id, member_no, updated_at)
    select ${corpId}::bigint, m.no, m.at - interval '1 microsecond' from unnest(${numbers}::text[], ${numbers.map((no) => oldest.get(no)!.toISOString())}::timestamptz[]) as m(no, at)
    on conflict (corp_id, member_no) do nothing returning member_no`.execute(tx)
  await sql`select from member_account where corp_id = ${corpId}::bigint and member_no = any(${numbers}::text[]) order by member_no for update`.execute(
    tx,
  )
  return new Set(rows.map(({ memberNo }) => memberNo))
}

/** The newest word of a batch about each, and of two of one instant the first. */
function newestOf(members: readonly IncomingMember[], counts: (one: IncomingMember) => boolean): IncomingMember[] {
  const newest = new Map<string, IncomingMember>()
  for (const one of members) {
    const before = newest.get(one.memberNo)
    if (counts(one) && (!before || before.updatedAt < one.updatedAt)) newest.set(one.memberNo, one)
  }
  return [...newest.values()]
}

async function stateNewest(tx: Tx, corpId: string, members: readonly IncomingMember[]): Promise<string[]> {
  const said = newestOf(members, () => true)
  const { rows: told } = await sql<{ memberNo: string }>`
    update member_account a set level = m.level, updated_at = m.at
    from unnest(${said.map((m) => m.memberNo)}::text[], ${said.map((m) => m.level)}::text[], ${said.map((m) => m.updatedAt.toISOString())}::timestamptz[]) as m(no, level, at)
    where a.corp_id = ${corpId}::bigint and a.member_no = m.no and m.at > a.updated_at returning a.member_no`.execute(
    tx,
  )
  const counted = newestOf(members, ({ points }) => points !== null)
  const { rows: stated } = await sql<{ memberNo: string }>`
    update member_account a set stated = m.points, stated_at = m.at
    from unnest(${counted.map((m) => m.memberNo)}::text[], ${counted.map((m) => m.points)}::bigint[], ${counted.map((m) => m.updatedAt.toISOString())}::timestamptz[]) as m(no, points, at)
    where a.corp_id = ${corpId}::bigint and a.member_no = m.no and (a.stated_at is null or m.at > a.stated_at) returning a.member_no`.execute(
    tx,
  )
  return [...told, ...stated, ...(await stateJoined(tx, corpId, members))].map(({ memberNo }) => memberNo)
}

/** Nobody joins twice: the earliest day anybody has said. */
async function stateJoined(tx: Tx, corpId: string, members: readonly IncomingMember[]) {
  const said = members.filter(({ joinedAt }) => joinedAt !== null)
  const { rows } = await sql<{ memberNo: string }>`
    update member_account a set joined_at = m.at
    from (select no, min(at) as at from unnest(${said.map((m) => m.memberNo)}::text[], ${said.map((m) => m.joinedAt!.toISOString())}::timestamptz[]) as m(no, at) group by no) m
    where a.corp_id = ${corpId}::bigint and a.member_no = m.no and (a.joined_at is null or m.at < a.joined_at) returning a.member_no`.execute(
    tx,
  )
  return rows
}

async function addEntries(tx: Tx, corpId: string, members: readonly IncomingMember[]): Promise<string[]> {
  const entries = new Map<string, IncomingEntry & { memberNo: string }>()
  for (const { memberNo, entries: given = [] } of members)
    for (const entry of given) {
      const key = `${memberNo} ${entry.entryNo}`
      if (!entries.has(key)) entries.set(key, { ...entry, memberNo })
    }
  if (entries.size === 0) return []
  const all = [...entries.values()]
  const { rows } = await sql<{ memberNo: string }>`
    insert into point_entry (corp_id, member_no, entry_no, kind, points, note, at)
    select ${corpId}::bigint, e.* from unnest(${all.map((e) => e.memberNo)}::text[], ${all.map((e) => e.entryNo)}::text[], ${all.map((e) => e.kind)}::text[], ${all.map((e) => e.points)}::bigint[],
      ${all.map((e) => e.note)}::text[], ${all.map((e) => e.at.toISOString())}::timestamptz[]) as e
    on conflict do nothing returning member_no`.execute(tx)
  return rows.map(({ memberNo }) => memberNo)
}

async function balance(tx: Tx, corpId: string, numbers: string[]): Promise<void> {
  await sql`
    update member_account a set points = a.stated + coalesce((select sum(e.points) from point_entry e
      where e.corp_id = ${corpId}::bigint and e.member_no = a.member_no and (a.stated_at is null or e.at > a.stated_at)), 0)
    where a.corp_id = ${corpId}::bigint and a.member_no = any(${numbers}::text[])`.execute(tx)
}
