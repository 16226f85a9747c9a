import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { enqueueClearing } from './clear-deleted.ts'
import { pairsLane, pushPairs } from './push-pairs.ts'
import { reportFailure } from './report.ts'
import { syncTagLibrary } from './sync-library.ts'

/** Already so in WeCom: nothing left to delete. */
const UNKNOWN_TAG = 40068
const NAME_EXISTS = 40071
/** An app may change only tags it made: developer.work.weixin.qq.com/document/path/92117, 2026-11. The library itself could be read, so it is no missing grant. */
const NOT_OURS = new Set([48002, 60011])

interface GroupRow {
  tagGroupId: string
  name: string
  sortOrder: string
  wecomGroupId: string | null
  editedAt: Date | null
  deletedAt: Date | null
}
interface TagRow {
  tagId: string
  name: string
  sortOrder: string
  wecomTagId: string | null
  editedAt: Date | null
  deletedAt: Date | null
}
interface Refusal {
  subject: string
  error: WecomError
  tags: TagRow[]
  group: boolean
}

/**
 * Brings what was made, renamed, reordered or deleted here to WeCom. An app may change only tags it made itself: what
 * WeCom refuses is shown on the health page and our library goes back to WeCom’s truth.
 */
export const pushGroup = defineJob<WorkContext, { corpId: string; tagGroupIds: string[] }>({
  name: 'tags.push-group',
  payload: z.object({ corpId: Id, tagGroupIds: z.array(Id).max(10_000) }),
  async run(context, { corpId, tagGroupIds }, { number }) {
    for (const tagGroupId of tagGroupIds) {
      try {
        await pushTagGroup(context, corpId, tagGroupId)
      } catch (error) {
        await reportFailure(context, corpId, error, {
          subject: `tag_group ${tagGroupId}`,
          tries: number,
          replay: { job: 'tags.push-group', payload: { corpId, tagGroupIds: [tagGroupId] } },
        })
        if (error instanceof WecomError && error.outcome === 'refused') continue // told; asking the same again will not help
        throw error
      }
    }
  },
})

export async function pushTagGroup(context: WorkContext, corpId: string, tagGroupId: string): Promise<void> {
  const { group, tags } = await inCorp(context.db, corpId, (tx) => readGroup(tx, corpId, tagGroupId))
  if (!group) return
  const wecom = await context.wecom(corpId)
  const refusals: Refusal[] = []
  const tried = async (
    subject: string,
    concerned: TagRow[],
    ofGroup: boolean,
    call: () => Promise<unknown>,
  ): Promise<void> => {
    try {
      await call()
      await inCorp(context.db, corpId, (tx) => markPushed(tx, corpId, ofGroup ? group : undefined, concerned))
    } catch (error) {
      if (!(error instanceof WecomError) || error.outcome !== 'refused') throw error
      refusals.push({ subject, error, tags: concerned, group: ofGroup })
    }
  }

  if (group.deletedAt) {
    if (group.editedAt)
      await tried(group.name, tags, true, () =>
        tolerate(UNKNOWN_TAG, async () => group.wecomGroupId && wecom.tag.remove({ group_id: [group.wecomGroupId] })),
      )
    if (refusals.length === 0)
      await inCorp(context.db, corpId, (tx) =>
        enqueueClearing(
          tx,
          corpId,
          tags.map((tag) => tag.tagId),
        ),
      )
  } else {
    if (group.editedAt && group.wecomGroupId) {
      const id = group.wecomGroupId
      await tried(group.name, [], true, () => wecom.tag.edit({ id, name: group.name, order: Number(group.sortOrder) }))
    }
    for (const tag of tags.filter((t) => t.editedAt && !t.deletedAt && t.wecomTagId)) {
      await tried(tag.name, [tag], false, () =>
        wecom.tag.edit({ id: tag.wecomTagId!, name: tag.name, order: Number(tag.sortOrder) }),
      )
    }
    const gone = tags.filter((t) => t.editedAt && t.deletedAt)
    for (const tag of gone.filter((t) => t.wecomTagId)) {
      await tried(tag.name, [tag], false, async () => {
        await tolerate(UNKNOWN_TAG, () => wecom.tag.remove({ tag_id: [tag.wecomTagId!] }))
        await inCorp(context.db, corpId, (tx) => enqueueClearing(tx, corpId, [tag.tagId]))
      })
    }
    await inCorp(context.db, corpId, (tx) =>
      markPushed(
        tx,
        corpId,
        undefined,
        gone.filter((t) => !t.wecomTagId),
      ),
    )
    await ensureInWecom(
      context,
      wecom,
      corpId,
      group,
      tags.filter((t) => !t.deletedAt && !t.wecomTagId),
    )
  }

  if (refusals.length > 0) await goBack(context, corpId, group, refusals)
  else context.health.success(corpId, 'tags')
  await context.health.resolve(corpId, 'tags', { subject: `tag_group ${tagGroupId}` })
}

