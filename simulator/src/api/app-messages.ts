import type { Corp } from '../world/corp.ts'
import type { Staff } from '../world/records.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import { requireMedia } from './media-life.ts'
import { type Body, checkParams, type Param } from './params.ts'

/** path/90236, 2026-11. */
const USERS_MAX = 1000
const PARTIES_MAX = 100
const ARTICLES_MAX = 8
/** To one member from one app; what is over is dropped without a word, with errcode 0. */
const MEMBER_LIMITS = { minute: 30, hour: 1000 }
/** Longer texts are cut, not refused. */
const TEXT_BYTES_MAX = 2048
const DUPLICATE_SECONDS_DEFAULT = 1800

const CARD_TYPES = ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction']
const INTERACTIVE_CARDS = CARD_TYPES.slice(2)

const PAYLOADS: Record<string, readonly Param[]> = {
  text: [{ at: 'text.content', is: 'text', need: 44004 }],
  image: [{ at: 'image.media_id', is: 'text', need: 40007 }],
  voice: [{ at: 'voice.media_id', is: 'text', need: 40007 }],
  file: [{ at: 'file.media_id', is: 'text', need: 40007 }],
  video: [
    { at: 'video.media_id', is: 'text', need: 40007 },
    { at: 'video.title', is: 'text', bytesMax: 128 },
    { at: 'video.description', is: 'text', bytesMax: 512 },
  ],
  textcard: [
    { at: 'textcard.title', is: 'text', need: 40063, charsMax: 128 },
    { at: 'textcard.description', is: 'text', need: 40063, charsMax: 512 },
    { at: 'textcard.url', is: 'text', need: 40063, bytesMax: 2048 },
    { at: 'textcard.btntxt', is: 'text', charsMax: 4 },
  ],
  news: [{ at: 'news.articles', is: 'objects', need: 40063, bad: 45008, itemsMax: ARTICLES_MAX }],
  mpnews: [{ at: 'mpnews.articles', is: 'objects', need: 40063, bad: 45008, itemsMax: ARTICLES_MAX }],
  markdown: [{ at: 'markdown.content', is: 'text', need: 44004, bad: 45002, bytesMax: 2048 }],
  miniprogram_notice: [
    { at: 'miniprogram_notice.appid', is: 'text', need: 40063 },
    { at: 'miniprogram_notice.title', is: 'text', need: 40063, charsMax: 12 },
    { at: 'miniprogram_notice.description', is: 'text', charsMax: 12 },
    { at: 'miniprogram_notice.page', is: 'text', bytesMax: 1024 },
    { at: 'miniprogram_notice.content_item', is: 'objects', itemsMax: 10 },
  ],
  template_card: [
    { at: 'template_card.card_type', is: 'text', need: 40063, oneOf: CARD_TYPES },
    { at: 'template_card.task_id', is: 'text', bytesMax: 128 },
  ],
}

interface Audience {
  staff: Staff[]
  invalidUsers: string[]
  invalidParties: string[]
  invalidTags: string[]
}

function split(value: unknown): string[] {
  return typeof value === 'string' && value !== '' ? value.split('|') : []
}

/** Who is meant. Unknown userids come back lower-cased, which is how a client finds out that WeCom folds them. */
function readAudience({ corp, body }: Call): Audience {
  const users = split(body.touser)
  const parties = split(body.toparty)
  const tags = split(body.totag)
  if (users.length + parties.length + tags.length === 0) fail(40063, 'touser、toparty、totag 不能都为空')
  if (users.length > USERS_MAX) fail(40032)
  if (parties.length > PARTIES_MAX || tags.length > PARTIES_MAX) fail(40066)
  if (users.length === 1 && users[0] === '@all') {
    if (body.msgtype === 'miniprogram_notice') fail(40058, '小程序通知不能发给所有人')
    return { staff: [...corp.staff.values()], invalidUsers: [], invalidParties: [], invalidTags: [] }
  }
  const found = new Map<string, Staff>()
  const invalidUsers: string[] = []
  for (const userid of users) {
    const staff = corp.findStaff(userid)
    if (staff) found.set(staff.userid, staff)
    else invalidUsers.push(userid.toLowerCase())
  }
  const knownParties = parties.filter((id) => corp.departments.has(Number(id)))
  for (const staff of corp.membersOfDepartments(knownParties.map(Number))) found.set(staff.userid, staff)
  const invalidParties = parties.filter((id) => !knownParties.includes(id))
  if (found.size === 0) fail(81013)
  return { staff: [...found.values()], invalidUsers, invalidParties, invalidTags: tags }
}

