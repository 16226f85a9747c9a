import { WecomError } from '@siyu/wecom/errors'
import type { Listener } from '../../platform/listen.ts'
import type { WorkContext } from '../corps/context.ts'
import { everyCorp } from '../corps/each-corp.ts'
import { handOverNext } from './hand-over.ts'
import { lookAtDue } from './look.ts'
import { reconcile, showOld } from './reconcile.ts'
import { closeWindows, lapse, planRhythms } from './time-passes.ts'

/** What was approved or stopped is told at once; this finds what time alone makes due. */
const POLL_MS = 1_000
/** WeCom is asked about tasks and lost ones no more often. */
const LOOK_EVERY = 5

export interface BroadcastLane {
  stop(): Promise<void>
}

/** Hands broadcasts over, corp by corp, and finds out what became of them. */
export function startBroadcastLane(context: WorkContext, { listener }: { listener: Listener }): BroadcastLane {
  let stopped = false
  let turn = 0
  let running: Promise<void> | undefined
  let again = false
  const wake = () => {
    if (stopped) return
    if (running) {
      again = true
      return
    }
    again = false
    running = runAll(context, turn++ % LOOK_EVERY === 0, () => stopped)
      .catch((error) => context.log.error({ err: error }, 'broadcasts could not be handed over'))
      .finally(() => {
        running = undefined
        if (again) wake()
      })
  }
  const forget = listener.on('siyu_broadcast', wake)
  const timer = setInterval(wake, POLL_MS)
  return {
    async stop() {
      stopped = true
      forget()
      clearInterval(timer)
      await running
    },
  }
}

const runAll = (context: WorkContext, looking: boolean, isStopped: () => boolean) =>
  everyCorp(context, 'broadcasts of a corp could not be handed over', async (corpId) => {
    if (!isStopped()) await turnOf(context, corpId, { looking, isStopped })
  })

/** One turn of a corp: everything that is due is handed over; tests take turns by hand. */
export async function turnOf(
  context: WorkContext,
  corpId: string,
  { looking = true, isStopped = () => false }: { looking?: boolean; isStopped?: () => boolean } = {},
): Promise<void> {
  const now = context.clock.now()
  await lapse(context.db, corpId, now)
  while (!isStopped() && (await handOverNext(context, corpId)) === 'again') await undefined
  if (!looking) return
  await planRhythms(context, corpId)
  for (const ask of [reconcile, lookAtDue])
    await ask(context, corpId).catch((error: unknown) => {
      if (!(error instanceof WecomError)) throw error
      context.log.warn({ err: error, corpId }, 'WeCom could not be asked about mass messages')
    })
  await showOld(context.db, corpId, now)
  await closeWindows(context.db, corpId, now)
}
