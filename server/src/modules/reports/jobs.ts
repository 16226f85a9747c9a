import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import type { Cron, WorkContext } from '../corps/context.ts'
import { everyCorp } from '../corps/each-corp.ts'
import { countLifeJob } from './activation/life.ts'
import { FETCH_BEHAVIOR, fetchBehavior } from './fetch-behavior.ts'

const fetchBehaviorJob = defineJob<WorkContext, { corpId: string }>({
  name: FETCH_BEHAVIOR,
  payload: z.object({ corpId: Id }),
  run: (context, { corpId }, { signal }) => fetchBehavior(context, corpId, signal),
})

export const jobs = [fetchBehaviorJob, countLifeJob]

/** Has the days of the corp's members read that are still to be read. */
export const askForBehavior = ({ db }: WorkContext, corpId: string): Promise<void> =>
  inCorp(db, corpId, (tx) => enqueue(tx, fetchBehaviorJob, { corpId }, { key: `${FETCH_BEHAVIOR}:${corpId}` }))

export const crons: Cron[] = [
  {
    name: FETCH_BEHAVIOR,
    everyMinutes: 60,
    run: (context) =>
      everyCorp(context, 'days of members could not be asked for', (corpId) => askForBehavior(context, corpId)),
  },
]
