import type { MassRule } from './mass-records.ts'

/** What the world is made of. Names of fields that cross the WeCom API keep WeCom's spelling in `api/`, not here. */

export interface Receiver {
  url: string
  token: string
  encodingAesKey: string
}

/** One switch for each thing the public documents leave open, and for what a test wants to turn. */
export interface CorpOptions {
  /** 10 000/min and 150 000/h per corp and API, 20 000/min per IP. */
  rateLimits: boolean
  /** Text of a welcome set in the WeCom console: then no WelcomeCode is handed out. */
  consoleWelcome: string | null
  /** Empty: calls may come from anywhere. */
  trustedIps: string[]
  /** `host[:port]` OAuth may redirect to. Empty: anywhere. */
  trustedDomains: string[]
  /** Callbacks on their way at once. Those of one customer, group or tag are always strictly in order; 1 orders all. */
  callbackConcurrency: number
  /** Waits before the 1st, 2nd and 3rd retry of a callback. Their number is the number of retries. */
  callbackRetryMs: number[]
  /** Repeated gettoken calls return the same token (unconfirmed in public documents; widely relied on). */
  sameToken: boolean
  /** `externalcontact/list` of a member without customers: 84061 (unconfirmed) or an empty list. */
  emptyCustomerList: '84061' | 'empty'
  /** Members show mobile, email, gender and avatar to the app, as apps created before 2022-06-20 still see them. */
  legacyMemberFields: boolean
  /** Corp tags at most: 10 000 on the current page, 3 000 in older SDKs. */
  tagsMax: number
  /** How many mass messages a customer or group may have: `month-days`, and older pages `month-4`; the administrator's choice. */
  massQuota: MassRule
  /** Virtual milliseconds a mass message or moment takes to be created. Until then it is in no list, and asking is 41063. */
  massCreationMs: number
  /** Calls of `add_msg_template` and `add_moment_task` under way at once; one more is 45033. WeCom gives no number. */
  massConcurrency: number
  /** Moments of the company one customer is shown a day; null: no bound. WeCom gives no number. */
  momentsPerDay: number | null
  /** Members send and publish, and customers react, when their time has come, though no autopilot acts. */
  membersAct: boolean
  /** Its administrator connects it by hand: programs that connect the companies they find leave it alone. */
  byHand: boolean
}

export const DEFAULT_OPTIONS: CorpOptions = {
  rateLimits: true,
  consoleWelcome: null,
  trustedIps: [],
  trustedDomains: [],
  callbackConcurrency: 16,
  callbackRetryMs: [1000, 2000, 4000],
  sameToken: true,
  emptyCustomerList: '84061',
  legacyMemberFields: false,
  tagsMax: 10_000,
  massQuota: 'month-days',
  massCreationMs: 3000,
  massConcurrency: 20,
  momentsPerDay: null,
  membersAct: false,
  byHand: false,
}

export interface CorpInfo {
  corpid: string
  /** A stable name for finding the corp again when the same load is repeated. */
  key?: string
  name: string
  seed: number
  agentId: number
  appSecret: string
  contactSecret: string
  receivers: { app?: Receiver; contacts?: Receiver }
  /** Of the company's online shop, which is open once it has them. */
  shop?: ShopKeys
  options: CorpOptions
  /** Ids and sequence numbers are made from these; see `Corp.makeId`. */
  idCounter: number
  sequence: number
  persist: boolean
  createdAt: number
}

/** How the shop reaches the system it tells its business: an address and that system's two keys. */
export interface ShopKeys {
  endpoint: string
  serverKey: string
  webKey: string
}

export interface Department {
  id: number
  name: string
  parentId: number
  order: number
}

export interface Staff {
  userid: string
  name: string
  departmentIds: number[]
  position: string
  gender: '0' | '1' | '2'
  mobile: string
  /** Departments of `departmentIds` this member leads. */
  leads: number[]
  status: 1 | 2 | 4 | 5
  /** May use customer contact (客户联系使用范围). */
  mayContact: boolean
  /** Administrator of the corp, for the picture only. */
  admin?: boolean
}

export interface Customer {
  externalUserid: string
  name: string
  type: 1 | 2
  gender: 0 | 1 | 2
  unionid?: string
  corpName?: string
  position?: string
  /** One line about this person, for those the world page lets a visitor play. */
  persona?: string
  memberNumber?: string
}

