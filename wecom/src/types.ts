/**
 * What crosses the wire between an app and WeCom, in WeCom's own spelling. Fields WeCom sometimes leaves out are
 * optional; WeCom adds fields at any time, so readers ignore what they do not know. Times are Unix seconds.
 */

// ── Address book ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface Department {
  /** The root is 1. */
  id: number
  name: string
  name_en?: string
  /** userids. */
  department_leader?: string[]
  parentid: number
  /** In [0, 2^32); larger comes first. */
  order: number
}

export interface DepartmentId {
  id: number
  parentid: number
  order: number
}

/** 1 active, 2 disabled, 4 not activated, 5 left. */
export type UserStatus = 1 | 2 | 4 | 5

/** A member, as `user/get` and `user/list` give it; apps made after 2022-06-20 get none of the private fields. */
export interface User {
  userid: string
  name: string
  department: number[]
  order?: number[]
  position?: string
  mobile?: string
  gender?: '0' | '1' | '2'
  email?: string
  biz_mail?: string
  /** One 0 or 1 for each entry of `department`. */
  is_leader_in_dept?: number[]
  /** At most one userid. */
  direct_leader?: string[]
  avatar?: string
  thumb_avatar?: string
  telephone?: string
  alias?: string
  address?: string
  open_userid?: string
  main_department?: number
  extattr?: { attrs: ExtendedAttribute[] }
  status?: UserStatus
  qr_code?: string
  external_position?: string
  external_profile?: ExternalProfile
}

export interface UserBrief {
  userid: string
  name: string
  department: number[]
  open_userid?: string
}

/** One row for each (member, department) pair. */
export interface DepartmentUser {
  userid: string
  department: number
}

export interface ExtendedAttribute {
  /** 0 text, 1 web page, 2 mini program (external profiles only). */
  type: 0 | 1 | 2
  name: string
  text?: { value: string }
  web?: { url: string; title: string }
  miniprogram?: { appid: string; pagepath: string; title: string }
}

export interface ExternalProfile {
  external_corp_name?: string
  wechat_channels?: { nickname: string; status?: 0 | 1 }
  external_attr?: ExtendedAttribute[]
}

// ── Customers ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface ExternalContact {
  external_userid: string
  name: string
  avatar?: string
  /** 1 a WeChat user, 2 a WeCom user of another corp. */
  type: 1 | 2
  /** 0 unknown, 1 male, 2 female. */
  gender?: 0 | 1 | 2
  /** Only for WeChat users, when the corp is bound to an Open Platform account. */
  unionid?: string
  position?: string
  corp_name?: string
  corp_full_name?: string
  external_profile?: ExternalProfile
}

/** The parts of a follow relation that both readings share. */
export interface FollowBase {
  userid: string
  remark?: string
  description?: string
  createtime: number
  remark_corp_name?: string
  remark_mobiles?: string[]
  /** How they met; unknown values must be tolerated. 0 unknown, 1 QR code, 16 acquisition link, 202 assigned … */
  add_way?: number
  wechat_channels?: { nickname: string; source: number }
  /** Who started it: a userid, or the external_userid when the customer did. */
  oper_userid?: string
  /** The `state` of the contact way or acquisition link. */
  state?: string
}

/** A follow relation as `externalcontact/get` gives it. */
export interface FollowUser extends FollowBase {
  tags?: FollowTag[]
}

/** A follow relation as `externalcontact/batch/get_by_user` gives it. */
export interface FollowInfo extends FollowBase {
  /** Corp and strategy tags; personal tags have no id and do not appear. */
  tag_id?: string[]
}

export interface FollowTag {
  group_name?: string
  tag_name: string
  /** 1 corp, 2 personal (no tag_id), 3 strategy. */
  type: 1 | 2 | 3
  tag_id?: string
}

export interface ContactWithFollowers {
  external_contact: ExternalContact
  follow_user: FollowUser[]
  /** Set when more than 500 members follow the customer. */
  next_cursor?: string
}

export interface ContactOfUser {
  external_contact: ExternalContact
  follow_info: FollowInfo
}

