import { createBox } from './box.ts'
import type { Platform } from './platform.ts'

export type Properties = Record<string, unknown>
/** What a person may say of himself. Anything stronger is in the token a server signs. */
export interface Ids {
  phone?: string
  member?: string
}

/** One message as `/collect` takes it. */
export interface Item {
  type: 'track' | 'page' | 'identify'
  messageId: string
  at: string
  device: string
  event?: string
  ids?: Ids
  properties?: Properties
}

/** A message with the token that held when it was told: whoever signs in later did not do it. */
export interface Entry {
  item: Item
  token?: string
}

/** Days offline end somewhere; the oldest go first. */
const ENTRIES_MAX = 200
const BATCH_MAX = 50
/** Two requests of it fit into what a browser lets a closing page send (64 KiB, fetch.spec.whatwg.org, 2026-11). */
const BATCH_LETTERS_MAX = 10_000

/** What is to be sent, kept until somebody has answered for it. */
export function createQueue(platform: Platform) {
  const box = createBox<Entry[]>(platform, 'siyu.queue', [])
  return {
    push: (entry: Entry) => box.write([...box.read(), entry].slice(-ENTRIES_MAX)),
    /** The oldest of one token that are not under way yet. */
    next(underWay: ReadonlySet<string>): Entry[] {
      const waiting = box.read().filter(({ item }) => !underWay.has(item.messageId))
      const batch: Entry[] = []
      let letters = 0
      for (const entry of waiting.slice(0, BATCH_MAX)) {
        letters += JSON.stringify(entry.item).length
        if (entry.token !== waiting[0]!.token || (batch.length > 0 && letters > BATCH_LETTERS_MAX)) break
        batch.push(entry)
      }
      return batch
    },
    drop: (messageIds: ReadonlySet<string>) =>
      box.write(box.read().filter(({ item }) => !messageIds.has(item.messageId))),
    clear: () => box.write([]),
  }
}
