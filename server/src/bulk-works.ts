import { bulkMove, bulkMoveBack } from './modules/stages/bulk-move.ts'
import type { OtherWorks } from './modules/tags/bulk-step.ts'
import { handOut, takeBack } from './modules/tasks/cards.ts'

/** Kinds of bulk runs that rooms above the tags do. */
export const bulkWorks: OtherWorks = { stage: bulkMove, stage_undo: bulkMoveBack, task: handOut, task_undo: takeBack }
