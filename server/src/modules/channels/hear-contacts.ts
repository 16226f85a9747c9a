import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { AppendedEvent } from '../events/journal.ts'
import { addTags } from '../tags/tag-pairs.ts'
import { putRemark } from './put-remark.ts'
import { readAddsToday } from './roster/read-turns.ts'
import { capOf } from './roster/roster-at.ts'
import type { Roster } from './roster/schema.ts'
import { turnSoon } from './roster/turn.ts'

type Fact = Pick<AppendedEvent, 'contactId' | 'staffId' | 'kind' | 'at' | 'props'>

/** An add that reaches us later than this is history being read in, not a customer who just scanned. */
const FRESH_MS = 48 * 3_600_000

/**
 * What channels do about new facts of contacts. To be called in the transaction of the journal append, with the events
 * that were really new: a repeated callback appends nothing, so it counts nothing and tags nobody.
 */
export async function hearContactEvents(tx: Tx, corpId: string, appended: Fact[], now: Date): Promise<void> {
  const facts = appended.filter(
    (fact) => fact.staffId && (fact.kind === 'contact.added' || fact.kind === 'contact.lost'),
  )
  if (facts.length === 0) return
  await countChannelEvents(tx, corpId, facts)
  await heedCaps(tx, corpId, facts, now)
  await applyChannelCodes(
    tx,
    corpId,
    facts.flatMap((fact) => {
      const state = stateOf(fact)
      const fresh = fact.kind === 'contact.added' && now.getTime() - fact.at.getTime() < FRESH_MS
      return fresh && state ? [{ contactId: fact.contactId, staffId: fact.staffId!, state }] : []
    }),
    now,
  )
}

/** Adds and losses by Shanghai day and staff member. A loss belongs to the code its friendship came by. */
export async function countChannelEvents(tx: Tx, corpId: string, facts: Fact[]): Promise<void> {
  if (facts.length === 0) return
  await sql`
    insert into channel_daily (corp_id, channel_code_id, on_day, staff_id, scans, adds, losses)
    select ${corpId}::bigint, c.channel_code_id, (e.at at time zone 'Asia/Shanghai')::date, e.staff_id, 0,
      count(*) filter (where e.kind = 'contact.added'), count(*) filter (where e.kind = 'contact.lost')
    from unnest(${facts.map((f) => f.kind)}::text[], ${facts.map((f) => f.contactId)}::bigint[], ${facts.map((f) => f.staffId ?? null)}::bigint[],
      ${facts.map((f) => f.at.toISOString())}::timestamptz[], ${facts.map(stateOf)}::text[]) as e(kind, contact_id, staff_id, at, state)
    left join follow f on f.corp_id = ${corpId} and f.contact_id = e.contact_id and f.staff_id = e.staff_id
    join channel_code c on c.corp_id = ${corpId} and c.state = coalesce(e.state, case when e.kind = 'contact.lost' then f.state end)
    group by c.channel_code_id, (e.at at time zone 'Asia/Shanghai')::date, e.staff_id
    order by c.channel_code_id, (e.at at time zone 'Asia/Shanghai')::date, e.staff_id
    on conflict (corp_id, channel_code_id, on_day, staff_id) do update set adds = channel_daily.adds + excluded.adds, losses = channel_daily.losses + excluded.losses`.execute(
    tx,
  )
}

/** A cap reached by these adds is a turn of the roster. */
async function heedCaps(tx: Tx, corpId: string, facts: Fact[], now: Date): Promise<void> {
  const adds = facts.filter((fact) => fact.kind === 'contact.added' && stateOf(fact))
  if (adds.length === 0) return
  const { rows: codes } = await sql<{ ownerId: string; roster: Roster }>`
    select distinct o.channel_code_id as owner_id, o.roster from channel_code c
    join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where c.corp_id = ${corpId}::bigint and c.state = any(${adds.map(stateOf)}::text[]) and o.roster is not null`.execute(
    tx,
  )
  const capped = codes.filter(({ roster }) => roster.dailyCap !== null || roster.caps.length > 0)
  if (capped.length === 0) return
  const today = await readAddsToday(
    tx,
    corpId,
    capped.map((code) => code.ownerId),
    now,
  )
  const added = new Set(adds.map((fact) => fact.staffId!))
  const full = capped.filter(({ ownerId, roster }) =>
    [...(today.get(ownerId) ?? [])].some(([staffId, n]) => added.has(staffId) && n >= capOf(roster, staffId)),
  )
  await turnSoon(
    tx,
    corpId,
    full.map((code) => code.ownerId),
    now,
  )
}

/** Puts the code’s tags on new friends, and its remark by job. Other codes’ states and foreign ones are passed over. */
export async function applyChannelCodes(
  tx: Tx,
  corpId: string,
  friends: { contactId: string; staffId: string; state: string }[],
  now: Date,
): Promise<void> {
  if (friends.length === 0) return
  const { rows: codes } = await sql<{
    channelCodeId: string
    name: string
    state: string
    remark: string
    tagIds: string[]
  }>`
    select o.channel_code_id, o.name, c.state, o.remark, array(select ct.tag_id from channel_code_tag ct where ct.corp_id = ${corpId} and ct.channel_code_id = o.channel_code_id) as tag_ids
    from channel_code c join channel_code o on o.corp_id = ${corpId} and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where c.corp_id = ${corpId} and c.state = any(${[...new Set(friends.map((f) => f.state))]}::text[])`.execute(tx)
  for (const { channelCodeId, name, state, remark, tagIds } of codes) {
    // a batch holds few codes, each with a reason of its own
    const came = friends.filter((friend) => friend.state === state)
    await addTags(
      tx,
      corpId,
      came.flatMap(({ contactId, staffId }) => tagIds.map((tagId) => ({ contactId, staffId, tagId }))),
      { source: 'rule', reason: { channelCodeId, channelCode: name }, now },
    )
    if (!remark) continue
    for (const { contactId, staffId } of came)
      await enqueue(tx, putRemark, { corpId, contactId, staffId, template: remark })
  }
}

const stateOf = ({ props }: Fact): string | null =>
  typeof props.state === 'string' && props.state !== '' ? props.state : null
