import { repeating } from '../../platform/repeating.ts'
import type { WorkContext } from '../corps/context.ts'
import { everyCorp } from '../corps/each-corp.ts'
import { tick } from './tick.ts'

/** How often the clock is looked at: the finest wait is a minute. */
const POLL_MS = 1_000

/** Has everybody under way go on when his time has come, for every corp. */
export function startJourneyLane(context: WorkContext): { stop(): Promise<void> } {
  let stopped = false
  const going = repeating(context.log, 'journeys could not go on; it is tried again', () =>
    everyCorp(context, 'journeys of a corp could not go on', async (corpId) => {
      while (!stopped && (await tick(context, corpId))) await undefined
    }),
  )
  const timer = setInterval(going.wake, POLL_MS)
  return {
    async stop() {
      stopped = true
      clearInterval(timer)
      await going.stop()
    },
  }
}