export interface ContactOfUserPage {
  external_contact_list: ContactOfUser[]
  next_cursor?: string
  fail_info?: { unlicensed_userid_list?: string[] }
}

/** One day of one member, or of several together. */
export interface BehaviorDay {
  /** Unix seconds: midnight in Shanghai. */
  stat_time: number
  /** Chats in which the member spoke. */
  chat_cnt: number
  message_cnt: number
  /** Of the chats customers began. Absent: none began. */
  reply_percentage?: number
  /** Minutes to the first reply, on average. Absent: nobody was answered. */
  avg_reply_time?: number
  /** Customers who deleted or blocked the member. */
  negative_feedback_cnt: number
  /** Requests the member sent. */
  new_apply_cnt: number
  new_contact_cnt: number
}

/** Not all of the optional fields may be missing. Lengths in characters. */
export interface RemarkRequest {
  userid: string
  external_userid: string
  /** At most 20. */
  remark?: string
  /** At most 150. */
  description?: string
  /** At most 20; WeChat users only. */
  remark_company?: string
  /** Replaces the list; `['']` clears it. */
  remark_mobiles?: string[]
  remark_pic_mediaid?: string
}

// ── Contact ways ──────────────────────────────────────────────────────────────────────────────────────────────────

export interface ContactWaySettings {
  /** For scene 1: 1–3 for type 1, 1–2 for type 2. */
  style?: number
  /** At most 30 characters; seen by nobody but API callers. */
  remark?: string
  /** Default true. */
  skip_verify?: boolean
  /** At most 30 characters; comes back in callbacks and follow relations. */
  state?: string
  /** Exactly one for type 1. At most 100 members once departments are expanded. */
  user?: string[]
  /** Type 2 only. */
  party?: number[]
  /** Seconds; default 7 days, at most 14; temporary ways only. */
  expires_in?: number
  /** Seconds; default 24 hours, at most 14 days; temporary ways only. */
  chat_expires_in?: number
  unionid?: string
  mark_source?: boolean
  conclusions?: Conclusions
}

export interface NewContactWay extends ContactWaySettings {
  /** 1 one member, 2 several (WeCom picks one). Cannot change later. */
  type: 1 | 2
  /** 1 mini-program button, 2 QR code. Cannot change later. */
  scene: 1 | 2
  /** Default false. Cannot change later. */
  is_temp?: boolean
  /** The same customer always reaches the same member across the corp's exclusive ways. */
  is_exclusive?: boolean
}

export interface ContactWay extends NewContactWay {
  config_id: string
  /** An image's URL; scene 2 only. */
  qr_code?: string
}

/** `user` and `party` replace the stored lists; what is left out stays. */
export interface ContactWayUpdate extends ContactWaySettings {
  config_id: string
}

/** What closes a temporary session: text and at most one of image, link, miniprogram, in that priority. */
export interface Conclusions {
  text?: { content: string }
  image?: { media_id?: string; pic_url?: string }
  link?: { title: string; picurl?: string; desc?: string; url: string }
  miniprogram?: { title: string; pic_media_id: string; appid: string; page: string }
}

export interface ContactWayPage {
  contact_way: { config_id: string }[]
  next_cursor?: string
}

// ── Corp tags ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface CorpTag {
  id: string
  name: string
  create_time?: number
  /** Larger comes first. */
  order?: number
  deleted?: boolean
}

export interface CorpTagGroup {
  group_id: string
  group_name: string
  create_time?: number
  order?: number
  deleted?: boolean
  tag: CorpTag[]
}

/** `group_id`, or `group_name` (which is appended to when it exists). Names at most 30 characters. */
export interface NewCorpTags {
  group_id?: string
  group_name?: string
  order?: number
  tag: { name: string; order?: number }[]
}

/** The tags belong to the pair (member, customer). Not both lists may be empty. */
export interface MarkTagRequest {
  userid: string
  external_userid: string
  add_tag?: string[]
  remove_tag?: string[]
}

