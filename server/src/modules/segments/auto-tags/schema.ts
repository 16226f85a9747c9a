import { z } from 'zod'
import { Id, Instant } from '../../../platform/id.ts'
import { Preview, Rule, Why } from '../schema.ts'

export const NewAutoTag = z.object({
  tagId: Id,
  rule: Rule,
  /** Once given, the tag stays when the rule stops holding. */
  keep: z.boolean().default(false),
})
export type NewAutoTag = z.infer<typeof NewAutoTag>

export const AutoTagEdit = z.object({ rule: Rule.optional(), keep: z.boolean().optional() })
export type AutoTagEdit = z.infer<typeof AutoTagEdit>

/** What becomes of a rule and of the tags it has given. */
export const AutoTagStop = z.object({ state: z.enum(['off', 'deleted']), tags: z.enum(['stay', 'go']) })
export type AutoTagStop = z.infer<typeof AutoTagStop>

/** `ruleIds`: all of the group's, in the order they are asked. */
export const AutoTagGroupEdit = z.object({
  exclusive: z.boolean().optional(),
  ruleIds: z.array(Id).min(1).max(200).optional(),
})
export type AutoTagGroupEdit = z.infer<typeof AutoTagGroupEdit>

/** Who will be in by time alone. */
export const Ahead = z.object({
  days: z.number().int(),
  members: z.number().int(),
  entered: z.number().int(),
  exited: z.number().int(),
})

export const AutoTagView = z.object({
  ruleId: Id,
  tagId: Id,
  tagName: z.string(),
  segmentId: Id,
  rule: Rule,
  keep: z.boolean(),
  on: z.boolean(),
  /** Customers the rule holds for now, of those one may see; null while it is first built. */
  members: z.number().int().nullable(),
  /** Customers who carry the tag by this rule now. */
  carriers: z.number().int(),
  /** Customers it was put on and taken off over the last seven days; null for whoever sees only some. */
  week: z.object({ put: z.number().int(), taken: z.number().int() }).nullable(),
  building: z.object({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
  failed: z.string().nullable(),
  createdBy: z.string(),
  updatedAt: Instant,
})
export type AutoTagView = z.infer<typeof AutoTagView>

/** A tag group with rules, its rules in the order they are asked. */
export const AutoTagGroup = z.object({
  tagGroupId: Id,
  name: z.string(),
  /** Rules of it give a customer one tag at most: the first that holds. */
  exclusive: z.boolean(),
  rules: z.array(AutoTagView),
})
export type AutoTagGroup = z.infer<typeof AutoTagGroup>

/** Of a rule not saved yet; with `ruleId`, of the one it is to replace. */
export const DryRunAsked = NewAutoTag.extend({ ruleId: Id.optional() })
export type DryRunAsked = z.infer<typeof DryRunAsked>

export const DryRun = z.object({
  /** Customers the rule holds for now. */
  members: z.number().int(),
  customers: z.number().int(),
  /** Who would get the tag and does not have it. */
  gains: z.number().int(),
  /** Who has it by the rule as it is and would lose it. */
  loses: z.number().int(),
  /** Of those the rule holds for: who carries the tag already, whoever put it. */
  carry: z.number().int(),
  /** In an exclusive group: customers whose tag by rule changes, and from what to what. */
  moves: z.array(z.object({ from: z.string().nullable(), to: z.string().nullable(), number: z.number().int() })),
  /** By time alone; null where that can only be told once the rule is saved and counted. */
  ahead: z.array(Ahead).nullable(),
  /** Some of those who would get it, each with why; no reason where it is counted only once saved. */
  sample: z.array(Preview.shape.sample.element.extend({ reason: Why.shape.reason.nullable() })),
})
export type DryRun = z.infer<typeof DryRun>
