/** The last line a bench prints. `ratio` means times quicker than the baseline, unless the bench says otherwise. */
export interface Result {
  bench: string
  ours: number
  baseline: number | null
  ratio: number | null
  unit: string
  detail: Record<string, unknown>
  [figure: string]: unknown
}

export interface Options {
  /** A shorter run that proves the bench works; its figures mean nothing. */
  quick: boolean
  /** How large a company, where a bench's own size would take too long. */
  contacts?: number
  say(text: string): void
}

export type Bench = (options: Options) => Promise<Result>

export function percentile(sorted: Float64Array | number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
}

export const median = (values: number[]): number =>
  percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  )
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