// ── Messages ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** What goes with a welcome, a mass message or a group welcome. */
export type Attachment =
  /** `pic_url` must come from `media/uploadimg`; `media_id` wins. */
  | { msgtype: 'image'; image: { media_id?: string; pic_url?: string } }
  /** Bytes: title at most 128, desc 512. */
  | { msgtype: 'link'; link: { title: string; picurl?: string; desc?: string; url: string } }
  /** Bytes: title at most 64. */
  | { msgtype: 'miniprogram'; miniprogram: { title: string; pic_media_id: string; appid: string; page: string } }
  | { msgtype: 'video'; video: { media_id: string } }
  | { msgtype: 'file'; file: { media_id: string } }

/** At least one of text and attachments. */
export interface WelcomeMessage {
  /** Valid 20 s, used once; the first app to use it wins. */
  welcome_code: string
  /** At most 4000 bytes. */
  text?: { content: string }
  /** At most 9. */
  attachments?: Attachment[]
}

export interface AppMessageTarget {
  /** userids joined by `|`, at most 1000, or `@all`. */
  touser?: string
  /** Department ids joined by `|`, at most 100. */
  toparty?: string
  /** Address-book tag ids joined by `|`, at most 100. */
  totag?: string
  safe?: 0 | 1 | 2
  enable_id_trans?: 0 | 1
  /** With 1, WeCom drops a repeat of the same content within the interval. */
  enable_duplicate_check?: 0 | 1
  /** Seconds; default 1800, at most 14400. */
  duplicate_check_interval?: number
}

export interface NewsArticle {
  title: string
  description?: string
  url?: string
  picurl?: string
  appid?: string
  pagepath?: string
}

export type AppMessageContent =
  /** Bytes: at most 2048, the rest is cut off. */
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'image'; image: { media_id: string } }
  | { msgtype: 'voice'; voice: { media_id: string } }
  | { msgtype: 'file'; file: { media_id: string } }
  | { msgtype: 'video'; video: { media_id: string; title?: string; description?: string } }
  /** Characters: title at most 128, description 512, btntxt 4. */
  | { msgtype: 'textcard'; textcard: { title: string; description: string; url: string; btntxt?: string } }
  | { msgtype: 'news'; news: { articles: NewsArticle[] } }
  /** Bytes: at most 2048; not shown in the WeChat plugin. */
  | { msgtype: 'markdown'; markdown: { content: string } }
  | { msgtype: 'miniprogram_notice'; miniprogram_notice: MiniprogramNotice }
  | { msgtype: 'template_card'; template_card: TemplateCard }

/** Characters: title and description 4–12; items at most 10, key 10, value 30. Never `@all`. */
export interface MiniprogramNotice {
  appid: string
  page?: string
  title: string
  description?: string
  emphasis_first_item?: boolean
  content_item?: { key: string; value: string }[]
}

/** The parts every card may carry; the rest depends on `card_type` and passes as it is. */
export interface TemplateCard {
  card_type: 'text_notice' | 'news_notice' | 'button_interaction' | 'vote_interaction' | 'multiple_interaction'
  source?: { icon_url?: string; desc?: string; desc_color?: 0 | 1 | 2 | 3 }
  main_title?: { title?: string; desc?: string }
  sub_title_text?: string
  horizontal_content_list?: {
    keyname: string
    value?: string
    type?: 0 | 1 | 2 | 3
    url?: string
    media_id?: string
    userid?: string
  }[]
  jump_list?: { type?: 0 | 1 | 2; title: string; url?: string; appid?: string; pagepath?: string }[]
  /** Required for the two notice cards. */
  card_action?: { type: 1 | 2; url?: string; appid?: string; pagepath?: string }
  /** At most 128 bytes of `[0-9A-Za-z_-@]`, unique in the app; required for interactive cards. */
  task_id?: string
  button_list?: { text: string; style?: number; key?: string; type?: 0 | 1; url?: string }[]
  [part: string]: unknown
}

export type AppMessage = AppMessageTarget & AppMessageContent

/** The lists are joined by `|`, and userids come back in lower case. Partial failure is still errcode 0. */
export interface AppMessageReceipt {
  invaliduser?: string
  invalidparty?: string
  invalidtag?: string
  unlicenseduser?: string
  msgid?: string
  /** Interactive cards only: 72 hours, one use. */
  response_code?: string
}

