import { z } from 'zod'
import { Day, Id, Instant } from '../../../platform/id.ts'

/** Members of one contact way: developer.work.weixin.qq.com/document/path/92228, 2026-11. */
export const ON_SHIFT_MAX = 100
const SHIFTS_MAX = 60
const DAYS_MAX = 100
const BACKUPS_MAX = 20
/** Customers a day. No limit of WeCom's: what one person can greet. */
const CAP_MAX = 2_000

/** Of Asia/Shanghai, HH:MM. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
/** As an end, midnight is 24:00; an end at or before the start is on the next day. */
const EndOfShift = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
/** 1 Monday … 7 Sunday. */
const Weekdays = z
  .array(z.number().int().min(1).max(7))
  .min(1)
  .max(7)
  .refine((days) => new Set(days).size === days.length, { message: '同一天选了两次' })

const Shift = z.object({ from: TimeOfDay, to: EndOfShift, staffIds: z.array(Id).min(1).max(ON_SHIFT_MAX) })
export const Window = z.object({ weekdays: Weekdays, from: TimeOfDay, to: EndOfShift })
export type Window = z.infer<typeof Window>

/** Who receives the customers of a code, and when. */
export const Roster = z.object({
  week: z.array(Shift.extend({ weekdays: Weekdays })).max(SHIFTS_MAX),
  /** A date beats its weekday. No shifts: nobody works that day, the backups take over. */
  days: z.array(z.object({ on: Day, shifts: z.array(Shift).max(20) })).max(DAYS_MAX),
  /** They receive when nobody on shift can: a code in WeCom is never empty. No cap holds for them then. */
  backupIds: z.array(Id).min(1).max(BACKUPS_MAX),
  /** New customers of this code one person takes on a day of Asia/Shanghai; null: any number. */
  dailyCap: z.number().int().min(1).max(CAP_MAX).nullable(),
  /** For some, another cap. */
  caps: z.array(z.object({ staffId: Id, dailyCap: z.number().int().min(1).max(CAP_MAX) })).max(ON_SHIFT_MAX),
  /** Friends without a confirmation within these times, with one outside them; null: as the code says, always. */
  autoAccept: z.array(Window).min(1).max(SHIFTS_MAX).nullable(),
})
export type Roster = z.infer<typeof Roster>

/** What keeps somebody from receiving the next customer, or makes him the one. */
export const Verdict = z.enum(['receives', 'not_on_shift', 'cap_reached', 'off_duty', 'cannot', 'stands_by'])
export type Verdict = z.infer<typeof Verdict>

/** One stretch somebody is on shift. */
const Stretch = z.object({ from: Instant, to: Instant })
const RosterFault = z.object({
  /** gap: nobody on shift, the backups receive; crowd: more than WeCom takes; cannot: has left, is disabled or may have no customers; double: one person in two shifts at once; past: a date gone by. */
  kind: z.enum(['gap', 'crowd', 'cannot', 'double', 'past']),
  from: Instant.nullable(),
  to: Instant.nullable(),
  staffIds: z.array(Id),
})
export type RosterFault = z.infer<typeof RosterFault>

/** The coming seven days of a roster, today first, and what is wrong with it in the coming fortnight. */
export const RosterPlan = z.object({
  from: Instant,
  to: Instant,
  lines: z.array(z.object({ staffId: Id, name: z.string(), backup: z.boolean(), stretches: z.array(Stretch) })),
  /** How many are on shift, from each instant on. */
  heads: z.array(z.object({ at: Instant, count: z.number().int() })),
  faults: z.array(RosterFault),
})
export type RosterPlan = z.infer<typeof RosterPlan>

export const CheckRoster = z.object({ roster: Roster })

/** Who would receive the next scan, and why each of the others would not. */
export const NextScan = z.object({
  at: Instant,
  /** WeCom picks one of them at random. */
  receives: z.array(Id),
  byBackup: z.boolean(),
  skipVerify: z.boolean(),
  /** When that may change by itself; null: never. */
  changesAt: Instant.nullable(),
  /** What WeCom was told differs: the change is on its way. */
  onItsWay: z.boolean(),
  people: z.array(
    z.object({
      staffId: Id,
      name: z.string(),
      avatar: z.string().nullable(),
      verdict: Verdict,
      addsToday: z.number().int(),
      dailyCap: z.number().int().nullable(),
      offUntil: Instant.nullable(),
    }),
  ),
})
export type NextScan = z.infer<typeof NextScan>

/** How long somebody takes no new customers: until an instant, or until he says so. */
export const SetDuty = z.discriminatedUnion('onDuty', [
  z.object({ onDuty: z.literal(true) }),
  z.object({ onDuty: z.literal(false), until: Instant.nullable() }),
])
export type SetDuty = z.infer<typeof SetDuty>
export const Duty = z.object({ onDuty: z.boolean(), until: Instant.nullable(), codes: z.number().int() })
