import { z } from 'zod'
import { Instant } from '../../../platform/id.ts'

/** Still friends after 1 and 7 days; tagged by hand, here or in WeCom, by those who came a day ago or more. */
export const MEASURES = ['kept1', 'kept7', 'tagged'] as const

const Share = z.object({ of: z.number().int(), yes: z.number().int() })
const Interval = z.object({ from: z.number(), to: z.number() })

export const WelcomeTrial = z.object({
  /** Another wording, another weight: another trial. */
  since: Instant,
  /** Of one batch and of the same words: counted together. */
  codes: z.number().int(),
  variants: z.array(
    z.object({
      weight: z.number().int(),
      text: z.string(),
      attachments: z.number().int(),
      /** Who was meant to be told it, and whom WeCom told. */
      people: z.number().int(),
      sent: z.number().int(),
    }),
  ),
  /** `p`: how likely a split so uneven is by chance. `skewed`: it is not chance, so nothing else is judged. */
  split: z.object({ p: z.number(), skewed: z.boolean() }),
  measures: z.array(
    z.object({
      measure: z.enum(MEASURES),
      shares: z.array(Share),
      /** unknown: cannot be told yet; winner: `best` beats each other; same: the difference is within 3 points. */
      state: z.enum(['unknown', 'winner', 'same', 'skewed']),
      best: z.number().int().nullable(),
      /** By how much each beats the first, on whatever day one looks; of the first null. */
      overFirst: z.array(Interval.nullable()),
    }),
  ),
})
export type WelcomeTrial = z.infer<typeof WelcomeTrial>
