import {
  cancelMass,
  isReady,
  type MassPlan,
  makeMassTask,
  planByChats,
  planByCustomers,
  planByTags,
  remindMass,
  type TagFilter,
} from '../world/mass-messages.ts'
import type { MassNotice, MassTask } from '../world/mass-records.ts'
import { readAttachments } from './attachments.ts'
import { pageOf } from './cursor.ts'
import { requireContactMember } from './customers.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import { bubblesOf, holdPlace, placesTaken } from './mass-content.ts'
import type { Body, Param } from './params.ts'

/** path/92135 and path/93338, 2026-11. */
const CUSTOMERS_MAX = 10_000
const CHATS_MAX = 2_000
const TAGS_OF_GROUP_MAX = 100
const TEXT_BYTES_MAX = 4_000
const LIST_LIMITS = { most: 100, otherwise: 50 }
const ROW_LIMITS = { most: 1_000, otherwise: 500 }
/** A month, read generously: nobody says of which length. */
const LIST_SECONDS_MAX = 31 * 86_400
const REMINDERS_MAX = 3
const REMINDERS_SECONDS = 86_400

const MSGID: Param = { at: 'msgid', is: 'text', need: 41046, bad: 41047 }
const PAGING: readonly Param[] = [
  { at: 'limit', is: 'int' },
  { at: 'cursor', is: 'text' },
]

function addMassMessage(call: Call): Body {
  const { world, corp, body } = call
  if (placesTaken(corp, world.clock.wireMs()) >= corp.info.options.massConcurrency) fail(45033)
  const text = (body.text as { content?: string } | undefined)?.content ?? ''
  const given = (body.attachments as Body[] | undefined) ?? []
  if (text === '' && given.length === 0) fail(44004, '文本与附件至少要有一样')
  const attachments = readAttachments(world, corp, given)
  const chatType = (body.chat_type as MassTask['chatType'] | undefined) ?? 'single'
  const plan = readRecipients(call, chatType)
  if (plan.to.size === 0) fail(41048)
  const task = makeMassTask(world, corp, plan, {
    chatType,
    allowSelect: Boolean(body.allow_select),
    text: text === '' ? undefined : { content: text },
    attachments: given,
    bubbles: bubblesOf(corp, text, attachments),
  })
  const count = task.notices.reduce((sum, { to }) => sum + to.length, 0)
  corp.addEffect({
    at: task.createdAt,
    api: 'externalcontact/add_msg_template',
    kind: 'mass_message',
    id: task.msgid,
    content: { chatType, members: task.notices.length, recipients: count, text },
  })
  return { fail_list: plan.failed, msgid: task.msgid }
}

function readRecipients(call: Call, chatType: MassTask['chatType']): MassPlan {
  const { corp, body } = call
  const asked = body.sender as string | undefined
  const sender = asked ? requireContactMember(call, asked).userid : undefined
  if (chatType === 'group') {
    return planByChats(
      corp,
      sender ?? fail(40063, '群发到客户群要指定 sender'),
      body.chat_id_list as string[] | undefined,
    )
  }
  const ids = (body.external_userid as string[] | undefined) ?? []
  if (ids.length > 0) return planByCustomers(corp, ids, sender)
  const filter = readFilter(call)
  if (!sender && filter.length === 0) fail(40063, 'sender、external_userid、tag_filter 不能都为空')
  return planByTags(corp, filter, sender)
}

function readFilter({ corp, body }: Call): TagFilter {
  const groups = (body.tag_filter as { group_list?: { tag_list?: unknown }[] } | undefined)?.group_list ?? []
  return groups.map(({ tag_list: tags }) => {
    if (!Array.isArray(tags) || tags.length === 0 || tags.length > TAGS_OF_GROUP_MAX) return fail(40058)
    return tags.map((tag) => (corp.tags.has(String(tag)) ? String(tag) : fail(40068)))
  })
}

function requireTask({ corp, body }: Call): MassTask {
  return corp.massTasks.get(body.msgid as string) ?? fail(41047)
}

function requireReady(call: Call): MassTask {
  const task = requireTask(call)
  return isReady(call.world, task) ? task : fail(41063)
}

/** For what is still to be sent: a cancelled task is over. */
function requireRunning(call: Call): MassTask {
  const task = requireReady(call)
  return task.cancelledAt === undefined ? task : fail(41093)
}

function listMassMessages(call: Call): Body {
  const { corp, world, body } = call
  const [start, end] = [body.start_time as number, body.end_time as number]
  if (end < start || end - start > LIST_SECONDS_MAX) fail(40058, '时间范围最多一个月')
  const kind = (body.filter_type as number | undefined) ?? 2
  const creator = (body.creator as string | undefined)?.toLowerCase()
  const tasks = [...corp.massTasks.values()].filter(
    (it) =>
      it.chatType === body.chat_type &&
      it.createdAt >= start &&
      it.createdAt <= end &&
      isReady(world, it) &&
      (kind === 2 || (kind === 1) === (it.creator !== undefined)) &&
      (!creator || it.creator?.toLowerCase() === creator),
  )
  // Stored by id, listed in the order of making.
  tasks.sort((a, b) => a.seq - b.seq)
  const page = pageOf(call, `mass ${body.chat_type} ${start} ${end} ${kind} ${creator}`, tasks, LIST_LIMITS)
  return {
    group_msg_list: page.rows.map((task) => ({
      msgid: task.msgid,
      creator: task.creator,
      create_time: task.createdAt,
      create_type: task.creator === undefined ? 0 : 1,
      text: task.text,
      attachments: task.attachments,
    })),
    next_cursor: page.next_cursor,
  }
}

