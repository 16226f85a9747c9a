import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { causeOf, reportFailure } from './report.ts'
import { libraryLane, syncLibrary } from './sync-library.ts'

/** Pairs of one round. The freshest go first, so that a staff member’s tap is not behind a rule’s million. */
const PAIRS_AT_ONCE = 100
const CALLS_AT_ONCE = 6
/** One job’s time: then it makes way for another corp’s. */
const RUN_MS = 45_000
/** Pairs that fail in a row before the round is given up and waited with. */
const FAILED_MAX = 50

/** No friends any more, or no such member or customer: WeCom has nowhere to put the tag. */
const NO_PAIR = new Set([84061, 84084, 40096, 40003, 60111, 46004])
/** WeCom holds no more tags on this customer. */
const FULL = 40144
const UNKNOWN_TAG = 40068

interface Pair {
  contactId: string
  staffId: string
  userid: string
  externalUserid: string | null
  addIds: string[]
  addWecomIds: string[]
  addedUntil: Date | null
  removeIds: string[]
  removeWecomIds: string[]
  removedUntil: Date | null
}

/** Jobs of one corp run one after another: no pair is edited by two calls at once, which WeCom would refuse (45035). */
export const pairsLane = (corpId: string) => `tags.pairs.${corpId}`

/**
 * Brings waiting tags and removals to WeCom, one call for each pair. The rows themselves are the queue, so a crash loses
 * nothing, a repeat does no harm, and tagging a million customers makes one job. Without a key on purpose: an upsert of
 * one job row would make every callback of the corp wait for the others.
 */
export const pushPairs = defineJob<WorkContext, { corpId: string; again?: boolean }>({
  name: 'tags.push-pairs',
  /** `again`: a rhythm or a person asks for it after earlier jobs gave up. */
  payload: z.object({ corpId: Id, again: z.boolean().optional() }),
  async run(context, { corpId, again }, { number, signal }) {
    const replay = { job: 'tags.push-pairs', payload: { corpId, again: true } }
    const until = performance.now() + RUN_MS
    const failed: Failed[] = []
    try {
      for (;;) {
        const pairs = await inCorp(context.db, corpId, (tx) => readWaiting(tx, corpId, failed))
        if (pairs.length === 0) break
        if (performance.now() > until || signal.aborted) {
          await inCorp(context.db, corpId, (tx) => enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId) }))
          return
        }
        failed.push(...(await pushRound(context, corpId, pairs)))
        if (failed.length >= FAILED_MAX) break
      }
    } catch (error) {
      await reportFailure(context, corpId, error, { subject: 'pairs', tries: number, replay })
      throw error
    }
    const first = failed[0]
    if (first) {
      await reportFailure(context, corpId, first.error, {
        subject: 'pairs',
        tries: number,
        detail: { pairs: failed.length },
        replay,
      })
      throw first.error
    }
    if (again || number > 1) await context.health.resolve(corpId, 'tags', { subject: 'pairs' })
  },
})

interface Failed {
  pair: Pair
  error: WecomError
}

async function readWaiting(tx: Tx, corpId: string, except: Failed[]): Promise<Pair[]> {
  const [contacts, members] = [except.map((f) => f.pair.contactId), except.map((f) => f.pair.staffId)]
  const { rows } = await sql<Pair>`
    with skipped as (select * from unnest(${contacts}::bigint[], ${members}::bigint[]) as s(contact_id, staff_id)),
    adding as (
      select ft.contact_id, ft.staff_id, ft.tag_id, t.wecom_tag_id, ft.added_at as since from follow_tag ft
      join tag t on t.corp_id = ft.corp_id and t.tag_id = ft.tag_id
      where ft.corp_id = ${corpId} and t.corp_id = ${corpId} and ft.pushed_at is null and t.wecom_tag_id is not null and t.deleted_at is null
        and not exists (select from skipped s where s.contact_id = ft.contact_id and s.staff_id = ft.staff_id)
      order by ft.added_at desc limit ${PAIRS_AT_ONCE * 10}),
    removing as (
      select r.contact_id, r.staff_id, r.tag_id, t.wecom_tag_id, r.removed_at as since from follow_tag_removal r
      join tag t on t.corp_id = r.corp_id and t.tag_id = r.tag_id
      where r.corp_id = ${corpId} and t.corp_id = ${corpId} and r.pushed_at is null and t.wecom_tag_id is not null and t.deleted_at is null
        and not exists (select from skipped s where s.contact_id = r.contact_id and s.staff_id = r.staff_id)
      order by r.removed_at desc limit ${PAIRS_AT_ONCE * 10}),
    pair as (
      select contact_id, staff_id, max(since) as since from (select contact_id, staff_id, since from adding union all select contact_id, staff_id, since from removing) as either
      group by contact_id, staff_id order by max(since) desc limit ${PAIRS_AT_ONCE})
    select p.contact_id, p.staff_id, s.userid,
      (select i.value from contact_identity i where i.corp_id = ${corpId} and i.contact_id = p.contact_id and i.kind = 'external_userid' limit 1) as external_userid,
      coalesce(a.ids, '{}') as add_ids, coalesce(a.wecom_ids, '{}') as add_wecom_ids, a.until as added_until,
      coalesce(r.ids, '{}') as remove_ids, coalesce(r.wecom_ids, '{}') as remove_wecom_ids, r.until as removed_until
    from pair p join staff s on s.corp_id = ${corpId} and s.staff_id = p.staff_id
    left join lateral (select array_agg(x.tag_id) as ids, array_agg(x.wecom_tag_id) as wecom_ids, max(x.since) as until from adding x
      where x.contact_id = p.contact_id and x.staff_id = p.staff_id) a on true
    left join lateral (select array_agg(x.tag_id) as ids, array_agg(x.wecom_tag_id) as wecom_ids, max(x.since) as until from removing x
      where x.contact_id = p.contact_id and x.staff_id = p.staff_id) r on true
    order by p.since desc`.execute(tx)
  return rows
}

