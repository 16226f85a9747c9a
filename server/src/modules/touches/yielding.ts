import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Limit } from './caps.ts'
import { FATE } from './fates.ts'
import { type DaySheet, Tally, TOUCH, type TouchRow, writeFates } from './ledger.ts'

/** Touches planned but not begun, less important than a new one: who has only a place reserved in them may lose it. */
export class Yielding {
  readonly #touches: readonly TouchRow[]
  readonly #fates: Map<string, Map<number, Buffer>>
  readonly #changed = new Map<TouchRow, { blocks: Set<number>; tally: Tally }>()

  constructor(touches: readonly TouchRow[], fates: Map<string, Map<number, Buffer>>) {
    this.#touches = touches
    this.#fates = fates
  }

  /** Takes the customer's places, least important and last planned first, until there is room; without room nothing is taken. */
  makeRoom(block: number, place: number, sheet: DaySheet, hasRoom: () => boolean): boolean {
    const taken: TouchRow[] = []
    const reserved = this.#touches.filter(
      (touch) => this.#fates.get(touch.touchId)?.get(block)?.[place] === FATE.reserved,
    )
    for (const touch of reserved) {
      sheet.add(block, place, touch, -1)
      taken.push(touch)
      if (hasRoom()) {
        for (const one of taken) this.#displace(one, block, place)
        return true
      }
    }
    for (const touch of taken) sheet.add(block, place, touch, 1)
    return false
  }

  #displace(touch: TouchRow, block: number, place: number): void {
    this.#fates.get(touch.touchId)!.get(block)![place] = FATE.displaced
    const changed = this.#changed.get(touch) ?? { blocks: new Set(), tally: new Tally() }
    changed.blocks.add(block)
    changed.tally.move(FATE.reserved, FATE.displaced)
    this.#changed.set(touch, changed)
  }

  /** One statement pair for each touch that lost somebody: a handful, not a customer each. */
  async write(tx: Tx, corpId: string): Promise<void> {
    for (const [touch, { blocks, tally }] of this.#changed) {
      const fates = this.#fates.get(touch.touchId)!
      await writeFates(tx, corpId, touch, new Map([...blocks].map((block) => [block, fates.get(block)!])))
      await tally.write(tx, corpId, touch.touchId)
    }
  }
}

/** What stands in the way of a new touch and counts against the same limits, in some blocks. */
export async function readYielding(
  tx: Tx,
  corpId: string,
  { touchId, priority, day }: TouchRow,
  limits: readonly Limit[],
  blocks: readonly number[],
): Promise<Yielding> {
  const from = limits.reduce((first, limit) => (limit.from < first ? limit.from : first), day)
  const to = limits.reduce((last, limit) => (limit.to > last ? limit.to : last), day)
  const { rows: touches } = await sql<TouchRow>`
    select ${TOUCH} from touch t where t.corp_id = ${corpId}::bigint and t.day between ${from}::date and ${to}::date
      and t.priority > ${priority} and t.released_at is null and t.touch_id <> ${touchId}::bigint order by t.priority desc, t.planned_at desc, t.touch_id desc`.execute(
    tx,
  )
  const counted = touches.filter((touch) => limits.some((limit) => limit.counts(touch.channel, touch.topic)))
  const { rows } = await sql<{ touchId: string; block: string; fates: Buffer }>`
    select touch_id, block, fates from touch_fate where corp_id = ${corpId}::bigint and touch_id = any(${counted.map((touch) => touch.touchId)}::bigint[]) and block = any(${[...blocks]}::bigint[])`.execute(
    tx,
  )
  const fates = new Map<string, Map<number, Buffer>>()
  for (const row of rows) {
    const held = fates.get(row.touchId) ?? new Map<number, Buffer>()
    fates.set(row.touchId, held.set(Number(row.block), row.fates))
  }
  return new Yielding(counted, fates)
}
