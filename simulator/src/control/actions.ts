import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { customerSays, groupSays, staffSays } from '../world/chat.ts'
import { editInClient } from '../world/client-edits.ts'
import {
  createTagsInConsole,
  deleteTagsInConsole,
  editTagInConsole,
  shuffleTagsInConsole,
} from '../world/console-tags.ts'
import type { Corp } from '../world/corp.ts'
import { createGroup, dismissGroup, editGroup, joinGroup, leaveGroup } from '../world/groups.ts'
import { declineMass, postponeMass, sendAllMass, sendMass, sendOwnMass } from '../world/mass-messages.ts'
import { declineMoment, publishAll, publishMoment, reactToMoment } from '../world/moments.ts'
import { addDepartment, addMember, makeCustomer, moveMember, permitMember, removeMember } from '../world/newcomers.ts'
import {
  acceptAdd,
  customerDeletes,
  forgetCustomer,
  requestAdd,
  scanContactWay,
  staffDeletes,
} from '../world/people.ts'
import type { World } from '../world/world.ts'
import { corpOf } from './found.ts'

const id = z.string().min(1).max(200)
const text = z.string().min(1).max(4000)
const pair = { userid: id, externalUserid: id }
const newCustomer = {
  name: z.string().min(1).max(64).optional(),
  gender: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  /** 1 WeChat, 2 WeCom of another company. */
  kind: z.union([z.literal(1), z.literal(2)]).optional(),
  corpName: z.string().optional(),
  persona: z.string().optional(),
}
const scene = z.union([z.literal(1), z.literal(2), z.literal(3)])

/** Everything simulated people can do. One row each: what it needs, and the function that does it. */
const ActionBody = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('scan'),
    /** A config id, the QR's content or the address of its image. */
    code: id,
    externalUserid: id.optional(),
    newCustomer: z.strictObject(newCustomer).optional(),
    half: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('add'),
    ...pair,
    addWay: z.int().optional(),
    state: z.string().max(30).optional(),
    /** False: the request waits for `accept`. */
    accepted: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('accept'), ...pair }),
  z.strictObject({ type: z.literal('customer_says'), ...pair, text }),
  z.strictObject({
    type: z.literal('staff_says'),
    ...pair,
    text,
    kind: z.enum(['text', 'image', 'link', 'miniprogram', 'video', 'file']).default('text'),
    content: z.unknown().optional(),
  }),
  z.strictObject({
    type: z.literal('staff_edits'),
    ...pair,
    remark: z.string().max(20).optional(),
    description: z.string().max(150).optional(),
    remarkMobiles: z.array(z.string()).optional(),
    remarkCompany: z.string().max(20).optional(),
    addTags: z.array(id).optional(),
    removeTags: z.array(id).optional(),
    personalTags: z.array(z.string().min(1).max(30)).optional(),
  }),
  z.strictObject({ type: z.literal('customer_deletes'), ...pair }),
  z.strictObject({ type: z.literal('staff_deletes'), ...pair }),
  z.strictObject({ type: z.literal('forget'), externalUserid: id }),
  z.strictObject({ type: z.literal('new_customer'), ...newCustomer }),
  z.strictObject({
    type: z.literal('tags_create'),
    groupName: z.string().min(1).max(30),
    names: z.array(z.string().min(1).max(30)).min(1),
    order: z.int().optional(),
  }),
  z.strictObject({
    type: z.literal('tag_edit'),
    id,
    name: z.string().min(1).max(30).optional(),
    order: z.int().optional(),
  }),
  z.strictObject({ type: z.literal('tags_delete'), ids: z.array(id).min(1) }),
  z.strictObject({ type: z.literal('tags_shuffle'), groupId: id.optional(), ids: z.array(id).min(1) }),
  z.strictObject({
    type: z.literal('group_create'),
    name: z.string().max(100),
    owner: id,
    memberIds: z.array(id).optional(),
  }),
  z.strictObject({
    type: z.literal('group_join'),
    chatId: id,
    id,
    scene: scene.optional(),
    invitor: id.optional(),
    state: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('group_leave'), chatId: id, id, removed: z.boolean().optional() }),
  z.strictObject({
    type: z.literal('group_edit'),
    chatId: id,
    name: z.string().optional(),
    notice: z.string().optional(),
    owner: id.optional(),
  }),
  z.strictObject({ type: z.literal('group_dismiss'), chatId: id }),
  z.strictObject({ type: z.literal('group_says'), chatId: id, id, text }),
  z.strictObject({
    type: z.literal('member_add'),
    userid: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$/),
    name: z.string().min(1).max(64),
    departmentIds: z.array(z.int()).min(1).optional(),
    position: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('member_move'), userid: id, departmentIds: z.array(z.int()).min(1) }),
  z.strictObject({ type: z.literal('member_permit'), userid: id, mayContact: z.boolean() }),
  z.strictObject({ type: z.literal('member_remove'), userid: id }),
  z.strictObject({
    type: z.literal('mass_send'),
    msgid: id,
    /** Absent: everybody who has not sent yet. */
    userid: id.optional(),
    /** Whom the member left ticked. */
    only: z.array(id).optional(),
  }),
  z.strictObject({ type: z.literal('mass_decline'), msgid: id, userid: id }),
  z.strictObject({ type: z.literal('mass_later'), msgid: id, userid: id }),
  z.strictObject({ type: z.literal('mass_own'), userid: id, text, externalUserids: z.array(id).optional() }),
  z.strictObject({ type: z.literal('moment_publish'), momentId: id, userid: id.optional() }),
  z.strictObject({ type: z.literal('moment_decline'), momentId: id, userid: id }),
  z.strictObject({ type: z.literal('moment_later'), momentId: id, userid: id }),
  /** By the customer, or by the member himself where none is named. A second like takes the first one back. */
  z.strictObject({ type: z.literal('moment_like'), momentId: id, userid: id, externalUserid: id.optional() }),
  z.strictObject({ type: z.literal('moment_comment'), momentId: id, userid: id, externalUserid: id.optional(), text }),
  z.strictObject({ type: z.literal('department_add'), name: z.string().min(1).max(32), parentId: z.int().optional() }),
])
export type Action = z.infer<typeof ActionBody>

