import type { Platform } from './platform.ts'
import type { createQueue, Entry, Item } from './queue.ts'

export interface Answer {
  accepted: number
  duplicates: number
  refused: { index: number; code: string; message: string }[]
}
export type OnSent = (items: Item[], answer: Answer) => void

export const GATHER_MS = 1_000
const [RETRY_MS, RETRY_MS_MAX] = [1_000, 300_000]
/** Durable there. Anything else that sounds well was said by somebody in between. */
const TAKEN = 202
/** The envelope itself was refused: sending it again would not change that. */
const HOPELESS: readonly number[] = [400, 413, 422]

/** Sends what the queue holds, a batch at a time, until each was answered for; what fails waits longer each time. */
export function createSender(
  platform: Platform,
  queue: ReturnType<typeof createQueue>,
  { url, mayTell, onSent }: { url: string; mayTell(): boolean; onSent: OnSent | undefined },
) {
  const underWay = new Set<string>()
  let failures = 0
  let cancel: (() => void) | undefined

  const stopWaiting = () => {
    cancel?.()
    cancel = undefined
  }
  function flush(isLast = false) {
    stopWaiting()
    if (mayTell()) void send(isLast)
  }
  const flushIn = (ms: number) => {
    cancel ??= platform.later(() => flush(), ms)
  }

  async function send(isLast: boolean): Promise<void> {
    const batch = queue.next(underWay)
    if (batch.length === 0 || (underWay.size > 0 && !isLast)) return
    const ids = new Set(batch.map(({ item }) => item.messageId))
    for (const id of ids) underWay.add(id)
    const waitMs = await deliver(batch, isLast)
    for (const id of ids) underWay.delete(id)
    if (waitMs !== undefined) {
      stopWaiting() // what came meanwhile waits along
      return flushIn(waitMs)
    }
    failures = 0
    queue.drop(ids)
    await send(false)
  }

  /** How long to wait until it is tried again; undefined once it need not be. */
  async function deliver(batch: Entry[], isLast: boolean): Promise<number | undefined> {
    const items = batch.map(({ item }) => item)
    const [{ token: personToken }] = batch as [Entry]
    const body = JSON.stringify({ sentAt: new Date(platform.now()).toISOString(), personToken, batch: items })
    const reply = await platform.send(url, body, isLast).catch(() => undefined)
    if (reply?.status === TAKEN) onSent?.(items, JSON.parse(reply.text))
    else if (!reply || !HOPELESS.includes(reply.status)) {
      const backOffMs = Math.min(RETRY_MS * 2 ** failures++, RETRY_MS_MAX) * (0.5 + Math.random() / 2)
      return Math.max(backOffMs, (reply?.retryAfterSeconds ?? 0) * 1_000)
    }
    return undefined
  }

  return { flush, flushIn }
}
