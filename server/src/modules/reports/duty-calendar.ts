import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import { alwaysRoster, everybodyIn, rosterAt } from '../channels/roster/roster-at.ts'
import type { Roster } from '../channels/roster/schema.ts'
import type { Scope } from '../corps/context.ts'
import type { DutyCalendar } from './schema.ts'
import { readMembers, readTree } from './staff-stats.ts'

export interface DutyCode {
  channelCodeId: string
  name: string
  /** Null: everybody behind the code, always. */
  roster: Roster | null
  staffIds: string[]
}
export interface Off {
  staffId: string
  since: Date
  until: Date | null
}
interface Piece {
  from: Date
  to: Date
  receives: string[]
  byBackup: boolean
}
type Stretch = DutyCalendar['people'][number]['stretches'][number]

/**
 * Who receives a code's customers from one instant to another, as `rosterAt` says, from change to change. Today's full
 * members are not thought of: nobody knows how many will come.
 */
export function piecesOf(code: DutyCode, able: ReadonlySet<string>, off: Off[], from: Date, to: Date): Piece[] {
  const roster = code.roster ?? alwaysRoster(code.staffIds)
  const pieces: Piece[] = []
  for (let at = from; at < to; ) {
    const away = new Map(off.filter(({ since }) => since <= at).map(({ staffId, until }) => [staffId, until]))
    const turn = rosterAt(roster, at, { able, off: away, addsToday: new Map() })
    const leaves = off.map(({ since }) => since).filter((since) => since > at)
    const next = new Date(Math.min(...[turn.changesAt ?? to, to, ...leaves].map(Number)))
    pieces.push({ from: at, to: next, receives: turn.receives, byBackup: turn.byBackup && code.roster !== null })
    at = next
  }
  return pieces
}

/** Days of every code in use as far as one sees the people: who receives when, where nobody is on shift, who is on twice. */
export async function readDutyCalendar(
  tx: Tx,
  corpId: string,
  scope: Scope,
  query: { from?: string; days: number; departmentId?: string },
  now: Date,
): Promise<DutyCalendar> {
  const first = query.from ?? shanghaiDay(now)
  const [from, to] = [dayStart(first), dayStart(addDays(first, query.days))]
  const members = await readMembers(tx, corpId, scope, query)
  const seen = new Set(members.map(({ staffId }) => staffId))
  const codes = (await readCodes(tx, corpId)).filter((code) => namedIn(code).some((staffId) => seen.has(staffId)))
  const { able, off } = await readStanding(tx, corpId, [...new Set(codes.flatMap(namedIn))], now)
  const names = new Map((await readTree(tx, corpId)).map((node) => [node.departmentId, node.name]))
  const planned = codes.map((code) => ({ code, pieces: piecesOf(code, able, off, from, to) }))
  const stretches = new Map<string, Stretch[]>()
  for (const { code, pieces } of planned)
    for (const piece of pieces)
      for (const staffId of piece.receives) if (seen.has(staffId)) extend(stretches, staffId, code.channelCodeId, piece)
  const isNamed = new Set(codes.flatMap(namedIn))
  const offOf = new Map(off.map((one) => [one.staffId, one]))
  return {
    from: first,
    days: query.days,
    codes: codes.map(({ channelCodeId, name, roster }) => ({ channelCodeId, name, rostered: roster !== null })),
    people: members
      .filter(({ staffId }) => isNamed.has(staffId))
      .map(({ staffId, name, avatar, departmentIds, follows }) => ({
        staffId,
        name,
        avatar,
        departments: departmentIds.flatMap((id) => names.get(id) ?? []),
        able: able.has(staffId),
        follows,
        off: offOf.has(staffId),
        offUntil: offOf.get(staffId)?.until?.toISOString() ?? null,
        minutes: minutesOf(shiftsOf(stretches.get(staffId) ?? [], codes)),
        stretches: stretches.get(staffId) ?? [],
      }))
      .toSorted(
        (a, b) =>
          Number(b.minutes > 0) - Number(a.minutes > 0) ||
          a.departments.join().localeCompare(b.departments.join(), 'zh-CN') ||
          Number(a.staffId) - Number(b.staffId),
      ),
    gaps: planned.flatMap(({ code, pieces }) => gapsOf(code, pieces)),
    doubles: [...stretches].flatMap(([staffId, own]) => doublesOf(staffId, shiftsOf(own, codes))),
  }
}

