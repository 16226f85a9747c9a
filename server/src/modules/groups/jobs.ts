import type { Cron } from '../corps/context.ts'
import { everyCorp } from '../corps/each-corp.ts'
import { readGroup } from './read-again.ts'
import { askForGroups, syncGroups } from './sync.ts'

export const jobs = [readGroup, syncGroups]

/** Callbacks get lost; this finds what they did not tell. */
const RECONCILE_MINUTES = 60

export const crons: Cron[] = [
  {
    name: 'groups.reconcile',
    everyMinutes: RECONCILE_MINUTES,
    run: (context) => everyCorp(context, 'groups could not be asked for', (corpId) => askForGroups(context, corpId)),
  },
]