/** Contents sent lately, by corp, for `enable_duplicate_check`: until when they count as repeated. */
const recentContents = new WeakMap<Corp, Map<string, number>>()

function isRepeated({ corp, body, world }: Call): boolean {
  if (body.enable_duplicate_check !== 1) return false
  const { duplicate_check_interval: seconds, ...content } = body
  const key = JSON.stringify(content)
  const recent = recentContents.get(corp) ?? new Map<string, number>()
  recentContents.set(corp, recent)
  const now = world.clock.seconds()
  if (now < (recent.get(key) ?? 0)) return true
  recent.set(key, now + ((seconds as number | undefined) ?? DUPLICATE_SECONDS_DEFAULT))
  return false
}

function sendMessage(call: Call): Body {
  const { corp, body, world, rates } = call
  const msgtype = body.msgtype as string
  if (body.agentid !== corp.info.agentId) fail(40056)
  checkParams(PAYLOADS[msgtype] ?? fail(40008), body)
  const payload = body[msgtype] as Body
  if (payload.media_id) requireMedia(world, corp, payload.media_id as string, msgtype as 'image')
  if (msgtype === 'text') payload.content = cutText(payload.content as string)
  const interactive = msgtype === 'template_card' && INTERACTIVE_CARDS.includes(payload.card_type as string)
  if (interactive && !corp.info.receivers.app) fail(43012, '交互卡片要先配置回调地址')
  const audience = readAudience(call)
  const msgid = corp.makeId('', 40)
  if (!isRepeated(call)) {
    for (const { userid } of audience.staff) {
      if (
        corp.info.options.rateLimits &&
        isFlooded(() => rates.take(`app message ${corp.info.corpid} ${userid}`, MEMBER_LIMITS))
      )
        continue
      corp.addEffect({
        at: world.clock.seconds(),
        api: 'message/send',
        kind: 'app_message',
        userid,
        id: msgid,
        content: { msgtype, [msgtype]: payload },
      })
    }
    world.wire.tell({ type: 'world', corpid: corp.info.corpid, what: 'app_message', id: msgid })
  }
  return {
    invaliduser: audience.invalidUsers.join('|'),
    invalidparty: audience.invalidParties.join('|'),
    invalidtag: audience.invalidTags.join('|'),
    unlicenseduser: '',
    msgid,
    response_code: interactive ? corp.makeId('', 43) : undefined,
  }
}

/** The longest beginning that fits, whole characters only. */
function cutText(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= TEXT_BYTES_MAX
    ? text
    : bytes
        .subarray(0, TEXT_BYTES_MAX)
        .toString()
        .replace(/\uFFFD+$/, '')
}

function isFlooded(count: () => void): boolean {
  try {
    count()
    return false
  } catch {
    return true
  }
}

export const appMessageEndpoints: Endpoint[] = [
  {
    path: 'message/send',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'touser', is: 'text' },
      { at: 'toparty', is: 'text' },
      { at: 'totag', is: 'text' },
      { at: 'msgtype', is: 'text', need: 40008, bad: 40008 },
      { at: 'agentid', is: 'int', need: 41011, bad: 40056 },
      { at: 'safe', is: 'int', oneOf: [0, 1, 2] },
      { at: 'enable_duplicate_check', is: 'int', oneOf: [0, 1] },
      { at: 'duplicate_check_interval', is: 'int', min: 1, max: 14_400 },
    ],
    handle: sendMessage,
    say({ corp, body }) {
      const users = split(body.touser)
      const first = users[0] === '@all' ? '所有成员' : (corp.findStaff(users[0] ?? '')?.name ?? '成员')
      return `给${first}${users.length > 1 ? `等 ${users.length} 人` : ''}发应用消息`
    },
  },
]
