import type { Callback, CallbackBase, UnknownCallback } from './types.ts'
import { childText, childTexts, findChild, readXml, writeXml, type XmlElement, type XmlFields } from './xml.ts'

/** The fields of one kind of callback beyond the common ones; `?` marks those WeCom may leave out. */
interface Shape {
  kind: Callback['kind']
  texts?: readonly string[]
  numbers?: readonly string[]
}

const contact = (...texts: string[]): Shape => ({
  kind: 'external_contact',
  texts: ['UserID', 'ExternalUserID', ...texts],
})
const chat = (...texts: string[]): Shape => ({ kind: 'external_chat', texts: ['ChatId', ...texts] })
const acquisition = (...texts: string[]): Shape => ({ kind: 'acquisition', texts })
const app = (...texts: string[]): Shape => ({ kind: 'app', texts })
const message = (texts: string[], numbers: string[] = []): Shape => ({
  kind: 'message',
  texts: ['FromUserName', 'MsgId', ...texts],
  numbers,
})

const USER: Shape = {
  kind: 'address_book',
  texts: [
    ...['UserID', 'NewUserID?', 'Name?', 'Department?', 'IsLeaderInDept?', 'DirectLeader?', 'Position?', 'Mobile?'],
    ...['Gender?', 'Email?', 'BizMail?', 'Avatar?', 'Alias?', 'Telephone?', 'Address?'],
  ],
  numbers: ['MainDepartment?', 'Status?'],
}
const PARTY: Shape = { kind: 'address_book', texts: ['Name?'], numbers: ['Id', 'ParentId?', 'Order?'] }
const CARD = ['EventKey', 'TaskId', 'CardType', 'ResponseCode']
const TAG: Shape = { kind: 'external_tag', texts: ['Id', 'TagType', 'StrategyId?'] }

/** By MsgType, Event and ChangeType: developer.work.weixin.qq.com/document/path/92130 and its neighbours, 2026-11. */
const SHAPES: ReadonlyMap<string, Shape> = new Map(
  Object.entries({
    'event change_external_contact add_external_contact': contact('State?', 'WelcomeCode?', 'LinkId?'),
    'event change_external_contact add_half_external_contact': contact('State?', 'WelcomeCode?', 'LinkId?'),
    'event change_external_contact edit_external_contact': contact(),
    'event change_external_contact del_external_contact': contact('Source?'),
    'event change_external_contact del_follow_user': contact(),
    'event change_external_contact transfer_fail': contact('FailReason'),
    'event change_external_contact msg_audit_approved': contact('WelcomeCode?'),
    'event change_external_chat create': chat(),
    'event change_external_chat dismiss': chat(),
    'event change_external_chat update': {
      ...chat('UpdateDetail', 'LastMemVer?', 'CurMemVer?'),
      numbers: ['JoinScene?', 'QuitScene?', 'MemChangeCnt?'],
    },
    'event change_external_tag create': TAG,
    'event change_external_tag update': TAG,
    'event change_external_tag delete': TAG,
    'event change_external_tag shuffle': { kind: 'external_tag', texts: ['Id', 'StrategyId?'] },
    'event customer_acquisition balance_low': acquisition(),
    'event customer_acquisition balance_exhausted': acquisition(),
    'event customer_acquisition balance_increased': acquisition(),
    'event customer_acquisition quota_expire_soon': { kind: 'acquisition', numbers: ['ExpireTime', 'ExpireQuotaNum'] },
    'event customer_acquisition link_unavailable': acquisition('LinkId'),
    'event customer_acquisition delete_link': acquisition('LinkId'),
    'event customer_acquisition open_profile': acquisition('LinkId', 'State?'),
    'event customer_acquisition friend_request': acquisition('LinkId', 'State?'),
    'event customer_acquisition customer_start_chat': acquisition('LinkId', 'UserID', 'ExternalUserID'),
    'event customer_acquisition message_from_customer': acquisition('LinkId', 'ChatKey'),
    'event kf_msg_or_event': { kind: 'kf', texts: ['Token', 'OpenKfId'] },
    'event kf_account_auth_change': { kind: 'kf' },
    'event msgaudit_notify': { kind: 'archive' },
    'event change_contact create_user': USER,
    'event change_contact update_user': USER,
    'event change_contact delete_user': { kind: 'address_book', texts: ['UserID'] },
    'event change_contact create_party': PARTY,
    'event change_contact update_party': PARTY,
    'event change_contact delete_party': { kind: 'address_book', numbers: ['Id'] },
    'event change_contact update_tag': {
      kind: 'address_book',
      texts: ['AddUserItems?', 'DelUserItems?', 'AddPartyItems?', 'DelPartyItems?'],
      numbers: ['TagId'],
    },
    'event subscribe': app(),
    'event unsubscribe': app(),
    'event enter_agent': app('EventKey?'),
    'event click': app('EventKey'),
    'event view': app('EventKey'),
    'event view_miniprogram': app('EventKey'),
    'event LOCATION': { kind: 'app', texts: ['AppType?'], numbers: ['Latitude', 'Longitude', 'Precision'] },
    'event upload_media_job_finish': app('JobId'),
    'event batch_job_result': app(),
    'event template_card_event': app(...CARD),
    'event template_card_menu_event': app(...CARD),
    'event inactive_alert': { kind: 'app', numbers: ['EffectTime'] },
    'event low_active_alert': { kind: 'app', numbers: ['EffectTime'] },
    'event close_inactive_agent': app(),
    'event reopen_inactive_agent': app(),
    'event low_active': app(),
    'event active_restored': app(),
    text: message(['Content']),
    image: message(['PicUrl', 'MediaId']),
    voice: message(['MediaId', 'Format']),
    video: message(['MediaId', 'ThumbMediaId']),
    location: message(['Label'], ['Location_X', 'Location_Y', 'Scale']),
    link: message(['Title', 'Url', 'Description?', 'PicUrl?']),
  } satisfies Record<string, Shape>),
)

