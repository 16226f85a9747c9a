import { expect, test } from 'vitest'
import { readCallback, writeCallback } from './callbacks.ts'
import type { Callback, UnknownCallback } from './types.ts'
import { XmlRefused } from './xml.ts'

const base = { ToUserName: 'ww1', FromUserName: 'sys', CreateTime: 1403610513 }
const contact = {
  ...base,
  kind: 'external_contact',
  Event: 'change_external_contact',
  UserID: 'zhangsan',
  ExternalUserID: 'wm1',
} as const
const chat = { ...base, kind: 'external_chat', Event: 'change_external_chat', ChatId: 'wr1' } as const
const tag = { ...base, kind: 'external_tag', Event: 'change_external_tag' } as const
const acquisition = { ...base, kind: 'acquisition', Event: 'customer_acquisition' } as const
const book = { ...base, kind: 'address_book', Event: 'change_contact' } as const
const app = { ...base, kind: 'app', AgentID: 1000002 } as const
const card = { EventKey: 'k', TaskId: 't', CardType: 'vote_interaction', ResponseCode: 'r' }
const typed = {
  ...base,
  kind: 'message',
  FromUserName: 'zhangsan',
  MsgId: '4561255354251345929',
  AgentID: 218,
} as const

const EXAMPLES: Exclude<Callback, UnknownCallback>[] = [
  { ...contact, ChangeType: 'add_external_contact', State: 'a&<b>]]>', WelcomeCode: 'CODE', LinkId: 'ca1' },
  { ...contact, ChangeType: 'add_external_contact' },
  { ...contact, ChangeType: 'add_half_external_contact', WelcomeCode: 'CODE' },
  { ...contact, ChangeType: 'edit_external_contact' },
  { ...contact, ChangeType: 'del_external_contact', Source: 'DELETE_BY_TRANSFER' },
  { ...contact, ChangeType: 'del_follow_user' },
  { ...contact, ChangeType: 'transfer_fail', FailReason: 'customer_refused' },
  { ...contact, ChangeType: 'msg_audit_approved', WelcomeCode: 'CODE' },
  { ...chat, ChangeType: 'create' },
  { ...chat, ChangeType: 'dismiss' },
  { ...chat, ChangeType: 'update', UpdateDetail: 'change_name' },
  {
    ...chat,
    ...{ ChangeType: 'update', UpdateDetail: 'add_member', JoinScene: 3, MemChangeCnt: 2 },
    ...{ MemChangeList: ['wm1', 'wm2'], LastMemVer: 'a', CurMemVer: 'b' },
  },
  { ...chat, ChangeType: 'update', UpdateDetail: 'del_member', QuitScene: 0, MemChangeCnt: 1, MemChangeList: ['wm1'] },
  { ...tag, ChangeType: 'create', TagType: 'tag', Id: 'et1' },
  { ...tag, ChangeType: 'update', TagType: 'tag_group', Id: 'et2' },
  { ...tag, ChangeType: 'delete', TagType: 'tag_group', Id: 'et2', StrategyId: '5' },
  { ...tag, ChangeType: 'shuffle', Id: '' },
  { ...acquisition, ChangeType: 'balance_low' },
  { ...acquisition, ChangeType: 'balance_exhausted' },
  { ...acquisition, ChangeType: 'balance_increased' },
  { ...acquisition, ChangeType: 'quota_expire_soon', ExpireTime: 1672502400, ExpireQuotaNum: 10 },
  { ...acquisition, ChangeType: 'link_unavailable', LinkId: 'ca1' },
  { ...acquisition, ChangeType: 'delete_link', LinkId: 'ca1' },
  { ...acquisition, ChangeType: 'open_profile', LinkId: 'ca1', State: 's' },
  { ...acquisition, ChangeType: 'friend_request', LinkId: 'ca1' },
  { ...acquisition, ChangeType: 'customer_start_chat', LinkId: 'ca1', UserID: 'zhangsan', ExternalUserID: 'wm1' },
  { ...acquisition, ChangeType: 'message_from_customer', LinkId: 'ca1', ChatKey: 'key' },
  { ToUserName: 'ww1', CreateTime: 1, kind: 'kf', Event: 'kf_msg_or_event', Token: 't', OpenKfId: 'wk1' },
  { ...base, kind: 'kf', Event: 'kf_account_auth_change', AuthAddOpenKfId: ['wk1', 'wk2'], AuthDelOpenKfId: ['wk3'] },
  { ...base, kind: 'archive', Event: 'msgaudit_notify', AgentID: 2000004 },
  { ...book, ChangeType: 'create_user', UserID: 'a', Department: '1,2', MainDepartment: 1, Status: 4 },
  { ...book, ChangeType: 'update_user', UserID: 'a', NewUserID: 'b', Department: '1' },
  { ...book, ChangeType: 'delete_user', UserID: 'a' },
  { ...book, ChangeType: 'create_party', Id: 2, ParentId: 1, Name: '门店', Order: 3 },
  { ...book, ChangeType: 'update_party', Id: 2, ParentId: 3 },
  { ...book, ChangeType: 'delete_party', Id: 2 },
  { ...book, ChangeType: 'update_tag', TagId: 1, AddUserItems: 'a,b' },
  { ...app, Event: 'subscribe' },
  { ...app, Event: 'unsubscribe' },
  { ...app, Event: 'enter_agent', EventKey: '' },
  { ...app, Event: 'click', EventKey: 'k' },
  { ...app, Event: 'view', EventKey: 'https://x' },
  { ...app, Event: 'view_miniprogram', EventKey: 'pages/x' },
  { ...app, Event: 'LOCATION', Latitude: 23.104, Longitude: -113.32, Precision: 65, AppType: 'wxwork' },
  { ...app, Event: 'upload_media_job_finish', JobId: 'j' },
  { ...app, Event: 'batch_job_result', JobId: 'j', JobType: 'sync_user', ErrCode: 0, ErrMsg: 'ok' },
  { ...app, Event: 'template_card_menu_event', ...card },
  {
    ...app,
    ...{ Event: 'template_card_event', ...card },
    SelectedItems: [
      { QuestionKey: 'q1', OptionIds: ['a', 'b'] },
      { QuestionKey: 'q2', OptionIds: [] },
    ],
  },
  { ...app, Event: 'inactive_alert', EffectTime: 1672502400 },
  { ...app, Event: 'low_active_alert', EffectTime: 1672502400 },
  { ...app, Event: 'close_inactive_agent' },
  { ...app, Event: 'reopen_inactive_agent' },
  { ...app, Event: 'low_active' },
  { ...app, Event: 'active_restored' },
  { ...typed, MsgType: 'text', Content: 'hello' },
  { ...typed, MsgType: 'image', PicUrl: 'https://x', MediaId: 'm' },
  { ...typed, MsgType: 'voice', MediaId: 'm', Format: 'amr' },
  { ...typed, MsgType: 'video', MediaId: 'm', ThumbMediaId: 't' },
  { ...typed, MsgType: 'location', Location_X: 23.134521, Location_Y: 113.358803, Scale: 20, Label: '广州' },
  { ...typed, MsgType: 'link', Title: 't', Description: 'd', Url: 'https://x', PicUrl: 'https://y' },
]

