import { isReady } from '../world/mass-messages.ts'
import type { Moment, MomentNotice, MomentReaction } from '../world/mass-records.ts'
import { cancelMoment, makeMoment } from '../world/moments.ts'
import type { Media, Staff } from '../world/records.ts'
import { pageOf } from './cursor.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import { holdPlace, placesTaken } from './mass-content.ts'
import { requireMedia } from './media-life.ts'
import { type Body, checkParams, type Param } from './params.ts'

/** path/95094 and path/93333, 2026-11. */
const TEXT_CHARS_MAX = 2_000
const TEXT_BYTES_MAX = 4_000
const IMAGES_MAX = 9
const LINK_TITLE_CHARS_MAX = 64
const SENDERS_MAX = 100_000
const PER_MINUTE = 10
const PER_MONTH = 100_000
const MINUTE_MS = 60_000
const MONTH_S = 30 * 86_400
const JOB_LIFE_S = 86_400
const LIST_SECONDS_MAX = 30 * 86_400
const LIST_LIMITS = { most: 20, otherwise: 20 }
const ROW_LIMITS = { most: 1_000, otherwise: 500 }
const SHOWN_LIMITS = { most: 5_000, otherwise: 3_000 }

const MOMENT_ID: Param = { at: 'moment_id', is: 'text', need: 41059, bad: 41060 }
const USERID: Param = { at: 'userid', is: 'text', need: 40003, bad: 40003 }
const PAGING: readonly Param[] = [
  { at: 'limit', is: 'int' },
  { at: 'cursor', is: 'text' },
]
const LINK: readonly Param[] = [
  { at: 'title', is: 'text', charsMax: LINK_TITLE_CHARS_MAX },
  { at: 'url', is: 'text', need: 40063, bytesMax: 2048 },
  { at: 'media_id', is: 'text', need: 40007 },
]

function addMoment(call: Call): Body {
  const { world, corp, body } = call
  if (placesTaken(corp, world.clock.wireMs()) >= corp.info.options.massConcurrency) fail(45033)
  if (corp.info.options.rateLimits) checkRate(call)
  const text = (body.text as { content?: string } | undefined)?.content ?? ''
  const attachments = (body.attachments as Body[] | undefined) ?? []
  if (text === '' && attachments.length === 0) fail(41089)
  const bubbles = readAttachments(call, attachments)
  const { senders, ...range } = readRange(call)
  const moment = makeMoment(world, corp, {
    senders,
    ...range,
    text: text === '' ? undefined : { content: text },
    attachments,
    bubbles: text === '' ? bubbles : [{ kind: 'text', text }, ...bubbles],
  })
  corp.addEffect({
    at: moment.createdAt,
    api: 'externalcontact/add_moment_task',
    kind: 'moment',
    id: moment.momentId,
    content: { members: moment.notices.length, text },
  })
  return { jobid: moment.jobid }
}

function checkRate({ world, corp }: Call): void {
  const [now, wireMs] = [world.clock.seconds(), world.clock.wireMs()]
  const ours = [...corp.moments.values()].filter((it) => it.creator === undefined)
  if (ours.filter((it) => it.createdWireMs > wireMs - MINUTE_MS).length >= PER_MINUTE) fail(41210, '每分钟最多 10 条')
  if (ours.filter((it) => it.createdAt > now - MONTH_S).length >= PER_MONTH) fail(41210)
}

/** Up to nine pictures, or one video, or one link; the files were uploaded for moments. */
function readAttachments({ world, corp }: Call, given: readonly Body[]): Moment['bubbles'] {
  const kinds = new Set(given.map(({ msgtype }) => msgtype))
  if (kinds.size > 1) fail(41065, '图片、视频、链接只能有一种')
  if (given.length > (kinds.has('image') ? IMAGES_MAX : 1)) fail(41064)
  return given.map((attachment) => {
    const kind = attachment.msgtype as 'image' | 'video' | 'link'
    if (!['image', 'video', 'link'].includes(kind)) fail(41065)
    const content = (attachment[kind] as Body | undefined) ?? fail(41065)
    checkParams(kind === 'link' ? LINK : [{ at: 'media_id', is: 'text', need: 40007 }], content)
    const mediaId = content.media_id as string
    requireMedia(world, corp, mediaId, kind === 'link' ? 'image' : (kind satisfies Media['kind']), 'moment')
    const address = `/control/corps/${corp.info.corpid}/media/${mediaId}`
    if (kind === 'video') return { kind, text: '[视频]', content: { address } }
    const text = kind === 'link' ? String(content.title ?? content.url) : '[图片]'
    return { kind, text, content: { ...content, pic_url: address } }
  })
}