type Fields = Record<string, unknown>

/** What a flat list of fields cannot say. Returns undefined when something needed is missing. */
const NESTED: Readonly<Record<string, (root: XmlElement) => Fields | undefined>> = {
  'event change_external_chat update': (root) => {
    const list = findChild(root, 'MemChangeList')
    return list ? { MemChangeList: readMembers(list) } : {}
  },
  'event kf_account_auth_change': (root) => ({
    AuthAddOpenKfId: childTexts(root, 'AuthAddOpenKfId'),
    AuthDelOpenKfId: childTexts(root, 'AuthDelOpenKfId'),
  }),
  'event batch_job_result': (root) => {
    const job = findChild(root, 'BatchJob')
    return job && readFields(job, { kind: 'app', texts: ['JobId', 'JobType', 'ErrMsg'], numbers: ['ErrCode'] })
  },
  'event template_card_event': (root) => ({ SelectedItems: readSelectedItems(root) }),
}

/**
 * Reads a decrypted callback. What is unknown, or lacks what its kind should carry, comes back as `unknown` with all
 * its texts, so new kinds of WeCom's never fail. Throws `XmlRefused` only for text that is not WeCom's XML at all.
 */
export function readCallback(plaintext: string | XmlElement): Callback {
  const root = typeof plaintext === 'string' ? readXml(plaintext) : plaintext
  const MsgType = childText(root, 'MsgType') ?? ''
  const Event = childText(root, 'Event')
  const ChangeType = childText(root, 'ChangeType')
  const name = [MsgType, ...(MsgType === 'event' ? [Event, ChangeType] : [])].filter(Boolean).join(' ')
  const shape = SHAPES.get(name)
  const base = readBase(root)
  const fields = shape && readFields(root, shape)
  const nested = NESTED[name] ? NESTED[name](root) : {}
  if (!shape || !base || !fields || !nested) return readUnknown(root, { MsgType, Event, ChangeType })
  const type = MsgType === 'event' ? { Event, ...(ChangeType ? { ChangeType } : {}) } : { MsgType }
  // SHAPES and NESTED say for each kind what its type says; callbacks.test.ts holds them together.
  return { kind: shape.kind, ...base, ...type, ...fields, ...nested } as unknown as Callback
}

