/** Of so many people so many did it. */
export interface Share {
  of: number
  yes: number
}
export interface Interval {
  from: number
  to: number
}
export interface Verdict {
  /** unknown: cannot be told yet; winner: `best` is better than each other; same: whatever the difference, it is small; skewed: the split itself is wrong. */
  state: 'unknown' | 'winner' | 'same' | 'skewed'
  best: number | null
  /** By how much each variant beats the first, as a share; of the first itself null. */
  overFirst: (Interval | null)[]
}

const ALPHA = 0.05
/** Below this many people nothing is said, however clear it looks. */
export const PEOPLE_MIN = 100
/** A difference within ±3 points is none that matters. */
export const SMALL = 0.03
/** The difference one expects to meet, as a share: where the interval below is narrowest. */
const EXPECTED = 0.1
/** A split as uneven as this comes by chance once in a thousand trials: then something else than chance splits. */
const SKEWED_P = 0.001

/**
 * Bounds of the difference b − a that hold on whatever day one looks, and however often: a mixture confidence sequence
 * (Robbins 1970; Johari et al. 2022) on the normal approximation with one success and one failure added to each side
 * (Agresti and Caffo 2000). It is wider than the interval of a single look by about half.
 */
export function difference(a: Share, b: Share, alpha: number): Interval {
  const p = ({ of, yes }: Share) => (yes + 1) / (of + 2)
  const spread = (share: Share) => (p(share) * (1 - p(share))) / (share.of + 2)
  const variance = spread(a) + spread(b)
  const prior = EXPECTED ** 2
  const half = Math.sqrt(
    ((variance * (variance + prior)) / prior) * (Math.log((variance + prior) / variance) - 2 * Math.log(alpha)),
  )
  const middle = p(b) - p(a)
  return { from: Math.max(-1, middle - half), to: Math.min(1, middle + half) }
}

/** What may be said of one measure of all variants, when `measures` of them are looked at side by side. */
export function judge(shares: readonly Share[], measures: number, skewed: boolean): Verdict {
  const pairs = (shares.length * (shares.length - 1)) / 2
  const alpha = ALPHA / (pairs * measures)
  const over = (one: Share, other: Share) => difference(other, one, alpha)
  const overFirst = shares.map((share, nr) => (nr === 0 ? null : over(share, shares[0]!)))
  if (skewed) return { state: 'skewed', best: null, overFirst }
  const others = (nr: number) => shares.filter((_, other) => other !== nr)
  if (shares.some(({ of }) => of < PEOPLE_MIN)) return { state: 'unknown', best: null, overFirst }
  const best = shares.findIndex((share, nr) => others(nr).every((other) => over(share, other).from > 0))
  if (best !== -1) return { state: 'winner', best, overFirst }
  const small = shares.every((share, nr) =>
    others(nr).every((other) => {
      const { from, to } = over(share, other)
      return from > -SMALL && to < SMALL
    }),
  )
  return { state: small ? 'same' : 'unknown', best: null, overFirst }
}

/** How likely a split at least so uneven is by chance: Pearson's chi-square against the weights, two to four variants. */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): { p: number; skewed: boolean } {
  const people = counts.reduce((sum, n) => sum + n, 0)
  const sum = weights.reduce((all, weight) => all + weight, 0)
  if (people === 0) return { p: 1, skewed: false }
  const chi = counts.reduce((all, n, nr) => {
    const expected = (people * weights[nr]!) / sum
    return all + (n - expected) ** 2 / expected
  }, 0)
  const p = tail(chi, counts.length - 1)
  return { p, skewed: p < SKEWED_P }
}

/** Share of a chi-square distribution above `x`, for one to three degrees of freedom. */
function tail(x: number, degrees: number): number {
  const root = Math.sqrt(x / 2)
  if (degrees === 2) return Math.exp(-x / 2)
  return erfc(root) + (degrees === 3 ? ((2 * root) / Math.sqrt(Math.PI)) * Math.exp(-x / 2) : 0)
}

/** Abramowitz and Stegun 7.1.26: right to 1.5e-7, far below any p that is acted on. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x)
  const [a, b, c, d, e] = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429]
  return t * (a + t * (b + t * (c + t * (d + t * e)))) * Math.exp(-x * x)
}
