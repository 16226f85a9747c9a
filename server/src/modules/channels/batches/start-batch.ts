import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { BatchEnded, BatchOpen, BatchUndone, NobodyForCodes } from '../errors.ts'
import { codeLane } from '../push-code.ts'
import { noteTurns } from '../roster/turn-queue.ts'
import { prepareParts } from '../service.ts'
import { planBatch } from './plan-batch.ts'
import { pushBatch, removeCodes } from './push-batch.ts'
import type { NewCodeBatch } from './schema.ts'

/** Codes of their own for all who may have one; WeCom makes them by job. Returns the batch and how many were begun. */
export async function startBatch(
  tx: Tx,
  corpId: string,
  batch: NewCodeBatch,
  made: { accountId: string; actor: string; now: Date },
): Promise<{ codeBatchId: string; total: number }> {
  const { tagIds, remark, welcome, welcomeVariants, welcomeSlots } = batch
  await prepareParts(tx, corpId, { tagIds, remark, welcome, welcomeVariants, welcomeSlots })
  const { people } = await planBatch(tx, corpId, batch)
  const chosen = people.filter((person) => person.skip === null)
  const { codeBatchId } = await tx
    .insertInto('codeBatch')
    .values({
      corpId,
      activity: batch.activity,
      nameTemplate: batch.nameTemplate,
      accountId: made.accountId,
      actor: made.actor,
      createdAt: made.now,
    })
    .returning('codeBatchId')
    .executeTakeFirstOrThrow()
  const codes = chosen.length === 0 ? [] : await insertCodes(tx, corpId, codeBatchId, batch, chosen, made)
  if (codes.length === 0) throw new NobodyForCodes()
  // Whoever was given one by somebody else in this very moment is told apart by the unique index.
  const given = new Set(codes.map((code) => code.staffId))
  const skipped = people
    .filter(({ staffId }) => !given.has(staffId))
    .map(({ staffId, skip }) => ({ staffId, reason: skip ?? 'has_code' }))
  await tx
    .updateTable('codeBatch')
    .set({ skipped: JSON.stringify(skipped) })
    .where('corpId', '=', corpId)
    .where('codeBatchId', '=', codeBatchId)
    .execute()
  await enqueuePush(tx, corpId, codeBatchId)
  return { codeBatchId, total: codes.length }
}

async function insertCodes(
  tx: Tx,
  corpId: string,
  codeBatchId: string,
  batch: NewCodeBatch,
  chosen: { staffId: string; codeName: string }[],
  made: { accountId: string; now: Date },
): Promise<{ channelCodeId: string; staffId: string }[]> {
  const { remark, skipVerify, welcome, welcomeVariants, welcomeSlots, blockedWords, exclusive, groupName } = batch
  const rows = await tx
    .insertInto('channelCode')
    .values(
      chosen.map(({ staffId, codeName }) => ({
        corpId,
        codeBatchId,
        activity: batch.activity,
        activityStaffId: staffId,
        name: codeName,
        state: `sy_${randomBytes(9).toString('base64url')}`,
        landingKey: randomBytes(8).toString('base64url'),
        remark,
        skipVerify,
        welcome: welcome && JSON.stringify(welcome),
        welcomeVariants: JSON.stringify(welcomeVariants),
        variantsSince: welcomeVariants.length > 0 ? made.now : null,
        welcomeSlots: JSON.stringify(welcomeSlots),
        blockedWords,
        exclusive,
        groupName,
        createdBy: made.accountId,
        createdAt: made.now,
        updatedAt: made.now,
      })),
    )
    .onConflict((c) => c.doNothing())
    .returning(['channelCodeId', 'landingKey', 'activityStaffId'])
    .execute()
  const codes = rows.map((row) => ({ channelCodeId: row.channelCodeId, staffId: row.activityStaffId! }))
  const ids = codes.map((code) => code.channelCodeId)
  await sql`insert into landing (landing_key, corp_id, channel_code_id)
    select landing_key, ${corpId}::bigint, channel_code_id from unnest(${rows.map((row) => row.landingKey)}::text[], ${ids}::bigint[]) as made(landing_key, channel_code_id)`.execute(
    tx,
  )
  await sql`insert into channel_code_staff (corp_id, channel_code_id, staff_id)
    select ${corpId}::bigint, * from unnest(${ids}::bigint[], ${codes.map((code) => code.staffId)}::bigint[])`.execute(
    tx,
  )
  await sql`insert into channel_code_tag (corp_id, channel_code_id, tag_id)
    select ${corpId}::bigint, code, tag from unnest(${ids}::bigint[]) as code, unnest(${[...new Set(batch.tagIds)]}::bigint[]) as tag`.execute(
    tx,
  )
  await noteTurns(tx, corpId, ids, made.now)
  return codes
}

