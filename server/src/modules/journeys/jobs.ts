import { tellNoticesJob } from './notices.ts'

export const jobs = [tellNoticesJob]
