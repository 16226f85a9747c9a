import type { Draft, Step } from '../src/modules/journeys/schema.ts'

const MINUTE = 60_000
const SPAN = { minute: 1, hour: 60, day: 1_440 }

/** Where one person is, by the plainest reading of a graph: one person, one minute, one step after another. */
export interface Person {
  id: string
  tags: Set<string>
  open: { since: number; key: string; until: number } | null
  runs: number
  endedAt: number | null
  ended: string | null
  goals: number
}

const shanghai = (ms: number) => new Date(ms + 8 * 60 * MINUTE)
const clock = (ms: number) => shanghai(ms).toISOString().slice(11, 16)
const weekday = (ms: number) => shanghai(ms).getUTCDay() || 7

/** The first whole minute from one on that will do, looked for minute by minute. */
function firstMinute(from: number, willDo: (ms: number) => boolean): number {
  let at = from
  while (!willDo(at)) at += MINUTE
  return at
}

function until(step: Step, at: number): number {
  const over = (span: { n: number; unit: keyof typeof SPAN }) => at + span.n * SPAN[span.unit] * MINUTE
  if (step.kind === 'wait') {
    const works = (ms: number) => !step.workdays || weekday(ms) < 6
    if (step.at !== null) return firstMinute(over(step.span), (ms) => clock(ms) === step.at && works(ms))
    let day = over(step.span)
    while (!works(day)) day += 1_440 * MINUTE
    return day
  }
  if (step.kind === 'until')
    return firstMinute(
      at,
      (ms) => clock(ms) === step.at && (step.weekdays.length === 0 || step.weekdays.includes(weekday(ms))),
    )
  if (step.kind === 'event') return over(step.within)
  return at
}

/** Replays a journey person by person. `arm` says which arm of a random fork a person takes. */
export class Oracle {
  readonly graph: Draft
  readonly arm: (key: string, id: string) => number
  readonly came = new Map<string, number>()
  constructor(graph: Draft, arm: (key: string, id: string) => number) {
    this.graph = graph
    this.arm = arm
  }

  /** Lets time pass for one until an instant, that included. */
  pass(person: Person, now: number): void {
    while (person.open && person.open.until <= now) {
      const { key, until: at } = person.open
      const step = this.#step(key)
      this.#go(person, step.kind === 'event' ? step.otherwise : 'next' in step ? step.next : null, at)
    }
  }

  tell(person: Person, kind: string, at: number): void {
    this.pass(person, at)
    const { leaveOn, goal, trigger, again, first } = this.graph
    const wasIn = person.open
    if (wasIn && leaveOn.reply && kind === 'message.sent') this.#end(person, 'reply', at)
    if (
      person.open &&
      goal?.deed.kind === kind &&
      at - person.open.since <= goal.within.n * SPAN[goal.within.unit] * MINUTE
    ) {
      person.goals++
      this.#end(person, 'goal', at)
    }
    if (person.open) {
      const step = this.#step(person.open.key)
      if (step.kind === 'event' && step.deed.kind === kind) this.#go(person, step.next, at)
      return
    }
    if (wasIn || trigger.kind !== 'event' || trigger.deed.kind !== kind) return
    if (
      person.runs > 0 &&
      (again.kind === 'never' || person.endedAt! > at - again.span.n * SPAN[again.span.unit] * MINUTE)
    )
      return
    person.runs++
    person.open = { since: at, key: '', until: at }
    this.#go(person, first, at)
  }

  #step = (key: string) => this.graph.steps.find((step) => step.key === key)!

  #go(person: Person, to: string | null, at: number): void {
    let key = to
    for (;;) {
      if (key === null) {
        this.#end(person, 'done', at)
        return
      }
      const step = this.#step(key)
      this.came.set(key, (this.came.get(key) ?? 0) + 1)
      const due = until(step, at)
      if (due > at) {
        person.open = { since: person.open!.since, key, until: due }
        return
      }
      if (step.kind === 'exit') key = null
      else if (step.kind === 'random') key = step.arms[this.arm(step.key, person.id)]!.next
      else if (step.kind === 'split') {
        const arm = step.arms.find(({ rule }) => {
          const asked = rule.of[0]!
          return asked.is === 'tags' && asked.any?.some((tag) => person.tags.has(tag)) !== (asked.not ?? false)
        })
        key = arm ? arm.next : step.otherwise
      } else {
        if (step.kind === 'tag') {
          for (const tag of step.remove) person.tags.delete(tag)
          for (const tag of step.add) person.tags.add(tag)
        }
        key = step.next
      }
    }
  }

  #end(person: Person, why: string, at: number): void {
    Object.assign(person, { open: null, endedAt: at, ended: why })
  }
}
