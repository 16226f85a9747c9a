import { z } from 'zod'
import { Text } from '../../platform/text.ts'

const Word = Text.min(1).max(100)

/** What a property of an event must be. A list property `is` a value when the list holds it. */
export const PropFilter = z.discriminatedUnion('op', [
  z.object({
    prop: Word,
    op: z.literal('is'),
    values: z
      .array(z.union([Word, z.number(), z.boolean()]))
      .min(1)
      .max(50),
  }),
  z.object({ prop: Word, op: z.literal('contains'), values: z.array(Word).min(1).max(20) }),
  z.object({ prop: Word, op: z.enum(['atLeast', 'atMost']), values: z.array(z.number()).length(1) }),
])
export type PropFilter = z.infer<typeof PropFilter>

/** Something people do: one kind of event, told apart by its properties. */
export const Deed = z.object({
  kind: z.string().regex(/^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$/),
  where: z.array(PropFilter).max(5).default([]),
  /** Also what browsers told without proof. Such a rule may show people, but sets nothing off. */
  untrusted: z.boolean().default(false),
})
export type Deed = z.infer<typeof Deed>

/** A deed and the property summed up over it: what `fact` holds a row of. */
export interface FactSpec extends Deed {
  amount: string | null
}

/** What is known of one customer's deeds. Instants in milliseconds, newest first. */
export interface FactState {
  number: number
  total: number
  firstAt: number
  lastAt: number
  /** The newest `RECENT_MAX` of them; all of them when `number` is no more. */
  times: number[]
  amounts: number[]
}

/** How many of the newest deeds a fact keeps one by one. What needs more reads the journal. */
export const RECENT_MAX = 16