/** Calls for all pairs, a few at a time; settles what WeCom took or will never take; returns what should be tried again. */
async function pushRound(context: WorkContext, corpId: string, pairs: Pair[]): Promise<Failed[]> {
  const wecom = await context.wecom(corpId)
  const [settled, dropped, failed] = [[] as Pair[], [] as { pair: Pair; cause: string }[], [] as Failed[]]
  const waiting = [...pairs]
  let closed: WecomError | undefined
  const work = async () => {
    for (let pair = waiting.shift(); pair && !closed; pair = waiting.shift()) {
      if (!pair.externalUserid) {
        dropped.push({ pair, cause: 'contacts.no_external_userid' })
        continue
      }
      try {
        await wecom.tag.mark({
          userid: pair.userid,
          external_userid: pair.externalUserid,
          ...(pair.addWecomIds.length > 0 ? { add_tag: pair.addWecomIds } : {}),
          ...(pair.removeWecomIds.length > 0 ? { remove_tag: pair.removeWecomIds } : {}),
        })
        settled.push(pair)
      } catch (error) {
        if (!(error instanceof WecomError)) throw error
        if (NO_PAIR.has(error.errcode) || error.errcode === FULL) dropped.push({ pair, cause: causeOf(error) })
        else if (error.retryAfterMs !== undefined) closed = error
        else failed.push({ pair, error })
      }
    }
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work))
  await inCorp(context.db, corpId, async (tx) => {
    await settlePairs(tx, corpId, [...settled, ...dropped.map((d) => d.pair)], context.clock.now())
    for (const [cause, of] of Map.groupBy(dropped, (d) => d.cause))
      await noteDropped(
        tx,
        corpId,
        of.map((d) => d.pair),
        cause,
      )
    if (failed.some((f) => f.error.errcode === UNKNOWN_TAG))
      await enqueue(tx, syncLibrary, { corpId }, { lane: libraryLane(corpId) })
  })
  if (settled.length > 0) context.health.success(corpId, 'tags')
  const full = dropped.find((d) => d.cause === `wecom.${FULL}`)
  if (full)
    await context.health.failure(corpId, 'tags', {
      cause: full.cause,
      subject: `contact ${full.pair.contactId}`,
      detail: { contactId: full.pair.contactId, staffId: full.pair.staffId },
    })
  if (closed) throw closed
  return failed
}

/** Only what was read is settled: a tag put on again meanwhile carries a later time and stays waiting. */
async function settlePairs(tx: Tx, corpId: string, pairs: Pair[], now: Date): Promise<void> {
  const added = pairs.flatMap((p) => p.addIds.map((tagId) => ({ ...p, tagId, until: p.addedUntil })))
  if (added.length > 0) {
    await sql`update follow_tag ft set pushed_at = ${now}::timestamptz
      from unnest(${added.map((a) => a.contactId)}::bigint[], ${added.map((a) => a.staffId)}::bigint[], ${added.map((a) => a.tagId)}::bigint[], ${added.map((a) => a.until)}::timestamptz[])
        as a(contact_id, staff_id, tag_id, until)
      where ft.corp_id = ${corpId} and ft.contact_id = a.contact_id and ft.staff_id = a.staff_id and ft.tag_id = a.tag_id and ft.pushed_at is null and ft.added_at <= a.until`.execute(
      tx,
    )
  }
  const removed = pairs.flatMap((p) => p.removeIds.map((tagId) => ({ ...p, tagId, until: p.removedUntil })))
  if (removed.length === 0) return
  await sql`update follow_tag_removal r set pushed_at = ${now}::timestamptz
    from unnest(${removed.map((a) => a.contactId)}::bigint[], ${removed.map((a) => a.staffId)}::bigint[], ${removed.map((a) => a.tagId)}::bigint[], ${removed.map((a) => a.until)}::timestamptz[])
      as a(contact_id, staff_id, tag_id, until)
    where r.corp_id = ${corpId} and r.contact_id = a.contact_id and r.staff_id = a.staff_id and r.tag_id = a.tag_id and r.pushed_at is null and r.removed_at <= a.until`.execute(
    tx,
  )
}

/** The tag stays known here, with the reason why WeCom does not carry it. */
async function noteDropped(tx: Tx, corpId: string, pairs: Pair[], cause: string): Promise<void> {
  const rows = pairs.flatMap((p) => p.addIds.map((tagId) => ({ contactId: p.contactId, staffId: p.staffId, tagId })))
  if (rows.length === 0) return
  await sql`update follow_tag ft set reason = ft.reason || ${JSON.stringify({ notInWecom: cause })}::jsonb
    from unnest(${rows.map((r) => r.contactId)}::bigint[], ${rows.map((r) => r.staffId)}::bigint[], ${rows.map((r) => r.tagId)}::bigint[]) as a(contact_id, staff_id, tag_id)
    where ft.corp_id = ${corpId} and ft.contact_id = a.contact_id and ft.staff_id = a.staff_id and ft.tag_id = a.tag_id`.execute(
    tx,
  )
}