const nameOf = (callback: Callback) =>
  [
    callback.kind,
    'MsgType' in callback && callback.MsgType,
    'Event' in callback && callback.Event,
    'ChangeType' in callback && callback.ChangeType,
  ]
    .filter(Boolean)
    .join(' ')

test.each(EXAMPLES.map((example) => [nameOf(example), example] as const))(
  'reads back what a platform writes: %s',
  (_name, example) => {
    expect(readCallback(writeCallback(example))).toEqual(example)
  },
)

const xml = (inside: string) =>
  `<xml><ToUserName>ww1</ToUserName><FromUserName>sys</FromUserName><CreateTime>1403610513</CreateTime>${inside}</xml>`

test('reads a group change as WeCom writes it, members as elements or in the older list', () => {
  const head =
    '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_chat]]></Event><ChangeType><![CDATA[update]]></ChangeType><ChatId><![CDATA[CHAT_ID]]></ChatId><UpdateDetail><![CDATA[add_member]]></UpdateDetail><JoinScene>1</JoinScene><MemChangeCnt>2</MemChangeCnt>'
  const items = readCallback(xml(`${head}<MemChangeList>\n<Item>Jack</Item>\n<Item>Rose</Item>\n</MemChangeList>`))
  const joined = readCallback(xml(`${head}<MemChangeList><![CDATA[Jack,Rose]]></MemChangeList>`))
  expect(items).toMatchObject({
    kind: 'external_chat',
    ChatId: 'CHAT_ID',
    JoinScene: 1,
    MemChangeList: ['Jack', 'Rose'],
  })
  expect(joined).toEqual(items)
})

