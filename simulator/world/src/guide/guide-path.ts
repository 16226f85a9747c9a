import type { Follow, Message } from '../../../src/world/records.ts'
import type { StepLook } from '../ui/step-number.tsx'

/** What this browser remembers of one customer's way along the path. */
export interface PathMemory {
  /** The friendship it is about: after a deletion and a new scan the path starts anew. */
  followSeq?: number
  /** Tags the friendship began with; a channel code may bring some of its own. */
  tagsBefore?: readonly string[]
  tagged?: boolean
  opened?: boolean
}

export type WelcomeState = 'none' | 'waiting' | 'sent' | 'missed'

export interface PathFacts {
  follow?: Pick<Follow, 'seq' | 'tags' | 'half'>
  welcome: WelcomeState
  /** The friendship is seconds old: tags that appear now come with the code, not from the member. */
  settling: boolean
}

export interface GuidePath {
  steps: readonly [StepLook, StepLook, StepLook, StepLook]
  /** 0–3, or 4 when there is nothing left. */
  now: number
}

/** Follows what is seen, in whatever order a visitor does things. Returns the same object when nothing is new. */
export function remember(memory: PathMemory, { follow, settling }: PathFacts): PathMemory {
  if (!follow) return memory
  if (memory.followSeq !== follow.seq) return { followSeq: follow.seq, tagsBefore: follow.tags }
  if (memory.tagged) return memory
  const isNew = follow.tags.some((id) => !memory.tagsBefore?.includes(id))
  if (!isNew) return memory
  return settling ? { ...memory, tagsBefore: follow.tags } : { ...memory, tagged: true }
}

export function pathOf({ follow, welcome }: PathFacts, memory: PathMemory): GuidePath {
  if (!follow) return { steps: ['now', 'todo', 'todo', 'todo'], now: 0 }
  const ours = memory.followSeq === follow.seq
  const steps: StepLook[] = [
    follow.half ? 'todo' : 'done',
    welcome === 'sent' ? 'done' : welcome === 'waiting' ? 'todo' : 'missed',
    ours && memory.tagged ? 'done' : 'todo',
    ours && memory.opened ? 'done' : 'todo',
  ]
  const next = steps.indexOf('todo')
  if (next >= 0) steps[next] = 'now'
  return { steps: steps as unknown as GuidePath['steps'], now: next >= 0 ? next : 4 }
}

/** The welcome of this friendship; what was said before the last add does not count. */
export function welcomeOf(messages: readonly Message[], follow: { seq: number }): Message | undefined {
  return messages.find((message) => message.welcome !== undefined && message.seq > follow.seq)
}
