import type { Fault, FaultKind } from '../faults.ts'
import type { WireEntry } from '../wire.ts'
import type { Corp } from '../world/corp.ts'
import type { OutEvent } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { deliver } from './deliver.ts'

/** Without a later event to change places with, a reordered one leaves after this. */
const REORDER_HOLD_MS = 1000
const LATE_MS = 3000
const DUPLICATE_GAP_MS = 20
/** Faults that do not let a later callback of the lane pass. */
const IN_ORDER: ReadonlySet<FaultKind> = new Set(['duplicate', 'unreachable'])

interface Lane {
  waiting: OutEvent[]
}

interface Queue {
  corp: Corp
  events: OutEvent[]
  /** Lanes with a delivery on its way. */
  lanes: Map<string, Lane>
  inFlight: number
  /** Held back by a reorder fault until another event has passed. */
  held: { event: OutEvent; fault: Fault }[]
  delivered: number
  dropped: number
  gaveUp: number
}

/**
 * Callbacks on their way to the companies. Stored until taken, so a restart sends what is left. They start in the order
 * of happening; those of one lane also end in it. A fault is the only thing that reorders, loses or repeats.
 */
export class Outbox {
  readonly #world: World
  readonly #queues = new Map<string, Queue>()
  readonly #halt = new AbortController()
  /** What happened while the clock stood still is already on the wire; its delivery completes that row. */
  readonly #shownWaiting = new Map<number, WireEntry>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(world: World) {
    this.#world = world
    world.clock.onChange(() => {
      for (const queue of this.#queues.values()) this.#pump(queue)
    })
  }

  /** Takes up what the last run left. */
  resume(): void {
    for (const corp of this.#world.corps.values()) {
      const queue = this.#queueOf(corp)
      queue.events.push(...corp.outEvents.values())
      this.#pump(queue)
    }
  }

  enqueue(corp: Corp, event: OutEvent): void {
    corp.saveOutEvent(event)
    const queue = this.#queueOf(corp)
    queue.events.push(event)
    if (this.#world.clock.paused) this.#shownWaiting.set(event.seq, this.#log(queue, event, '待送达'))
    this.#pump(queue)
  }

  stop(): void {
    this.#halt.abort()
    for (const timer of this.#timers) clearTimeout(timer)
  }

  state(corp: Corp) {
    const { events, inFlight, lanes, held, delivered, dropped, gaveUp } = this.#queueOf(corp)
    const inLanes = [...lanes.values()].reduce((sum, lane) => sum + lane.waiting.length, 0)
    return { waiting: events.length + inLanes + held.length, inFlight, delivered, dropped, gaveUp }
  }

  #queueOf(corp: Corp): Queue {
    let queue = this.#queues.get(corp.info.corpid)
    if (!queue) {
      queue = { corp, events: [], lanes: new Map(), inFlight: 0, held: [], delivered: 0, dropped: 0, gaveUp: 0 }
      this.#queues.set(corp.info.corpid, queue)
    }
    return queue
  }

  #pump(queue: Queue): void {
    const { callbackConcurrency } = queue.corp.info.options
    let taken = 0
    while (!this.#halt.signal.aborted && !this.#world.clock.paused && queue.inFlight < callbackConcurrency) {
      const event = queue.events[taken]
      if (!event) break
      taken++
      const lane = queue.lanes.get(event.lane)
      if (lane) lane.waiting.push(event)
      else this.#start(queue, event)
    }
    queue.events.splice(0, taken)
  }

  #start(queue: Queue, event: OutEvent): void {
    const fault = event.attempts === 0 ? this.#decide(queue, event) : undefined
    if (fault?.kind === 'drop') {
      queue.dropped++
      this.#log(queue, event, '已丢失，对账会补上', fault)
      queue.corp.removeOutEvent(event)
      this.#nextInLane(queue, event.lane)
    } else if (fault?.kind === 'late') {
      this.#after(fault.ms ?? LATE_MS, () => this.#send(queue, event, fault))
    } else if (fault?.kind === 'reorder') {
      queue.held.push({ event, fault })
      this.#after(fault.ms ?? REORDER_HOLD_MS, () => this.#release(queue))
    } else {
      queue.lanes.set(event.lane, { waiting: [] })
      this.#send(queue, event, fault)
    }
  }

  #decide(queue: Queue, event: OutEvent): Fault | undefined {
    return this.#world.faults.decide('callback', event.name, queue.corp.info.corpid)
  }

  #send(queue: Queue, event: OutEvent, fault?: Fault, ordered = !fault || IN_ORDER.has(fault.kind)): void {
    if (this.#halt.signal.aborted) return
    queue.inFlight++
    const shown = this.#shownWaiting.get(event.seq)
    this.#shownWaiting.delete(event.seq)
    void deliver(this.#world, queue.corp, event, { fault, shown }).then((taken) => {
      queue.inFlight--
      if (this.#halt.signal.aborted) return
      if (taken) {
        queue.delivered++
        queue.corp.removeOutEvent(event)
        if (fault?.kind === 'duplicate') {
          this.#after(fault.ms ?? DUPLICATE_GAP_MS, () => void deliver(this.#world, queue.corp, event, { fault }))
        }
        if (ordered) this.#release(queue)
      } else this.#retry(queue, event, fault, ordered)
      if (taken && ordered) this.#nextInLane(queue, event.lane)
      this.#pump(queue)
    })
  }

  /** The lane stays closed while we wait: what happened later to the same customer must not arrive first. */
  #retry(queue: Queue, event: OutEvent, fault: Fault | undefined, ordered: boolean): void {
    const waitMs = queue.corp.info.options.callbackRetryMs[event.attempts++]
    if (waitMs === undefined) {
      queue.gaveUp++
      queue.corp.removeOutEvent(event)
      if (ordered) this.#nextInLane(queue, event.lane)
      return
    }
    queue.corp.saveOutEvent(event)
    // A line that is cut stays cut until somebody mends it; every other fault strikes once.
    const again = () => (fault?.kind === 'unreachable' ? this.#decide(queue, event) : undefined)
    this.#after(waitMs, () => this.#send(queue, event, again(), ordered))
  }

  #nextInLane(queue: Queue, name: string): void {
    const lane = queue.lanes.get(name)
    const next = lane?.waiting.shift()
    if (!lane) return
    if (!next) {
      queue.lanes.delete(name)
      return
    }
    const { waiting } = lane
    queue.lanes.delete(name)
    this.#start(queue, next)
    const reopened = queue.lanes.get(name)
    if (reopened) reopened.waiting.push(...waiting)
    else queue.events.unshift(...waiting)
  }

  #release(queue: Queue): void {
    for (const { event, fault } of queue.held.splice(0)) this.#send(queue, event, fault)
  }

  #log(queue: Queue, event: OutEvent, result: string, fault?: Fault): WireEntry {
    return this.#world.wire.log({
      at: this.#world.clock.virtualMs(),
      corpid: queue.corp.info.corpid,
      direction: 'callback',
      api: event.name,
      sentence: event.sentence,
      result,
      ok: false,
      ms: 0,
      fault,
      request: event.xml,
    })
  }

  #after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }
}