/** What WeCom has not been asked for yet is not made; the rest stays. */
export async function cancelBatch(tx: Tx, corpId: string, codeBatchId: string, now: Date): Promise<void> {
  const batch = await lockBatch(tx, corpId, codeBatchId)
  if (batch.creating === 0) throw new BatchEnded()
  await sql`update code_batch set cancelled_at = coalesce(cancelled_at, ${now}::timestamptz) where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint`.execute(
    tx,
  )
  await sql`update channel_code set removed_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint and removed_at is null and asked_at is null`.execute(
    tx,
  )
}

/** Takes back the codes nobody has scanned or come through and that hang in no place. Returns how many. */
export async function undoBatch(tx: Tx, corpId: string, codeBatchId: string, now: Date): Promise<number> {
  const batch = await lockBatch(tx, corpId, codeBatchId)
  if (batch.undoneAt) throw new BatchUndone()
  if (batch.creating > 0) throw new BatchOpen()
  const { numAffectedRows } =
    await sql`update channel_code c set removed_at = ${now}::timestamptz, asked_at = coalesce(c.asked_at, ${now}::timestamptz)
    where c.corp_id = ${corpId}::bigint and c.code_batch_id = ${codeBatchId}::bigint and c.removed_at is null
      and not exists (select from channel_daily d where d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id and d.scans + d.adds > 0)
      and not exists (select from channel_code p where p.corp_id = ${corpId}::bigint and p.placement_of = c.channel_code_id)`.execute(
      tx,
    )
  await sql`update code_batch set undone_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint`.execute(
    tx,
  )
  await enqueue(tx, removeCodes, { corpId }, { lane: codeLane(corpId), key: `channels.remove-codes:${corpId}` })
  return Number(numAffectedRows ?? 0n)
}

/** Tries again what WeCom refused or never answered. */
export async function retryBatch(tx: Tx, corpId: string, codeBatchId: string): Promise<void> {
  await lockBatch(tx, corpId, codeBatchId)
  await enqueuePush(tx, corpId, codeBatchId)
}

const enqueuePush = (tx: Tx, corpId: string, codeBatchId: string) =>
  enqueue(
    tx,
    pushBatch,
    { corpId, codeBatchId, after: '0' },
    { lane: codeLane(corpId), key: `channels.push-batch:${codeBatchId}` },
  )

/** `creating`: codes that are neither made nor refused. */
async function lockBatch(
  tx: Tx,
  corpId: string,
  codeBatchId: string,
): Promise<{ undoneAt: Date | null; creating: number }> {
  const {
    rows: [batch],
  } = await sql<{ undoneAt: Date | null }>`
    select undone_at from code_batch where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint for update`.execute(
    tx,
  )
  if (!batch) throw new NotFound({ what: '批量建码任务' })
  const {
    rows: [open],
  } = await sql<{ creating: number }>`
    select count(*)::int as creating from channel_code c
    where c.corp_id = ${corpId}::bigint and c.code_batch_id = ${codeBatchId}::bigint and c.removed_at is null and c.config_id is null
      and not exists (select from lane_failure f where f.corp_id = ${corpId}::bigint and f.lane = 'channel_codes' and f.subject = 'channel_code ' || c.channel_code_id and f.resolved_at is null)`.execute(
    tx,
  )
  return { undoneAt: batch.undoneAt, creating: open!.creating }
}
