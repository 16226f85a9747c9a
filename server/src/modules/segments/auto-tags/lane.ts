import { repeating } from '../../../platform/repeating.ts'
import type { WorkContext } from '../../corps/context.ts'
import { forEachCorp } from '../keep.ts'
import { readDue, settleDue } from './due.ts'

const POLL_MS = 200

/** Puts rules' tags on and takes them off, for every corp. */
export function startAutoTagLane(context: WorkContext): { stop(): Promise<void> } {
  const settling = repeating(context.log, 'settling tags of rules failed; it is tried again', async () =>
    forEachCorp(context, await readDue(context), (corpId) => settleDue(context, corpId)),
  )
  const timer = setInterval(settling.wake, POLL_MS)
  settling.wake()
  return {
    async stop() {
      clearInterval(timer)
      await settling.stop()
    },
  }
}