const namedIn = ({ roster, staffIds }: DutyCode) => (roster ? everybodyIn(roster) : staffIds)

/** Adds a piece to a person's stretches: one that goes on where the last of its code ended is the same stretch. */
function extend(all: Map<string, Stretch[]>, staffId: string, channelCodeId: string, piece: Piece): void {
  const own = all.get(staffId) ?? []
  all.set(staffId, own)
  const last = own.findLast((stretch) => stretch.channelCodeId === channelCodeId)
  if (last?.to === piece.from.toISOString() && last.backup === piece.byBackup) last.to = piece.to.toISOString()
  else own.push({ channelCodeId, from: piece.from.toISOString(), to: piece.to.toISOString(), backup: piece.byBackup })
}

/** Minutes covered by any of them: two codes at once are one person's one hour. */
export function minutesOf(stretches: Pick<Stretch, 'from' | 'to'>[]): number {
  let [minutes, until] = [0, 0]
  for (const { from, to } of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const [start, end] = [Math.max(Date.parse(from), until), Date.parse(to)]
    if (end <= start) continue
    minutes += (end - start) / 60_000
    until = end
  }
  return Math.round(minutes)
}

function gapsOf({ channelCodeId }: DutyCode, pieces: Piece[]): DutyCalendar['gaps'] {
  const gaps: DutyCalendar['gaps'] = []
  for (const { from, to, byBackup } of pieces) {
    if (!byBackup) continue
    const last = gaps.at(-1)
    if (last?.to === from.toISOString()) last.to = to.toISOString()
    else gaps.push({ channelCodeId, from: from.toISOString(), to: to.toISOString() })
  }
  return gaps
}

/** His hours by rosters. A code without one always rings everybody behind it, and a backup only stands in. */
function shiftsOf(stretches: Stretch[], codes: DutyCode[]): Stretch[] {
  const rostered = new Set(codes.filter(({ roster }) => roster).map(({ channelCodeId }) => channelCodeId))
  return stretches.filter(({ channelCodeId, backup }) => rostered.has(channelCodeId) && !backup)
}

/** On shift for two codes at the same time. */
function doublesOf(staffId: string, shifts: Stretch[]): DutyCalendar['doubles'] {
  const edges = [...new Set(shifts.flatMap(({ from, to }) => [from, to]))].toSorted()
  const doubles: DutyCalendar['doubles'] = []
  for (const [i, from] of edges.slice(0, -1).entries()) {
    const to = edges[i + 1]!
    const on = shifts.filter((shift) => shift.from <= from && shift.to >= to).map(({ channelCodeId }) => channelCodeId)
    if (on.length < 2) continue
    const last = doubles.at(-1)
    if (last?.to === from && last.channelCodeIds.join() === on.join()) last.to = to
    else doubles.push({ staffId, from, to, channelCodeIds: on })
  }
  return doubles
}

async function readCodes(tx: Tx, corpId: string): Promise<DutyCode[]> {
  const { rows } = await sql<DutyCode>`
    select c.channel_code_id, c.name, c.roster,
      array(select cs.staff_id::text from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = c.channel_code_id order by cs.staff_id) as staff_ids
    from channel_code c where c.corp_id = ${corpId}::bigint and c.archived_at is null and c.placement_of is null order by c.channel_code_id`.execute(
    tx,
  )
  return rows
}

async function readStanding(tx: Tx, corpId: string, staffIds: string[], now: Date) {
  const { rows } = await sql<{ staffId: string; able: boolean; since: Date | null; until: Date | null }>`
    select s.staff_id, s.left_at is null and s.status = 1 as able, d.since, d.until
    from staff s left join off_duty d on d.corp_id = ${corpId}::bigint and d.staff_id = s.staff_id and (d.until is null or d.until > ${now}::timestamptz)
    where s.corp_id = ${corpId}::bigint and s.staff_id = any(${staffIds}::bigint[])`.execute(tx)
  const off = rows.flatMap(({ staffId, since, until }): Off[] => (since ? [{ staffId, since, until }] : []))
  return { able: new Set(rows.filter((row) => row.able).map((row) => row.staffId)), off }
}
