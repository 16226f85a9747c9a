import type { IconName } from '../../ui/icon.tsx'

/** What the picture shows of a step, whatever kind it is. */
export interface Face {
  icon: IconName
  /** Steps that reach the customer stand out: they take from his attention. */
  family: 'start' | 'wait' | 'reach' | 'change' | 'fork' | 'end'
  title: string
  line: string
  /** What is still to be mended here, in the server's words. */
  problems: string[]
}

/** Numbers of a step, where a journey runs. */
export interface Tally {
  here: number
  /** Everybody who ever came by. */
  came: number
  done: number
  late: number
  skipped: number
}

/** A dry run's way through the picture: what it came by, and when. */
export interface Lit {
  steps: ReadonlyMap<string, string>
  ways: ReadonlySet<string>
  /** Where the customer stands when the clock stops. */
  at: string | null
}

/** Where a step is put in: on the way that leaves `key` by `port`. */
export interface Gap {
  key: string
  port: string
}
