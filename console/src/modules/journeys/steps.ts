import type { IconName } from '../../ui/icon.tsx'
import { blank, type Deed, type Group, type Span } from '../segments/rule.ts'
import { insert, remove, type Wiring } from './edit.ts'
import type { Face, Gap } from './faces.ts'
import type { Way } from './layout.ts'

/** The one file that knows how a journey is written down; pictures and lists know steps, ways and words alone. */

interface Said {
  text: string
  materialIds: string[]
}
type Then = { next: string | null }
export type Step = { key: string } /** So long; then, where a time of day is asked for, until it is that late. */ & (
  | ({ kind: 'wait'; span: Span; at: string | null; workdays: boolean } & Then)
  | ({ kind: 'until'; weekdays: number[]; at: string } & Then)
  /** Until he does it, else for so long. */
  | ({ kind: 'event'; deed: Deed; within: Span; otherwise: string | null } & Then)
  /** A member is asked to write; what nobody sent within the span is left out. */
  | ({ kind: 'message'; topic: string; within: Span } & Said & Then)
  /** Sent together with everybody else who comes by until that time of day. */
  | ({ kind: 'broadcast'; topic: string; at: string } & Said & Then)
  /** A card in the member's WeCom; the customer sees nothing of it. */
  | ({ kind: 'notice'; title: string; text: string } & Then)
  | ({ kind: 'task'; title: string; note: string; due: Span } & Then)
  | ({ kind: 'tag'; add: string[]; remove: string[] } & Then)
  | ({ kind: 'stage'; stageId: string } & Then)
  | ({ kind: 'field'; fieldId: string; value: string } & Then)
  | { kind: 'split'; arms: { name: string; rule: Group; next: string | null }[]; otherwise: string | null }
  | { kind: 'random'; arms: { name: string; weight: number; next: string | null }[] }
  | ({ kind: 'goal'; name: string } & Then)
  | { kind: 'exit' }
)
export type StepKind = Step['kind']
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>

export type Trigger =
  | { kind: 'friend'; staffIds: string[]; channelCodeIds: string[] }
  | { kind: 'event'; deed: Deed }
  | { kind: 'segment'; segmentId: string }
  | { kind: 'tag'; tagIds: string[] }
  | { kind: 'stage'; stageIds: string[] }
  /** So many days before (negative) or after the day in a field, every year. */
  | { kind: 'date'; fieldId: string; days: number; at: string }
  | { kind: 'group'; groupChatIds: string[] }
  | { kind: 'calendar'; on: string; at: string; segmentId: string }
export type TriggerKind = Trigger['kind']

export interface Draft {
  name: string
  trigger: Trigger
  first: string | null
  steps: Step[]
  /** 1 yields to all, 9 to none: one journey at a time. */
  priority: number
  again: { kind: 'never' } | { kind: 'after'; span: Span }
  leaveOn: { reply: boolean; order: boolean; segmentId: string | null }
  goal: { deed: Deed; within: Span } | null
  workdays: boolean
}

/** The trigger's place in the picture. */
export const START = 'start'
export const ARMS_MAX = 8

export const KINDS: readonly { kind: StepKind; family: Face['family']; icon: IconName }[] = [
  { kind: 'message', family: 'reach', icon: 'message' },
  { kind: 'broadcast', family: 'reach', icon: 'out' },
  { kind: 'wait', family: 'wait', icon: 'clock' },
  { kind: 'until', family: 'wait', icon: 'sun' },
  { kind: 'event', family: 'wait', icon: 'eye' },
  { kind: 'split', family: 'fork', icon: 'fork' },
  { kind: 'random', family: 'fork', icon: 'dice' },
  { kind: 'task', family: 'change', icon: 'log' },
  { kind: 'notice', family: 'change', icon: 'phone' },
  { kind: 'tag', family: 'change', icon: 'tag' },
  { kind: 'stage', family: 'change', icon: 'bars' },
  { kind: 'field', family: 'change', icon: 'edit' },
  { kind: 'goal', family: 'end', icon: 'flag' },
  { kind: 'exit', family: 'end', icon: 'exit' },
]
export const TRIGGERS: readonly { kind: TriggerKind; icon: IconName }[] = [
  { kind: 'friend', icon: 'personAdd' },
  { kind: 'event', icon: 'eye' },
  { kind: 'segment', icon: 'people' },
  { kind: 'tag', icon: 'tag' },
  { kind: 'stage', icon: 'bars' },
  { kind: 'date', icon: 'sun' },
  { kind: 'group', icon: 'message' },
  { kind: 'calendar', icon: 'clock' },
]

const days = (n: number): Span => ({ n, unit: 'day' })
export const blankRule = (): Group => ({ is: 'all', of: [blank('did')] })