/** Whom it is for. Unknown members, departments and tags are told with the job's result; when all are, it is refused. */
function readRange({ corp, body }: Call) {
  const range = body.visible_range as
    | {
        sender_list?: { user_list?: string[]; department_list?: number[] }
        external_contact_list?: { tag_list?: string[] }
      }
    | undefined
  const { user_list: users = [], department_list: departments = [] } = range?.sender_list ?? {}
  const tags = range?.external_contact_list?.tag_list ?? []
  const senders = new Map<string, Staff>()
  const take = (staff: Staff | undefined) => staff?.mayContact && senders.set(staff.userid, staff)
  for (const userid of users) take(corp.findStaff(userid))
  const knownDepartments = departments.filter((id) => corp.departments.has(id))
  for (const staff of corp.membersOfDepartments(knownDepartments)) take(staff)
  if (users.length + departments.length === 0) for (const staff of corp.staff.values()) take(staff)
  const tagIds = tags.filter((id) => corp.tags.has(id))
  return {
    senders: [...senders.values()],
    tagIds,
    invalidUsers: users.filter((userid) => !corp.findStaff(userid)?.mayContact),
    invalidDepartments: departments.filter((id) => !corp.departments.has(id)),
    invalidTags: tags.filter((id) => !corp.tags.has(id)),
    errcode: senders.size === 0 ? 40003 : tags.length > 0 && tagIds.length === 0 ? 40068 : 0,
  }
}

/** 1, 2 and 3 share the time the job takes. */
function jobResult({ world, corp, query }: Call): Body {
  const moment = [...corp.moments.values()].find((it) => it.jobid === query.jobid)
  if (!moment || world.clock.seconds() - moment.createdAt > JOB_LIFE_S)
    return fail(40058, '没有这个任务，或已过 24 小时')
  const { createdAt, readyMs, errcode } = moment
  if (!isReady(world, moment)) {
    return { status: world.clock.virtualMs() * 2 < createdAt * 1000 + readyMs ? 1 : 2, type: 'add_moment_task' }
  }
  return {
    status: 3,
    type: 'add_moment_task',
    result: {
      errcode,
      errmsg: errcode === 0 ? 'ok' : 'no valid range',
      moment_id: errcode === 0 ? moment.momentId : undefined,
      invalid_sender_list: { user_list: moment.invalidUsers, department_list: moment.invalidDepartments },
      invalid_external_contact_list: { tag_list: moment.invalidTags },
    },
  }
}

function requireMoment({ world, corp, body }: Call): Moment {
  const moment = corp.moments.get(body.moment_id as string)
  if (moment?.errcode !== 0) return fail(41060)
  return isReady(world, moment) ? moment : fail(41079)
}

function requireNotice(call: Call): [Moment, MomentNotice] {
  const moment = requireMoment(call)
  const userid = String(call.body.userid).toLowerCase()
  return [moment, moment.notices.find((it) => it.userid.toLowerCase() === userid) ?? fail(41061)]
}

function requirePublished(call: Call): [Moment, MomentNotice] {
  const [moment, notice] = requireNotice(call)
  return notice.publishedAt === undefined ? fail(41062) : [moment, notice]
}

function listMoments(call: Call): Body {
  const { corp, world, body } = call
  const [start, end] = [body.start_time as number, body.end_time as number]
  if (end < start || end - start > LIST_SECONDS_MAX) fail(40058, '时间范围最多 30 天')
  const kind = (body.filter_type as number | undefined) ?? 2
  const creator = (body.creator as string | undefined)?.toLowerCase()
  const moments = [...corp.moments.values()].filter(
    (it) =>
      it.errcode === 0 &&
      isReady(world, it) &&
      it.createdAt >= start &&
      it.createdAt <= end &&
      (kind === 2 || (kind === 1) === (it.creator !== undefined)) &&
      (!creator || it.creator?.toLowerCase() === creator),
  )
  moments.sort((a, b) => a.seq - b.seq)
  const page = pageOf(call, `moments ${start} ${end} ${kind} ${creator}`, moments, LIST_LIMITS)
  return { moment_list: page.rows.map(momentView), next_cursor: page.next_cursor }
}

