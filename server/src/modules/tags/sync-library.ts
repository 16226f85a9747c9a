import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { applyTagLibrary } from './apply-library.ts'
import { enqueueClearing } from './clear-deleted.ts'
import { reportFailure } from './report.ts'

/** Pushes and re-reads of one library wait for each other: a re-read must not overtake an edit half way to WeCom. */
export const libraryLane = (corpId: string) => `tags.library.${corpId}`

/** Reads the whole library of WeCom and makes ours the same. `before` writes what belongs into the same transaction. */
export async function syncTagLibrary(
  context: WorkContext,
  corpId: string,
  before?: (tx: Tx) => Promise<void>,
): Promise<void> {
  const wecom = await context.wecom(corpId)
  const listed = await wecom.tag.list()
  await inCorp(context.db, corpId, async (tx) => {
    await before?.(tx)
    const { goneTagIds } = await applyTagLibrary(tx, corpId, listed, 'all', context.clock.now())
    await enqueueClearing(tx, corpId, goneTagIds)
  })
  context.health.success(corpId, 'tags')
}

export const syncLibrary = defineJob<WorkContext, { corpId: string }>({
  name: 'tags.sync-library',
  payload: z.object({ corpId: Id }),
  async run(context, { corpId }, { number }) {
    try {
      await syncTagLibrary(context, corpId)
      await context.health.resolve(corpId, 'tags', { subject: 'library' })
    } catch (error) {
      await reportFailure(context, corpId, error, {
        subject: 'library',
        tries: number,
        replay: { job: 'tags.sync-library', payload: { corpId } },
      })
      throw error
    }
  },
})
