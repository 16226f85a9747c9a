/** When something holds: stretches [from, until) in milliseconds, in order and apart from each other. */
export type Intervals = readonly (readonly [from: number, until: number])[]

export const ALWAYS: Intervals = [[-Infinity, Infinity]]
export const NEVER: Intervals = []

/** One stretch, or none when it would end before it begins. */
export const stretch = (from: number, until: number): Intervals => (from < until ? [[from, until]] : NEVER)
export const constantly = (holds: boolean): Intervals => (holds ? ALWAYS : NEVER)

export function complement(of: Intervals): Intervals {
  const out: [number, number][] = []
  let from = -Infinity
  for (const [start, end] of of) {
    if (from < start) out.push([from, start])
    from = end
  }
  if (from < Infinity) out.push([from, Infinity])
  return out
}

export function intersect(a: Intervals, b: Intervals): Intervals {
  const out: [number, number][] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i]![0], b[j]![0])
    const until = Math.min(a[i]![1], b[j]![1])
    if (from < until) out.push([from, until])
    if (a[i]![1] < b[j]![1]) i++
    else j++
  }
  return out
}

/** In any order, overlapping or not. */
export function union(all: readonly (readonly [number, number])[]): Intervals {
  const out: [number, number][] = []
  for (const [from, until] of [...all].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], until)
    else out.push([from, until])
  }
  return out
}

/** What of it ends later than `at`. */
export const endingAfter = (of: Intervals, at: number): Intervals => of.filter(([, until]) => until > at)
export const holdsAt = (of: Intervals, at: number): boolean => of.some(([from, until]) => from <= at && at < until)
