import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import type { WorkContext } from '../../corps/context.ts'
import { causeOf, codeLane, codeSubject, detailOf, findByState, pushAndReport, tellPages } from '../push-code.ts'

/** Made in one turn of the lane: then a change of shift, which waits in the same lane, gets its turn. */
const STEP = 20
/** Asked for at once; the client keeps below WeCom's limits by itself (9 000 calls a minute of 10 000). */
const AT_ONCE = 4
/** WeCom no longer has the way: global error codes, path/90313, 2026-11. */
const WAY_GONE = 41044

/**
 * Makes the codes of a batch in WeCom, twenty a turn. Each is made by the contract of any code: asked for once, looked for
 * before it is asked for again. Those already made are passed over, so a turn may be repeated.
 */
export const pushBatch = defineJob<WorkContext, { corpId: string; codeBatchId: string; after: string }>({
  name: 'channels.push-batch',
  payload: z.object({ corpId: Id, codeBatchId: Id, after: z.string().regex(/^\d{1,18}$/) }),
  async run(context, { corpId, codeBatchId, after }, { number, last }) {
    const ids = await inCorp(context.db, corpId, (tx) => readUnmade(tx, corpId, codeBatchId, after))
    if (ids.length === 0) return
    let failed: unknown
    for (let from = 0; from < ids.length; from += AT_ONCE)
      await Promise.all(
        ids
          .slice(from, from + AT_ONCE)
          .map((id) => pushAndReport(context, corpId, id, number > 1).catch((error: unknown) => (failed = error))),
      )
    // What could not be made after all the tries stands on the health page; the others get theirs.
    if (failed && !last) throw failed
    await inCorp(context.db, corpId, (tx) =>
      enqueue(
        tx,
        pushBatch,
        { corpId, codeBatchId, after: ids.at(-1)! },
        { lane: codeLane(corpId), key: `channels.push-batch:${codeBatchId}` },
      ),
    )
  },
})

async function readUnmade(tx: Tx, corpId: string, codeBatchId: string, after: string): Promise<string[]> {
  const { rows } = await sql<{ channelCodeId: string }>`
    select channel_code_id from channel_code
    where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint and channel_code_id > ${after}::bigint
      and removed_at is null and qr_content is null
    order by channel_code_id limit ${STEP}`.execute(tx)
  return rows.map((row) => row.channelCodeId)
}

interface Leaving {
  channelCodeId: string
  state: string
  configId: string | null
  askedAt: Date
}

/** Takes the ways of removed codes out of WeCom. `asked_at` stands until that is done. */
export const removeCodes = defineJob<WorkContext, { corpId: string }>({
  name: 'channels.remove-codes',
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }) {
    let after = '0'
    let failed: unknown
    for (;;) {
      const leaving = await inCorp(context.db, corpId, (tx) => readLeaving(tx, corpId, after))
      if (leaving.length === 0) break
      for (let from = 0; from < leaving.length; from += AT_ONCE)
        await Promise.all(
          leaving
            .slice(from, from + AT_ONCE)
            .map((code) => removeWay(context, corpId, code).catch((error: unknown) => (failed = error))),
        )
      after = leaving.at(-1)!.channelCodeId
    }
    await inCorp(context.db, corpId, (tx) => tellPages(tx, corpId))
    if (failed) throw failed
  },
})

async function readLeaving(tx: Tx, corpId: string, after: string): Promise<Leaving[]> {
  const { rows } = await sql<Leaving>`
    select channel_code_id, state, config_id, asked_at from channel_code
    where corp_id = ${corpId}::bigint and removed_at is not null and asked_at is not null and channel_code_id > ${after}::bigint
    order by channel_code_id limit ${STEP}`.execute(tx)
  return rows
}

async function removeWay(context: WorkContext, corpId: string, code: Leaving): Promise<void> {
  const subject = codeSubject(code.channelCodeId)
  try {
    const wecom = await context.wecom(corpId)
    const configId =
      code.configId ?? (await findByState(context, wecom, corpId, code.state, code.askedAt))?.config_id ?? null
    if (configId) await wecom.contactWay.remove(configId)
  } catch (error) {
    if (!(error instanceof WecomError && error.errcode === WAY_GONE)) {
      await context.health.failure(corpId, 'channel_codes', {
        cause: causeOf(error),
        subject,
        detail: detailOf(error, code.channelCodeId),
        replay: { job: removeCodes.name, payload: { corpId } },
      })
      throw error
    }
  }
  await inCorp(context.db, corpId, (tx) =>
    tx
      .updateTable('channelCode')
      .set({ askedAt: null, configId: null })
      .where('corpId', '=', corpId)
      .where('channelCodeId', '=', code.channelCodeId)
      .execute(),
  )
  await context.health.resolve(corpId, 'channel_codes', { subject })
}
