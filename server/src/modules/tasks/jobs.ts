import { remindCron } from './remind.ts'
import { tellJob } from './tell.ts'

export const jobs = [tellJob]
export const crons = [remindCron]
