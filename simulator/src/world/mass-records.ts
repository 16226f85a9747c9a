import type { Message } from './records.ts'

/** What a mass message or a moment says: one bubble each, as the phones show them. */
export type Bubble = Pick<Message, 'kind' | 'text' | 'content'>

/** How many mass messages one customer or group may have: `days` as many a calendar month as it has days. */
export type MassRule = 'month-days' | 'week-7' | 'day-1' | 'month-4'

/** What becomes of one recipient, in WeCom's numbers: waiting, sent, no friend any more, quota used up. */
export type MassFate = '0' | '1' | '2' | '3'

/** What one member is asked to send. */
export interface MassNotice {
  userid: string
  /** external_userids, or chat_ids. */
  to: string[]
  /** One `MassFate` for each of `to`. */
  fates: string
  state: 'waiting' | 'later' | 'sent' | 'declined'
  /** Virtual seconds. */
  sentAt?: number
  /** When this member, left to himself, presses send; absent: never. Virtual seconds. */
  dueAt?: number
  /** What customers do about it, left to themselves, until it is done. */
  replies?: MassReply[]
}

export interface MassReply {
  externalUserid: string
  at: number
  /** Absent: the customer has had enough, and deletes the member. */
  text?: string
}

/** A task made by `add_msg_template`, or what a member sent by himself. */
export interface MassTask {
  seq: number
  msgid: string
  chatType: 'single' | 'group'
  /** Of a member's own. Tasks made by an app name nobody. */
  creator?: string
  createdAt: number
  /** Until then members see nothing and questions are answered by 41063. Virtual milliseconds. */
  readyMs: number
  allowSelect: boolean
  /** As the app gave them. */
  text?: { content: string }
  attachments: Record<string, unknown>[]
  bubbles: Bubble[]
  notices: MassNotice[]
  cancelledAt?: number
  /** When members were reminded. */
  reminders: number[]
}

/** On which days (since 1970, in Shanghai) a customer or group got a mass message, a day for each. */
export interface MassDays {
  id: string
  days: number[]
}

export interface MomentReaction {
  externalUserid?: string
  userid?: string
  at: number
  text?: string
}

/** What one member is asked to publish. */
export interface MomentNotice {
  userid: string
  /** The customers it is meant for. */
  to: string[]
  /** Those who can see it: fixed when it is published. */
  shown: string[]
  state: 'waiting' | 'later' | 'published' | 'declined'
  publishedAt?: number
  dueAt?: number
  likes: MomentReaction[]
  comments: MomentReaction[]
  /** What customers do about it, left to themselves; without a text it is a like. */
  plans?: MomentReaction[]
}

export interface Moment {
  seq: number
  momentId: string
  jobid: string
  /** Of a member's own. */
  creator?: string
  createdAt: number
  createdWireMs: number
  /** The job is done then. Virtual milliseconds. */
  readyMs: number
  /** Of its result; 0 when it was made. */
  errcode: number
  invalidUsers: string[]
  invalidDepartments: number[]
  invalidTags: string[]
  tagIds: string[]
  text?: { content: string }
  attachments: Record<string, unknown>[]
  bubbles: Bubble[]
  notices: MomentNotice[]
  cancelledAt?: number
}
