import type { Cron } from '../../corps/context.ts'
import { tellCron, tellJob } from './notices/tell.ts'
import { settleCron } from './reading/settle.ts'

export const jobs = [tellJob]
export const crons: Cron[] = [settleCron, tellCron]