/** A step of a kind, as far as it can be filled in for somebody. `name` gives ways their first words. */
export function blankStep(kind: StepKind, key: string, name: (nr: number) => string): Step {
  const next = null
  switch (kind) {
    case 'wait':
      return { key, kind, span: days(1), at: '10:00', workdays: false, next }
    case 'until':
      return { key, kind, weekdays: [1, 2, 3, 4, 5], at: '10:00', next }
    case 'event':
      return { key, kind, deed: { kind: 'order.paid' }, within: days(3), next, otherwise: null }
    case 'message':
      return { key, kind, topic: '', text: '', materialIds: [], within: days(2), next }
    case 'broadcast':
      return { key, kind, topic: '', text: '', materialIds: [], at: '10:00', next }
    case 'notice':
      return { key, kind, title: '', text: '', next }
    case 'task':
      return { key, kind, title: '', note: '', due: days(1), next }
    case 'tag':
      return { key, kind, add: [], remove: [], next }
    case 'stage':
      return { key, kind, stageId: '', next }
    case 'field':
      return { key, kind, fieldId: '', value: '', next }
    case 'split':
      return { key, kind, arms: [{ name: name(0), rule: blankRule(), next }], otherwise: null }
    case 'random':
      return {
        key,
        kind,
        arms: [
          { name: 'A', weight: 1, next },
          { name: 'B', weight: 1, next },
        ],
      }
    case 'goal':
      return { key, kind, name: '', next }
    case 'exit':
      return { key, kind }
  }
}

export function blankTrigger(kind: TriggerKind, today: string): Trigger {
  switch (kind) {
    case 'friend':
      return { kind, staffIds: [], channelCodeIds: [] }
    case 'event':
      return { kind, deed: { kind: 'order.paid' } }
    case 'segment':
      return { kind, segmentId: '' }
    case 'tag':
      return { kind, tagIds: [] }
    case 'stage':
      return { kind, stageIds: [] }
    case 'date':
      return { kind, fieldId: '', days: -3, at: '10:00' }
    case 'group':
      return { kind, groupChatIds: [] }
    case 'calendar':
      return { kind, on: today, at: '10:00', segmentId: '' }
  }
}

export const wiring: Wiring<Step> = {
  keyOf: ({ key }) => key,
  waysOf(step): Way[] {
    if (step.kind === 'exit') return []
    if (step.kind === 'random') return step.arms.map(({ next }, nr) => ({ port: String(nr), to: next }))
    if (step.kind === 'split')
      return [
        ...step.arms.map(({ next }, nr) => ({ port: String(nr), to: next })),
        { port: 'otherwise', to: step.otherwise },
      ]
    const next = { port: 'next', to: step.next }
    return step.kind === 'event' ? [next, { port: 'otherwise', to: step.otherwise }] : [next]
  },
  withWay(step, port, to) {
    if (step.kind === 'exit') return step
    if (port === 'otherwise' && (step.kind === 'split' || step.kind === 'event')) return { ...step, otherwise: to }
    if (step.kind === 'split') return { ...step, arms: withNext(step.arms, port, to) }
    if (step.kind === 'random') return { ...step, arms: withNext(step.arms, port, to) }
    return { ...step, next: to }
  },
}
const withNext = <Arm extends { next: string | null }>(arms: Arm[], port: string, next: string | null): Arm[] =>
  arms.map((arm, nr) => (String(nr) === port ? { ...arm, next } : arm))

/** Where somebody goes from a step, the trigger's place included. */
export const waysIn =
  ({ first, steps }: Pick<Draft, 'first' | 'steps'>) =>
  (key: string): Way[] => {
    if (key === START) return [{ port: 'next', to: first }]
    const step = steps.find((one) => one.key === key)
    return step ? wiring.waysOf(step) : []
  }

// The trigger is wired like a step, so that the first way is a way like any other.
type Wired = Step | { key: typeof START; kind: 'start'; next: string | null }
const whole: Wiring<Wired> = {
  keyOf: ({ key }) => key,
  waysOf: (step) => (step.kind === 'start' ? [{ port: 'next', to: step.next }] : wiring.waysOf(step)),
  withWay: (step, port, to) => (step.kind === 'start' ? { ...step, next: to } : wiring.withWay(step, port, to)),
}
const wired = ({ first, steps }: Draft): Wired[] => [{ key: START, kind: 'start', next: first }, ...steps]
const unwired = (draft: Draft, steps: readonly Wired[]): Draft => ({
  ...draft,
  first: steps.flatMap((one) => (one.kind === 'start' ? [one.next] : []))[0] ?? null,
  steps: steps.flatMap((one) => (one.kind === 'start' ? [] : [one])),
})

export const putStep = (draft: Draft, gap: Gap, step: Step): Draft =>
  unwired(draft, insert(wired(draft), gap, step as Wired, whole))

export function takeStep(draft: Draft, key: string): { draft: Draft; lost: number } {
  const { steps, lost } = remove(wired(draft), START, key, whole)
  return { draft: unwired(draft, steps), lost: lost.length }
}

/** Another step in the place of one; ways that went with an arm it no longer has leave nobody stranded. */
export function changeStep(draft: Draft, step: Step): Draft {
  const steps = draft.steps.map((one) => (one.key === step.key ? step : one))
  const reached = new Set<string>()
  const ways = waysIn({ ...draft, steps })
  const open: string[] = [START]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue
    reached.add(key)
    for (const { to } of ways(key)) if (to !== null) open.push(to)
  }
  return { ...draft, steps: steps.filter(({ key }) => reached.has(key)) }
}

/** A key no step of the draft has. */
export function freshKey({ steps }: Draft): string {
  const most = Math.max(0, ...steps.map(({ key }) => Number(key.replace(/^\D+/, '')) || 0))
  return `n${most + 1}`
}
