import type { Cron, WorkContext } from '../corps/context.ts'
import { readGroup } from './read-again.ts'
import { askForGroups, syncGroups } from './sync.ts'

export const jobs = [readGroup, syncGroups]

/** Callbacks get lost; this finds what they did not tell. */
const RECONCILE_MINUTES = 60

export const crons: Cron[] = [
  {
    name: 'groups.reconcile',
    everyMinutes: RECONCILE_MINUTES,
    async run(context: WorkContext) {
      const corps = await context.db.selectFrom('corp').select('corpId').execute()
      for (const { corpId } of corps) await askForGroups(context, corpId) // one job a corp; a few hundred at most
    },
  },
]
