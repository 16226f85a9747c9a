import { addDays, DAY_MS, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { FactState } from '../facts/schema.ts'
import { keyOfDeed } from '../facts/spec.ts'
import { ALWAYS, complement, constantly, type Intervals, intersect, NEVER, stretch, union } from './intervals.ts'
import type { Condition, Node, Rule, Span } from './schema.ts'

export type FieldValue = string | number | string[]

export interface Membership {
  level: string | null
  points: number
}

/** All that rules can ask of one customer. */
export interface Person {
  contactId: string
  /** By `factKey`; nothing where he never did it. */
  facts: ReadonlyMap<string, FactState>
  tagIds: ReadonlySet<string>
  staffIds: ReadonlySet<string>
  /** The states of the codes he came through. */
  states: ReadonlySet<string>
  addedAt: number | null
  lost: boolean
  gender: number
  /** Most have one membership, or none. */
  memberships: readonly Membership[]
  fields: ReadonlyMap<string, FieldValue>
  /** Since when, by the stage: one a flow. */
  stages: ReadonlyMap<string, number>
  /** The groups he sits in. */
  groupIds: ReadonlySet<string>
}

/** What a rule refers to by id. */
export interface References {
  /** The live rules of other segments. */
  rules: ReadonlyMap<string, Rule>
  /** The states a channel code and its placements leave on friends. */
  states: ReadonlyMap<string, readonly string[]>
}

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS }
export const spanMs = ({ n, unit }: Span): number => n * UNIT_MS[unit]

/**
 * When a rule holds for somebody, if nothing else happens to him. True for every instant from `now` on; of the past it
 * says nothing. Over the same reading as `toSql` (compile.ts) at one instant, and both as the oracle in evaluate.test.ts.
 */
export function evaluate(node: Node, person: Person, refs: References, now: number): Intervals {
  const holds = evaluatePlain(node, person, refs, now)
  return node.not ? complement(holds) : holds
}

function evaluatePlain(node: Node, person: Person, refs: References, now: number): Intervals {
  if (node.is === 'all') {
    let held: Intervals = ALWAYS
    for (const part of node.of) if (held.length > 0) held = intersect(held, evaluate(part, person, refs, now))
    return held
  }
  if (node.is === 'any') return union(node.of.flatMap((part) => evaluate(part, person, refs, now)))
  return READ[node.is](node as never, person, refs, now)
}

type Of<Is extends Condition['is']> = Extract<Condition, { is: Is }>
type Reader<Is extends Condition['is']> = (c: Of<Is>, person: Person, refs: References, now: number) => Intervals

const READ: { [Is in Condition['is']]: Reader<Is> } = {
  did: (c, person) => counted(c, person.facts.get(keyOfDeed(c.deed))),
  total: (c, person) => summed(c, person.facts.get(keyOfDeed(c.deed, c.amount))),
  when(c, person) {
    const state = person.facts.get(keyOfDeed(c.deed))
    return state ? since(c.which === 'last' ? state.lastAt : state.firstAt, c) : NEVER
  },
  sequence(c, person) {
    const [one, next] = [c.deed, c.next].map((deed) => person.facts.get(keyOfDeed(deed))?.times ?? [])
    const within = spanMs(c.within)
    return constantly(one!.some((a) => next!.some((b) => a < b && b <= a + within)))
  },
  tags: ({ any, all }, { tagIds }) =>
    constantly((!any || any.some((id) => tagIds.has(id))) && (!all || all.every((id) => tagIds.has(id)))),
  staff: ({ ids }, { staffIds }) => constantly(ids.some((id) => staffIds.has(id))),
  channels: ({ ids }, { states }, refs) =>
    constantly(ids.some((id) => refs.states.get(id)?.some((state) => states.has(state)))),
  added: (c, { addedAt }) => (addedAt === null ? NEVER : since(addedAt, c)),
  lost: (_, { lost }) => constantly(lost),
  gender: ({ values }, { gender }) => constantly(values.includes(gender)),
  member: (c, { memberships }) => constantly(memberships.some((one) => isMember(c, one))),
  field: (c, { fields }) => constantly(fieldHolds(c, fields.get(c.fieldId))),
  anniversary(c, { fields }, _, now) {
    const day = fields.get(c.fieldId)
    return typeof day === 'string' ? comesRound(day, c, now) : NEVER
  },
  stage: (c, { stages }) => union(c.ids.flatMap((id) => (stages.has(id) ? [...since(stages.get(id)!, c)] : []))),
  group: ({ ids }, { groupIds }) => constantly(ids.some((id) => groupIds.has(id))),
  segment(c, person, refs, now) {
    const rule = refs.rules.get(c.segmentId)
    return rule ? evaluate(rule, person, refs, now) : NEVER
  },
}

