import { dayAndMinute, instantOf, shiftsOn } from './roster-at.ts'
import { ON_SHIFT_MAX, type Roster, type RosterFault, type RosterPlan } from './schema.ts'

/** Shown. */
const PLAN_DAYS = 7
/** Looked through for faults. */
const CHECKED_DAYS = 14
const GAPS_SHOWN = 20
const DAY_MINUTES = 1_440

interface Person {
  staffId: string
  name: string
  able: boolean
}

/** A stretch of one person's, or of nobody's; instants in ms. */
interface Stretch {
  from: number
  to: number
  staffIds: string[]
}

/** What a roster will do in the coming days, and what is wrong with it. `people`: everybody it names, as they are now. */
export function planRoster(roster: Roster, people: Person[], now: Date): RosterPlan {
  const { day: today } = dayAndMinute(now)
  const [from, shown, checked] = [today, today + PLAN_DAYS, today + CHECKED_DAYS].map((day) => instantOf(day, 0))
  const able = new Set(people.filter((person) => person.able).map((person) => person.staffId))
  const stretches = stretchesOf(roster, today, CHECKED_DAYS)
  const heads = countHeads(stretches, able, from!.getTime(), checked!.getTime())
  const within = (stretch: Stretch) => stretch.from < shown!.getTime() && stretch.to > from!.getTime()
  return {
    from: from!.toISOString(),
    to: shown!.toISOString(),
    lines: people.map(({ staffId, name }) => ({
      staffId,
      name,
      backup: roster.backupIds.includes(staffId),
      stretches: stretches
        .filter((stretch) => within(stretch) && stretch.staffIds.includes(staffId))
        .map((stretch) => ({
          from: iso(Math.max(stretch.from, from!.getTime())),
          to: iso(Math.min(stretch.to, shown!.getTime())),
        })),
    })),
    heads: heads
      .filter(({ from: at }) => at < shown!.getTime())
      .map((piece) => ({ at: iso(piece.from), count: piece.staffIds.length })),
    faults: [
      ...findGaps(roster, heads, now),
      ...heads
        .filter((piece) => piece.staffIds.length > ON_SHIFT_MAX)
        .slice(0, 1)
        .map((piece) => fault('crowd', { ...piece, staffIds: [] })),
      ...cannotOf(people),
      ...findDoubles(stretches),
      ...findPast(roster, today),
    ],
  }
}

function stretchesOf(roster: Roster, today: number, days: number): Stretch[] {
  return Array.from({ length: days + 1 }, (_, nr) => today - 1 + nr).flatMap((day) =>
    shiftsOn(roster, day).map(({ start, end, staffIds }) => ({
      from: instantOf(day, start).getTime(),
      to: instantOf(day, end).getTime(),
      staffIds,
    })),
  )
}

/** The whole time cut where anybody comes or goes, with those on shift in each piece. */
function countHeads(stretches: Stretch[], able: ReadonlySet<string>, from: number, to: number): Stretch[] {
  const cuts = [...new Set([from, ...stretches.flatMap((s) => [s.from, s.to]), to])]
    .filter((cut) => cut >= from && cut <= to)
    .sort((a, b) => a - b)
  return cuts.slice(0, -1).map((cut, nr) => {
    const there = stretches.filter((s) => s.from <= cut && cut < s.to).flatMap((s) => s.staffIds)
    return { from: cut, to: cuts[nr + 1]!, staffIds: [...new Set(there)].filter((staffId) => able.has(staffId)) }
  })
}

/**
 * Nobody on shift in the hours the roster is about: from the earliest start to the latest end of any of its shifts, on
 * every day but those marked as free.
 */
function findGaps(roster: Roster, heads: Stretch[], now: Date): RosterFault[] {
  const all = [...roster.week, ...roster.days.flatMap((day) => day.shifts)]
  if (all.length === 0) return []
  const spans = all.flatMap((shift) =>
    shiftsOn({ ...roster, days: [], week: [{ ...shift, weekdays: [1, 2, 3, 4, 5, 6, 7] }] }, 0),
  )
  const open = Math.min(...spans.map((span) => span.start))
  const close = Math.min(open + DAY_MINUTES, Math.max(...spans.map((span) => span.end)))
  const { day: today } = dayAndMinute(now)
  const free = new Set(roster.days.filter((day) => day.shifts.length === 0).map((day) => day.on))
  const empty = heads.filter((piece) => piece.staffIds.length === 0)
  return Array.from({ length: CHECKED_DAYS }, (_, nr) => today + nr)
    .filter((day) => !free.has(dateOf(day)))
    .flatMap((day) => {
      const [from, to] = [instantOf(day, open).getTime(), instantOf(day, close).getTime()]
      return empty
        .filter((piece) => piece.from < to && piece.to > from)
        .map((piece) => ({ from: Math.max(piece.from, from), to: Math.min(piece.to, to), staffIds: [] }))
    })
    .filter((gap) => gap.to > now.getTime())
    .slice(0, GAPS_SHOWN)
    .map((gap) => fault('gap', gap))
}

function cannotOf(people: Person[]): RosterFault[] {
  const staffIds = people.filter((person) => !person.able).map((person) => person.staffId)
  return staffIds.length === 0 ? [] : [{ kind: 'cannot', from: null, to: null, staffIds }]
}

/** The first time each person stands in two shifts at once. */
function findDoubles(stretches: Stretch[]): RosterFault[] {
  const sorted = [...stretches].sort((a, b) => a.from - b.from)
  const until = new Map<string, number>()
  const found = new Map<string, RosterFault>()
  for (const { from, to, staffIds } of sorted)
    for (const staffId of staffIds) {
      const busy = until.get(staffId) ?? 0
      if (from < busy && !found.has(staffId))
        found.set(staffId, fault('double', { from, to: Math.min(busy, to), staffIds: [staffId] }))
      until.set(staffId, Math.max(busy, to))
    }
  return [...found.values()]
}

function findPast(roster: Roster, today: number): RosterFault[] {
  const past = roster.days.filter(({ on }) => on < dateOf(today)).sort((a, b) => a.on.localeCompare(b.on))
  return past.slice(0, 1).map(({ on }) => ({ kind: 'past', from: `${on}T00:00:00+08:00`, to: null, staffIds: [] }))
}

const fault = (kind: RosterFault['kind'], { from, to, staffIds }: Stretch): RosterFault => ({
  kind,
  from: iso(from),
  to: iso(to),
  staffIds,
})
const iso = (ms: number) => new Date(ms).toISOString()
const dateOf = (day: number) => new Date(day * DAY_MINUTES * 60_000).toISOString().slice(0, 10)
