import { Clock, type ClockState } from '../clock.ts'
import { type FaultRule, Faults } from '../faults.ts'
import { Outbox } from '../outbox/outbox.ts'
import { HEX, hashText, ID_LETTERS, makePrng } from '../prng.ts'
import type { Store } from '../store.ts'
import { Wire } from '../wire.ts'
import { Corp } from './corp.ts'
import { type CorpInfo, type CorpOptions, DEFAULT_OPTIONS } from './records.ts'

export interface NewCorp {
  name: string
  key?: string
  agentId?: number
  options?: Partial<CorpOptions>
  /** False: lives in memory only. For benches with hundreds of thousands of records. */
  persist?: boolean
}

/** How often the running clock is stored, so that a kill does not turn it back by more. */
const CLOCK_SAVE_MS = 1000

/** Everything there is: the companies, the time they share, what goes wrong, and what was seen on the wire. */
export class World {
  readonly seed: number
  readonly clock: Clock
  readonly faults: Faults
  readonly wire = new Wire()
  readonly corps = new Map<string, Corp>()
  readonly store: Store
  readonly outbox: Outbox
  readonly #clockTimer: NodeJS.Timeout
  readonly #saveClock: () => void

  constructor(store: Store, options: { seed: number; startAtMs?: number }) {
    this.store = store
    this.seed = options.seed
    const stored = new Map([...store.read('world')].map(({ id, value }) => [id, value]))
    this.clock = new Clock(stored.get('clock') as ClockState | undefined, { startAtMs: options.startAtMs })
    const faults = stored.get('faults') as { seed: number; rules: FaultRule[] } | undefined
    this.faults = new Faults(faults?.seed ?? options.seed)
    this.faults.setRules(faults?.rules ?? [])
    this.#loadCorps()
    this.outbox = new Outbox(this)
    this.#saveClock = () => store.put('world', 'clock', this.clock.snapshot())
    this.#saveClock()
    this.clock.onChange(() => {
      this.#saveClock()
      this.wire.tell({ type: 'clock' })
    })
    this.#clockTimer = setInterval(this.#saveClock, CLOCK_SAVE_MS)
    this.#clockTimer.unref()
  }

  stop(): void {
    this.outbox.stop()
    clearInterval(this.#clockTimer)
    this.#saveClock()
  }

  saveFaults(): void {
    this.store.put('world', 'faults', { seed: this.faults.seed, rules: this.faults.rules })
  }

  createCorp({ name, key, agentId = 1000002, options, persist = true }: NewCorp): Corp {
    const prng = makePrng(this.seed, hashText(key ?? name), this.corps.size, 3)
    const info: CorpInfo = {
      corpid: `ww${prng.text(16, HEX)}`,
      key,
      name,
      seed: this.seed,
      agentId,
      appSecret: prng.text(43, ID_LETTERS),
      contactSecret: prng.text(43, ID_LETTERS),
      receivers: {},
      options: { ...structuredClone(DEFAULT_OPTIONS), ...options },
      idCounter: 0,
      sequence: 0,
      persist,
      createdAt: this.clock.seconds(),
    }
    const corp = new Corp(info, this.store)
    corp.saveInfo()
    this.corps.set(info.corpid, corp)
    return corp
  }

  findCorpByKey(key: string): Corp | undefined {
    return [...this.corps.values()].find((corp) => corp.info.key === key)
  }

  #loadCorps(): void {
    for (const { value } of this.store.read('corp')) {
      const info = value as CorpInfo
      info.options = { ...structuredClone(DEFAULT_OPTIONS), ...info.options }
      this.corps.set(info.corpid, new Corp(info, this.store))
    }
    const restorers = new Map([...this.corps].map(([corpid, corp]) => [corpid, corp.restorers()]))
    const kinds = Object.keys([...restorers.values()][0] ?? {})
    for (const kind of kinds) {
      const rows = [...this.store.read(kind)] as { id: string; value: { seq?: number } }[]
      // Stored by id, but lists are kept in the order of happening.
      if (rows[0]?.value.seq !== undefined) rows.sort((a, b) => a.value.seq! - b.value.seq!)
      for (const { id, value } of rows) restorers.get(id.slice(0, id.indexOf('/')))?.[kind]?.(value as never)
    }
    for (const corp of this.corps.values()) corp.leapCounters()
  }
}
