import type { Draft, Step, Trigger } from './steps.ts'

/** What the pictures and panels of a journey are told, as the server says it; steps loosely nested while they are edited. */
export type JourneyStateName = 'draft' | 'live' | 'paused' | 'ended'

export interface JourneyRow {
  journeyId: string
  name: string
  state: JourneyStateName
  /** More has been written since than runs. */
  hasDraft: boolean
  trigger: Trigger
  entered: number
  underWay: number
  done: number
  /** Null: none is set. */
  goals: number | null
  actor: string
  updatedAt: string
}
export type Problems = Readonly<Record<string, string[]>>
export interface Journey extends JourneyRow {
  draft: Draft
  revision: number
  problems: Problems
  version: number | null
  /** What runs now. */
  running: Draft | null
}

export interface StepStats {
  key: string
  here: number
  came: number
  done: number
  late: number
  skipped: number
  reasons: { reason: string; people: number }[]
  ways: { port: string; people: number }[]
}
export interface MemberStats {
  staffId: string
  name: string
  due: number
  done: number
  late: number
  skipped: number
}
export interface Stats {
  entered: number
  underWay: number
  done: number
  goals: number | null
  steps: StepStats[]
  members: MemberStats[]
}

/** What would become of one customer: each step he comes by, when, and by which way he leaves it. */
export interface DryRun {
  stops: { key: string; at: string; port: string | null }[]
  /** Where he stands when the clock stops; null: he is through. */
  standsAt: string | null
  /** Why he would leave early. */
  left: Left | null
}
/** Something that happens while the clock is wound, so long after he came in. */
export interface Happening {
  kind: 'reply' | 'order' | 'lost' | 'event'
  event?: string
  afterMinutes: number
}
export type Left =
  | 'done'
  | 'goal'
  | 'reply'
  | 'order'
  | 'segment'
  | 'lost'
  | 'displaced'
  | 'taken_out'
  | 'drained'
  | 'ended'

export type OfPeople = 'stay' | 'move' | 'drain'
export interface Changes {
  version: number
  underWay: number
  added: string[]
  changed: string[]
  removed: { key: string; step: Step; people: number }[]
}

/** One journey a customer is in, or was. */
export interface Place {
  enrolmentId: string
  journeyId: string
  name: string
  step: Step | null
  since: string
  nextAt: string | null
  endedAt: string | null
  ended: Left | null
}
