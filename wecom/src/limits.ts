import { setTimeout as sleepMs } from 'node:timers/promises'
import { cancelledCall, LocalCode, limitPauseMs, WecomError } from './errors.ts'

/** Time for limits: monotonic, so that a corrected wall clock neither opens nor closes a bucket. */
export interface LimitClock {
  /** Monotonic milliseconds. */
  monotonicMs(): number
  /** Unix milliseconds: a daily limit ends with the day in Shanghai. */
  wallMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** `welcome` keeps a share of every limit that other calls cannot use: its code dies after 20 s. */
export type Lane = 'normal' | 'welcome'

export interface LimitedCall {
  corpId: string
  api: string
  lane?: Lane
  signal?: AbortSignal
}

/** Decides when a call may go. One limiter serves all corps of a process, since they share the source address. */
export interface Limiter {
  /** Runs `send` once it may go and learns from its `WecomError`; throws `LocalCode.heldBack` rather than wait long. */
  run<T>(call: LimitedCall, send: () => Promise<T>): Promise<T>
}

export interface LimiterOptions {
  clock?: LimitClock
  /** This process's share of the limits below: 0.5 for two processes. Default 1. */
  share?: number
  /** Calls of one API by one corp. WeCom: 10,000/min and 150,000/h. Defaults 9,000 and 135,000. */
  corpPerMinute?: number
  corpPerHour?: number
  /** Calls of one API from one address. WeCom: 20,000/min and 600,000/h. Defaults 18,000 and 540,000. */
  addressPerMinute?: number
  addressPerHour?: number
  /** Share of every bucket kept for the welcome lane. Default 0.1. */
  welcomeShare?: number
  /** Calls of one corp under way at once; WeCom publishes no number. Default 64. Halved by each 45033. */
  concurrency?: number
  /** Of these, kept for the welcome lane. Default 8. */
  welcomeConcurrency?: number
  /** A call that would wait longer is held back at once. Default 5000. */
  waitMsMax?: number
}

const SYSTEM_CLOCK: LimitClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  sleep: async (ms, signal) => void (await sleepMs(ms, undefined, { signal })),
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A whole sync fits into the burst of a minute; over an hour an even flow gets more done. */
const MINUTE_BURST = 0.5
const HOUR_BURST = 0.2
/** Added fractions drift by far less than this. */
const ROUNDING_MS = 0.001

/**
 * Keeps below WeCom's published limits with a margin (developer.work.weixin.qq.com/document/path/90312, 2026-11),
 * closes an API for its window after 45009 and lowers the concurrency of a corp after 45033.
 */
export function createLimiter(options: LimiterOptions = {}): Limiter {
  const clock = options.clock ?? SYSTEM_CLOCK
  const share = options.share ?? 1
  const welcomeShare = options.welcomeShare ?? 0.1
  const waitMsMax = options.waitMsMax ?? 5_000
  const slotsMax = options.concurrency ?? 64
  const welcomeSlots = Math.min(options.welcomeConcurrency ?? 8, slotsMax - 1)
  const gates = new Map<string, Gate>()
  const slots = new Map<string, Slots>()

  const gate = (key: string, perMinute: number, perHour: number) =>
    obtain(gates, key, () => new Gate(perMinute * share, perHour * share, welcomeShare))
  const gatesOf = ({ corpId, api }: LimitedCall) => [
    gate(`${corpId} ${api}`, options.corpPerMinute ?? 9_000, options.corpPerHour ?? 135_000),
    gate(api, options.addressPerMinute ?? 18_000, options.addressPerHour ?? 540_000),
  ]

  return {
    async run(call, send) {
      const lane = call.lane ?? 'normal'
      const [corpGate, addressGate] = gatesOf(call) as [Gate, Gate]
      const nowMs = clock.monotonicMs()
      const waitMs = Math.max(corpGate.waitMs(lane, nowMs), addressGate.waitMs(lane, nowMs))
      if (waitMs > waitMsMax) throw heldBack(call.api, waitMs)
      corpGate.take(lane, nowMs)
      addressGate.take(lane, nowMs)
      if (waitMs > 0) await pause(call, clock, waitMs)
      const corpSlots = obtain(slots, call.corpId, () => new Slots(slotsMax, welcomeSlots))
      const patience = (left: AbortSignal) =>
        clock.sleep(waitMsMax, call.signal ? AbortSignal.any([left, call.signal]) : left)
      if (!(await corpSlots.enter(lane, patience))) {
        throw call.signal?.aborted ? cancelledCall(call.api) : heldBack(call.api, waitMsMax)
      }
      const crowd = corpSlots.crowd
      try {
        // Closed while it waited: those admitted before the refusal must not walk into it one by one.
        const closedMs = corpGate.closedMs(clock.monotonicMs())
        if (closedMs > 0) throw heldBack(call.api, closedMs)
        const result = await send()
        corpSlots.wentWell()
        corpGate.wentWell(clock.monotonicMs())
        return result
      } catch (error) {
        if (error instanceof WecomError && error.errcode === 45033) corpSlots.lower(crowd)
        if (error instanceof WecomError && error.errcode === 45009) throw closed(error, corpGate, clock)
        throw error
      } finally {
        corpSlots.leave()
      }
    },
  }
}

async function pause({ api, signal }: LimitedCall, clock: LimitClock, waitMs: number): Promise<void> {
  try {
    await clock.sleep(waitMs, signal)
  } catch (error) {
    throw signal?.aborted ? cancelledCall(api) : error
  }
}

function closed(error: WecomError, gate: Gate, clock: LimitClock): WecomError {
  const { api, errcode, errmsg, outcome } = error
  const retryAfterMs = gate.close(api, clock.monotonicMs(), clock.wallMs())
  return new WecomError({ api, errcode, errmsg, outcome, retryAfterMs, cause: error.cause })
}

function heldBack(api: string, retryAfterMs: number): WecomError {
  const errmsg = 'held back to stay below the limits'
  return new WecomError({ api, errcode: LocalCode.heldBack, errmsg, outcome: 'retryable', retryAfterMs })
}

function obtain<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known) return known
  const made = make()
  map.set(key, made)
  return made
}

