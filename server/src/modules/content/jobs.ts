import type { Cron } from '../corps/context.ts'
import { refreshAllMedia, refreshMediaJob, refreshWelcomeMediaJob } from './files/refresh.ts'
import * as forms from './forms/jobs.ts'
import { forgetDeleted } from './materials/delete.ts'
import * as radar from './radar/jobs.ts'

export const jobs = [refreshMediaJob, refreshWelcomeMediaJob, ...radar.jobs, ...forms.jobs]
export const crons: Cron[] = [refreshAllMedia, forgetDeleted, ...radar.crons, ...forms.crons]