export function act(world: World, corp: Corp, action: Action): unknown {
  switch (action.type) {
    case 'scan':
      return scanContactWay(world, corp, action)
    case 'add':
      return requestAdd(world, corp, action)
    case 'accept':
      return acceptAdd(world, corp, action.userid, action.externalUserid)
    case 'customer_says':
      return customerSays(world, corp, action.userid, action.externalUserid, action.text)
    case 'staff_says':
      return staffSays(world, corp, action.userid, action.externalUserid, action.text, action)
    case 'staff_edits':
      return editInClient(world, corp, action.userid, action.externalUserid, action)
    case 'customer_deletes':
      return customerDeletes(world, corp, action.userid, action.externalUserid)
    case 'staff_deletes':
      return staffDeletes(world, corp, action.userid, action.externalUserid)
    case 'forget':
      return forgetCustomer(world, corp, action.externalUserid)
    case 'new_customer':
      return makeCustomer(corp, action)
    case 'tags_create':
      return createTagsInConsole(world, corp, action)
    case 'tag_edit':
      return editTagInConsole(world, corp, action)
    case 'tags_delete':
      return deleteTagsInConsole(world, corp, action)
    case 'tags_shuffle':
      return shuffleTagsInConsole(world, corp, action)
    case 'group_create':
      return createGroup(world, corp, action)
    case 'group_join':
      return joinGroup(world, corp, action)
    case 'group_leave':
      return leaveGroup(world, corp, action)
    case 'group_edit':
      return editGroup(world, corp, action)
    case 'group_says':
      return groupSays(world, corp, action)
    case 'group_dismiss':
      return dismissGroup(world, corp, action)
    case 'member_add':
      return addMember(world, corp, action)
    case 'member_move':
      return moveMember(world, corp, action.userid, action.departmentIds)
    case 'member_permit':
      return permitMember(world, corp, action.userid, action.mayContact)
    case 'member_remove':
      return removeMember(world, corp, action.userid)
    case 'mass_send':
      return action.userid === undefined
        ? sendAllMass(world, corp, action.msgid)
        : sendMass(world, corp, { ...action, userid: action.userid })
    case 'mass_decline':
      return declineMass(world, corp, action.msgid, action.userid)
    case 'mass_later':
      return postponeMass(world, corp, action.msgid, action.userid)
    case 'mass_own':
      return sendOwnMass(world, corp, action)
    case 'moment_publish':
      return action.userid === undefined
        ? publishAll(world, corp, action.momentId)
        : publishMoment(world, corp, { momentId: action.momentId, userid: action.userid })
    case 'moment_decline':
      return declineMoment(world, corp, action.momentId, action.userid)
    case 'moment_later':
      return declineMoment(world, corp, action.momentId, action.userid, true)
    case 'moment_like':
    case 'moment_comment':
      return reactToMoment(world, corp, action)
    case 'department_add':
      return addDepartment(world, corp, action)
  }
}

/** One action, or a list done in order; a list stops at the first refusal, and what was done stays done. */
export function actionRoutes(scope: FastifyInstance, { world }: Platform): void {
  scope.post('/corps/:corpid/actions', async (request) => {
    const corp = corpOf(world, request)
    if (!Array.isArray(request.body)) return { result: act(world, corp, ActionBody.parse(request.body)) ?? {} }
    const actions = z.array(ActionBody).max(10_000).parse(request.body)
    return { results: actions.map((action) => act(world, corp, action) ?? {}) }
  })
}