// ── Customer groups ───────────────────────────────────────────────────────────────────────────────────────────────

/** 0 all or normal, 1 the owner has left, 2 being inherited, 3 inherited. */
export type GroupChatStatus = 0 | 1 | 2 | 3

export interface GroupChatRow {
  chat_id: string
  status: GroupChatStatus
}

export interface GroupChatPage {
  group_chat_list: GroupChatRow[]
  next_cursor?: string
}

export interface GroupChat {
  chat_id: string
  /** Empty for unnamed groups. */
  name: string
  owner: string
  create_time: number
  notice?: string
  member_list: GroupMember[]
  admin_list?: { userid: string }[]
  /** Opaque; changes with every change of members. */
  member_version?: string
}

export interface GroupMember {
  /** A userid, or an external_userid for type 2. */
  userid: string
  /** 1 a member of the corp, 2 external. */
  type: 1 | 2
  unionid?: string
  join_time: number
  /** 1 invited directly, 2 by invite link, 3 by QR code. */
  join_scene: 1 | 2 | 3
  invitor?: { userid: string }
  group_nickname?: string
  name?: string
  /** Of the join way. */
  state?: string
}

// ── Mass messages (群发) ──────────────────────────────────────────────────────────────────────────────────────────

/** What one mass message may hold: document path 92135, 2026-11. */
export const MassMessageLimit = {
  /** external_userids of one task. */
  customers: 10_000,
  /** chat_ids of one task. */
  chats: 2_000,
  attachments: 9,
  /** Bytes of UTF-8. */
  textBytes: 4_000,
  /** Bytes of a link's address, and of its picture's. */
  urlBytes: 2_048,
  /** Reminders of one task within 24 hours; the next is 41094. */
  remindersPerDay: 3,
  /** Days of one reading of the list; WeCom says a month. */
  listDays: 30,
} as const

export interface MassMessageContent {
  /** At most 4000 bytes. */
  text?: { content: string }
  /** At most 9; addresses of links at most 2048 bytes. */
  attachments?: Attachment[]
}

/**
 * A task for members to send; WeCom sends nothing by itself. For customers `external_userid`, `sender` and `tag_filter`
 * must not all be missing: with `sender` alone it is for all his customers, with `external_userid` alone each goes to
 * the member who last chatted with him.
 */
export type NewMassMessage = MassMessageContent &
  (
    | {
        chat_type?: 'single'
        /** At most 10,000. */
        external_userid?: string[]
        sender?: string
        /** OR within a group, AND between groups, at most 100 tags a group; not read when `external_userid` is given. */
        tag_filter?: { group_list: { tag_list: string[] }[] }
        /** The member may change who gets it. */
        allow_select?: boolean
      }
    | {
        chat_type: 'group'
        sender: string
        /** At most 2000 groups of the sender. Missing: all of them. */
        chat_id_list?: string[]
        allow_select?: boolean
      }
  )

export interface MassMessageReceipt {
  msgid: string
  /** external_userids (or chat_ids) nobody can send to; the task stands for the others. */
  fail_list: string[]
}

export interface MassMessageFilter {
  chat_type: 'single' | 'group'
  /** Unix seconds, at most a month apart. */
  start_time: number
  end_time: number
  creator?: string
  /** 0 the corp's, 1 members' own, 2 all (default). */
  filter_type?: 0 | 1 | 2
}

export interface MassMessageRow extends MassMessageContent {
  msgid: string
  /** Missing when an app made it. */
  creator?: string
  create_time: number
  /** 0 the corp's, 1 a member's own. */
  create_type: 0 | 1
}

export interface MassMessagePage {
  group_msg_list: MassMessageRow[]
  next_cursor?: string
}

/** A member asked to send. 0 has not sent, 2 has sent. */
export interface MassMessageTask {
  userid: string
  status: 0 | 2
  send_time?: number
}

export interface MassMessageTaskPage {
  task_list: MassMessageTask[]
  next_cursor?: string
}

/** 0 not sent, 1 sent, 2 no longer a friend, 3 has had as many mass messages as WeCom allows. */
export type MassMessageStatus = 0 | 1 | 2 | 3

