import type { Gap } from './faces.ts'
import type { Way } from './layout.ts'

/** How a kind of step is read and rewired; the one place that knows is `steps.ts`. */
export interface Wiring<Step> {
  keyOf: (step: Step) => string
  waysOf: (step: Step) => Way[]
  withWay: (step: Step, port: string, to: string | null) => Step
}

const retarget = <Step>(step: Step, from: string, to: string | null, { waysOf, withWay }: Wiring<Step>): Step =>
  waysOf(step).reduce((made, way) => (way.to === from ? withWay(made, way.port, to) : made), step)

/** Puts a step in on the way at `gap`; what was there follows by the new step's first way. */
export function insert<Step>(steps: readonly Step[], gap: Gap, step: Step, wiring: Wiring<Step>): Step[] {
  const { keyOf, waysOf, withWay } = wiring
  const from = steps.find((one) => keyOf(one) === gap.key)
  const followed = from && waysOf(from).find(({ port }) => port === gap.port)?.to
  const [first] = waysOf(step)
  const put = first ? withWay(step, first.port, followed ?? null) : step
  const made = steps.map((one) => (keyOf(one) === gap.key ? withWay(one, gap.port, keyOf(put)) : one))
  return [...made, put]
}

/**
 * Takes a step out: whatever led to it leads to what follows it. Of a fork only the first way that goes anywhere is kept;
 * `lost` are the steps nobody can come to any more, which go with it.
 */
export function remove<Step>(
  steps: readonly Step[],
  start: string,
  key: string,
  wiring: Wiring<Step>,
): { steps: Step[]; lost: Step[] } {
  const { keyOf, waysOf } = wiring
  const gone = steps.find((one) => keyOf(one) === key)
  if (!gone || key === start) return { steps: [...steps], lost: [] }
  const next = waysOf(gone).find(({ to }) => to !== null)?.to ?? null
  const rest = steps.filter((one) => one !== gone).map((one) => retarget(one, key, next, wiring))
  const reached = reachable(rest, start, wiring)
  return {
    steps: rest.filter((one) => reached.has(keyOf(one))),
    lost: rest.filter((one) => !reached.has(keyOf(one))),
  }
}

/** Everything a step can be reached from the start. */
export function reachable<Step>(steps: readonly Step[], start: string, { keyOf, waysOf }: Wiring<Step>): Set<string> {
  const byKey = new Map(steps.map((one) => [keyOf(one), one]))
  const reached = new Set<string>()
  const open = [start]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue
    reached.add(key)
    const step = byKey.get(key)
    if (step) for (const { to } of waysOf(step)) if (to !== null) open.push(to)
  }
  return reached
}

/** The steps a way may lead to without going round in a circle: none that comes before it. */
export function mayLeadTo<Step>(steps: readonly Step[], key: string, wiring: Wiring<Step>): Step[] {
  return steps.filter((one) => !reachable(steps, wiring.keyOf(one), wiring).has(key))
}
