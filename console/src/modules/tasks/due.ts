import { shanghaiDay } from '../../ui/time-words.ts'

const MINUTE_MS = 60_000
const SHANGHAI_MS = 8 * 3_600_000

/** What an input of a day and a time holds of an instant, as Shanghai’s clocks show it. */
export const toLocal = (at: Date): string => new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(0, 16)
/** And back; undefined while it is not whole. */
export function fromLocal(text: string): Date | undefined {
  const at = new Date(`${text}:00+08:00`)
  return Number.isNaN(at.getTime()) ? undefined : at
}

export const PRESETS = ['tonight', 'tomorrow', 'threeDays', 'week'] as const
export type Preset = (typeof PRESETS)[number]
const HOURS: Record<Preset, { days: number; hour: number }> = {
  tonight: { days: 0, hour: 18 },
  tomorrow: { days: 1, hour: 10 },
  threeDays: { days: 3, hour: 10 },
  week: { days: 7, hour: 10 },
}

/** When a preset is; undefined where that is over, or too near to be done. */
export function presetAt(preset: Preset, now: Date): Date | undefined {
  const { days, hour } = HOURS[preset]
  const day = shanghaiDay(new Date(now.getTime() + days * 86_400_000))
  const at = new Date(`${day}T${String(hour).padStart(2, '0')}:00:00+08:00`)
  return at.getTime() - now.getTime() > 30 * MINUTE_MS ? at : undefined
}

/** Where a new task begins: tonight while that is still ahead, else tomorrow. */
export const firstDue = (now: Date): Date => presetAt('tonight', now) ?? (presetAt('tomorrow', now) as Date)

/** Minutes before it is due, by the words of them. */
export const REMINDERS = { none: null, due: 0, half: 30, hour: 60, day: 1_440 } as const
