import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import { refreshContacts } from '../contacts/service.ts'
import type { WorkContext } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import { EventSource } from '../events/schema.ts'
import { insertRefusals } from './refusals.ts'
import { syncTagLibrary } from './sync-library.ts'

/** What WeCom says one pair carries. */
export interface WecomPair {
  contactId: string
  staffId: string
  tagWecomIds: string[]
  /** Seen for the first time by a sync: its tags are no news, so they are not journaled. */
  isNew?: boolean
}

export interface ReplaceOptions {
  now: Date
  source: EventSource
  /** When WeCom was asked; `now` by default. What was pushed after that stays: the answer may not know of it. */
  askedAt?: Date
  /** Only add: for tags learnt late. */
  onlyAdd?: boolean
}

interface Outcome {
  what: 'added' | 'removed' | 'unknown'
  contactId: string
  staffId: string
  tagId: string | null
  name: string
}

/** Tags of a rule group (规则组) are not in the corp’s library: developer.work.weixin.qq.com/document/path/94882, 2026-11. */
const STRATEGY_TAG = /^st/
const LEARNT_AT_ONCE = 300

/**
 * Makes the tags of pairs what WeCom says they are: those missing there go (unless WeCom has not heard of them yet), new
 * ones come with the source `wecom`; removals WeCom has not heard of stay removed. One statement for all pairs; when
 * nothing changed, no row does. Tags nobody here knows are kept aside until the library has been read again. Returns
 * whose tags changed, for the caller to refresh.
 */
export async function replaceWecomTags(
  tx: Tx,
  corpId: string,
  pairs: WecomPair[],
  options: ReplaceOptions,
): Promise<{ added: number; removed: number; contactIds: string[] }> {
  if (pairs.length === 0) return { added: 0, removed: 0, contactIds: [] }
  const { now, source, askedAt = now, onlyAdd = false } = options
  const said = pairs.flatMap((pair) => pair.tagWecomIds.map((wecomId) => ({ ...pair, wecomId })))
  const { rows } = await sql<Outcome>`
    with pair as (select contact_id, staff_id, is_new from unnest(${pairs.map((p) => p.contactId)}::bigint[], ${pairs.map((p) => p.staffId)}::bigint[], ${pairs.map((p) => p.isNew ?? false)}::bool[]) as p(contact_id, staff_id, is_new)),
    said as (select distinct contact_id, staff_id, wecom_id
      from unnest(${said.map((s) => s.contactId)}::bigint[], ${said.map((s) => s.staffId)}::bigint[], ${said.map((s) => s.wecomId)}::text[]) as s(contact_id, staff_id, wecom_id)),
    wanted as (select s.contact_id, s.staff_id, t.tag_id, t.name from said s
      join tag t on t.corp_id = ${corpId} and t.wecom_tag_id = s.wecom_id and t.deleted_at is null),
    forgotten as (delete from follow_tag_removal r using pair p
      where r.corp_id = ${corpId} and r.contact_id = p.contact_id and r.staff_id = p.staff_id and r.pushed_at <= ${askedAt}::timestamptz),
    gone as (delete from follow_tag ft using pair p
      where ${!onlyAdd} and ft.corp_id = ${corpId} and ft.contact_id = p.contact_id and ft.staff_id = p.staff_id and ft.pushed_at <= ${askedAt}::timestamptz
        and not exists (select from wanted w where w.contact_id = ft.contact_id and w.staff_id = ft.staff_id and w.tag_id = ft.tag_id)
      returning ft.contact_id, ft.staff_id, ft.tag_id, p.is_new),
    refused as (${insertRefusals(corpId, sql`(select contact_id, tag_id from gone where not is_new)`, now)}), -- a friendship that begins again has no tags: nobody took them off
    remembered as (insert into follow_tag_removal (corp_id, contact_id, staff_id, tag_id, removed_at, pushed_at) -- an older answer, read later, must not bring it back
      select ${corpId}::bigint, contact_id, staff_id, tag_id, ${now}::timestamptz, ${askedAt}::timestamptz from gone on conflict do nothing),
    put as (insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, reason, added_at, pushed_at)
      select ${corpId}::bigint, w.contact_id, w.staff_id, w.tag_id, 'wecom', '{}'::jsonb, ${now}::timestamptz, ${askedAt}::timestamptz from wanted w
      join follow f on f.corp_id = ${corpId} and f.contact_id = w.contact_id and f.staff_id = w.staff_id
      where not exists (select from follow_tag_removal r where r.corp_id = ${corpId} and r.contact_id = w.contact_id and r.staff_id = w.staff_id and r.tag_id = w.tag_id
        and (r.pushed_at is null or r.pushed_at > ${askedAt}::timestamptz))
      order by w.contact_id, w.staff_id, w.tag_id
      on conflict (corp_id, contact_id, staff_id, tag_id) do update set pushed_at = excluded.pushed_at where follow_tag.pushed_at is null
      returning contact_id, staff_id, tag_id)
    select 'added' as what, put.contact_id, put.staff_id, put.tag_id, t.name from put join tag t on t.corp_id = ${corpId} and t.tag_id = put.tag_id
      where not exists (select from follow_tag was where was.corp_id = ${corpId} and was.contact_id = put.contact_id and was.staff_id = put.staff_id and was.tag_id = put.tag_id)
    union all
    select 'removed', gone.contact_id, gone.staff_id, gone.tag_id, t.name from gone join tag t on t.corp_id = ${corpId} and t.tag_id = gone.tag_id
    union all
    select 'unknown', s.contact_id, s.staff_id, null, s.wecom_id from said s
      where not exists (select from tag t where t.corp_id = ${corpId} and t.wecom_tag_id = s.wecom_id and (t.deleted_at is null or t.edited_at is not null))`.execute(
    tx,
  )

  const quiet = new Set(pairs.filter((p) => p.isNew).map((p) => `${p.contactId} ${p.staffId}`))
  const news = rows.filter((row) => row.what !== 'unknown' && !quiet.has(`${row.contactId} ${row.staffId}`))
  await appendEvents(
    tx,
    corpId,
    news.map(({ what, contactId, staffId, tagId, name }) => ({
      contactId,
      staffId,
      at: now,
      kind: `tag.${what as 'added' | 'removed'}` as const,
      source,
      props: { tagId, name, source: 'wecom' },
      key: `tag.${what} ${contactId} ${staffId} ${tagId} ${now.toISOString()}`,
    })),
    now,
  )
  if (!onlyAdd)
    await rememberUnknown(
      tx,
      corpId,
      rows.filter((row) => row.what === 'unknown' && !STRATEGY_TAG.test(row.name)),
      { source, askedAt, quiet },
    )
  return {
    added: rows.filter((r) => r.what === 'added').length,
    removed: rows.filter((r) => r.what === 'removed').length,
    contactIds: rows.flatMap((r) => (r.what === 'unknown' ? [] : [r.contactId])),
  }
}

