import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { shanghaiDay, shanghaiMinute } from '../../platform/shanghai.ts'
import { readCalendar } from '../stages/read-book.ts'
import { BLOCK, byBlock, idAt } from './blocks.ts'
import { type DayCounts, fullest, fullestAt, type Limit, limitsOn } from './caps.ts'
import { drawOf, saltOf } from './draw.ts'
import { NeverOpen, QuietHours, TopicUnknown, TouchReleased } from './errors.ts'
import { FATE, type FateName, fateName } from './fates.ts'
import { mayTouchAt, nextTouchAt } from './hours.ts'
import { DaySheet, lockBlocks, ROUND, readFates, Tally, TOUCH, type TouchRow, writeFates } from './ledger.ts'
import { MemberLoads } from './loads.ts'
import { readObjections } from './objections.ts'
import { readPolicy, readSalt } from './policy.ts'
import type { Channel, Policy, Recipients, SourceKind } from './schema.ts'
import { readYielding, type Yielding } from './yielding.ts'

export interface NewTouch {
  channel: Channel
  topic: string
  sourceKind: SourceKind
  /** What it is done for; asked again with the same, more people are added to the same touch. */
  sourceId: string
  /** What people read when they ask why: the broadcast's or the journey's name. */
  title: string
  /** When people are to be reached; within the hours they may be. */
  at: Date
  /** 1 the most important, 9 the least. */
  priority: number
  /** Of a thousand, how many are held out of this touch alone. */
  holdout?: number
}

export interface PlannedTouch {
  touchId: string
  /** Who has a place reserved, in order of ids. */
  contactIds: string[]
  /** Of the recipients, how many came to what; those already in the touch are not counted again. */
  counts: Partial<Record<FateName, number>>
}

/** The hours people may be reached in, asked by whoever sets a time. Throws when a year has none. */
export async function nextOpen(tx: Tx, corpId: string, at: Date): Promise<Date> {
  const next = nextTouchAt(await readPolicy(tx, corpId), await readCalendar(tx, corpId), at)
  if (!next) throw new NeverOpen()
  return next
}

/**
 * Reserves a place for everybody who may be reached, and says of everybody else why not. Reserved places count at once:
 * two plans of the same moment share what room there is. Holds the customers' blocks until commit.
 */
export async function planTouch(
  tx: Tx,
  corpId: string,
  touch: NewTouch,
  recipients: Recipients,
  now: Date,
): Promise<PlannedTouch> {
  const policy = await readPolicy(tx, corpId)
  const topic = policy.topics.find(({ name }) => name === touch.topic)
  if (!topic) throw new TopicUnknown({ topic: touch.topic })
  await requireOpen(tx, corpId, policy, touch.at)
  const salt = await readSalt(tx, corpId, policy.memberDaily !== null)
  const row = await openTouch(tx, corpId, touch, topic.exempt, now)
  const members = await MemberLoads.read(tx, corpId, row, policy.memberDaily, recipients)
  const planner = new Planner(row, policy, {
    salt,
    own: saltOf(`${row.sourceKind} ${row.sourceId}`),
    holdout: touch.holdout ?? 0,
  })
  const blocks = byBlock(recipients.contactIds)
  const all = [...blocks.keys()]
  for (let at = 0; at < all.length; at += ROUND) {
    const round = all.slice(at, at + ROUND)
    await planRound(tx, corpId, planner, members, new Map(round.map((block) => [block, blocks.get(block)!])))
  }
  await planner.tally.write(tx, corpId, row.touchId)
  await members.write(tx, corpId, row)
  return { touchId: row.touchId, contactIds: planner.reserved, counts: planner.counts }
}

async function requireOpen(tx: Tx, corpId: string, policy: Policy, at: Date): Promise<void> {
  const calendar = await readCalendar(tx, corpId)
  if (mayTouchAt(policy, calendar, at)) return
  const next = nextTouchAt(policy, calendar, at)
  if (!next) throw new NeverOpen()
  throw new QuietHours({ at: shanghaiMinute(at), next: shanghaiMinute(next) })
}

async function openTouch(tx: Tx, corpId: string, touch: NewTouch, exempt: boolean, now: Date): Promise<TouchRow> {
  const { channel, topic, sourceKind, sourceId, title, at, priority } = touch
  await sql`
    insert into touch (corp_id, channel, topic, source_kind, source_id, title, at, day, priority, exempt, planned_at)
    values (${corpId}::bigint, ${channel}, ${topic}, ${sourceKind}, ${sourceId}, ${title}, ${at}::timestamptz, ${shanghaiDay(at)}::date, ${priority}, ${exempt}, ${now}::timestamptz)
    on conflict (corp_id, source_kind, source_id) do nothing`.execute(tx)
  const { rows } = await sql<TouchRow>`
    select ${TOUCH} from touch t where t.corp_id = ${corpId}::bigint and t.source_kind = ${sourceKind} and t.source_id = ${sourceId} for update`.execute(
    tx,
  )
  const row = rows[0]!
  if (row.releasedAt) throw new TouchReleased()
  return row
}

