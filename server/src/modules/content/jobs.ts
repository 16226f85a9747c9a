import type { Cron } from '../corps/context.ts'
import { refreshAllMedia, refreshMediaJob, refreshWelcomeMediaJob } from './files/refresh.ts'
import * as radar from './radar/jobs.ts'

export const jobs = [refreshMediaJob, refreshWelcomeMediaJob, ...radar.jobs]
export const crons: Cron[] = [refreshAllMedia, ...radar.crons]
