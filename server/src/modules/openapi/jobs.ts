import type { Cron } from '../corps/context.ts'
import { forgetMessages } from './collect/collect.ts'

export const crons: Cron[] = [
  { name: 'openapi.forget', everyMinutes: 60, run: (context) => forgetMessages(context.db, context.clock.now()) },
]