/** From `olderThan` after it until `newerThan` after it. */
const since = (
  at: number,
  { olderThan, newerThan }: { olderThan?: Span | undefined; newerThan?: Span | undefined },
): Intervals => stretch(olderThan ? at + spanMs(olderThan) : -Infinity, newerThan ? at + spanMs(newerThan) : Infinity)

function counted({ atLeast, atMost, within }: Of<'did'>, state: FactState | undefined): Intervals {
  const least = atLeast ?? (atMost === undefined ? 1 : 0)
  const atLeastSo = (k: number): Intervals => {
    if (k === 0) return ALWAYS
    if (!within) return constantly((state?.number ?? 0) >= k)
    const kth = state?.times[k - 1]
    return kth === undefined ? NEVER : stretch(-Infinity, kth + spanMs(within))
  }
  const enough = atLeastSo(least)
  return atMost === undefined ? enough : intersect(enough, complement(atLeastSo(atMost + 1)))
}

function summed(
  { atLeast = -Infinity, atMost = Infinity, within, average }: Of<'total'>,
  state: FactState | undefined,
): Intervals {
  const holds = (total: number, number: number) => {
    if (average && number === 0) return false
    const value = average ? Math.trunc(total / number) : total
    return value >= atLeast && value <= atMost
  }
  if (!within || !state) return constantly(holds(state?.total ?? 0, state?.number ?? 0))
  const span = spanMs(within)
  let total = state.amounts.reduce((sum, amount) => sum + amount, 0)
  let from = -Infinity
  const held: [number, number][] = []
  for (let i = state.times.length - 1; i >= 0; i--) {
    const until = state.times[i]! + span // the oldest leaves the window first
    if (holds(total, i + 1) && from < until) held.push([from, until])
    total -= state.amounts[i]!
    from = until
  }
  if (holds(total, 0)) held.push([from, Infinity])
  return union(held)
}

const isMember = ({ levels, atLeast = -Infinity, atMost = Infinity }: Of<'member'>, { level, points }: Membership) =>
  (!levels || (level !== null && levels.includes(level))) && points >= atLeast && points <= atMost

function fieldHolds({ op, values }: Of<'field'>, value: FieldValue | undefined): boolean {
  if (value === undefined) return false
  switch (op) {
    case 'filled':
      return true
    case 'is':
      return values.some(
        (one) => one === value || (Array.isArray(value) && value.includes(String(one)) && typeof one === 'string'),
      )
    case 'contains':
      return typeof value === 'string' && values.some((one) => typeof one === 'string' && value.includes(one))
    default: {
      const bound = values[0]
      if (typeof value !== typeof bound || Array.isArray(value) || bound === undefined) return false
      return op === 'atLeast' ? value >= bound : value <= bound
    }
  }
}

/** Further than this nobody is told when it comes round; he is looked at again each time it has. */
const YEARS_AHEAD = 3

/** The days of somebody's year: 29 February is kept on the 28th where there is none. */
function comesRound(day: string, { from, to }: Of<'anniversary'>, now: number): Intervals {
  const year = Number(shanghaiDay(new Date(now)).slice(0, 4))
  const held: [number, number][] = []
  for (let y = year - 1; y <= year + YEARS_AHEAD; y++) {
    const on = dayOfYear(y, day.slice(5))
    held.push([dayStart(addDays(on, -to)).getTime(), dayStart(addDays(on, 1 - from)).getTime()])
  }
  return union(held.filter(([start, end]) => start < end))
}

const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const dayOfYear = (year: number, monthDay: string) =>
  `${year}-${monthDay === '02-29' && !isLeap(year) ? '02-28' : monthDay}`

/** The days, as MM-DD, whose anniversary is in `from` to `to` days: what SQL compares a date field with. */
export function anniversaryDays({ from, to }: { from: number; to: number }, now: Date): string[] {
  const today = shanghaiDay(now)
  const days: string[] = []
  for (let ahead = from; ahead <= to; ahead++) {
    const day = addDays(today, ahead)
    days.push(day.slice(5))
    if (day.endsWith('02-28') && !isLeap(Number(day.slice(0, 4)))) days.push('02-29')
  }
  return days
}