export interface MassMessageResult {
  external_userid?: string
  /** For groups; only those sent to appear. */
  chat_id?: string
  userid: string
  status: MassMessageStatus
  send_time?: number
}

export interface MassMessageResultPage {
  send_list: MassMessageResult[]
  next_cursor?: string
}

// ── Moments (客户朋友圈) ──────────────────────────────────────────────────────────────────────────────────────────

/** What one moment may hold, and how many: document path 95094, 2026-11. */
export const MomentLimit = {
  /** Characters; and at most 4000 bytes. */
  textCharacters: 2_000,
  textBytes: 4_000,
  images: 9,
  /** Characters. */
  linkTitle: 64,
  senders: 100_000,
  tasksPerMinute: 10,
  tasksPerMonth: 100_000,
  /** Days of one reading of the list. */
  listDays: 30,
} as const

/** Files come from `media.uploadAttachment` with `moment`. */
export type MomentAttachment =
  | { msgtype: 'image'; image: { media_id: string } }
  | { msgtype: 'video'; video: { media_id: string } }
  | { msgtype: 'link'; link: { title?: string; url: string; media_id: string } }

/** At least one of text and attachments: up to 9 images, or one video, or one link. */
export interface NewMoment {
  text?: { content: string }
  attachments?: MomentAttachment[]
  visible_range?: {
    /** Missing: every visible member. */
    sender_list?: { user_list?: string[]; department_list?: number[] }
    /** Customers with one of these corp tags. Missing: all. */
    external_contact_list?: { tag_list?: string[] }
  }
}

/** 1 begun, 2 under way, 3 done; `result` comes with 3. Asked for within 24 hours. */
export interface MomentTaskResult {
  status: 1 | 2 | 3
  type?: string
  result?: {
    errcode: number
    errmsg?: string
    moment_id?: string
    invalid_sender_list?: { user_list?: string[]; department_list?: number[] }
    invalid_external_contact_list?: { tag_list?: string[] }
  }
}

export interface MomentFilter {
  /** Unix seconds, at most 30 days apart. */
  start_time: number
  end_time: number
  creator?: string
  /** 0 the corp's, 1 members' own, 2 all (default). */
  filter_type?: 0 | 1 | 2
}

export interface MomentRow {
  moment_id: string
  /** Missing when an app made it. */
  creator?: string
  create_time: number
  /** 0 the corp's, 1 a member's own. */
  create_type: 0 | 1
  /** 0 some, 1 everybody. */
  visible_type: 0 | 1
  text?: { content: string }
  image?: { media_id: string }[]
  video?: { media_id: string; thumb_media_id?: string }
  link?: { title?: string; url: string }
  location?: { latitude: string; longitude: string; name?: string }
}

export interface MomentPage {
  moment_list: MomentRow[]
  next_cursor?: string
}

/** A member asked to publish: 0 has not, 1 has. */
export interface MomentTask {
  userid: string
  publish_status: 0 | 1
}

export interface MomentTaskPage {
  task_list: MomentTask[]
  next_cursor?: string
}

/** `userid` only in the planned audience. */
export interface MomentCustomerPage {
  customer_list: { userid?: string; external_userid: string }[]
  next_cursor?: string
}

/** Who did it: a customer or a member. WeCom does not give the text of a comment. */
export interface MomentReaction {
  external_userid?: string
  userid?: string
  create_time: number
}

export interface MomentReactions {
  comment_list: MomentReaction[]
  like_list: MomentReaction[]
}

// ── Media, sign-in, tickets ───────────────────────────────────────────────────────────────────────────────────────

export type MediaType = 'image' | 'voice' | 'video' | 'file'

export interface UploadedMedia {
  type: MediaType
  /** Valid 3 days, for all apps of the corp. */
  media_id: string
  /** Unix seconds, as text. */
  created_at: string
}

/** The app as its administrator set it up: document path 90227, 2026-11. */
export interface Agent {
  agentid: number
  name: string
  /** 1: switched off in the admin console. */
  close?: 0 | 1
  /** The trusted domain, `host[:port]`; empty when none is set. */
  redirect_domain?: string
  allow_userinfos?: { user: { userid: string }[] }
  allow_partys?: { partyid: number[] }
}

