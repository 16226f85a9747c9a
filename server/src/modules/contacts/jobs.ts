import { WecomError } from '@siyu/wecom/errors'
import { defineJob } from '../../platform/jobs.ts'
import type { Cron, WorkContext } from '../corps/context.ts'
import { everyCorp } from '../corps/each-corp.ts'
import { SyncRunning } from './errors.ts'
import { tellLossesJob } from './loss-alerts.ts'
import { tellMentionsJob } from './mentions.ts'
import { runSync, type SyncHooks } from './sync.ts'
import { endRun, hasFailed, SYNC_JOB, SyncPayload, startSync } from './sync-runs.ts'

/** Callbacks get lost; this finds what they did not tell (CB-14). */
const RECONCILE_MINUTES = 60

export function makeContactJobs(hooks: SyncHooks) {
  const sync = defineJob<WorkContext, SyncPayload>({
    name: SYNC_JOB,
    payload: SyncPayload,
    maxAttempts: 20,
    async run(context, payload, { last, signal }) {
      try {
        if (await hasFailed(context.db, payload)) {
          await startSync(context.db, payload.corpId, 'full', context.clock.now()).catch(passRunning)
          return // replayed: what the failed run had found out is old by now
        }
        await runSync(context, payload, hooks, signal)
      } catch (error) {
        if (signal.aborted) throw error // the process ends: nothing failed, the next one goes on
        const wecom = error instanceof WecomError ? error : undefined
        const cause = wecom ? `wecom.${wecom.errcode}` : 'sync.failed'
        await context.health.failure(payload.corpId, 'customers', {
          cause,
          subject: 'sync',
          detail: {
            reason: error instanceof Error ? error.message.slice(0, 300) : String(error),
            ...(wecom ? { api: wecom.api, errcode: wecom.errcode } : {}),
          },
          replay: { job: SYNC_JOB, payload },
        })
        if (wecom?.outcome === 'refused' || last)
          await endRun(context.db, payload, 'failed', context.clock.now(), cause)
        else throw error // the queue tries again, from where it stopped
      }
    },
  })
  return [sync, tellLossesJob, tellMentionsJob] as const
}

function passRunning(error: unknown): void {
  if (!(error instanceof SyncRunning)) throw error
}

export const crons: Cron[] = [
  {
    name: 'contacts.reconcile',
    everyMinutes: RECONCILE_MINUTES,
    run: (context) =>
      everyCorp(context, 'customers could not be reconciled', (corpId) =>
        startSync(context.db, corpId, 'reconcile', context.clock.now()).catch(passRunning),
      ),
  },
]
