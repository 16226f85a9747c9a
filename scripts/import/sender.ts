import { setTimeout as sleep } from 'node:timers/promises'

export interface Tally {
  accepted: number
  duplicates: number
  /** By code. */
  refused: Record<string, number>
}

interface Collected {
  accepted: number
  duplicates: number
  refused: { code: string }[]
}

/** As many as `/collect` takes at once. */
const BATCH_MAX = 500
/** Requests under way; the server writes them one after the other where they meet the same person. */
const AT_ONCE = 3
const [TRIES_MAX, WAIT_MS_MAX] = [8, 30_000]

export class ImportRefused extends Error {
  override name = 'ImportRefused'
}

/** Sends messages to `/collect` in batches of one kind each, and counts what became of them by kind. */
export function createSender(url: string, key: string, onAnswer: () => void) {
  const waiting = new Map<string, unknown[]>()
  const tallies = new Map<string, Tally>()
  const underWay = new Set<Promise<void>>()
  let failure: unknown

  async function send(kind: string, batch: unknown[]): Promise<void> {
    const { accepted, duplicates, refused } = await post(`${url}/collect`, key, { history: true, batch })
    const tally = tallies.get(kind) ?? { accepted: 0, duplicates: 0, refused: {} }
    tally.accepted += accepted
    tally.duplicates += duplicates
    for (const { code } of refused) tally.refused[code] = (tally.refused[code] ?? 0) + 1
    tallies.set(kind, tally)
    onAnswer()
  }
  async function start(kind: string): Promise<void> {
    const batch = waiting.get(kind) ?? []
    waiting.delete(kind)
    while (underWay.size >= AT_ONCE) await Promise.race(underWay)
    if (failure !== undefined) throw failure
    const sending: Promise<void> = send(kind, batch)
      .catch((error) => {
        failure = error
      })
      .finally(() => underWay.delete(sending))
    underWay.add(sending)
  }

  return {
    async add(kind: string, message: unknown): Promise<void> {
      const batch = waiting.get(kind) ?? []
      waiting.set(kind, batch)
      if (batch.push(message) === BATCH_MAX) await start(kind)
    },
    /** Everything so far has been answered for. */
    async settle(): Promise<ReadonlyMap<string, Tally>> {
      for (const kind of [...waiting.keys()]) await start(kind) // a batch a kind
      await Promise.all(underWay)
      if (failure !== undefined) throw failure
      return tallies
    },
  }
}

/** Repeats what may succeed later: every message has an id, so that nothing counts twice. */
async function post(url: string, key: string, body: unknown): Promise<Collected> {
  for (let tried = 1; ; tried++) {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((error: Error) => error)
    if (!(reply instanceof Error) && reply.status === 202) return (await reply.json()) as Collected
    const mayPass = reply instanceof Error || reply.status === 429 || reply.status >= 500
    if (!mayPass || tried === TRIES_MAX)
      throw new ImportRefused(reply instanceof Error ? `连不上 ${url}：${reply.message}` : await reply.text())
    const asked = reply instanceof Error ? 0 : Number(reply.headers.get('retry-after')) * 1000
    await sleep(Math.max(asked, Math.min(250 * 2 ** tried, WAIT_MS_MAX)))
  }
}
