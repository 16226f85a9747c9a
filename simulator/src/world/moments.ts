import type { Corp } from './corp.ts'
import { nameOf, requireCustomer, requireStaff } from './known.ts'
import { pressAt, reactionsTo } from './mass-habits.ts'
import { friendsOf, isReady, tellLater } from './mass-messages.ts'
import { shanghaiDay } from './mass-quota.ts'
import type { Bubble, Moment, MomentNotice } from './mass-records.ts'
import type { Staff } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

export interface NewMoment {
  senders: readonly Staff[]
  /** Customers of a sender with one of these; none: all of his. */
  tagIds: string[]
  errcode?: number
  creator?: string
  text?: { content: string }
  attachments?: Moment['attachments']
  bubbles: Bubble[]
  invalidUsers?: string[]
  invalidDepartments?: number[]
  invalidTags?: string[]
}

/** Members get their notices once the job is done, some seconds later. */
export function makeMoment(world: World, corp: Corp, { senders, ...wanted }: NewMoment): Moment {
  const createdAt = world.clock.seconds()
  const momentId = corp.makeId('mom', 32)
  const { tagIds } = wanted
  const notices = senders.map(({ userid }): MomentNotice => {
    const friends = friendsOf(corp, userid)
    const meant = tagIds.length === 0 ? friends : friends.filter(({ tags }) => tags.some((tag) => tagIds.includes(tag)))
    return {
      userid,
      to: meant.map((follow) => follow.externalUserid),
      shown: [],
      state: 'waiting',
      dueAt: pressAt(world.seed, momentId, userid, createdAt),
      likes: [],
      comments: [],
    }
  })
  const moment: Moment = {
    errcode: 0,
    attachments: [],
    invalidUsers: [],
    invalidDepartments: [],
    invalidTags: [],
    ...wanted,
    seq: corp.nextSequence(),
    momentId,
    jobid: corp.makeId('', 32),
    createdAt,
    createdWireMs: world.clock.wireMs(),
    readyMs: world.clock.virtualMs() + corp.info.options.massCreationMs,
    notices: wanted.errcode ? [] : notices,
  }
  keep(world, corp, moment)
  tellLater(world, corp, 'moment', momentId)
  return moment
}

function keep(world: World, corp: Corp, moment: Moment): void {
  corp.saveMoment(moment)
  world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'moment', id: moment.momentId })
}

function requireMoment(world: World, corp: Corp, momentId: string, userid: string): [Moment, MomentNotice] {
  const moment = corp.moments.get(momentId)
  const notice = moment?.notices.find((it) => it.userid.toLowerCase() === userid.toLowerCase())
  if (!moment || !notice || !isReady(world, moment)) throw new Refusal('moment.unknown', '没有这条朋友圈')
  return [moment, notice]
}

function requireWaiting(world: World, corp: Corp, momentId: string, userid: string): [Moment, MomentNotice] {
  requireStaff(corp, userid)
  const [moment, notice] = requireMoment(world, corp, momentId, userid)
  if (moment.cancelledAt !== undefined) throw new Refusal('moment.cancelled', '企业已停止发表这条朋友圈')
  if (notice.state === 'published') throw new Refusal('moment.published', '已经发表过了')
  return [moment, notice]
}

/** The member publishes: customers who are still his friends, and have not been shown too many today, see it. */
export function publishMoment(
  world: World,
  corp: Corp,
  { momentId, userid, at = world.clock.seconds() }: { momentId: string; userid: string; at?: number },
): { shown: number } {
  const [moment, notice] = requireWaiting(world, corp, momentId, userid)
  const { momentsPerDay } = corp.info.options
  const seenToday = momentsPerDay === null ? undefined : shownOn(corp, shanghaiDay(at))
  const shown = notice.to.filter((id) => {
    const follow = corp.findFollow(notice.userid, id)
    return follow && !follow.half && (seenToday?.get(id) ?? 0) < (momentsPerDay ?? Number.POSITIVE_INFINITY)
  })
  const plans = reactionsTo(world.seed, `${momentId} ${notice.userid}`, shown, at)
  Object.assign(notice, { shown, plans, state: 'published', publishedAt: at, dueAt: undefined })
  keep(world, corp, moment)
  return { shown: shown.length }
}

