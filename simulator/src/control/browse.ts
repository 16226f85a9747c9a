import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { qrUrl } from '../api/contact-ways.ts'
import type { Platform } from '../api/endpoint.ts'
import { inboxOf } from '../world/chat.ts'
import { type Corp, foldUserid } from '../world/corp.ts'
import type { Customer, Effect } from '../world/records.ts'
import { codeContent } from '../world/scan.ts'
import { byOrder } from '../world/tags.ts'
import { truthLines } from '../world/truth.ts'
import { WELCOME_LIMIT_MS } from '../world/welcome.ts'
import { corpOf, NotFound } from './found.ts'

const PAGE_MAX = 500
const Page = z.object({
  q: z.string().max(100).optional(),
  /** Only the persons a visitor can play. */
  cast: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
  /** The position to go on from: `nextCursor` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
})
const Since = z.object({
  after: z.coerce.number().int().default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(1000),
})

function customerView(corp: Corp, customer: Customer) {
  const follows = corp.followsOfCustomer(customer.externalUserid).map((follow) => ({
    ...follow,
    staffName: corp.findStaff(follow.userid)?.name,
    tagNames: follow.tags.map((id) => corp.tags.get(id)!.name),
  }))
  return { ...customer, follows }
}

/** Everything the world page and the checkers look at. */
export function browseRoutes(scope: FastifyInstance, platform: Platform): void {
  const { world } = platform
  scope.get('/corps/:corpid/staff', async (request) => {
    const corp = corpOf(world, request)
    const departments = [...corp.departments.values()]
    const staff = [...corp.staff.values()].map((it) => ({ ...it, customers: corp.followsOfStaff(it.userid).length }))
    return { departments: departments.map((it) => ({ ...it, customers: customersUnder(corp, it.id) })), staff }
  })

  scope.get('/corps/:corpid/staff/:userid/inbox', async (request) => {
    const corp = corpOf(world, request)
    const { limit } = Page.parse(request.query)
    const { userid } = request.params as { userid: string }
    const chats = inboxOf(corp, userid, limit).map((chat) => ({
      ...chat,
      name: corp.customers.get(chat.externalUserid)?.name,
    }))
    const waiting = [...corp.pendingAdds.values()].filter((it) => it.userid.toLowerCase() === userid.toLowerCase())
    const groups = [...corp.groups.values()].filter((group) => group.members.some((member) => member.id === userid))
    return {
      chats,
      pendingAdds: waiting,
      groups: groups.map(({ members, ...group }) => ({ ...group, memberCount: members.length })),
      appMessages: appMessagesOf(corp, userid),
    }
  })

  scope.get('/corps/:corpid/customers', async (request) => {
    const corp = corpOf(world, request)
    const { q = '', cast, limit, cursor } = Page.parse(request.query)
    const found: Customer[] = []
    let total = 0
    for (const customer of corp.customers.values()) {
      if (cast ? customer.persona === undefined : corp.followsOfCustomer(customer.externalUserid).length === 0) continue
      if (q !== '' && !matches(corp, customer, q)) continue
      if (total >= cursor && found.length < limit) found.push(customer)
      total++
    }
    const next = cursor + found.length
    return { customers: found.map((it) => customerView(corp, it)), total, nextCursor: next < total ? next : undefined }
  })

  scope.get('/corps/:corpid/customers/:externalUserid', async (request) => {
    const corp = corpOf(world, request)
    const { externalUserid } = request.params as { externalUserid: string }
    const customer = corp.customers.get(externalUserid)
    if (!customer) throw new NotFound('person.unknown', `没有这个人：${externalUserid}`)
    const groups = [...corp.groups.values()].filter((group) =>
      group.members.some((member) => member.id === externalUserid),
    )
    const pendingAdds = [...corp.pendingAdds.values()].filter((it) => it.externalUserid === externalUserid)
    return {
      ...customerView(corp, customer),
      pendingAdds,
      groups: groups.map(({ chatId, name }) => ({ chatId, name })),
    }
  })

  scope.get('/corps/:corpid/conversations/:userid/:externalUserid', async (request) => {
    const corp = corpOf(world, request)
    const { userid, externalUserid } = request.params as { userid: string; externalUserid: string }
    return { messages: corp.conversation(userid, externalUserid), follow: corp.findFollow(userid, externalUserid) }
  })

  scope.get('/corps/:corpid/contact-ways', async (request) => {
    const corp = corpOf(world, request)
    const contactWays = [...corp.contactWays.values()].map((way) => ({
      ...way,
      qrUrl: qrUrl(platform.publicUrl, way),
      content: codeContent(way.configId),
      broughtTotal: Object.values(way.brought).reduce((sum, count) => sum + count, 0),
    }))
    return { contactWays }
  })

  scope.get('/corps/:corpid/tags', async (request) => {
    const groups = [...corpOf(world, request).tagGroups.values()].sort(byOrder)
    return { tagGroups: groups.map((group) => ({ ...group, tags: [...group.tags].sort(byOrder) })) }
  })

  scope.get('/corps/:corpid/groups/:chatId/chat', async (request) => {
    const corp = corpOf(world, request)
    const { chatId } = request.params as { chatId: string }
    const group = corp.groups.get(chatId)
    if (!group) throw new NotFound('group.unknown', `没有这个群：${chatId}`)
    return { group, messages: corp.conversation(chatId, chatId) }
  })

  scope.get('/corps/:corpid/groups', async (request) => ({ groups: [...corpOf(world, request).groups.values()] }))

  scope.get('/corps/:corpid/welcomes', async (request) => {
    const corp = corpOf(world, request)
    return { limitMs: WELCOME_LIMIT_MS, nowWireMs: world.clock.wireMs(), welcomes: [...corp.welcomes.values()] }
  })

  scope.get('/corps/:corpid/effects', async (request) => {
    const { after, limit } = Since.parse(request.query)
    const effects = corpOf(world, request).effects.filter((effect) => effect.seq > after)
    return { effects: effects.slice(0, limit), more: effects.length > limit }
  })

  scope.get('/corps/:corpid/truth', async (request, reply) => {
    const lines = truthLines(corpOf(world, request))
    return reply.type('application/x-ndjson; charset=utf-8').send(Readable.from(lines))
  })
}

const APP_MESSAGES_SHOWN = 20

/** What the company's app has sent to this member, the latest first. */
function appMessagesOf(corp: Corp, userid: string): Effect[] {
  const folded = foldUserid(userid)
  const found: Effect[] = []
  for (let at = corp.effects.length - 1; at >= 0 && found.length < APP_MESSAGES_SHOWN; at--) {
    const effect = corp.effects[at]!
    if (effect.kind === 'app_message' && foldUserid(effect.userid!) === folded) found.push(effect)
  }
  return found
}

function matches(corp: Corp, customer: Customer, q: string): boolean {
  if (customer.name.includes(q) || customer.memberNumber === q || customer.externalUserid === q) return true
  return corp.followsOfCustomer(customer.externalUserid).some((follow) => follow.remark.includes(q))
}

/** Customers of a department: each one counts where their first follower works. */
function customersUnder(corp: Corp, departmentId: number): number {
  const under = new Set(corp.membersOfDepartments([departmentId]).map((staff) => staff.userid))
  let count = 0
  for (const customer of corp.customers.values()) {
    const first = corp.followsOfCustomer(customer.externalUserid)[0]
    if (first && under.has(first.userid)) count++
  }
  return count
}