/** Writes the XML of a callback, as a platform would before sealing it. */
export function writeCallback(callback: Exclude<Callback, UnknownCallback>): string {
  const { kind: _kind, ...given } = callback as unknown as Fields & { kind: string }
  const fields: Fields = 'MsgType' in given ? given : { MsgType: 'event', ...given }
  if (Array.isArray(fields.MemChangeList)) fields.MemChangeList = { Item: fields.MemChangeList }
  if (Array.isArray(fields.SelectedItems))
    fields.SelectedItems = { SelectedItem: fields.SelectedItems.map(writeSelectedItem) }
  if (fields.Event === 'batch_job_result') {
    const { JobId, JobType, ErrCode, ErrMsg, ...rest } = fields
    return writeXml('xml', { ...rest, BatchJob: { JobId, JobType, ErrCode, ErrMsg } } as XmlFields)
  }
  return writeXml('xml', fields as XmlFields)
}

function readBase(root: XmlElement): CallbackBase | undefined {
  const ToUserName = childText(root, 'ToUserName')
  const CreateTime = readNumber(childText(root, 'CreateTime'))
  if (ToUserName === undefined || CreateTime === undefined) return undefined
  const FromUserName = childText(root, 'FromUserName')
  const AgentID = readNumber(childText(root, 'AgentID'))
  return { ToUserName, CreateTime, ...(FromUserName && { FromUserName }), ...(AgentID !== undefined && { AgentID }) }
}

function readFields(root: XmlElement, { texts = [], numbers = [] }: Shape): Fields | undefined {
  const fields: Fields = {}
  for (const field of [...texts, ...numbers]) {
    const name = field.replace('?', '')
    const text = childText(root, name)
    const value = numbers.includes(field) ? readNumber(text) : text
    if (value !== undefined) fields[name] = value
    else if (name === field) return undefined
  }
  return fields
}

function readNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?[0-9]{1,15}(\.[0-9]{1,12})?$/.test(text.trim()) ? Number(text) : undefined
}

/** `<Item>` elements today, a list joined by commas in older payloads. */
function readMembers(list: XmlElement): string[] {
  const items = childTexts(list, 'Item')
  return items.length > 0
    ? items
    : list.text
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean)
}

/** `OpitonIds` is how one SDK found it spelt; both are taken. */
function readSelectedItems(root: XmlElement): { QuestionKey: string; OptionIds: string[] }[] {
  const items = findChild(root, 'SelectedItems')?.children.filter((child) => child.name === 'SelectedItem') ?? []
  return items.map((item) => {
    const options = findChild(item, 'OptionIds') ?? findChild(item, 'OpitonIds')
    const OptionIds = options ? [...childTexts(options, 'OptionId'), ...childTexts(options, 'OpitonId')] : []
    return { QuestionKey: childText(item, 'QuestionKey') ?? '', OptionIds }
  })
}

function writeSelectedItem({ QuestionKey, OptionIds }: { QuestionKey: string; OptionIds: string[] }): XmlFields {
  return { QuestionKey, OptionIds: { OptionId: OptionIds } }
}

function readUnknown(
  root: XmlElement,
  type: Pick<UnknownCallback, 'MsgType' | 'Event' | 'ChangeType'>,
): UnknownCallback {
  const fields: Record<string, string> = Object.create(null)
  for (const child of root.children) if (!(child.name in fields)) fields[child.name] = child.text
  const base = readBase(root) ?? { ToUserName: childText(root, 'ToUserName') ?? '', CreateTime: 0 }
  return { kind: 'unknown', ...base, ...type, fields }
}