/** What WeCom refused is forgotten here and read again, in one transaction: nothing is left that is true in neither. */
async function goBack(context: WorkContext, corpId: string, group: GroupRow, refusals: Refusal[]): Promise<void> {
  await syncTagLibrary(context, corpId, async (tx) => {
    for (const refusal of refusals) await markPushed(tx, corpId, refusal.group ? group : undefined, refusal.tags)
  })
  for (const { subject, error } of refusals) {
    const cause = NOT_OURS.has(error.errcode) ? 'tags.not_ours' : `wecom.${error.errcode}`
    await context.health.failure(corpId, 'tags', {
      cause,
      subject: subject.slice(0, 60),
      detail: { name: subject, api: error.api, errcode: error.errcode, hint: error.hint ?? null },
    })
  }
}

/**
 * Finds or creates: if an earlier try died between WeCom’s answer and our commit, or its answer never came, the tag is
 * there already, and a second one must not be made. A group that vanished with its last tag is made anew.
 */
async function ensureInWecom(
  context: WorkContext,
  wecom: Wecom,
  corpId: string,
  group: GroupRow,
  missing: TagRow[],
): Promise<void> {
  if (missing.length === 0) return
  const find = async () =>
    (await wecom.tag.list()).find(
      (g) => !g.deleted && (g.group_id === group.wecomGroupId || g.group_name === group.name),
    )
  let there = await find()
  const add = async () => {
    const have = new Set(there?.tag.filter((tag) => !tag.deleted).map((tag) => tag.name))
    const fresh = missing
      .filter((tag) => !have.has(tag.name))
      .map((tag) => ({ name: tag.name, order: Number(tag.sortOrder) }))
    if (fresh.length === 0) return
    await wecom.tag.add({
      ...(there ? { group_id: there.group_id } : { group_name: group.name, order: Number(group.sortOrder) }),
      tag: fresh,
    })
    there = await find()
  }
  try {
    await add()
  } catch (error) {
    if (!(error instanceof WecomError) || error.errcode !== NAME_EXISTS) throw error
    there = await find() // somebody made it in the same moment
    await add()
  }
  const idOf = new Map(there?.tag.filter((tag) => !tag.deleted).map((tag) => [tag.name, tag.id]))
  const made = missing.filter((tag) => idOf.has(tag.name))
  await inCorp(context.db, corpId, async (tx) => {
    if (there && there.group_id !== group.wecomGroupId) {
      await tx
        .updateTable('tagGroup')
        .set({ wecomGroupId: there.group_id })
        .where('corpId', '=', corpId)
        .where('tagGroupId', '=', group.tagGroupId)
        .execute()
      await markPushed(tx, corpId, group, [])
    }
    await sql`update tag t set wecom_tag_id = m.wecom_id from unnest(${made.map((tag) => tag.tagId)}::bigint[], ${made.map((tag) => idOf.get(tag.name)!)}::text[]) as m(tag_id, wecom_id)
      where t.corp_id = ${corpId} and t.tag_id = m.tag_id and t.wecom_tag_id is null`.execute(tx)
    await markPushed(tx, corpId, undefined, made)
    await enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId) })
  })
  if (made.length < missing.length)
    throw new Error(`WeCom took ${missing.length} tags and lists ${made.length} of them`)
}

async function tolerate(errcode: number, call: () => Promise<unknown>): Promise<void> {
  try {
    await call()
  } catch (error) {
    if (!(error instanceof WecomError) || error.errcode !== errcode) throw error
  }
}

/** Clears the mark unless a newer edit has set it again: that one has its own job. */
async function markPushed(tx: Tx, corpId: string, group: GroupRow | undefined, tags: TagRow[]): Promise<void> {
  if (group?.editedAt) {
    await tx
      .updateTable('tagGroup')
      .set({ editedAt: null })
      .where('corpId', '=', corpId)
      .where('tagGroupId', '=', group.tagGroupId)
      .where('editedAt', '=', group.editedAt)
      .execute()
  }
  const edited = tags.filter((tag) => tag.editedAt)
  if (edited.length === 0) return
  await sql`update tag t set edited_at = null from unnest(${edited.map((tag) => tag.tagId)}::bigint[], ${edited.map((tag) => tag.editedAt)}::timestamptz[]) as e(tag_id, edited_at)
    where t.corp_id = ${corpId} and t.tag_id = e.tag_id and t.edited_at = e.edited_at`.execute(tx)
}

async function readGroup(
  tx: Tx,
  corpId: string,
  tagGroupId: string,
): Promise<{ group: GroupRow | undefined; tags: TagRow[] }> {
  const group = await tx
    .selectFrom('tagGroup')
    .select(['tagGroupId', 'name', 'sortOrder', 'wecomGroupId', 'editedAt', 'deletedAt'])
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tagGroupId)
    .executeTakeFirst()
  const tags = await tx
    .selectFrom('tag')
    .select(['tagId', 'name', 'sortOrder', 'wecomTagId', 'editedAt', 'deletedAt'])
    .where('corpId', '=', corpId)
    .where('tagGroupId', '=', tagGroupId)
    .where((eb) => eb.or([eb('deletedAt', 'is', null), eb('editedAt', 'is not', null)]))
    .execute()
  return { group, tags }
}