/** A member has `userid`; anyone else has `openid`, and `external_userid` when a visible member follows them. */
export interface SignedInUser {
  userid?: string
  /** Valid 1800 s; only for `snsapi_privateinfo`. */
  user_ticket?: string
  openid?: string
  external_userid?: string
}

/** Fields appear only if the administrator enabled them and the member consented. */
export interface SignedInUserDetail {
  userid: string
  gender?: '0' | '1' | '2'
  avatar?: string
  qr_code?: string
  mobile?: string
  email?: string
  biz_mail?: string
  address?: string
}

// ── Callbacks ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What every inner message carries. */
export interface CallbackBase {
  ToUserName: string
  /** `sys` for system events, else the member's userid; absent for customer-service events. */
  FromUserName?: string
  CreateTime: number
  AgentID?: number
}

interface ContactEventBase extends CallbackBase {
  kind: 'external_contact'
  Event: 'change_external_contact'
  UserID: string
  ExternalUserID: string
}

export type ExternalContactEvent = ContactEventBase &
  (
    | {
        ChangeType: 'add_external_contact' | 'add_half_external_contact'
        State?: string
        WelcomeCode?: string
        LinkId?: string
      }
    | { ChangeType: 'edit_external_contact' }
    /** The member deleted the customer. */
    | { ChangeType: 'del_external_contact'; Source?: string }
    /** The customer deleted the member. */
    | { ChangeType: 'del_follow_user' }
    /** `UserID` is the member who failed to take over. */
    | { ChangeType: 'transfer_fail'; FailReason: string }
    | { ChangeType: 'msg_audit_approved'; WelcomeCode?: string }
  )

interface ChatEventBase extends CallbackBase {
  kind: 'external_chat'
  Event: 'change_external_chat'
  ChatId: string
}

export type ExternalChatEvent = ChatEventBase &
  (
    | { ChangeType: 'create' | 'dismiss' }
    | {
        ChangeType: 'update'
        /** add_member, del_member, change_owner, change_name, change_notice; newer values must be tolerated. */
        UpdateDetail: string
        /** 0 invited, 3 scanned the group's QR code: not the numbers of `GroupMember.join_scene`. */
        JoinScene?: number
        /** 0 left, 1 removed. */
        QuitScene?: number
        MemChangeCnt?: number
        /** userids and external_userids. */
        MemChangeList?: string[]
        LastMemVer?: string
        CurMemVer?: string
      }
  )

interface TagEventBase extends CallbackBase {
  kind: 'external_tag'
  Event: 'change_external_tag'
  StrategyId?: string
}

export type ExternalTagEvent = TagEventBase &
  (
    | { ChangeType: 'create' | 'update' | 'delete'; TagType: 'tag' | 'tag_group'; Id: string }
    /** `Id` is the group whose inner order changed; '' means the order of the groups. */
    | { ChangeType: 'shuffle'; Id: string }
  )

interface AcquisitionEventBase extends CallbackBase {
  kind: 'acquisition'
  Event: 'customer_acquisition'
}

export type AcquisitionEvent = AcquisitionEventBase &
  (
    | { ChangeType: 'balance_low' | 'balance_exhausted' | 'balance_increased' }
    | { ChangeType: 'quota_expire_soon'; ExpireTime: number; ExpireQuotaNum: number }
    | { ChangeType: 'link_unavailable' | 'delete_link'; LinkId: string }
    | { ChangeType: 'open_profile' | 'friend_request'; LinkId: string; State?: string }
    | { ChangeType: 'customer_start_chat'; LinkId: string; UserID: string; ExternalUserID: string }
    /** `ChatKey` is valid 30 minutes. */
    | { ChangeType: 'message_from_customer'; LinkId: string; ChatKey: string }
  )

