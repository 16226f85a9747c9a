import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { appendEvents } from '../events/journal.ts'
import { readCalendar } from '../stages/read-book.ts'
import { BLOCK, blockOf, byBlock, placeOf } from './blocks.ts'
import { NeverOpen } from './errors.ts'
import { FATE, type FateName, isLive } from './fates.ts'
import { mayTouchAt, nextTouchAt } from './hours.ts'
import { type Moved, moveFates, readFates, TOUCH, type TouchRow } from './ledger.ts'
import { readObjections } from './objections.ts'
import { readPolicy } from './policy.ts'

/** Whom a touch may be sent to this moment. `waitUntil`: nobody may be written to now; nothing has changed. */
export interface Confirmed {
  contactIds: string[]
  waitUntil: Date | null
}

export async function readTouch(tx: Tx, corpId: string, touchId: string): Promise<TouchRow> {
  const { rows } = await sql<TouchRow>`
    select ${TOUCH} from touch t where t.corp_id = ${corpId}::bigint and t.touch_id = ${touchId}::bigint`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '触达' })
  return rows[0]
}

/**
 * Asks again, in the transaction that marks something as being sent: those of the customers who still have their place
 * and may be written to now become `sending`; the others' places are given back with the reason. `again`: the caller knows
 * that what was `sending` or `unknown` was not taken, and is about to send it once more.
 */
export async function confirmTouch(
  tx: Tx,
  corpId: string,
  touchId: string,
  contactIds: readonly string[],
  now: Date,
  { again = false }: { again?: boolean } = {},
): Promise<Confirmed> {
  const touch = await readTouch(tx, corpId, touchId)
  if (touch.releasedAt) return { contactIds: [], waitUntil: null }
  const policy = await readPolicy(tx, corpId)
  const calendar = await readCalendar(tx, corpId)
  if (!mayTouchAt(policy, calendar, now)) {
    const waitUntil = nextTouchAt(policy, calendar, now)
    if (!waitUntil) throw new NeverOpen()
    return { contactIds: [], waitUntil }
  }
  const places = byBlock(contactIds)
  const { channel, topic } = touch
  const objections = await readObjections(tx, corpId, [...places.keys()], {
    channel,
    topic,
    at: now,
    policy,
    contactIds,
  })
  const moves = new Map(
    [...places].map(([block, some]) => [
      block,
      some.map((place) => ({ place, to: objections.get(String(block * BLOCK + place)) ?? FATE.sending })),
    ]),
  )
  const may = (from: number) => from === FATE.reserved || (again && (from === FATE.sending || from === FATE.unknown))
  const moved = await moveFates(tx, corpId, touch, moves, may)
  if (again) {
    const fates = await fatesOf(tx, corpId, touchId, contactIds)
    return { contactIds: contactIds.filter((contactId) => fates.get(contactId) === FATE.sending), waitUntil: null }
  }
  return {
    contactIds: moved.filter(({ to }) => to === FATE.sending).map(({ contactId }) => contactId),
    waitUntil: null,
  }
}

/** What became of whom, after sending. */
export interface Outcome {
  contactIds: readonly string[]
  fate: Extract<
    FateName,
    'asked' | 'sent' | 'unknown' | 'notFriend' | 'overPlatform' | 'notSent' | 'failed' | 'released'
  >
  /** Who sent it, for the journal. */
  staffId?: string | null
  /** When, if it was sent. */
  at?: Date
}

/**
 * Notes what became of customers of a touch. Repeats and old news change nothing: what was sent stays sent, and only being
 * sent overrules an end. A sent touch stands in the customer's journal; a refusal of WeCom's limit keeps the limit shut until it ends.
 */
