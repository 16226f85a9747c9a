/** How many calls and callbacks are remembered for the world page. */
export const WIRE_ENTRIES_MAX = 5000
/** Characters of a body kept on the wire: 5 000 pages of a bulk read must not fill the memory. */
const BODY_CHARS_MAX = 4000

export interface WireEntry {
  id: number
  /** Virtual milliseconds. */
  at: number
  realAt: number
  corpid: string
  /** → the company calls us, ← we call the company back, ○ a person opens a page. */
  direction: 'call' | 'callback' | 'page'
  api: string
  /** What happened, in people's words. */
  sentence: string
  /** `ok`, an errcode, an HTTP status, or 待送达, 超时 … */
  result: string
  ok: boolean
  ms: number
  fault?: { kind: string; label: string }
  request?: unknown
  response?: unknown
  /** Callbacks: what was inside, what was sent, and what the receiver had to check. */
  callback?: {
    xml: string
    cipher: string
    query: Record<string, string>
    attempt: number
    checks: { name: string; ok: boolean; detail: string }[]
  }
  welcome?: { code: string; limitMs: number; usedMs?: number; userid: string; externalUserid: string }
}

export type WireEvent =
  | { type: 'entry'; entry: WireEntry }
  | { type: 'update'; entry: WireEntry }
  | { type: 'message'; corpid: string; userid: string; externalUserid: string }
  | { type: 'world'; corpid: string; what: string; id: string }
  | { type: 'clock' }

/** Everything that crossed between the world and a company's system: a ring, and a stream for whoever looks on. */
export class Wire {
  #ring: WireEntry[] = []
  #nextId = 1
  #listeners = new Set<(event: WireEvent) => void>()
  injected = 0

  log(entry: Omit<WireEntry, 'id' | 'realAt'>): WireEntry {
    const logged: WireEntry = { ...entry, id: this.#nextId++, realAt: Date.now() }
    if (logged.fault) this.injected++
    this.#ring[logged.id % WIRE_ENTRIES_MAX] = logged
    this.tell({ type: 'entry', entry: logged })
    return logged
  }

  update(entry: WireEntry, change: Partial<WireEntry>): void {
    Object.assign(entry, change)
    this.tell({ type: 'update', entry })
  }

  /** Newest first. */
  list(filter: { corpid?: string; direction?: string; fault?: boolean; before?: number; limit: number }): WireEntry[] {
    const found: WireEntry[] = []
    const oldest = Math.max(1, this.#nextId - WIRE_ENTRIES_MAX)
    for (let id = Math.min(filter.before ?? this.#nextId, this.#nextId) - 1; id >= oldest; id--) {
      const entry = this.#ring[id % WIRE_ENTRIES_MAX]
      if (!entry || entry.id !== id) continue
      if (filter.corpid !== undefined && entry.corpid !== filter.corpid) continue
      if (filter.direction !== undefined && entry.direction !== filter.direction) continue
      if (filter.fault && !entry.fault) continue
      found.push(entry)
      if (found.length >= filter.limit) break
    }
    return found
  }

  clear(): void {
    this.#ring = []
    this.injected = 0
  }

  tell(event: WireEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  listen(listener: (event: WireEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** A body as the wire keeps it: parsed when small, its beginning when large. */
export function keepBody(body: string): unknown {
  // A slice of a string keeps the whole alive; the detour through a Buffer lets it go.
  if (body.length > BODY_CHARS_MAX)
    return `${Buffer.from(body.slice(0, BODY_CHARS_MAX)).toString()}…（共 ${body.length} 字符）`
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}
