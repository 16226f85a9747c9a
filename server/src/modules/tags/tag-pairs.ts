import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { refreshContacts } from '../contacts/service.ts'
import { appendEvents } from '../events/journal.ts'
import type { EventSource } from '../events/schema.ts'
import { pairsLane, pushPairs } from './push-pairs.ts'
import { insertRefusals } from './refusals.ts'
import type { TagSource } from './schema.ts'

/** A tag on a pair of staff member and customer. */
export interface PairTag {
  contactId: string
  staffId: string
  tagId: string
}

/** Why: `by` a person’s name, `channelCodeId` …; kept with the tag and shown beside it. */
export type TagReason = { by?: string } & Record<string, string>

/** A tag that really came or went. */
export interface Touched extends PairTag {
  name: string
}

/** A tag taken off, with what stood there. */
export interface Taken extends Touched {
  was: { source: TagSource; reason: Record<string, unknown>; addedAt: string }
}

interface Why {
  source: Exclude<TagSource, 'wecom'>
  /** One for all, or one for each. */
  reason: TagReason | ((item: PairTag) => TagReason)
  now: Date
}

const reasonOf = ({ reason }: Why, item: PairTag): TagReason => (typeof reason === 'function' ? reason(item) : reason)

/** Rows of one statement. */
const CHUNK = 5_000
const EVENT_SOURCE: Record<Exclude<TagSource, 'wecom'>, EventSource> = {
  staff: 'console',
  rule: 'system',
  self: 'system',
}

/**
 * Puts tags on pairs that are friends; returns how many were new. A tag already there keeps its first provenance, unless a
 * rule that would take it off again put it and now a person does. Unknown pairs and tags, and another corp’s, are passed
 * over. WeCom gets them by job, after the commit.
 */
export async function addTags(tx: Tx, corpId: string, items: PairTag[], why: Why): Promise<number> {
  const put = await putTags(tx, corpId, items, why)
  if (put.length > 0) await enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId) })
  return put.length
}

/** Takes tags off; remembered until WeCom has heard of it, so that no re-read brings them back. Returns how many there were. */
export async function removeTags(tx: Tx, corpId: string, items: PairTag[], why: Why): Promise<number> {
  const taken = await takeTags(tx, corpId, items, why)
  if (taken.length > 0) await enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId) })
  return taken.length
}

/** As `addTags`, naming what was new; the caller sees to it that WeCom gets it. */
export async function putTags(tx: Tx, corpId: string, items: PairTag[], why: Why): Promise<Touched[]> {
  const { source, now } = why
  const put: Touched[] = []
  for (let from = 0; from < items.length; from += CHUNK) {
    const given = items.slice(from, from + CHUNK)
    const { rows } = await sql<Touched>`
      with given as (
        select distinct on (contact_id, staff_id, tag_id) contact_id, staff_id, tag_id, reason from unnest(${given.map((i) => i.contactId)}::bigint[], ${given.map((i) => i.staffId)}::bigint[],
          ${given.map((i) => i.tagId)}::bigint[], ${given.map((i) => JSON.stringify(reasonOf(why, i)))}::jsonb[]) as i(contact_id, staff_id, tag_id, reason)),
      back as (delete from follow_tag_removal r using given g where r.corp_id = ${corpId} and r.contact_id = g.contact_id and r.staff_id = g.staff_id and r.tag_id = g.tag_id),
      claimed as (${source === 'rule' ? sql`select` : claimFromRules(corpId, source, now)}),
      put as (
        insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, reason, added_at, pushed_at)
        select ${corpId}::bigint, g.contact_id, g.staff_id, g.tag_id, ${source}, g.reason, ${now}::timestamptz, null
        from given g
        join follow f on f.corp_id = ${corpId} and f.contact_id = g.contact_id and f.staff_id = g.staff_id and f.lost_at is null
        join tag t on t.corp_id = ${corpId} and t.tag_id = g.tag_id and t.deleted_at is null
        order by g.contact_id, g.staff_id, g.tag_id
        on conflict (corp_id, contact_id, staff_id, tag_id) do nothing returning contact_id, staff_id, tag_id)
      select put.contact_id, put.staff_id, put.tag_id, t.name from put join tag t on t.corp_id = ${corpId} and t.tag_id = put.tag_id`.execute(
      tx,
    )
    await journal(tx, corpId, 'tag.added', rows, why)
    await refreshContacts(
      tx,
      corpId,
      rows.map((row) => row.contactId),
      now,
    )
    put.push(...rows)
  }
  return put
}

