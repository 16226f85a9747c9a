import { forgetLoose } from './files.ts'
import { putRemarkJob } from './remark-job.ts'
import { tellFormsJob } from './tell.ts'

export const jobs = [tellFormsJob, putRemarkJob]
export const crons = [forgetLoose]
