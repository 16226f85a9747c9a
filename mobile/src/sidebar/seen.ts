import type { Mine } from '../api/sidebar.ts'
import { boot } from './boot.ts'

/** What is painted at once when a chat is opened again. Never money, and nothing that was said or done. */
export type Seen = Pick<Mine, 'name' | 'avatar' | 'pair' | 'tags'> & { stage: string | null }

const KEPT = 50
const KEY = `siyu-seen ${boot.corp.id} ${boot.me.staffId}`
type Kept = [externalUserid: string, seen: Seen][]

function readKept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]') as Kept
  } catch {
    return [] // another version's, or storage is closed to us
  }
}

export const seenBefore = (externalUserid: string): Seen | undefined =>
  readKept().find(([id]) => id === externalUserid)?.[1]

/** Keeps the last fifty, newest first; of whoever held this phone before, nothing. */
export function keepSeen(externalUserid: string, { name, avatar, pair, tags, flows }: Mine): void {
  const flow = flows.find(({ stageId }) => stageId !== null)
  const stage = flow?.stages.find(({ stageId }) => stageId === flow.stageId)?.name ?? null
  const others = readKept().filter(([id]) => id !== externalUserid)
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith('siyu-seen ') && key !== KEY) localStorage.removeItem(key)
    localStorage.setItem(
      KEY,
      JSON.stringify([[externalUserid, { name, avatar, pair, tags, stage }], ...others].slice(0, KEPT)),
    )
  } catch {
    // Full or closed: the next opening is painted a moment later.
  }
}

export function forgetSeen(externalUserid: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(readKept().filter(([id]) => id !== externalUserid)))
  } catch {
    // As above.
  }
}