test('reads the options of a card in both spellings', () => {
  const card =
    '<MsgType>event</MsgType><Event>template_card_event</Event><EventKey>k</EventKey><TaskId>t</TaskId><CardType>c</CardType><ResponseCode>r</ResponseCode>'
  for (const [list, item] of [
    ['OptionIds', 'OptionId'],
    ['OpitonIds', 'OpitonId'],
  ]) {
    const selected = `<SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><${list}><${item}>1</${item}><${item}>2</${item}></${list}></SelectedItem></SelectedItems>`
    expect(readCallback(xml(card + selected))).toMatchObject({
      SelectedItems: [{ QuestionKey: 'q', OptionIds: ['1', '2'] }],
    })
  }
})

test('what WeCom invents later comes back as unknown with all its texts, the first of each name', () => {
  const inside =
    '<MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>fly_to_moon</ChangeType><UserID>a</UserID><UserID>b</UserID><__proto__>p</__proto__>'
  const read = readCallback(xml(inside)) as UnknownCallback
  expect(read).toMatchObject({
    kind: 'unknown',
    ToUserName: 'ww1',
    CreateTime: 1403610513,
    Event: 'change_external_contact',
    ChangeType: 'fly_to_moon',
  })
  expect(read.fields.UserID).toBe('a')
  expect(Object.keys(read.fields)).toContain('__proto__')
  expect(Object.getPrototypeOf(read.fields)).toBeNull()
  expect('toString' in read.fields).toBe(false)
})

test.each([
  [
    'a customer event without the customer',
    '<MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType><UserID>a</UserID>',
  ],
  [
    'a number that is none',
    '<MsgType>event</MsgType><Event>change_contact</Event><ChangeType>delete_party</ChangeType><Id>two</Id>',
  ],
  [
    'an event of a known family without its kind',
    '<MsgType>event</MsgType><Event>change_external_contact</Event><UserID>a</UserID><ExternalUserID>b</ExternalUserID>',
  ],
  ['a message of a new type', '<MsgType>hologram</MsgType><MsgId>1</MsgId>'],
  [
    'a message that calls itself an event’s name',
    '<MsgType>event change_external_contact edit_external_contact</MsgType>',
  ],
  ['nothing but the frame', ''],
])('%s is unknown, never an error', (_name, inside) => {
  expect(readCallback(xml(inside)).kind).toBe('unknown')
})

test('without a time the callback is still kept, as unknown', () => {
  expect(
    readCallback('<xml><ToUserName>ww1</ToUserName><MsgType>event</MsgType><Event>subscribe</Event></xml>'),
  ).toMatchObject({ kind: 'unknown', CreateTime: 0 })
})

test('text that is no XML of WeCom’s is refused', () => {
  expect(() => readCallback('{"json":true}')).toThrow(XmlRefused)
})
