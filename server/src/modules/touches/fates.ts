/**
 * What became of one customer in one touch: a byte of `touch_fate`, whose numbers are kept for ever.
 * Skipped before anything was sent (1–31), live and counted against the caps (32–47), ended unsent (48–63).
 */
export const FATE = {
  none: 0,
  /** Nobody of ours has him as a friend. */
  noFriend: 1,
  /** He would rather not be written to, or stands on the corp's list. */
  refused: 2,
  noAgreement: 3,
  forbiddenTag: 4,
  /** Held out from everything that is not exempt, or from this touch alone: for comparing. */
  heldOut: 5,
  heldOutHere: 6,
  /** A cap of the corp is reached. */
  capped: 7,
  /** WeCom's own limit is reached. */
  platformFull: 8,
  /** The member who would write to him has been asked to write to as many as he may that day. */
  memberFull: 9,
  /** Something more important took his place. */
  displaced: 10,
  /** Given back: cancelled, expired, or he left what it was for. */
  released: 11,
  reserved: 32,
  sending: 33,
  /** WeCom has the task; the member has not pressed send. */
  asked: 34,
  sent: 35,
  /** Nobody knows whether WeCom has taken it. */
  unknown: 36,
  /** WeCom: no longer a friend. */
  notFriend: 48,
  /** WeCom: another mass message has used up his limit. */
  overPlatform: 49,
  /** The member did not send it in time, or the task was stopped. */
  notSent: 50,
  /** WeCom refused the task. */
  failed: 51,
} as const

export type FateName = keyof typeof FATE

const NAMES = new Map<number, FateName>(Object.entries(FATE).map(([name, fate]) => [fate, name as FateName]))

/** The name of a byte; of one nobody knows: none. */
export const fateName = (fate: number): FateName => NAMES.get(fate) ?? 'none'

/** Counted against the caps. */
export const isLive = (fate: number): boolean => fate >= 32 && fate < 48
