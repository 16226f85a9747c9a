import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { type AppendedEvent, appendEvents } from '../events/journal.ts'
import { markChanged } from '../facts/changes.ts'
import type { Stay, Word } from './apply-groups.ts'

/** How somebody came, in the words of the journal. */
const WAYS = ['unknown', 'invited', 'link', 'code'] as const

interface Told {
  contactId: string
  groupChatId: string
  stayId: string
  name: string
  ownerId: string
  at: Date
}

/**
 * Writes into customers' journals that they sit in groups: of these groups, or of these persons, whoever is known and
 * whose coming was not told yet. So it does not matter whether the group or the customer was read first.
 */
export async function tellJoined(
  tx: Tx,
  corpId: string,
  which: { groupChatIds: readonly string[] } | { contactIds: readonly string[] },
  { source, now }: Word,
): Promise<void> {
  const whose =
    'groupChatIds' in which
      ? sql`m.group_chat_id = any(${[...which.groupChatIds]}::bigint[])`
      : sql`i.contact_id = any(${[...which.contactIds]}::bigint[])`
  const { rows } = await sql<Told & { scene: number; state: string | null; invitor: string | null }>`
    update group_member t set told = true from (
      select m.group_chat_id, m.stay_id, i.contact_id, g.name, g.owner_id, s.name as invitor
      from contact_identity i join group_member m on m.corp_id = ${corpId}::bigint and m.userid = i.value and m.left_at is null and m.staff_id is null and not m.told
      join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = m.group_chat_id
      left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = m.invitor_id
      where i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and ${whose}
    ) d where t.corp_id = ${corpId}::bigint and t.group_chat_id = d.group_chat_id and t.stay_id = d.stay_id
    returning d.contact_id, d.group_chat_id, d.stay_id, d.name, d.owner_id, d.invitor, t.joined_at as at, t.scene, t.state`.execute(
    tx,
  )
  await tell(
    tx,
    corpId,
    rows.map(({ scene, state, invitor, ...row }) => ({
      ...row,
      kind: 'group.joined' as const,
      source,
      props: { way: WAYS[scene] ?? 'unknown', ...(state ? { state } : {}), ...(invitor ? { by: invitor } : {}) },
    })),
    now,
  )
}

/** The same of stays that have ended. */
export async function tellLeft(tx: Tx, corpId: string, stays: readonly Stay[], { source, now }: Word): Promise<void> {
  if (stays.length === 0) return
  const { rows } = await sql<Told & { leftBy: string }>`
    select i.contact_id, m.group_chat_id, m.stay_id, g.name, g.owner_id, m.left_at as at, m.left_by
    from unnest(${stays.map((stay) => stay.groupChatId)}::bigint[], ${stays.map((stay) => stay.stayId)}::bigint[]) as e(group_chat_id, stay_id)
    join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = e.group_chat_id and m.stay_id = e.stay_id and m.staff_id is null
    join group_chat g on g.corp_id = ${corpId}::bigint and g.group_chat_id = m.group_chat_id
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid`.execute(
    tx,
  )
  await tell(
    tx,
    corpId,
    rows.map(({ leftBy, ...row }) => ({ ...row, kind: 'group.left' as const, source, props: { by: leftBy } })),
    now,
  )
}

type Telling = Told & { kind: 'group.joined' | 'group.left'; source: Word['source']; props: Record<string, string> }

async function tell(tx: Tx, corpId: string, tellings: readonly Telling[], now: Date): Promise<void> {
  if (tellings.length === 0) return
  const events = tellings.map(({ contactId, groupChatId, stayId, name, ownerId, at, kind, source, props }) => ({
    contactId,
    at,
    kind,
    source,
    staffId: ownerId,
    props: { groupChatId, name, ...props },
    key: `${kind} ${stayId}`,
  }))
  await appendEvents(tx, corpId, events, now)
  await markChanged(
    tx,
    corpId,
    tellings.map((one) => one.contactId),
    ['group'],
  )
}

/** Whoever has just become somebody's friend may have sat in groups before. */
export async function hearFriends(
  tx: Tx,
  corpId: string,
  appended: readonly AppendedEvent[],
  now: Date,
): Promise<void> {
  const added = appended.filter((event) => event.kind === 'contact.added')
  if (added.length === 0) return
  const contactIds = [...new Set(added.map((event) => event.contactId))]
  await tellJoined(tx, corpId, { contactIds }, { source: added[0]!.source, now })
}