function momentView(moment: Moment): Body {
  const of = (kind: string) =>
    moment.attachments.filter(({ msgtype }) => msgtype === kind).map((it) => it[kind] as Body)
  const [video] = of('video')
  const [link] = of('link')
  return {
    moment_id: moment.momentId,
    creator: moment.creator,
    create_time: moment.createdAt,
    create_type: moment.creator === undefined ? 0 : 1,
    visible_type: moment.tagIds.length > 0 ? 0 : 1,
    text: moment.text,
    image: of('image').map(({ media_id }) => ({ media_id })),
    video: video && { media_id: video.media_id, thumb_media_id: video.media_id },
    link: link && { title: link.title, url: link.url },
  }
}

function reactionView(reaction: MomentReaction): Body {
  const { externalUserid, userid, at } = reaction
  return externalUserid === undefined
    ? { userid, create_time: at }
    : { external_userid: externalUserid, create_time: at }
}

export const momentEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/add_moment_task',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'text.content', is: 'text', charsMax: TEXT_CHARS_MAX, bytesMax: TEXT_BYTES_MAX },
      { at: 'attachments', is: 'objects' },
      { at: 'visible_range.sender_list.user_list', is: 'texts', itemsMax: SENDERS_MAX },
      { at: 'visible_range.sender_list.department_list', is: 'ints' },
      { at: 'visible_range.external_contact_list.tag_list', is: 'texts' },
    ],
    reserve({ corp, world }, ms) {
      holdPlace(corp, world.clock.wireMs() + ms - 1)
    },
    handle: addMoment,
    say: () => '建朋友圈任务，要成员自己点发表',
  },
  {
    path: 'externalcontact/get_moment_task_result',
    method: 'GET',
    by: 'app',
    params: [{ at: 'jobid', is: 'text', need: 40058 }],
    handle: jobResult,
    say: () => '看朋友圈任务建好没有',
  },
  {
    path: 'externalcontact/cancel_moment_task',
    method: 'POST',
    by: 'app',
    params: [MOMENT_ID],
    handle(call) {
      const moment = requireMoment(call)
      if (moment.cancelledAt === undefined) cancelMoment(call.world, call.corp, moment)
      return {}
    },
    say: () => '停止发表朋友圈，已发表的还在',
  },
  {
    path: 'externalcontact/get_moment_list',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'start_time', is: 'int', need: 40063 },
      { at: 'end_time', is: 'int', need: 40063 },
      { at: 'creator', is: 'text' },
      { at: 'filter_type', is: 'int', oneOf: [0, 1, 2] },
      ...PAGING,
    ],
    handle: listMoments,
    say: () => '列出朋友圈',
  },
  {
    path: 'externalcontact/get_moment_task',
    method: 'POST',
    by: 'app',
    params: [MOMENT_ID, ...PAGING],
    handle(call) {
      const { momentId, notices } = requireMoment(call)
      const page = pageOf(call, `moment task ${momentId}`, notices, ROW_LIMITS)
      const rows = page.rows.map(({ userid, state }) => ({ userid, publish_status: state === 'published' ? 1 : 0 }))
      return { task_list: rows, next_cursor: page.next_cursor }
    },
    say: () => '看谁发表了朋友圈',
  },
  {
    path: 'externalcontact/get_moment_customer_list',
    method: 'POST',
    by: 'app',
    params: [MOMENT_ID, USERID, ...PAGING],
    handle(call) {
      const [{ momentId }, { userid, to }] = requireNotice(call)
      const page = pageOf(call, `moment to ${momentId} ${userid}`, to, ROW_LIMITS)
      const rows = page.rows.map((external_userid) => ({ userid, external_userid }))
      return { customer_list: rows, next_cursor: page.next_cursor }
    },
    say: () => '看朋友圈要给谁看',
  },
  {
    path: 'externalcontact/get_moment_send_result',
    method: 'POST',
    by: 'app',
    params: [MOMENT_ID, USERID, ...PAGING],
    handle(call) {
      const [{ momentId }, { userid, shown }] = requirePublished(call)
      const page = pageOf(call, `moment shown ${momentId} ${userid}`, shown, SHOWN_LIMITS)
      return { customer_list: page.rows.map((external_userid) => ({ external_userid })), next_cursor: page.next_cursor }
    },
    say: () => '看谁能看到这条朋友圈',
  },
  {
    path: 'externalcontact/get_moment_comments',
    method: 'POST',
    by: 'app',
    params: [MOMENT_ID, USERID],
    handle(call) {
      const [, { likes, comments }] = requirePublished(call)
      return { comment_list: comments.map(reactionView), like_list: likes.map(reactionView) }
    },
    say: () => '看朋友圈的赞和评论，评论没有原文',
  },
]
