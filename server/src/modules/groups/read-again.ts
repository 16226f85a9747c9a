import { WecomError } from '@siyu/wecom/errors'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { applyGroups } from './apply-groups.ts'
import { endGroups, NO_GROUP, OWNER_GONE, orphanGroups } from './end-groups.ts'

/** WeCom's answers lag by about two seconds; and of many who come within such a time it tells in one answer. */
const [LAG_MS, GATHERED_MS] = [3_000, 6_000]

const GroupPayload = z.object({ corpId: Id, chatId: z.string().max(64) })

/** Reads one group as it stands now: what callbacks leave open. */
export const readGroup = defineJob<WorkContext, z.infer<typeof GroupPayload>>({
  name: 'groups.read',
  payload: GroupPayload,
  async run(context, { corpId, chatId }) {
    const word = () => ({ source: 'callback' as const, now: context.clock.now() })
    const askedAt = context.clock.now()
    try {
      const chat = await (await context.wecom(corpId)).groupChat.get(chatId)
      await inCorp(context.db, corpId, (tx) => applyGroups(tx, corpId, [{ chat, askedAt }], word()))
    } catch (error) {
      if (!(error instanceof WecomError)) throw error
      const { errcode } = error
      if (NO_GROUP.has(errcode))
        await inCorp(context.db, corpId, (tx) =>
          endGroups(tx, corpId, [chatId], { by: 'dismissed', at: askedAt }, word()),
        )
      else if (OWNER_GONE.has(errcode)) await inCorp(context.db, corpId, (tx) => orphanGroups(tx, corpId, [chatId]))
      else throw error
    }
  },
})

/** Has a group read a little later, once for all who ask within the same few seconds. */
export async function lookLater(tx: Tx, corpId: string, chatId: string, realNow = Date.now()): Promise<void> {
  const end = (Math.floor(realNow / GATHERED_MS) + 1) * GATHERED_MS
  await enqueue(
    tx,
    readGroup,
    { corpId, chatId },
    { key: `groups.read.${corpId}.${chatId}.${end}`, runAt: new Date(end + LAG_MS) },
  )
}
