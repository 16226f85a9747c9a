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

export const FATE_NAMES = Object.keys(FATE) as [FateName, ...FateName[]]
const NAMES = new Map<number, FateName>(FATE_NAMES.map((name) => [FATE[name], name]))

/** The name of a byte; of one nobody knows: none. */
export const fateName = (fate: number): FateName => NAMES.get(fate) ?? 'none'

/** Counted against the caps. */
export const isLive = (fate: number): boolean => fate >= 32 && fate < 48

/** What files and letters call a fate; the console has the same words. */
export const FATE_WORDS: Readonly<Record<FateName, string>> = {
  none: '没有',
  noFriend: '不是好友',
  refused: '不愿被打扰',
  noAgreement: '没有同意约定',
  forbiddenTag: '带勿扰标签',
  heldOut: '全局对照组',
  heldOutHere: '本次对照组',
  capped: '到了频次上限',
  platformFull: '企业微信额度用完',
  memberFull: '成员今天排满了',
  displaced: '让给更重要的触达',
  released: '已取消',
  reserved: '已排上',
  sending: '正在发',
  asked: '等成员发送',
  sent: '已收到',
  unknown: '还不确定',
  notFriend: '发的时候已不是好友',
  overPlatform: '企业微信额度用完',
  notSent: '成员没有发送',
  failed: '企业微信没有接受',
}
