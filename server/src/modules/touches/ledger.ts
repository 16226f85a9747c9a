import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { BLOCK } from './blocks.ts'
import type { DayCounts } from './caps.ts'
import { isLive } from './fates.ts'
import type { Channel, SourceKind } from './schema.ts'

/** Blocks one round of statements works on: half a million customers, two megabytes of fates. */
export const ROUND = 128

export interface TouchRow {
  touchId: string
  channel: Channel
  topic: string
  sourceKind: SourceKind
  sourceId: string
  title: string
  at: Date
  day: string
  priority: number
  exempt: boolean
  releasedAt: Date | null
}

export const TOUCH = sql`t.touch_id, t.channel, t.topic, t.source_kind, t.source_id, t.title, t.at, t.day::text as day, t.priority, t.exempt, t.released_at`

/** Nobody else reads or writes these customers' fates and sums until commit. Blocks must come in order. */
export async function lockBlocks(tx: Tx, corpId: string, blocks: readonly number[]): Promise<void> {
  await sql`insert into touch_block (corp_id, block) select ${corpId}::bigint, b from unnest(${[...blocks]}::bigint[]) b on conflict do nothing`.execute(
    tx,
  )
  await sql`select from touch_block where corp_id = ${corpId}::bigint and block = any(${[...blocks]}::bigint[]) order by block for update`.execute(
    tx,
  )
}