async function rememberUnknown(
  tx: Tx,
  corpId: string,
  unknown: Outcome[],
  told: { source: EventSource; askedAt: Date; quiet: Set<string> },
): Promise<void> {
  const pairs = [...Map.groupBy(unknown, (row) => `${row.contactId} ${row.staffId}`)].map(([key, rows]) => ({
    contactId: rows[0]!.contactId,
    staffId: rows[0]!.staffId,
    tagWecomIds: rows.map((row) => row.name),
    isNew: told.quiet.has(key),
  }))
  for (let from = 0; from < pairs.length; from += LEARNT_AT_ONCE) {
    await enqueue(tx, learnTags, {
      corpId,
      source: told.source,
      askedAt: told.askedAt.toISOString(),
      pairs: pairs.slice(from, from + LEARNT_AT_ONCE),
    })
  }
}

const Learnt = z.object({
  corpId: Id,
  source: EventSource,
  askedAt: z.iso.datetime(),
  pairs: z
    .array(z.object({ contactId: Id, staffId: Id, tagWecomIds: z.array(z.string()), isNew: z.boolean() }))
    .max(LEARNT_AT_ONCE),
})

/** Reads the library for tags WeCom used before we knew them, then puts them where they belong. Still unknown ones are gone already. */
export const learnTags = defineJob<WorkContext, z.infer<typeof Learnt>>({
  name: 'tags.learn',
  payload: Learnt,
  async run(context, { corpId, source, askedAt, pairs }) {
    const ids = [...new Set(pairs.flatMap((pair) => pair.tagWecomIds))]
    const known = await inCorp(context.db, corpId, (tx) =>
      tx
        .selectFrom('tag')
        .select('wecomTagId')
        .where('corpId', '=', corpId)
        .where('deletedAt', 'is', null)
        .where('wecomTagId', 'in', ids)
        .execute(),
    )
    if (known.length < ids.length) await syncTagLibrary(context, corpId)
    const now = context.clock.now()
    await inCorp(context.db, corpId, async (tx) => {
      const told = { now, source, askedAt: new Date(askedAt), onlyAdd: true }
      const { contactIds } = await replaceWecomTags(tx, corpId, pairs, told)
      await refreshContacts(tx, corpId, contactIds, now)
    })
  },
})