export async function settleTouch(
  tx: Tx,
  corpId: string,
  touchId: string,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<Moved[]> {
  const touch = await readTouch(tx, corpId, touchId)
  const told = new Map<string, Outcome>()
  for (const outcome of outcomes) for (const contactId of outcome.contactIds) told.set(contactId, outcome)
  const moves = new Map(
    [...byBlock(told.keys())].map(([block, some]) => [
      block,
      some.map((place) => ({ place, to: FATE[told.get(String(block * BLOCK + place))!.fate] as number })),
    ]),
  )
  const moved = await moveFates(tx, corpId, touch, moves, maySettle)
  await tellSent(tx, corpId, touch, moved, told, now)
  await learnLimit(tx, corpId, touch, moved, now)
  return moved
}

/** Live fates move on, never back; whatever ended unsent may yet turn out to have been sent. */
function maySettle(from: number, to: number): boolean {
  if (to === FATE.sent) return from >= FATE.displaced
  if (!isLive(from) || from === FATE.sent) return false
  return to === FATE.asked ? from !== FATE.asked : true
}

async function tellSent(
  tx: Tx,
  corpId: string,
  touch: TouchRow,
  moved: readonly Moved[],
  told: ReadonlyMap<string, Outcome>,
  now: Date,
): Promise<void> {
  const { touchId, channel, topic, title, sourceKind, sourceId } = touch
  const sent = moved.filter(({ to }) => to === FATE.sent)
  if (sent.length === 0) return
  const events = sent.map(({ contactId }) => {
    const { at = now, staffId = null } = told.get(contactId)!
    return {
      ...{ contactId, at, staffId, kind: 'touch.sent' as const, source: 'system' as const },
      props: { touchId, channel, topic, title, sourceKind, sourceId },
      key: `touch:${touchId}:${contactId}`,
    }
  })
  await appendEvents(tx, corpId, events, now)
}

/** WeCom says somebody's limit is used up, which it may be by what members sent by themselves: we ask no more until it ends. */
async function learnLimit(tx: Tx, corpId: string, touch: TouchRow, moved: readonly Moved[], now: Date): Promise<void> {
  const full = moved.filter(({ to }) => to === FATE.overPlatform).map(({ contactId }) => contactId)
  if (full.length === 0) return
  const { platform } = await readPolicy(tx, corpId)
  const unit = platform === 'day_1' ? 'day' : platform === 'week_7' ? 'week' : 'month'
  await sql`
    insert into touch_refusal (corp_id, contact_id, channel, why, note, since, until, actor)
    select ${corpId}::bigint, c, ${touch.channel}, 'platform', '', ${now}::timestamptz,
      (date_trunc(${unit}, ${now}::timestamptz at time zone 'Asia/Shanghai') + ('1 ' || ${unit})::interval) at time zone 'Asia/Shanghai', 'WeCom'
    from unnest(${full}::bigint[]) c
    on conflict (corp_id, contact_id, channel, why) do update set since = excluded.since, until = excluded.until`.execute(
    tx,
  )
}

/** Gives back every place that is only reserved, and closes the touch. Returns how many. */
export async function releaseTouch(tx: Tx, corpId: string, touchId: string, now: Date): Promise<number> {
  const touch = await readTouch(tx, corpId, touchId)
  await sql`update touch set released_at = coalesce(released_at, ${now}::timestamptz) where corp_id = ${corpId}::bigint and touch_id = ${touchId}::bigint`.execute(
    tx,
  )
  const { rows } = await sql<{ block: string; fates: Buffer }>`
    select block, fates from touch_fate where corp_id = ${corpId}::bigint and touch_id = ${touchId}::bigint order by block`.execute(
    tx,
  )
  const moves = new Map(rows.map(({ block, fates }) => [Number(block), placesOf(fates, FATE.reserved, FATE.released)]))
  return (await moveFates(tx, corpId, touch, moves, (from) => from === FATE.reserved)).length
}

/** Gives back the places some customers have that are only reserved; the touch goes on for the others. */
export async function releaseContacts(
  tx: Tx,
  corpId: string,
  touchId: string,
  contactIds: readonly string[],
): Promise<number> {
  const touch = await readTouch(tx, corpId, touchId)
  const moves = new Map(
    [...byBlock(contactIds)].map(([block, some]) => [
      block,
      some.map((place) => ({ place, to: FATE.released as number })),
    ]),
  )
  return (await moveFates(tx, corpId, touch, moves, (from) => from === FATE.reserved)).length
}

function placesOf(fates: Buffer, wanted: number, to: number) {
  const places: { place: number; to: number }[] = []
  for (let place = fates.indexOf(wanted); place !== -1; place = fates.indexOf(wanted, place + 1))
    places.push({ place, to })
  return places
}

/** The fates of some customers in one touch, by contact id; those it has nothing of are absent. */
export async function fatesOf(
  tx: Tx,
  corpId: string,
  touchId: string,
  contactIds: readonly string[],
): Promise<Map<string, number>> {
  const fates = await readFates(tx, corpId, touchId, [...byBlock(contactIds).keys()])
  return new Map(
    contactIds.flatMap((contactId) => {
      const fate = fates.get(blockOf(Number(contactId)))?.[placeOf(Number(contactId))] ?? 0
      return fate === 0 ? [] : [[contactId, fate] as const]
    }),
  )
}

/** Everybody of a touch who came to one of some fates, in order of ids, from after one id on: for files and lists. */
export async function contactsOfFate(
  tx: Tx,
  corpId: string,
  touchId: string,
  wanted: readonly number[],
  { after = '0', limit = 10_000 }: { after?: string; limit?: number } = {},
): Promise<{ contactId: string; fate: number }[]> {
  const found: { contactId: string; fate: number }[] = []
  const first = blockOf(Number(after))
  const { rows } = await sql<{ block: string }>`
    select block from touch_fate where corp_id = ${corpId}::bigint and touch_id = ${touchId}::bigint and block >= ${first}::bigint order by block`.execute(
    tx,
  )
  const is = new Set(wanted)
  for (let at = 0; at < rows.length && found.length < limit; at += 16) {
    const blocks = rows.slice(at, at + 16).map((row) => Number(row.block))
    const fates = await readFates(tx, corpId, touchId, blocks)
    for (const block of blocks)
      for (const [place, fate] of fates.get(block)!.entries()) {
        const id = block * BLOCK + place
        if (is.has(fate) && id > Number(after) && found.length < limit) found.push({ contactId: String(id), fate })
      }
  }
  return found
}
