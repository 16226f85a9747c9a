import type { ContactWay } from '../world/records.ts'
import { configIdOf, membersOfWay } from '../world/scan.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { requireContactMember } from './customers.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body, Param } from './params.ts'

/** path/92228, 2026-11. */
const WAYS_MAX = 500_000
const USERS_MAX = 100
const STATE_CHARS_MAX = 30
const REMARK_CHARS_MAX = 30
const TEMP_SECONDS_MAX = 14 * 24 * 3600
const LIST_LIMIT_MAX = 1000
const LIST_LIMIT_DEFAULT = 100
const LIST_DAYS_DEFAULT = 90

const EDITABLE: readonly Param[] = [
  { at: 'style', is: 'int', bad: 41042, oneOf: [1, 2, 3] },
  { at: 'remark', is: 'text', charsMax: REMARK_CHARS_MAX },
  { at: 'skip_verify', is: 'flag' },
  { at: 'state', is: 'text', charsMax: STATE_CHARS_MAX },
  { at: 'user', is: 'texts', bad: 40003 },
  { at: 'party', is: 'ints', bad: 60123 },
  { at: 'expires_in', is: 'int', min: 1, max: TEMP_SECONDS_MAX },
  { at: 'chat_expires_in', is: 'int', min: 1, max: TEMP_SECONDS_MAX },
  { at: 'unionid', is: 'text' },
  { at: 'mark_source', is: 'flag' },
  { at: 'conclusions', is: 'object' },
  { at: 'conclusions.text.content', is: 'text', bytesMax: 4000 },
]
const CONFIG_ID: Param = { at: 'config_id', is: 'text', need: 41043, bad: 41044 }

interface GivenWay {
  type: 1 | 2
  scene: 1 | 2
  style?: number
  remark?: string
  skip_verify?: boolean | number
  state?: string
  user?: string[]
  party?: number[]
  is_temp?: boolean | number
  expires_in?: number
  chat_expires_in?: number
  unionid?: string
  is_exclusive?: boolean | number
  mark_source?: boolean | number
  conclusions?: unknown
}

function flag(value: boolean | number | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : Boolean(value)
}

/** Who may be behind a way: known, allowed, and 100 at most once departments are expanded. */
function checkMembers(call: Call, type: 1 | 2, way: Pick<ContactWay, 'users' | 'parties' | 'isTemp'>): void {
  for (const userid of way.users) requireContactMember(call, userid)
  for (const id of way.parties) if (!call.corp.departments.has(id)) fail(60123)
  if (type === 1 && (way.users.length !== 1 || way.parties.length > 0)) fail(40058, '单人码要恰好一个成员')
  if (way.isTemp && type !== 1) fail(40058, '临时码只能单人')
  if (membersOfWay(call.corp, way).length > USERS_MAX) fail(41041)
  if (type === 2 && way.users.length + way.parties.length === 0) fail(40058, '多人码要有成员或部门')
}

function addContactWay(call: Call): Body {
  const { corp, world, publicUrl } = call
  const given = call.body as unknown as GivenWay
  const way: ContactWay = {
    configId: '',
    type: given.type,
    scene: given.scene,
    style: given.style,
    remark: given.remark ?? '',
    skipVerify: flag(given.skip_verify, true),
    state: given.state ?? '',
    users: given.user ?? [],
    parties: given.party ?? [],
    isTemp: flag(given.is_temp, false),
    expiresIn: given.expires_in,
    chatExpiresIn: given.chat_expires_in,
    unionid: given.unionid,
    isExclusive: flag(given.is_exclusive, false),
    markSource: given.mark_source === undefined ? undefined : Boolean(given.mark_source),
    conclusions: given.conclusions,
    createdAt: world.clock.seconds(),
    brought: {},
    used: false,
  }
  if (way.scene === 1 && way.type === 2 && way.style === 3) fail(41042)
  checkMembers(call, way.type, way)
  if (!way.isTemp && corp.contactWays.size >= WAYS_MAX) fail(41045)
  way.configId = corp.makeHexId()
  corp.saveContactWay(way)
  noteEffect(call, 'externalcontact/add_contact_way', way.configId)
  return { config_id: way.configId, qr_code: way.scene === 2 ? qrUrl(publicUrl, way) : undefined }
}

export function qrUrl(publicUrl: string, way: ContactWay): string {
  return `${publicUrl}/qr/${way.configId}.png`
}

