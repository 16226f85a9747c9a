import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import type { Corp } from '../world/corp.ts'
import { nameOf } from '../world/known.ts'
import { isReady } from '../world/mass-messages.ts'
import { massUsed, massWindow, setMassUsed, shanghaiDay } from '../world/mass-quota.ts'
import type { MassNotice, MassTask, Moment, MomentNotice } from '../world/mass-records.ts'
import { momentsFor } from '../world/moments.ts'
import type { World } from '../world/world.ts'
import { corpOf, NotFound } from './found.ts'

const Since = z.object({
  /** Tasks made after this one: its `seq`. */
  after: z.coerce.number().int().default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  /** With every recipient. */
  full: z.stringbool().default(false),
})
const Used = z.strictObject({ id: z.string().min(1).max(200), used: z.int().min(0).max(1_000) })

function countFates({ fates }: MassNotice) {
  const count = (fate: string) => fates.split(fate).length - 1
  return { waiting: count('0'), sent: count('1'), gone: count('2'), full: count('3') }
}

function massView(world: World, task: MassTask, full: boolean) {
  const { bubbles: _, notices, ...rest } = task
  return {
    ...rest,
    ready: isReady(world, task),
    notices: notices.map(({ to, fates, replies: __, ...notice }) => ({
      ...notice,
      recipients: to.length,
      counts: countFates({ to, fates, ...notice }),
      ...(full && { to, fates }),
    })),
  }
}

/** As the member's phone shows it, the latest first. */
function noticesOf(world: World, corp: Corp, userid: string) {
  const mine = (it: { userid: string }) => it.userid.toLowerCase() === userid.toLowerCase()
  const mass = [...corp.massTasks.values()].flatMap((task) => {
    const notice = isReady(world, task) ? task.notices.find(mine) : undefined
    return notice ? [massNotice(corp, task, notice)] : []
  })
  const moments = [...corp.moments.values()].flatMap((moment) => {
    const notice = isReady(world, moment) ? moment.notices.find(mine) : undefined
    return notice ? [momentNotice(corp, moment, notice)] : []
  })
  const latest = (a: { at: number }, b: { at: number }) => b.at - a.at
  return { mass: mass.sort(latest), moments: moments.sort(latest) }
}

const NAMES_SHOWN = 3

function massNotice(corp: Corp, task: MassTask, notice: MassNotice) {
  const name = (id: string) => (task.chatType === 'single' ? nameOf(corp, id) : (corp.groups.get(id)?.name ?? '客户群'))
  return {
    msgid: task.msgid,
    chatType: task.chatType,
    own: task.creator !== undefined,
    at: task.createdAt,
    bubbles: task.bubbles,
    cancelled: task.cancelledAt !== undefined,
    reminders: task.reminders.length,
    state: notice.state,
    sentAt: notice.sentAt,
    recipients: notice.to.length,
    names: notice.to.slice(0, NAMES_SHOWN).map(name),
    counts: countFates(notice),
  }
}

function momentNotice(corp: Corp, moment: Moment, notice: MomentNotice) {
  const who = (by: { externalUserid?: string }) =>
    by.externalUserid ? nameOf(corp, by.externalUserid) : (corp.findStaff(notice.userid)?.name ?? notice.userid)
  return {
    momentId: moment.momentId,
    at: moment.createdAt,
    bubbles: moment.bubbles,
    cancelled: moment.cancelledAt !== undefined,
    state: notice.state,
    publishedAt: notice.publishedAt,
    recipients: notice.to.length,
    shown: notice.shown.length,
    likes: notice.likes.map(who),
    comments: notice.comments.map((it) => ({ name: who(it), text: it.text ?? '', at: it.at })),
  }
}

/** What checkers and phones see of mass messages and moments. What people do about them is among the actions. */
export function massRoutes(scope: FastifyInstance, { world }: Platform): void {
  scope.get('/corps/:corpid/mass', async (request) => {
    const { after, limit, full } = Since.parse(request.query)
    const tasks = [...corpOf(world, request).massTasks.values()].filter(({ seq }) => seq > after)
    tasks.sort((a, b) => a.seq - b.seq)
    return { tasks: tasks.slice(0, limit).map((task) => massView(world, task, full)), more: tasks.length > limit }
  })

  scope.get('/corps/:corpid/mass/:msgid', async (request) => {
    const { msgid } = request.params as { msgid: string }
    const task = corpOf(world, request).massTasks.get(msgid)
    if (!task) throw new NotFound('mass.unknown', '没有这个群发任务')
    return massView(world, task, true)
  })

  scope.get('/corps/:corpid/mass-quota/:id', async (request) => {
    const corp = corpOf(world, request)
    const { id } = request.params as { id: string }
    return quotaView(world, corp, id)
  })

  scope.put('/corps/:corpid/mass-quota', async (request) => {
    const corp = corpOf(world, request)
    const { id, used } = Used.parse(request.body)
    setMassUsed(corp, id, shanghaiDay(world.clock.seconds()), used)
    return quotaView(world, corp, id)
  })

  scope.get('/corps/:corpid/moments', async (request) => {
    const { after, limit } = Since.parse(request.query)
    const moments = [...corpOf(world, request).moments.values()].filter(({ seq }) => seq > after)
    moments.sort((a, b) => a.seq - b.seq)
    const rows = moments.slice(0, limit).map(({ bubbles: _, ...moment }) => ({
      ...moment,
      ready: isReady(world, moment),
      notices: moment.notices.map(({ plans: __, ...notice }) => notice),
    }))
    return { moments: rows, more: moments.length > limit }
  })

  scope.get('/corps/:corpid/staff/:userid/notices', async (request) => {
    const { userid } = request.params as { userid: string }
    return noticesOf(world, corpOf(world, request), userid)
  })

  scope.get('/corps/:corpid/customers/:externalUserid/moments', async (request) => {
    const { externalUserid } = request.params as { externalUserid: string }
    return { moments: momentsFor(corpOf(world, request), externalUserid) }
  })
}

function quotaView(world: World, corp: Corp, id: string) {
  const day = shanghaiDay(world.clock.seconds())
  return {
    id,
    rule: corp.info.options.massQuota,
    ...massWindow(corp.info.options.massQuota, day),
    used: massUsed(corp, id, day),
  }
}
