import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from './context.ts'

/** Every corp in turn; one whose work fails is told of in the log, and holds up no other. */
export async function everyCorp(
  { db, log }: Pick<WorkContext, 'db' | 'log'>,
  failed: string,
  work: (corpId: string) => Promise<unknown>,
): Promise<void> {
  for (const { corpId } of await db.selectFrom('corp').select('corpId').orderBy('corpId').execute())
    try {
      await work(corpId)
    } catch (error) {
      log.error({ err: error, corpId }, failed)
    }
}

/** The same, each in transactions of its own: step after step, as long as one says by `true` that there may be more. */
export const eachCorp = (
  context: Pick<WorkContext, 'db' | 'log'>,
  failed: string,
  step: (tx: Tx, corpId: string) => Promise<unknown>,
): Promise<void> =>
  everyCorp(context, failed, async (corpId) => {
    while ((await inCorp(context.db, corpId, (tx) => step(tx, corpId))) === true) await undefined
  })
