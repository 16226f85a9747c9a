import type { Body } from '../../api/types.ts'
import { fromRule, type Group, toRule } from '../segments/rule.ts'
import type { Stage } from './use-stages.ts'

/** A stage while it is edited: its rule may still be incomplete. */
export type Draft = Omit<Stage, 'stageId' | 'rule'> & { rule: Group | null }

export const COLORS = ['grey', 'teal', 'indigo', 'amber', 'green', 'rose'] as const
export const KINDS = ['open', 'won', 'lost'] as const

export const blankStage: Draft = {
  name: '',
  color: 'grey',
  kind: 'open',
  remind: null,
  gate: { fieldIds: [], tagIds: [], note: false },
  rule: null,
  back: false,
}

export const draftOf = ({ stageId: _, rule, ...stage }: Stage): Draft => ({
  ...stage,
  rule: rule === null ? null : fromRule(rule),
})

/** Only what differs: a rule saved again is built again, and a reminder saved again is worked out again. */
export function toEdit(draft: Draft, stage: Stage | undefined): Body<'/api/stages/{stageId}', 'patch'> {
  const was = stage ? draftOf(stage) : blankStage
  const differs = (name: keyof Draft) => JSON.stringify(draft[name]) !== JSON.stringify(was[name])
  return {
    name: draft.name.trim(),
    color: draft.color,
    kind: draft.kind,
    back: draft.back,
    ...(differs('gate') ? { gate: draft.gate } : {}),
    ...(differs('remind') ? { remind: draft.remind } : {}),
    ...(differs('rule') ? { rule: draft.rule && toRule(draft.rule) } : {}),
  }
}