export interface Follow {
  /** Position in the order of adding; cursors point at it. */
  seq: number
  userid: string
  externalUserid: string
  remark: string
  description: string
  createtime: number
  /** Corp tags by id. Replaced, never changed in place: many follows share one empty list. */
  tags: readonly string[]
  personalTags: readonly string[]
  remarkCompany?: string
  remarkMobiles?: readonly string[]
  addWay: number
  operUserid: string
  state?: string
  /** The customer has added, the member has not accepted yet. */
  half?: boolean
  /** By which contact way they met. */
  configId?: string
  /** A temporary session ends then; virtual seconds. */
  temporaryUntil?: number
}

export interface TagGroup {
  id: string
  name: string
  order: number
  createTime: number
  /** The app's agentid, or 0 for the console. */
  createdBy: number
  tags: Tag[]
}

export interface Tag {
  id: string
  groupId: string
  name: string
  order: number
  createTime: number
  createdBy: number
}

export interface ContactWay {
  configId: string
  type: 1 | 2
  scene: 1 | 2
  style?: number
  remark: string
  skipVerify: boolean
  state: string
  users: string[]
  parties: number[]
  isTemp: boolean
  expiresIn?: number
  chatExpiresIn?: number
  unionid?: string
  isExclusive: boolean
  markSource?: boolean
  conclusions?: unknown
  createdAt: number
  /** How many this way has brought to each member. The least loaded is next. */
  brought: Record<string, number>
  /** A temporary way dies after one add. */
  used: boolean
}

export interface GroupMember {
  id: string
  type: 1 | 2
  joinTime: number
  joinScene: 1 | 2 | 3
  invitor?: string
  groupNickname: string
  name: string
  unionid?: string
  state?: string
}

export interface Group {
  chatId: string
  name: string
  owner: string
  createTime: number
  notice: string
  admins: string[]
  members: GroupMember[]
  memberVersion: string
}

export interface Message {
  seq: number
  userid: string
  externalUserid: string
  from: 'customer' | 'staff' | 'system'
  kind: 'text' | 'image' | 'link' | 'miniprogram' | 'video' | 'file' | 'note'
  text: string
  /** Whatever a link, a picture … carries. */
  content?: unknown
  /** Virtual seconds. */
  at: number
  /** Of a note: what it says happened between the two. */
  note?: 'added' | 'customer_left' | 'staff_left'
  /** Came with this mass message. */
  msgid?: string
  /** In a group, where both ids are the chat's: who said it. */
  speaker?: string
  /** This is the welcome: how long after the add it arrived, in wire seconds. */
  welcome?: { delaySeconds: number }
}

export interface Welcome {
  code: string
  userid: string
  externalUserid: string
  issuedAt: number
  issuedWireMs: number
  usedAt?: number
  usedWireMs?: number
  /** Another app is sending with this code until then (wire milliseconds). */
  sendingUntilWireMs?: number
  /** A call came after the 20 seconds. */
  late: boolean
  attempts: { at: number; wireMs: number; errcode: number }[]
}

export interface Media {
  mediaId: string
  kind: 'image' | 'voice' | 'video' | 'file'
  fileName: string
  sizeBytes: number
  createdAt: number
  /** From `upload_attachment`: stands in moments or albums alone, and what other uploads give does not. */
  use?: 'moment' | 'album'
  /** From `uploadimg`: never expires, and is named by its address, not by its id. */
  permanent: boolean
}

/** What an API call changed outside, one row for each person or thing it touched. */
export interface Effect {
  seq: number
  at: number
  api: string
  kind: 'welcome' | 'app_message' | 'mark_tag' | 'remark' | 'corp_tag' | 'contact_way' | 'mass_message' | 'moment'
  userid?: string
  externalUserid?: string
  id?: string
  content?: unknown
}

/** A callback on its way; kept until the receiver has taken it. */
export interface OutEvent {
  seq: number
  receiver: 'app' | 'contacts'
  /** Events of one lane (a customer, a group, a tag) never overtake each other. */
  lane: string
  /** ChangeType, or the event's name where there is none. */
  name: string
  sentence: string
  xml: string
  at: number
  attempts: number
  welcomeCode?: string
}

/** A request to add that waits for the member's tap. */
export interface PendingAdd {
  userid: string
  externalUserid: string
  configId?: string
  state?: string
  addWay: number
  at: number
}