async function planRound(
  tx: Tx,
  corpId: string,
  planner: Planner,
  members: MemberLoads,
  places: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const { row, limits } = planner
  const blocks = [...places.keys()]
  await lockBlocks(tx, corpId, blocks)
  const held = await readFates(tx, corpId, row.touchId, blocks)
  const span = {
    from: limits.reduce((first, { from }) => (from < first ? from : first), row.day),
    to: limits.reduce((last, { to }) => (to > last ? to : last), row.day),
  }
  const sheet = await DaySheet.read(tx, corpId, blocks, span)
  const asked = [...places].flatMap(([block, some]) => some.map((place) => idAt(block, place)))
  const few = asked.length < blocks.length * FEW_IN_BLOCK
  const objections = await readObjections(tx, corpId, blocks, {
    ...{ channel: row.channel, topic: row.topic, at: row.at, policy: planner.policy },
    contactIds: few ? asked : undefined,
  })
  const wanting = planner.decide(places, held, sheet, objections, members)
  if (wanting.size > 0) {
    const yielding = await readYielding(tx, corpId, row, limits, [...wanting.keys()])
    planner.displace(wanting, held, sheet, yielding, members)
    await yielding.write(tx, corpId)
  }
  await writeFates(tx, corpId, row, held)
  await sheet.write(tx, corpId)
}

/** Below so many of a block's customers it is cheaper to ask for them than to read the block. */
const FEW_IN_BLOCK = 200

interface Draws {
  salt: number
  own: number
  holdout: number
}

/** Decides on customers, block by block, and keeps what came of it. */
class Planner {
  readonly tally = new Tally()
  readonly reserved: string[] = []
  readonly counts: Partial<Record<FateName, number>> = {}
  readonly row: TouchRow
  readonly policy: Policy
  readonly limits: Limit[]
  readonly #draws: Draws

  constructor(row: TouchRow, policy: Policy, draws: Draws) {
    this.row = row
    this.policy = policy
    this.limits = limitsOn(policy, row.day, row.channel, row.topic)
    this.#draws = draws
  }

  /** Gives everybody a fate; returns who would be reached if others gave way, by block. */
  decide(
    places: ReadonlyMap<number, readonly number[]>,
    held: Map<number, Buffer>,
    sheet: DaySheet,
    objections: ReadonlyMap<string, number>,
    members: MemberLoads,
  ): Map<number, number[]> {
    const wanting = new Map<number, number[]>()
    for (const [block, some] of places) {
      const fates = held.get(block) ?? Buffer.alloc(BLOCK)
      held.set(block, fates)
      const full = this.limits.map((limit) => ({ limit, most: fullest(limit, sheet.of(block)) }))
      for (const place of some) {
        // Who has a place, or had one, does not get another of the same touch.
        if (fates[place]! >= FATE.displaced) continue
        const id = idAt(block, place)
        const reason = objections.get(id) ?? this.#heldOut(id) ?? fullOf(full, place) ?? members.full(id)
        if (reason === FATE.capped || reason === FATE.platformFull) {
          const some = wanting.get(block)
          if (some) some.push(place)
          else wanting.set(block, [place])
        }
        this.#settle(fates, block, place, reason ?? FATE.reserved, sheet, members)
      }
    }
    return wanting
  }

  /** Of those whom a cap keeps out, gives a place to whoever can take it from something less important. */
  displace(
    wanting: ReadonlyMap<number, readonly number[]>,
    held: ReadonlyMap<number, Buffer>,
    sheet: DaySheet,
    yielding: Yielding,
    members: MemberLoads,
  ): void {
    for (const [block, some] of wanting)
      for (const place of some) {
        if (members.full(idAt(block, place))) continue
        const rows: readonly DayCounts[] = sheet.of(block)
        const hasRoom = () => this.limits.every((limit) => fullestAt(limit, rows, place) < limit.limit)
        const fates = held.get(block)!
        if (!yielding.makeRoom(block, place, sheet, hasRoom)) continue
        this.#count(fates[place]!, -1)
        this.#settle(fates, block, place, FATE.reserved, sheet, members)
      }
  }

  #settle(fates: Buffer, block: number, place: number, fate: number, sheet: DaySheet, members: MemberLoads): void {
    const before = fates[place]!
    fates[place] = fate
    if (before !== fate) this.tally.move(before, fate)
    this.#count(fate, 1)
    if (fate !== FATE.reserved) return
    sheet.add(block, place, this.row, 1)
    const id = idAt(block, place)
    members.ask(id)
    this.reserved.push(id)
  }

  #count(fate: number, by: 1 | -1): void {
    const name = fateName(fate)
    const people = (this.counts[name] ?? 0) + by
    if (people === 0) delete this.counts[name]
    else this.counts[name] = people
  }

  #heldOut(id: string): number | undefined {
    if (this.row.exempt) return undefined
    const contactId = Number(id)
    if (drawOf(this.#draws.salt, contactId) < this.policy.holdout) return FATE.heldOut
    if (drawOf(this.#draws.own, contactId) < this.#draws.holdout) return FATE.heldOutHere
    return undefined
  }
}

function fullOf(full: readonly { limit: Limit; most: Uint16Array }[], place: number): number | undefined {
  const reached = full.find(({ limit, most }) => most[place]! >= limit.limit)?.limit
  return reached && (reached.ofPlatform ? FATE.platformFull : FATE.capped)
}