function updateContactWay(call: Call): Body {
  const way = requireWay(call)
  const given = call.body as unknown as Partial<GivenWay>
  // type, scene and is_temp stay what they were: WeCom ignores them here.
  const changed: ContactWay = {
    ...way,
    style: given.style ?? way.style,
    remark: given.remark ?? way.remark,
    skipVerify: flag(given.skip_verify, way.skipVerify),
    state: given.state ?? way.state,
    users: given.user ?? way.users,
    parties: given.party ?? way.parties,
    expiresIn: given.expires_in ?? way.expiresIn,
    chatExpiresIn: given.chat_expires_in ?? way.chatExpiresIn,
    unionid: given.unionid ?? way.unionid,
    markSource: given.mark_source === undefined ? way.markSource : Boolean(given.mark_source),
    conclusions: given.conclusions ?? way.conclusions,
  }
  checkMembers(call, way.type, changed)
  call.corp.saveContactWay(changed)
  noteEffect(call, 'externalcontact/update_contact_way', way.configId)
  return {}
}

function requireWay({ corp, body }: Call): ContactWay {
  return corp.contactWays.get(configIdOf(body.config_id as string)) ?? fail(41044)
}

function noteEffect({ corp, world }: Call, api: string, id: string): void {
  corp.addEffect({ at: world.clock.seconds(), api, kind: 'contact_way', id })
}

function wayView({ publicUrl }: Call, way: ContactWay): Body {
  return {
    config_id: way.configId,
    type: way.type,
    scene: way.scene,
    style: way.style,
    remark: way.remark,
    skip_verify: way.skipVerify,
    state: way.state,
    qr_code: way.scene === 2 ? qrUrl(publicUrl, way) : undefined,
    user: way.users,
    party: way.parties,
    is_temp: way.isTemp,
    expires_in: way.expiresIn,
    chat_expires_in: way.chatExpiresIn,
    unionid: way.unionid,
    is_exclusive: way.isExclusive,
    mark_source: way.markSource,
    conclusions: way.conclusions,
  }
}

function listContactWays({ corp, body, world }: Call): Body {
  const now = world.clock.seconds()
  const start = (body.start_time as number | undefined) ?? now - LIST_DAYS_DEFAULT * 24 * 3600
  const end = (body.end_time as number | undefined) ?? now
  const limit = (body.limit as number | undefined) ?? LIST_LIMIT_DEFAULT
  const ways = [...corp.contactWays.values()].filter((it) => !it.isTemp && it.createdAt >= start && it.createdAt <= end)
  const wireMs = world.clock.wireMs()
  const from = readCursor('contact_way', body.cursor, wireMs)?.[0] ?? 0
  const to = from + limit
  return {
    contact_way: ways.slice(from, to).map((way) => ({ config_id: way.configId })),
    next_cursor: to < ways.length ? writeCursor('contact_way', [to], wireMs) : '',
  }
}

function named({ corp, body }: Call): string {
  const way = corp.contactWays.get(String(body.config_id))
  return `「${way?.remark || way?.state || String(body.remark ?? body.state ?? '联系我')}」`
}

export const contactWayEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/add_contact_way',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'type', is: 'int', need: 41037, bad: 41039, oneOf: [1, 2] },
      { at: 'scene', is: 'int', need: 41038, bad: 41040, oneOf: [1, 2] },
      { at: 'is_temp', is: 'flag' },
      { at: 'is_exclusive', is: 'flag' },
      ...EDITABLE,
    ],
    handle: addContactWay,
    say: (call) => `新建渠道活码${named(call)}`,
  },
  {
    path: 'externalcontact/get_contact_way',
    method: 'POST',
    by: 'app',
    params: [CONFIG_ID],
    handle: (call) => ({ contact_way: wayView(call, requireWay(call)) }),
    say: (call) => `读取渠道活码${named(call)}`,
  },
  {
    path: 'externalcontact/list_contact_way',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'start_time', is: 'int' },
      { at: 'end_time', is: 'int' },
      { at: 'cursor', is: 'text' },
      { at: 'limit', is: 'int', min: 1, max: LIST_LIMIT_MAX },
    ],
    handle: listContactWays,
    say: () => '列出渠道活码',
  },
  {
    path: 'externalcontact/update_contact_way',
    method: 'POST',
    by: 'app',
    params: [CONFIG_ID, ...EDITABLE],
    handle: updateContactWay,
    say: (call) => `更新渠道活码${named(call)}，图不变`,
  },
  {
    path: 'externalcontact/del_contact_way',
    method: 'POST',
    by: 'app',
    params: [CONFIG_ID],
    handle(call) {
      const way = requireWay(call)
      call.corp.removeContactWay(way.configId)
      noteEffect(call, 'externalcontact/del_contact_way', way.configId)
      return {}
    },
    say: () => '删除渠道活码',
  },
  {
    path: 'externalcontact/close_temp_chat',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'userid', is: 'text', need: 40003 },
      { at: 'external_userid', is: 'text', need: 41035 },
    ],
    handle(call) {
      const { corp, body, world } = call
      const follow = corp.findFollow(body.userid as string, body.external_userid as string) ?? fail(84061)
      if (follow.temporaryUntil === undefined) fail(40058, '不是临时会话')
      follow.temporaryUntil = world.clock.seconds()
      corp.saveFollow(follow)
      return {}
    },
    say: () => '结束临时会话',
  },
]
