/** What the pictures and panels of a journey are told, whatever route it comes by. */
export type JourneyStateName = 'draft' | 'live' | 'paused' | 'ended'

export interface JourneyRow {
  journeyId: string
  name: string
  state: JourneyStateName
  /** More has been written since than runs. */
  hasDraft: boolean
  /** What starts it, in words. */
  starts: string
  entered: number
  underWay: number
  done: number
  /** Null: none is set. */
  goals: number | null
  actor: string
  updatedAt: string
}

export interface Template {
  template: string
  name: string
  why: string
  steps: number
}

export interface StepStats {
  key: string
  here: number
  came: number
  done: number
  late: number
  skipped: number
  reasons: { said: string; people: number }[]
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

/** What would become of one customer: each step he comes by, when, by which way he leaves it, and what is done there. */
export interface DryRun {
  stops: { key: string; at: string; port: string | null; said: string }[]
  /** Where he stands when the clock stops; null: he is through. */
  standsAt: string | null
  /** Why he would never have come in, or left early. */
  note: string | null
}
/** Something that happens while the clock is wound, so long after he came in. */
export interface Happening {
  kind: 'reply' | 'order' | 'lost' | 'event'
  event?: string
  afterMinutes: number
}

export type OfPeople = 'stay' | 'move' | 'drain'
export interface Changes {
  underWay: number
  added: string[]
  changed: string[]
  removed: { title: string; people: number }[]
  version: number
}

/** One journey a customer is in, or was. */
export interface Place {
  enrolmentId: string
  journeyId: string
  name: string
  step: string
  since: string
  next: string | null
  nextAt: string | null
  endedAt: string | null
  ended: string | null
}
