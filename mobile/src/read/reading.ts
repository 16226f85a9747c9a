/** Seconds in the page before anything is said of it. */
const FIRST_MS = 2_000
/** Between two signs of life. */
const EVERY_MS = 5_000
/** Nobody reads one screen for longer without touching it. */
const IDLE_MS = 90_000

/** All there is to say of a reading so far. */
export interface Beat {
  view: string
  n: number
  seconds: number
  depth: number
  /** Of what has pages: seconds by page, through the farthest. */
  pages: number[]
  bye: boolean
}

export interface Surroundings {
  now(): number
  /** Leaves the page even while it is being closed. */
  send(beat: Beat): void
}

/**
 * One reading: how long the page has been looked at, and how far it came. Each beat says all of it, so that one that is
 * lost takes nothing with it. Time counts while the page is in sight and somebody moves; of a video, while it plays.
 */
export class Reading {
  readonly #view: string
  readonly #around: Surroundings
  #n = 0
  #seenMs = 0
  #since: number | undefined
  #movedAt: number
  #saidAt = 0
  #depth = 0
  #said = ''
  #over = false
  #page = 0
  #pageMs: number[] = []

  constructor(view: string, around: Surroundings) {
    this.#view = view
    this.#around = around
    this.#movedAt = around.now()
  }

  get depth(): number {
    return this.#depth
  }

  /** Whether it is looked at now. */
  see(inSight: boolean): void {
    const now = this.#around.now()
    this.#add(now)
    this.#since = inSight ? now : undefined
    this.#movedAt = now
    if (!inSight) this.#say(false)
  }

  /** Somebody touched it. */
  move(): void {
    const now = this.#around.now()
    this.#add(now)
    this.#movedAt = now
  }

  /** Of a hundred; it never goes back. */
  reach(depth: number): void {
    this.#depth = Math.max(this.#depth, Math.min(100, Math.floor(depth)))
  }

  /** Turns to a page, counted from 1; what was leafed through to come there counts as reached. */
  turn(page: number): void {
    if (page === this.#page) return
    this.#add(this.#around.now())
    this.#page = page
    while (this.#pageMs.length < page) this.#pageMs.push(0)
  }

  /** To be called every second or so. */
  tick(): void {
    const now = this.#around.now()
    this.#add(now)
    const due = this.#n === 0 ? this.#seenMs >= FIRST_MS : now - this.#saidAt >= EVERY_MS
    if (due) this.#say(false)
  }

  /** The reader leaves. */
  end(): void {
    this.#add(this.#around.now())
    this.#say(true)
    this.#over = true
  }

  #add(now: number): void {
    if (this.#since === undefined) return
    const until = Math.min(now, this.#movedAt + IDLE_MS)
    const seen = Math.max(0, until - this.#since)
    this.#seenMs += seen
    if (this.#page > 0) this.#pageMs[this.#page - 1]! += seen
    this.#since = now
  }

  #say(bye: boolean): void {
    const seconds = Math.floor(this.#seenMs / 1000)
    const pages = this.#pageMs.map((ms) => Math.floor(ms / 1000))
    const said = `${seconds} ${this.#depth} ${pages}`
    // What is under two seconds was no reading, and the same is not said twice.
    if (this.#over || this.#seenMs < FIRST_MS || (said === this.#said && !bye)) return
    this.#said = said
    this.#saidAt = this.#around.now()
    this.#n += 1
    this.#around.send({ view: this.#view, n: this.#n, seconds, depth: this.#depth, pages, bye })
  }
}
