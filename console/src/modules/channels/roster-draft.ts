import type { Roster } from './use-channels.ts'

/** A roster being written; `key` tells rows apart while they move. */
export interface ShiftDraft {
  key: string
  weekdays: number[]
  from: string
  to: string
  staffIds: string[]
}
export interface DateDraft {
  key: string
  on: string
  /** Nobody works that day. */
  free: boolean
  shifts: ShiftDraft[]
}
export interface RosterDraft {
  week: ShiftDraft[]
  days: DateDraft[]
  backupIds: string[]
  dailyCap: number | null
  caps: { key: string; staffId: string; dailyCap: number | null }[]
  /** Undefined: as the code says, always. */
  windows: Omit<ShiftDraft, 'staffIds'>[] | undefined
}

const WORKDAYS = [1, 2, 3, 4, 5]
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]
let made = 0
const freshKey = () => `new-${++made}`

export const newShift = (weekdays = EVERY_DAY): ShiftDraft => ({
  key: freshKey(),
  weekdays,
  from: '09:00',
  to: '18:00',
  staffIds: [],
})
export const newDate = (on: string): DateDraft => ({ key: freshKey(), on, free: true, shifts: [] })
export const newWindow = () => ({ key: freshKey(), weekdays: WORKDAYS, from: '09:00', to: '21:00' })
/** The hours most shops are closed. */
export const newNight = () => ({ key: freshKey(), weekdays: EVERY_DAY, from: '22:00', to: '08:00' })
export const newCap = (staffId: string) => ({ key: freshKey(), staffId, dailyCap: 20 })

export const EMPTY_ROSTER: RosterDraft = {
  week: [{ ...newShift(), key: 'first' }],
  days: [],
  backupIds: [],
  dailyCap: null,
  caps: [],
  windows: undefined,
}

/** A browser's clock knows no 24:00: midnight as an end is the next day's 00:00. */
export const drawnEnd = (to: string) => (to === '24:00' ? '00:00' : to)

export function draftOfRoster({ week, days, backupIds, dailyCap, caps, autoAccept }: Roster): RosterDraft {
  return {
    week: week.map((shift) => ({ ...shift, to: drawnEnd(shift.to), key: freshKey() })),
    days: days.map(({ on, shifts }) => ({
      key: freshKey(),
      on,
      free: shifts.length === 0,
      shifts: shifts.map((shift) => ({ ...shift, to: drawnEnd(shift.to), weekdays: [], key: freshKey() })),
    })),
    backupIds,
    dailyCap,
    caps: caps.map((cap) => ({ ...cap, key: freshKey() })),
    windows: autoAccept?.map((window) => ({ ...window, to: drawnEnd(window.to), key: freshKey() })),
  }
}

/** What is whole of it: rows nobody has filled in yet are left out. */
export function rosterOf({ week, days, backupIds, dailyCap, caps, windows }: RosterDraft): Roster {
  const whole = ({ from, to, staffIds }: ShiftDraft) => from !== '' && to !== '' && staffIds.length > 0
  const strip = ({ from, to, staffIds }: ShiftDraft) => ({ from, to, staffIds })
  return {
    week: week
      .filter((shift) => whole(shift) && shift.weekdays.length > 0)
      .map((shift) => ({ ...strip(shift), weekdays: shift.weekdays })),
    days: days
      .filter(({ on }) => on !== '')
      .map(({ on, free, shifts }) => ({ on, shifts: free ? [] : shifts.filter(whole).map(strip) })),
    backupIds,
    dailyCap,
    caps: caps.flatMap(({ staffId, dailyCap: own }) => (staffId && own ? [{ staffId, dailyCap: own }] : [])),
    autoAccept: windows?.length ? windows.map(({ weekdays, from, to }) => ({ weekdays, from, to })) : null,
  }
}

export function checkRoster(draft: RosterDraft): 'needShift' | 'needBackup' | 'needDate' | undefined {
  const filled = ({ from, to, staffIds }: ShiftDraft) => from !== '' && to !== '' && staffIds.length > 0
  if (draft.week.length === 0 || !draft.week.every((shift) => filled(shift) && shift.weekdays.length > 0))
    return 'needShift'
  if (draft.days.some(({ on, free, shifts }) => on === '' || (!free && (shifts.length === 0 || !shifts.every(filled)))))
    return 'needDate'
  return draft.backupIds.length === 0 ? 'needBackup' : undefined
}

/** `09:30` of 9:30, 930, 9：30; `09:00` of 9; empty when it is no time of day. */
export function readTime(typed: string): string {
  const found = /^(\d{1,2}?)(?:[:：.]?(\d{2}))?$/.exec(typed.trim())
  const [hours, minutes] = [Number(found?.[1]), Number(found?.[2] ?? 0)]
  if (!found || hours > 24 || minutes > 59 || (hours === 24 && minutes > 0)) return ''
  return `${String(hours % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}
