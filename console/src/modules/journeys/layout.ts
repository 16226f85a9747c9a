/** Where everything of a journey stands on the canvas. Nobody drags a box: the picture follows from what leads where. */

export interface Way {
  port: string
  to: string | null
}
export interface Spot {
  x: number
  y: number
}
export interface Placed {
  /** The middle of a step's upper edge. */
  steps: Map<string, Spot>
  /** Where a way ends that leads nowhere, by `step port`. */
  ends: Map<string, Spot>
  /** The column in which each way of a fork comes down, by `step port`. */
  lanes: Map<string, number>
  width: number
  height: number
}
export interface Sizes {
  width: number
  gapX: number
  heightOf: (key: string) => number
  gapY: number
  /** Ways with a word on them want room for it. */
  gapBranch: number
  endWidth: number
}

interface Block {
  left: number
  right: number
  put: (x: number) => void
}
type Arm = Way & { left: number; right: number; put: Block['put'] | undefined }

export const wayKey = (key: string, port: string): string => `${key} ${port}`

/**
 * Top down. A step with several ways has them side by side, and what they meet in again below the middle of them.
 * Rows follow from the longest way to a step, columns from the blocks under each fork, so that nothing crosses
 * unless the journey itself does.
 */
export function place(start: string, waysOf: (key: string) => Way[], sizes: Sizes): Placed {
  const order = inOrder(start, waysOf)
  const top = rows(order, waysOf, sizes)
  const meets = meeting(order, waysOf)
  const steps = new Map<string, Spot>()
  const ends = new Map<string, Spot>()
  const lanes = new Map<string, number>()
  const seen = new Set<string>()
  let height = 0

  const spot = (key: string, x: number) => {
    const y = top.get(key) ?? 0
    steps.set(key, { x, y })
    height = Math.max(height, y + sizes.heightOf(key))
  }
  const end = (key: string, port: string, x: number, forked: boolean) => {
    const y = (top.get(key) ?? 0) + sizes.heightOf(key) + (forked ? sizes.gapBranch : sizes.gapY)
    ends.set(wayKey(key, port), { x, y })
    height = Math.max(height, y + 24)
  }

  /** The block of everything from `key` down to where `until` stands. */
  function block(key: string, until: string | null): Block | undefined {
    if (key === until || seen.has(key)) return undefined
    seen.add(key)
    const ways = waysOf(key)
    const half = sizes.width / 2
    if (ways.length < 2) {
      const [way] = ways
      const below = way?.to ? block(way.to, until) : undefined
      const left = Math.min(-half, below?.left ?? 0)
      const right = Math.max(half, below?.right ?? 0)
      return {
        left,
        right,
        put(x) {
          spot(key, x)
          if (way && way.to === null) end(key, way.port, x, false)
          below?.put(x)
        },
      }
    }
    const joint = meets.get(key)
    const group = joint ? { first: joint.arms[0]!, last: joint.arms.at(-1)! } : { first: 0, last: ways.length - 1 }
    const stop = joint?.at ?? until
    const arms = ways.map((way, nr): Arm => {
      const isIn = nr >= group.first && nr <= group.last
      const below = way.to === null ? undefined : block(way.to, isIn ? stop : until)
      const narrow = sizes.endWidth / 2
      return { ...way, left: below?.left ?? -narrow, right: below?.right ?? narrow, put: below?.put }
    })
    const inner = arms.slice(group.first, group.last + 1)
    const middles = beside(inner, sizes.gapX)
    const centre = (middles[0]! + middles.at(-1)!) / 2
    const at = middles.map((middle) => middle - centre)
    const after = joint && joint.at !== until ? block(joint.at, until) : undefined
    let left = Math.min(-half, at[0]! + inner[0]!.left, after?.left ?? 0)
    let right = Math.max(half, at.at(-1)! + inner.at(-1)!.right, after?.right ?? 0)
    // Ways that do not come back stand beside all of that, however far down it goes.
    const outer = new Map<number, number>()
    for (let nr = group.first - 1; nr >= 0; nr -= 1) {
      outer.set(nr, left - sizes.gapX - arms[nr]!.right)
      left = outer.get(nr)! + arms[nr]!.left
    }
    for (let nr = group.last + 1; nr < arms.length; nr += 1) {
      outer.set(nr, right + sizes.gapX - arms[nr]!.left)
      right = outer.get(nr)! + arms[nr]!.right
    }
    return {
      left,
      right,
      put(x) {
        spot(key, x)
        arms.forEach((arm, nr) => {
          const middle = x + (outer.get(nr) ?? at[nr - group.first]!)
          lanes.set(wayKey(key, arm.port), middle)
          if (arm.to === null) end(key, arm.port, middle, true)
          arm.put?.(middle)
        })
        after?.put(x)
      },
    }
  }
  const whole = block(start, null)
  whole?.put(-whole.left)
  return { steps, ends, lanes, width: whole ? whole.right - whole.left : 0, height }
}

/** Every step that can be reached, each after whatever leads to it. */
export function inOrder(start: string, waysOf: (key: string) => Way[]): string[] {
  const done: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (key: string) => {
    if (state.has(key)) return
    state.set(key, 'open')
    for (const { to } of waysOf(key).toReversed()) if (to !== null) visit(to)
    state.set(key, 'done')
    done.push(key)
  }
  visit(start)
  return done.reverse()
}

function rows(order: string[], waysOf: (key: string) => Way[], { heightOf, gapY, gapBranch }: Sizes) {
  const top = new Map<string, number>()
  for (const key of order) {
    const ways = waysOf(key)
    const below = (top.get(key) ?? 0) + heightOf(key) + (ways.length > 1 ? gapBranch : gapY)
    top.set(key, top.get(key) ?? 0)
    for (const { to } of ways) if (to !== null) top.set(to, Math.max(top.get(to) ?? 0, below))
  }
  return top
}

/** The middles of arms side by side, the first one's left edge at 0. */
function beside(arms: Arm[], gap: number): number[] {
  let at = 0
  return arms.map((arm) => {
    const middle = at - arm.left
    at += arm.right - arm.left + gap
    return middle
  })
}

export interface Joint {
  at: string
  /** The ways that come to it, by their place among all. */
  arms: number[]
}

/** Of each fork, where those of its ways meet again that meet at all; ways that end by themselves meet nobody. */
export function meeting(order: string[], waysOf: (key: string) => Way[]): Map<string, Joint> {
  const rank = new Map(order.map((key, nr) => [key, nr]))
  const reaches = new Map<string, Set<string>>()
  const meets = new Map<string, Joint>()
  for (const key of order.toReversed()) {
    const each = waysOf(key).map(({ to }) => new Set(to === null ? [] : [to, ...(reaches.get(to) ?? [])]))
    reaches.set(key, new Set(each.flatMap((one) => [...one])))
    const arms = each.flatMap((one, nr) =>
      each.some((other, at) => at !== nr && [...one].some((key) => other.has(key))) ? [nr] : [],
    )
    if (arms.length < 2) continue
    // One that does not come back between two that do would be walled in.
    if (arms.at(-1)! - arms[0]! >= arms.length) continue
    const shared = [...each[arms[0]!]!].filter((one) => arms.every((nr) => each[nr]!.has(one)))
    const at = shared.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0))[0]
    if (at !== undefined) meets.set(key, { at, arms })
  }
  return meets
}