/** Everybody who has been asked and has not published yet does. */
export function publishAll(world: World, corp: Corp, momentId: string): { members: number } {
  const open = corp.moments.get(momentId)?.notices.filter((it) => it.state !== 'published') ?? []
  for (const { userid } of open) publishMoment(world, corp, { momentId, userid })
  return { members: open.length }
}

function shownOn(corp: Corp, day: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { notices } of corp.moments.values())
    for (const { shown, publishedAt } of notices)
      if (publishedAt !== undefined && shanghaiDay(publishedAt) === day)
        for (const id of shown) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

export function declineMoment(world: World, corp: Corp, momentId: string, userid: string, later = false): void {
  const [moment, notice] = requireWaiting(world, corp, momentId, userid)
  Object.assign(notice, { state: later ? 'later' : 'declined', dueAt: undefined })
  keep(world, corp, moment)
}

/** Stops whoever has not published; what was published stays. */
export function cancelMoment(world: World, corp: Corp, moment: Moment): void {
  moment.cancelledAt = world.clock.seconds()
  for (const notice of moment.notices) notice.dueAt = undefined
  keep(world, corp, moment)
}

export interface Reaction {
  momentId: string
  /** Whose moment it is. */
  userid: string
  /** The customer who reacts; absent: the member himself. */
  externalUserid?: string
  /** Absent: a like, which a second one takes back. */
  text?: string
  at?: number
}

export function reactToMoment(world: World, corp: Corp, reaction: Reaction): void {
  const { momentId, userid, externalUserid, text, at = world.clock.seconds() } = reaction
  const [moment, notice] = requireMoment(world, corp, momentId, userid)
  if (notice.state !== 'published') throw new Refusal('moment.unpublished', '这条朋友圈还没有发表')
  if (externalUserid !== undefined) {
    requireCustomer(corp, externalUserid)
    if (!notice.shown.includes(externalUserid))
      throw new Refusal('moment.hidden', `${nameOf(corp, externalUserid)}看不到这条朋友圈`)
  }
  const who = externalUserid === undefined ? { userid: notice.userid } : { externalUserid }
  if (text !== undefined) notice.comments = [...notice.comments, { ...who, at, text }]
  else {
    const others = notice.likes.filter((like) => like.externalUserid !== externalUserid)
    notice.likes = others.length < notice.likes.length ? others : [...others, { ...who, at }]
  }
  keep(world, corp, moment)
}

export interface MomentOnPhone {
  momentId: string
  userid: string
  staffName: string
  at: number
  bubbles: Bubble[]
  liked: boolean
  likes: string[]
  comments: { name: string; text: string; at: number }[]
}

/** What a customer finds in 朋友圈, the latest first. */
export function momentsFor(corp: Corp, externalUserid: string): MomentOnPhone[] {
  const found: MomentOnPhone[] = []
  for (const { momentId, bubbles, notices } of corp.moments.values()) {
    for (const notice of notices) {
      if (notice.publishedAt === undefined || !notice.shown.includes(externalUserid)) continue
      if (!corp.findFollow(notice.userid, externalUserid)) continue
      const staffName = corp.findStaff(notice.userid)?.name ?? notice.userid
      const name = (by: { externalUserid?: string }) =>
        by.externalUserid ? nameOf(corp, by.externalUserid) : staffName
      found.push({
        momentId,
        userid: notice.userid,
        staffName,
        at: notice.publishedAt,
        bubbles,
        liked: notice.likes.some((like) => like.externalUserid === externalUserid),
        likes: notice.likes.map(name),
        comments: notice.comments.map((it) => ({ name: name(it), text: it.text ?? '', at: it.at })),
      })
    }
  }
  return found.sort((a, b) => b.at - a.at)
}
