import type { Age, Rate } from './schema.ts'

/** 95 %, both sides. */
const Z = 1.959_964
/** Fewer people than this say too little about the next. */
export const PEOPLE_MIN = 30

/**
 * How much more of them answer than of those who bought a half-year ago, in one company's waking of old customers: each step
 * nearer answers two, three, and three to five times as much. Told in public, measured by nobody here.
 */
export const REFERENCE: Readonly<Record<Age, number | null>> = {
  hours48: 24,
  days30: 6,
  days90: 2,
  days180: 1,
  older: 0.1,
  never: null,
}

/** Wilson's interval: honest for few people, and never below 0 or above 1. */
export function wilson(yes: number, of: number): Rate {
  if (of === 0) return { rate: 0, low: 0, high: 1 }
  const [p, z2] = [yes / of, Z * Z]
  const middle = (p + z2 / (2 * of)) / (1 + z2 / of)
  const half = (Z / (1 + z2 / of)) * Math.sqrt((p * (1 - p)) / of + z2 / (4 * of * of))
  return { rate: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

export interface Seen {
  age: Age
  of: number
  alive: number
}

type Expected = Rate & { by: 'own' | 'reference' }

/**
 * What share of each may answer: as seen there, where enough people stood; else in proportion to what was seen where
 * enough stood. Null where neither says anything.
 */
export function expectAnswers(seen: readonly Seen[]): Map<Age, Expected | null> {
  const known = seen.filter((one) => one.of >= PEOPLE_MIN && REFERENCE[one.age] !== null)
  // What a half-year's buyer answers, if the proportions hold: of all that was seen together.
  const alive = known.reduce((sum, one) => sum + one.alive, 0)
  const weight = known.reduce((sum, one) => sum + one.of * REFERENCE[one.age]!, 0)
  const scaled = (one: Seen) => (alive / weight) * (REFERENCE[one.age] ?? 0)
  // A share over all is none: such a proportion says no more than that they answer at least as well as anybody.
  const highest = Math.max(
    ...seen.map((one) => (one.of >= PEOPLE_MIN ? one.alive / one.of : scaled(one))).filter((rate) => rate <= 1),
  )
  return new Map(
    seen.map((one): [Age, Expected | null] => {
      if (one.of >= PEOPLE_MIN) return [one.age, { ...wilson(one.alive, one.of), by: 'own' }]
      if (REFERENCE[one.age] === null || weight === 0) return [one.age, null]
      const rate = scaled(one)
      return [one.age, { rate: rate <= 1 ? rate : highest, low: 0, high: 1, by: 'reference' }]
    }),
  )
}