/** What a rule had put and a person puts too is the person's from then on: no rule takes it off. */
const claimFromRules = (corpId: string, source: string, now: Date) => sql`
  update follow_tag ft set source = ${source}, reason = g.reason || ft.reason - array['ruleId', 'segmentId', 'version', 'inBy'], added_at = ${now}::timestamptz from given g
  where ft.corp_id = ${corpId} and ft.contact_id = g.contact_id and ft.staff_id = g.staff_id and ft.tag_id = g.tag_id and ft.source = 'rule' and ft.reason ? 'ruleId'`

/** As `removeTags`, naming what there was; the caller sees to it that WeCom hears of it. */
export async function takeTags(tx: Tx, corpId: string, items: PairTag[], why: Why): Promise<Taken[]> {
  const { source, now } = why
  const taken: Taken[] = []
  for (let from = 0; from < items.length; from += CHUNK) {
    const given = items.slice(from, from + CHUNK)
    const { rows } = await sql<Taken>`
      with given as (
        select distinct contact_id, staff_id, tag_id from unnest(${given.map((i) => i.contactId)}::bigint[], ${given.map((i) => i.staffId)}::bigint[], ${given.map((i) => i.tagId)}::bigint[]) as i(contact_id, staff_id, tag_id)),
      off as (
        delete from follow_tag ft using given g
        where ft.corp_id = ${corpId} and ft.contact_id = g.contact_id and ft.staff_id = g.staff_id and ft.tag_id = g.tag_id
        returning ft.contact_id, ft.staff_id, ft.tag_id, jsonb_build_object('source', ft.source, 'reason', ft.reason, 'addedAt', ft.added_at) as was),
      refused as (${source === 'rule' ? sql`select` : insertRefusals(corpId, sql`off`, now)}),
      named as (select off.*, t.name, t.wecom_tag_id from off join tag t on t.corp_id = ${corpId} and t.tag_id = off.tag_id),
      remembered as (
        insert into follow_tag_removal (corp_id, contact_id, staff_id, tag_id, removed_at, pushed_at)
        select ${corpId}::bigint, contact_id, staff_id, tag_id, ${now}::timestamptz, null from named where wecom_tag_id is not null
        on conflict (corp_id, contact_id, staff_id, tag_id) do update set removed_at = excluded.removed_at, pushed_at = null)
      select contact_id, staff_id, tag_id, name, was from named`.execute(tx)
    await journal(tx, corpId, 'tag.removed', rows, why)
    await refreshContacts(
      tx,
      corpId,
      rows.map((row) => row.contactId),
      now,
    )
    taken.push(...rows)
  }
  return taken
}

/** Rows that really came or went make one fact each; the instant is part of it, for a tag may come and go again. */
async function journal(
  tx: Tx,
  corpId: string,
  kind: 'tag.added' | 'tag.removed',
  rows: Touched[],
  why: Why,
): Promise<void> {
  const { source, now } = why
  await appendEvents(
    tx,
    corpId,
    rows
      .map((row) => ({ ...row, reason: reasonOf(why, row) }))
      .map(({ contactId, staffId, tagId, name, reason }) => ({
        contactId,
        staffId,
        at: now,
        kind,
        source: EVENT_SOURCE[source],
        props: { ...reason, tagId, name, source },
        key: `${kind} ${contactId} ${staffId} ${tagId} ${now.toISOString()}`,
      })),
    now,
  )
}
