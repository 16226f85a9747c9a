import type { Cron } from '../corps/context.ts'
import { refreshAllMedia, refreshMediaJob, refreshWelcomeMediaJob } from './files/refresh.ts'

export const jobs = [refreshMediaJob, refreshWelcomeMediaJob]
export const crons: Cron[] = [refreshAllMedia]