/** The fates of one touch, by block; blocks it has nobody in are absent. */
export async function readFates(
  tx: Tx,
  corpId: string,
  touchId: string,
  blocks: readonly number[],
): Promise<Map<number, Buffer>> {
  const { rows } = await sql<{ block: string; fates: Buffer }>`
    select block, fates from touch_fate where corp_id = ${corpId}::bigint and touch_id = ${touchId}::bigint and block = any(${[...blocks]}::bigint[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [Number(row.block), row.fates]))
}

/** The live touches by day, channel and topic of a round of blocks, and what has changed in them. */
export class DaySheet {
  readonly #rows = new Map<number, DayCounts[]>()
  readonly #changed = new Set<DayCounts>()
  readonly #blockOf = new Map<DayCounts, number>()

  static async read(
    tx: Tx,
    corpId: string,
    blocks: readonly number[],
    { from, to, channel, topic }: { from: string; to: string; channel?: Channel; topic?: string },
  ): Promise<DaySheet> {
    const { rows } = await sql<{ block: string; day: string; channel: Channel; topic: string; counts: Buffer }>`
      select block, day::text as day, channel, topic, counts from touch_day
      where corp_id = ${corpId}::bigint and block = any(${[...blocks]}::bigint[]) and day between ${from}::date and ${to}::date
        and (${channel ?? null}::text is null or channel = ${channel ?? null}) and (${topic ?? null}::text is null or topic = ${topic ?? null})`.execute(
      tx,
    )
    const sheet = new DaySheet()
    for (const { block, ...row } of rows) sheet.#put(Number(block), row)
    return sheet
  }

  #put(block: number, row: DayCounts): DayCounts {
    const rows = this.#rows.get(block)
    if (rows) rows.push(row)
    else this.#rows.set(block, [row])
    this.#blockOf.set(row, block)
    return row
  }

  of(block: number): readonly DayCounts[] {
    return this.#rows.get(block) ?? []
  }

  /** One live touch more, or one fewer. */
  add(block: number, place: number, { day, channel, topic }: Omit<DayCounts, 'counts'>, by: 1 | -1): void {
    const row =
      this.of(block).find((it) => it.day === day && it.channel === channel && it.topic === topic) ??
      this.#put(block, { day, channel, topic, counts: new Uint8Array(BLOCK) })
    row.counts[place] = row.counts[place]! + by
    this.#changed.add(row)
  }

  async write(tx: Tx, corpId: string): Promise<void> {
    const rows = [...this.#changed]
    if (rows.length === 0) return
    await sql`
      insert into touch_day (corp_id, block, day, channel, topic, counts)
      select ${corpId}::bigint, * from unnest(${rows.map((row) => this.#blockOf.get(row)!)}::bigint[], ${rows.map((row) => row.day)}::date[],
        ${rows.map((row) => row.channel)}::text[], ${rows.map((row) => row.topic)}::text[], ${rows.map((row) => Buffer.from(row.counts))}::bytea[])
      on conflict (corp_id, block, day, channel, topic) do update set counts = excluded.counts`.execute(tx)
    this.#changed.clear()
  }
}

/** Fates as they shall stand. */
export async function writeFates(
  tx: Tx,
  corpId: string,
  { touchId, day }: Pick<TouchRow, 'touchId' | 'day'>,
  fates: ReadonlyMap<number, Buffer>,
): Promise<void> {
  if (fates.size === 0) return
  await sql`
    insert into touch_fate (corp_id, touch_id, block, day, fates)
    select ${corpId}::bigint, ${touchId}::bigint, r.block, ${day}::date, r.fates from unnest(${[...fates.keys()]}::bigint[], ${[...fates.values()]}::bytea[]) as r(block, fates)
    on conflict (corp_id, touch_id, block) do update set fates = excluded.fates`.execute(tx)
}

/** How many came to which fate, more or fewer. */
export class Tally {
  readonly #by = new Map<number, number>()

  add(fate: number, people: number): void {
    this.#by.set(fate, (this.#by.get(fate) ?? 0) + people)
  }

  move(from: number, to: number): void {
    if (from !== 0) this.add(from, -1)
    this.add(to, 1)
  }

  async write(tx: Tx, corpId: string, touchId: string): Promise<void> {
    const moved = [...this.#by].filter(([, people]) => people !== 0).sort(([a], [b]) => a - b)
    if (moved.length === 0) return
    await sql`
      insert into touch_count (corp_id, touch_id, fate, people)
      select ${corpId}::bigint, ${touchId}::bigint, * from unnest(${moved.map(([fate]) => fate)}::smallint[], ${moved.map(([, people]) => people)}::integer[])
      on conflict (corp_id, touch_id, fate) do update set people = touch_count.people + excluded.people`.execute(tx)
  }
}

export interface Moved {
  contactId: string
  from: number
  to: number
}

/**
 * Gives customers of one touch other fates where `may` says so, and keeps sums and counts with it. `moves` go by block,
 * blocks in order; a customer the touch has nothing of stays out of it.
 */
export async function moveFates(
  tx: Tx,
  corpId: string,
  touch: TouchRow,
  moves: ReadonlyMap<number, readonly { place: number; to: number }[]>,
  may: (from: number, to: number) => boolean,
): Promise<Moved[]> {
  const moved: Moved[] = []
  const tally = new Tally()
  const all = [...moves.keys()]
  for (let at = 0; at < all.length; at += ROUND) {
    const blocks = all.slice(at, at + ROUND)
    await lockBlocks(tx, corpId, blocks)
    const fates = await readFates(tx, corpId, touch.touchId, blocks)
    const { day, channel, topic } = touch
    const sheet = await DaySheet.read(tx, corpId, blocks, { from: day, to: day, channel, topic })
    const changed = new Map<number, Buffer>()
    for (const block of blocks) {
      const held = fates.get(block)
      if (!held) continue
      for (const { place, to } of moves.get(block)!) {
        const from = held[place]!
        if (from === 0 || from === to || !may(from, to)) continue
        held[place] = to
        tally.move(from, to)
        if (isLive(from) !== isLive(to)) sheet.add(block, place, touch, isLive(to) ? 1 : -1)
        changed.set(block, held)
        moved.push({ contactId: String(block * BLOCK + place), from, to })
      }
    }
    await writeFates(tx, corpId, touch, changed)
    await sheet.write(tx, corpId)
  }
  await tally.write(tx, corpId, touch.touchId)
  return moved
}
