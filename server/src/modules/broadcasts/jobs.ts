import { planRunJob } from './plan-run.ts'
import { remindJob } from './remind.ts'
import { stopTaskJob } from './stop-tasks.ts'

export const jobs = [planRunJob, stopTaskJob, remindJob]
