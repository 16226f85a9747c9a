import { hashText, makePrng, type Prng } from '../prng.ts'
import type { MassReply, MomentReaction } from './mass-records.ts'

/** What people do when nobody plays them: everything here is decided by seed, so that a run can be repeated. */

const MINUTE_S = 60
const HOUR_S = 3600
const DAY_S = 24 * HOUR_S
const SHANGHAI_S = 8 * HOUR_S
/** Nobody works the assistant before 8:30 or after 21:30. */
const OPENS_S = 8.5 * HOUR_S
const CLOSES_S = 21.5 * HOUR_S
const NEVER_SHARE = 0.12

const DELAYS: readonly (readonly [readonly [from: number, to: number], number])[] = [
  [[4 * MINUTE_S, 40 * MINUTE_S], 45],
  [[40 * MINUTE_S, 4 * HOUR_S], 37],
  [[4 * HOUR_S, 26 * HOUR_S], 18],
]

/** When this member presses send or publishes; undefined: never, unless reminded (`times` tells the reminders apart). */
export function pressAt(seed: number, id: string, userid: string, from: number, times = 0): number | undefined {
  const prng = makePrng(seed, hashText(id), hashText(userid.toLowerCase()), 31 + times)
  if (prng.chance(times > 0 ? NEVER_SHARE * 3 : NEVER_SHARE)) return undefined
  const [low, high] = times > 0 ? ([2 * MINUTE_S, 90 * MINUTE_S] as const) : prng.weighted(DELAYS)
  return awake(prng, from + prng.int(low, high))
}

/** The same time if it is by day, otherwise some minutes after the next opening. */
function awake(prng: Prng, at: number): number {
  const ofDay = (at + SHANGHAI_S) % DAY_S
  if (ofDay >= OPENS_S && ofDay < CLOSES_S) return at
  const wait = ofDay < OPENS_S ? OPENS_S - ofDay : DAY_S - ofDay + OPENS_S
  return at + wait + prng.int(0, 50 * MINUTE_S)
}

const ANSWERS = ['收到，谢谢', '好呀，周末过去', '还有货吗？', '这个能寄到外地吗', '帮我留一份', '上次那款还有吗']
const REMARKS = ['看着好喝', '想要同款', '在哪个店呀', '已经安排上了', '好看']
const REPLY_SHARE = 0.04
const LEAVE_SHARE = 0.002
const LIKE_SHARE = 0.09
const REMARK_SHARE = 0.025

/** Who answers a mass message, and who has had enough. */
export function repliesTo(seed: number, id: string, customers: readonly string[], sentAt: number): MassReply[] {
  return customers.flatMap((externalUserid): MassReply[] => {
    const prng = makePrng(seed, hashText(id), hashText(externalUserid), 41)
    const dice = prng.next()
    const at = sentAt + prng.int(2 * MINUTE_S, 9 * HOUR_S)
    if (dice < LEAVE_SHARE) return [{ externalUserid, at }]
    return dice < LEAVE_SHARE + REPLY_SHARE ? [{ externalUserid, at, text: prng.pick(ANSWERS) }] : []
  })
}

/** Who likes a moment, and who says something under it. */
export function reactionsTo(seed: number, id: string, customers: readonly string[], from: number): MomentReaction[] {
  return customers.flatMap((externalUserid) => {
    const prng = makePrng(seed, hashText(id), hashText(externalUserid), 43)
    const plans: MomentReaction[] = []
    const at = from + prng.int(2 * MINUTE_S, 20 * HOUR_S)
    if (prng.chance(LIKE_SHARE)) plans.push({ externalUserid, at })
    if (prng.chance(REMARK_SHARE)) plans.push({ externalUserid, at: at + 30, text: prng.pick(REMARKS) })
    return plans
  })
}
