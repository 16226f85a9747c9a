import { childText, type XmlElement } from '@siyu/wecom/xml'
import type { Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'

/** A stored callback as a handler gets it: a hint that something changed, never the truth itself. */
export interface ReceivedCallback {
  inboxId: string
  /** Event.ChangeType, or MsgType for messages. */
  kind: string
  /** The inner XML’s root. */
  fields: XmlElement
  /** The event’s own time (WeCom’s CreateTime). */
  createdAt: Date
  receivedAt: Date
}

/** Writes what the handler found out; runs in the transaction that marks the callback done. */
export type Apply = (tx: Tx) => Promise<void>

/** Reads what WeCom says now, then returns how to write it. May be called again after a crash or a refusal. */
export type CallbackHandler = (context: WorkContext, corpId: string, callback: ReceivedCallback) => Promise<Apply>

/** The text of one element; empty when it is absent. */
export function text(callback: Pick<ReceivedCallback, 'fields'>, name: string): string {
  return childText(callback.fields, name) ?? ''
}

/** Event.ChangeType for events, the message type otherwise. Bounded: it becomes a column and a metric never. */
export function kindOf(root: XmlElement): string {
  const [event, change, type] = ['Event', 'ChangeType', 'MsgType'].map(
    (name) => childText(root, name)?.slice(0, 60) ?? '',
  )
  if (!event) return type || 'unreadable'
  return change ? `${event}.${change}` : event
}

/** Whom a callback is about. Callbacks of one subject are worked through in order; a contact's share one, whoever follows. */
export function subjectOf(root: XmlElement): string {
  const first = (...names: string[]) => names.map((name) => childText(root, name)).find((value) => value)
  return (
    first('ExternalUserID', 'ChatId', 'LinkId') ??
    `${childText(root, 'Event') ?? ''}:${first('UserID', 'Id', 'TagId', 'FromUserName') ?? ''}`
  )
}