/** Customer service: the message is only a doorbell, pull with `Token` within 10 minutes. */
export type KfEvent = CallbackBase & { kind: 'kf' } & (
    | { Event: 'kf_msg_or_event'; Token: string; OpenKfId: string }
    | { Event: 'kf_account_auth_change'; AuthAddOpenKfId: string[]; AuthDelOpenKfId: string[] }
  )

/** Session archive: a doorbell, at most one each 15 s. */
export type ArchiveEvent = CallbackBase & { kind: 'archive'; Event: 'msgaudit_notify' }

interface AddressBookEventBase extends CallbackBase {
  kind: 'address_book'
  Event: 'change_contact'
}

/** Receivers set up after 2022-08-15 get only ids and departments. */
export type AddressBookEvent = AddressBookEventBase &
  (
    | {
        ChangeType: 'create_user' | 'update_user'
        UserID: string
        /** Only when the userid changes. */
        NewUserID?: string
        Name?: string
        /** '1,2,3'. */
        Department?: string
        MainDepartment?: number
        IsLeaderInDept?: string
        DirectLeader?: string
        Position?: string
        Mobile?: string
        Gender?: string
        Email?: string
        BizMail?: string
        Status?: number
        Avatar?: string
        Alias?: string
        Telephone?: string
        Address?: string
      }
    | { ChangeType: 'delete_user'; UserID: string }
    | { ChangeType: 'create_party' | 'update_party'; Id: number; Name?: string; ParentId?: number; Order?: number }
    | { ChangeType: 'delete_party'; Id: number }
    /** Lists joined by commas. */
    | {
        ChangeType: 'update_tag'
        TagId: number
        AddUserItems?: string
        DelUserItems?: string
        AddPartyItems?: string
        DelPartyItems?: string
      }
  )

export type AppEvent = CallbackBase & { kind: 'app' } & (
    | { Event: 'subscribe' | 'unsubscribe' }
    | { Event: 'enter_agent'; EventKey?: string }
    | { Event: 'click' | 'view' | 'view_miniprogram'; EventKey: string }
    | { Event: 'LOCATION'; Latitude: number; Longitude: number; Precision: number; AppType?: string }
    | { Event: 'upload_media_job_finish'; JobId: string }
    | { Event: 'batch_job_result'; JobId: string; JobType: string; ErrCode: number; ErrMsg: string }
    | { Event: 'template_card_menu_event'; EventKey: string; TaskId: string; CardType: string; ResponseCode: string }
    | {
        Event: 'template_card_event'
        EventKey: string
        TaskId: string
        CardType: string
        /** 72 hours, one use. */
        ResponseCode: string
        SelectedItems: { QuestionKey: string; OptionIds: string[] }[]
      }
    | { Event: 'inactive_alert' | 'low_active_alert'; EffectTime: number }
    | { Event: 'close_inactive_agent' | 'reopen_inactive_agent' | 'low_active' | 'active_restored' }
  )

/** What a member typed into the app's own chat. */
export type AppChatMessage = CallbackBase & { kind: 'message'; FromUserName: string; MsgId: string } & (
    | { MsgType: 'text'; Content: string }
    | { MsgType: 'image'; PicUrl: string; MediaId: string }
    | { MsgType: 'voice'; MediaId: string; Format: string }
    | { MsgType: 'video'; MediaId: string; ThumbMediaId: string }
    | { MsgType: 'location'; Location_X: number; Location_Y: number; Scale: number; Label: string }
    | { MsgType: 'link'; Title: string; Description?: string; Url: string; PicUrl?: string }
  )

/** Anything WeCom invents later, and anything known that lacks what it should carry. Never an error. */
export interface UnknownCallback extends CallbackBase {
  kind: 'unknown'
  MsgType: string
  Event?: string
  ChangeType?: string
  /** Every top-level text, the first of each name. Has no prototype. */
  fields: Readonly<Record<string, string>>
}

/** One decrypted callback. Branch on `kind`, then on `ChangeType` or `Event`. */
export type Callback =
  | ExternalContactEvent
  | ExternalChatEvent
  | ExternalTagEvent
  | AcquisitionEvent
  | KfEvent
  | ArchiveEvent
  | AddressBookEvent
  | AppEvent
  | AppChatMessage
  | UnknownCallback