/**
 * A token bucket, kept as a schedule in which each call takes the next free place. At most `limit` calls start in any
 * window, wherever it begins: a share of them may start at once, the rest refill evenly.
 */
class Schedule {
  readonly #everyMs: number
  readonly #burstMs: number
  /** When the line would be empty again. */
  #freeAt = Number.NEGATIVE_INFINITY

  constructor(limit: number, windowMs: number, burstShare: number) {
    const burst = Math.max(1, Math.floor(limit * burstShare))
    this.#everyMs = windowMs / Math.max(limit - burst, 1)
    this.#burstMs = (burst - 1) * this.#everyMs
  }

  waitMs(nowMs: number): number {
    const waitMs = this.#freeAt - this.#burstMs - nowMs
    return waitMs > ROUNDING_MS ? waitMs : 0
  }

  take(nowMs: number): void {
    this.#freeAt = Math.max(this.#freeAt, nowMs) + this.#everyMs
  }
}

/** All limits of one API for one corp, or for the address. */
class Gate {
  readonly #lanes: Readonly<Record<Lane, readonly Schedule[]>>
  #closedUntil = Number.NEGATIVE_INFINITY
  #strikes = 0

  constructor(perMinute: number, perHour: number, welcomeShare: number) {
    const lane = (part: number) => [
      new Schedule(perMinute * part, MINUTE_MS, MINUTE_BURST),
      new Schedule(perHour * part, HOUR_MS, HOUR_BURST),
    ]
    this.#lanes = { normal: lane(1 - welcomeShare), welcome: lane(welcomeShare) }
  }

