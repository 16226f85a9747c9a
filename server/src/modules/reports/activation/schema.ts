import { z } from 'zod'
import { Instant } from '../../../platform/id.ts'
import { Rule } from '../../segments/schema.ts'

/** How long ago somebody bought last, newest first; `never` has not bought. */
export const AGES = ['hours48', 'days30', 'days90', 'days180', 'older', 'never'] as const
export type Age = (typeof AGES)[number]

export const ActivationQuery = z.object({ days: z.enum(['7', '14', '30']).default('30').transform(Number) })

const Rate = z.object({ rate: z.number(), low: z.number(), high: z.number() })
export type Rate = z.infer<typeof Rate>

export const ActivationRow = z.object({
  age: z.enum(AGES),
  /** Now. */
  people: z.number().int(),
  /** Still a friend of a member who is here and takes customers. */
  reachable: z.number().int(),
  totalFen: z.number().int(),
  /** Of one order. */
  averageFen: z.number().int().nullable(),
  /** Of those who stood here when the days began: how many showed life since, and how many bought. */
  observed: z.object({ of: z.number().int(), alive: z.number().int(), bought: z.number().int() }),
  /** Who may be expected to answer: by what was seen here, or in the proportion others have told of, over what was seen elsewhere. */
  answers: Rate.extend({ by: z.enum(['own', 'reference']) }).nullable(),
  buys: Rate.nullable(),
  /** What the reachable may bring: their buyers, at an average order each. */
  expectedFen: z.number().int().nullable(),
  /** In proportion to those who bought a half-year ago, as others have told; null where nobody told. */
  reference: z.number().nullable(),
  rule: Rule,
})
export type ActivationRow = z.infer<typeof ActivationRow>

export const Activation = z.object({
  since: Instant,
  /** What customers do is being counted for the first time: who showed life is not known yet. */
  counting: z.boolean(),
  /** Whom to wake first. */
  rows: z.array(ActivationRow),
})
export type Activation = z.infer<typeof Activation>