function listTasks(call: Call): Body {
  const task = requireReady(call)
  const page = pageOf(call, `mass task ${task.msgid}`, task.notices, ROW_LIMITS)
  return {
    task_list: page.rows.map(({ userid, state, sentAt }) => ({
      userid,
      status: state === 'sent' ? 2 : 0,
      send_time: sentAt,
    })),
    next_cursor: page.next_cursor,
  }
}

function listResults(call: Call): Body {
  const task = requireReady(call)
  const userid = String(call.body.userid).toLowerCase()
  const notice = task.notices.find((it) => it.userid.toLowerCase() === userid) ?? fail(40003, '任务里没有这位成员')
  const page = pageOf(call, `mass result ${task.msgid} ${userid}`, rowsOf(task, notice), ROW_LIMITS)
  return { send_list: page.rows, next_cursor: page.next_cursor }
}

function rowsOf({ chatType }: MassTask, { userid, to, fates, sentAt }: MassNotice): Body[] {
  const rows = to.map((id, index) => {
    const status = Number(fates[index])
    const send_time = status === 1 ? sentAt : undefined
    return chatType === 'single'
      ? { external_userid: id, userid, status, send_time }
      : { chat_id: id, userid, status, send_time }
  })
  return chatType === 'single' ? rows : rows.filter(({ status }) => status === 1)
}

function remind(call: Call): Body {
  const task = requireRunning(call)
  const since = call.world.clock.seconds() - REMINDERS_SECONDS
  if (task.reminders.filter((at) => at > since).length >= REMINDERS_MAX) fail(41094)
  remindMass(call.world, call.corp, task)
  return {}
}

function sayTask({ corp, body }: Call, what: string): string {
  const words = corp.massTasks.get(String(body.msgid))?.text?.content ?? ''
  return `${what}群发${words ? `「${words.slice(0, 12)}${words.length > 12 ? '…' : ''}」` : '任务'}`
}

export const massMessageEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/add_msg_template',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'chat_type', is: 'text', oneOf: ['single', 'group'] },
      { at: 'external_userid', is: 'texts', itemsMax: CUSTOMERS_MAX },
      { at: 'chat_id_list', is: 'texts', itemsMax: CHATS_MAX },
      { at: 'tag_filter', is: 'object' },
      { at: 'tag_filter.group_list', is: 'objects' },
      { at: 'sender', is: 'text', bad: 40003 },
      { at: 'allow_select', is: 'flag' },
      { at: 'text.content', is: 'text', bytesMax: TEXT_BYTES_MAX },
      { at: 'attachments', is: 'objects' },
    ],
    reserve({ corp, world }, ms) {
      holdPlace(corp, world.clock.wireMs() + ms - 1)
    },
    handle: addMassMessage,
    say({ corp }, reply) {
      const task = corp.massTasks.get(String(reply?.msgid))
      if (!task) return '建群发任务'
      const count = task.notices.reduce((sum, { to }) => sum + to.length, 0)
      const whom = task.chatType === 'single' ? `${count} 位客户` : `${count} 个客户群`
      return `请 ${task.notices.length} 位成员群发给 ${whom}，要他们自己点发送`
    },
  },
  {
    path: 'externalcontact/get_groupmsg_list_v2',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'chat_type', is: 'text', need: 40063, oneOf: ['single', 'group'] },
      { at: 'start_time', is: 'int', need: 40063 },
      { at: 'end_time', is: 'int', need: 40063 },
      { at: 'creator', is: 'text' },
      { at: 'filter_type', is: 'int', oneOf: [0, 1, 2] },
      ...PAGING,
    ],
    handle: listMassMessages,
    say: () => '列出群发记录',
  },
  {
    path: 'externalcontact/get_groupmsg_task',
    method: 'POST',
    by: 'app',
    params: [MSGID, ...PAGING],
    handle: listTasks,
    say: (call) => sayTask(call, '看谁已发送'),
  },
  {
    path: 'externalcontact/get_groupmsg_send_result',
    method: 'POST',
    by: 'app',
    params: [MSGID, { at: 'userid', is: 'text', need: 40003, bad: 40003 }, ...PAGING],
    handle: listResults,
    say: (call) => sayTask(call, '看送达结果，'),
  },
  {
    path: 'externalcontact/remind_groupmsg_send',
    method: 'POST',
    by: 'app',
    params: [MSGID],
    handle: remind,
    say: (call) => sayTask(call, '提醒成员'),
  },
  {
    path: 'externalcontact/cancel_groupmsg_send',
    method: 'POST',
    by: 'app',
    params: [MSGID],
    handle(call) {
      cancelMass(call.world, call.corp, requireRunning(call))
      return {}
    },
    say: (call) => sayTask(call, '停止'),
  },
]