  closedMs(nowMs: number): number {
    return Math.max(0, this.#closedUntil - nowMs)
  }

  waitMs(lane: Lane, nowMs: number): number {
    return Math.max(this.closedMs(nowMs), wait(this.#lanes[this.#from(lane, nowMs)], nowMs))
  }

  take(lane: Lane, nowMs: number): void {
    for (const schedule of this.#lanes[this.#from(lane, nowMs)]) schedule.take(nowMs)
  }

  /** Returns for how long, in ms. Refusals of calls that were already under way belong to the same strike. */
  close(api: string, nowMs: number, wallMs: number): number {
    if (this.closedMs(nowMs) > 0) return this.closedMs(nowMs)
    const pauseMs = limitPauseMs(api, this.#strikes, wallMs)
    this.#closedUntil = nowMs + pauseMs
    this.#strikes++
    return pauseMs
  }

  /** A call that worked after the pause shows that the shorter window was the one. */
  wentWell(nowMs: number): void {
    if (this.#strikes > 0 && this.closedMs(nowMs) === 0) this.#strikes = 0
  }

  /** The welcome lane rides with the others while there is room, and on its own share when there is none. */
  #from(lane: Lane, nowMs: number): Lane {
    return lane === 'welcome' && wait(this.#lanes.normal, nowMs) > 0 ? 'welcome' : 'normal'
  }
}

function wait(schedules: readonly Schedule[], nowMs: number): number {
  let longest = 0
  for (const schedule of schedules) longest = Math.max(longest, schedule.waitMs(nowMs))
  return longest
}

/** Calls gained back for one slot after 45033. */
const CALLS_PER_SLOT = 50

/** The calls of one corp under way. */
class Slots {
  readonly #max: number
  readonly #reserve: number
  #limit: number
  #used = 0
  #calm = 0
  /** Grows with each lowering: calls that began before it belong to the earlier crowd. */
  crowd = 0
  readonly #waiting: Readonly<Record<Lane, (() => void)[]>> = { welcome: [], normal: [] }

  constructor(max: number, reserve: number) {
    this.#max = max
    this.#limit = max
    this.#reserve = reserve
  }

  /** Takes a slot, waiting in line for one; false when `patience` ends or breaks first. */
  async enter(lane: Lane, patience: (left: AbortSignal) => Promise<void>): Promise<boolean> {
    const line = this.#waiting[lane]
    if (this.#used < this.#room(lane) && line.length === 0) {
      this.#used++
      return true
    }
    const left = new AbortController()
    return new Promise<boolean>((resolve) => {
      const admit = () => {
        left.abort()
        resolve(true)
      }
      const leave = () => {
        const place = line.indexOf(admit)
        if (place < 0) return // admitted meanwhile
        line.splice(place, 1)
        resolve(false)
      }
      line.push(admit)
      patience(left.signal).then(leave, leave)
    })
  }

  leave(): void {
    this.#used--
    this.#admit()
  }

  wentWell(): void {
    if (this.#limit === this.#max || ++this.#calm < CALLS_PER_SLOT) return
    this.#calm = 0
    this.#limit++
  }

  /** Once per crowd: those who were under way together are refused together. */
  lower(crowd: number): void {
    if (crowd !== this.crowd) return
    this.crowd++
    this.#calm = 0
    this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, this.#used) / 2))
  }

  #admit(): void {
    for (const lane of ['welcome', 'normal'] as const) {
      while (this.#waiting[lane].length > 0 && this.#used < this.#room(lane)) {
        this.#used++
        this.#waiting[lane].shift()!()
      }
    }
  }

  /** The reserve shrinks with the limit, but other calls always keep one slot. */
  #room(lane: Lane): number {
    return lane === 'welcome' ? this.#limit : Math.max(1, Math.floor(this.#limit * (1 - this.#reserve / this.#max)))
  }
}
