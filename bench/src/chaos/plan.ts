/** A seeded generator (mulberry32): the same seed gives the same plan on every machine. */
export function makeRandom(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const API_FAULTS = [
  '5xx',
  'timeout-before',
  'timeout-after',
  'reset',
  '45033',
  'busy',
  '40014',
  'garbage',
  'html',
  'slow',
] as const
const CALLBACK_FAULTS = ['duplicate', 'reorder', 'drop', 'late'] as const

/** Swarm: each seed turns on a random half of the faults, at random strengths. All on at once finds less. */
export function planFaults(seed: number, corpid: string): Record<string, unknown>[] {
  const random = makeRandom(seed)
  const pick = (where: string, kinds: readonly string[], most: number) =>
    kinds
      .filter(() => random() < 0.5)
      .map((kind) => ({
        where,
        corpid,
        kind,
        probability: Number((0.02 + random() * most).toFixed(3)),
        ms: kind === 'slow' || kind === 'late' || kind === 'reorder' ? Math.round(50 + random() * 800) : 400,
      }))
  return [...pick('api', API_FAULTS, 0.12), ...pick('callback', CALLBACK_FAULTS, 0.25)]
}

export interface Cast {
  people: string[]
  staff: string[]
  tagIds: string[]
}

/** What simulated people do in one seed: add, chat, edit, tag, delete, add again. */
export function planActions(seed: number, { people, staff, tagIds }: Cast, count: number): Record<string, unknown>[] {
  const random = makeRandom(seed ^ 0x5eed)
  const one = <T>(of: T[]): T => of[Math.floor(random() * of.length)]!
  const friends = new Set<string>()
  const actions: Record<string, unknown>[] = []
  while (actions.length < count) {
    const pair =
      friends.size > 0 && random() < 0.45
        ? (JSON.parse(one([...friends])) as { userid: string; externalUserid: string })
        : { userid: one(staff), externalUserid: one(people) }
    const key = JSON.stringify(pair)
    if (!friends.has(key)) {
      actions.push({ type: 'add', ...pair })
      friends.add(key)
      continue
    }
    const dice = random()
    if (dice < 0.25) {
      actions.push({ type: dice < 0.13 ? 'customer_deletes' : 'staff_deletes', ...pair })
      friends.delete(key)
    } else if (dice < 0.6)
      actions.push({
        type: 'staff_edits',
        ...pair,
        remark: `备注${Math.floor(random() * 1000)}`,
        ...(random() < 0.3 ? { description: `描述${Math.floor(random() * 10)}` } : {}),
      })
    else if (dice < 0.9)
      actions.push({ type: 'staff_edits', ...pair, [random() < 0.6 ? 'addTags' : 'removeTags']: [one(tagIds)] })
    else actions.push({ type: 'customer_says', ...pair, text: '在吗' })
  }
  return actions
}
