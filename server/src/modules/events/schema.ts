import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'

/** Every kind of fact the journal holds. Its props are written beside it. */
export const EVENT_KINDS = [
  'contact.added', // a staff member and a customer became friends: { state?, addWay?, channelCodeId? }
  'contact.half_added', // the customer added a no-verify staff member who has not accepted yet
  'contact.lost', // { by: 'customer' | 'staff' | 'transfer' | 'unknown' }
  'contact.edited', // { remark?: { from, to }, description?: { from, to }, by?, fields?: { [name]: { from, to } } }
  'contact.merged', // another contact turned out to be this one: { contactId, by? }
  'contact.parted', // that was taken back: { contactId, by }
  'note.added', // { noteId, by, text }
  'note.edited', // { noteId, by, from }
  'welcome.sent', // { ms, text?, attachments, channelCodeId? }
  'welcome.failed', // { cause }
  'tag.added', // { tagId, name, source, by? }
  'tag.removed', // { tagId, name, source, by? }
  'stage.moved', // { fromId?, from?, toId?, to?, way, by?, reason?, lostReason?, undo? }
  'task.added', // { taskId, title, by }
  'task.done', // { taskId, title, by, outcome }
  'task.dropped', // { taskId, title, by, as: 'skipped' | 'cancelled', outcome? }
  'task.reopened', // { taskId, title, by }
  'touch.sent', // a planned message reached it: { touchId, channel, topic, title, sourceKind, sourceId }
  'touch.refused', // not to be written to any more: { channel, why, by, note }
  'touch.allowed', // that was lifted: { by }
  'agreement.given', // { agreement, version, how, by }
  'agreement.withdrawn', // { agreement, how, by }
  'group.joined', // sits in a group: { groupChatId, name, way: 'invited' | 'link' | 'code' | 'unknown', state?, by? }
  'group.left', // { groupChatId, name, by: 'self' | 'removed' | 'dismissed' | 'unknown' }
  'channel.scanned', // { channelCodeId, name } (landing page opened by a person already known)
  'content.sent', // a member sent it something: { piece, pieceId, kind, title, version }
  'content.opened', // two seconds in a page we sent: { piece, pieceId, kind, title, channel, linkId }
  'content.read', // that reading, once over: { …, seconds, depth, page? }
  'content.forwarded', // somebody read it from his link: { …, toContactId }
  'score.added', // he met a rule that gives points: { points, why, ruleId }
  'form.opened', // { form, title, placement }
  'staff.changed', // a handover: { fromStaffId, toStaffId }
  'order.paid', // { orderId, orderNo, amountFen, items: the first names }
  'order.refunded', // { orderId, orderNo, refundNo, amountFen }
  // What pages and servers of the corp tell; their properties are in kinds.ts.
  'page.viewed',
  'element.clicked',
  'element.viewed',
  'product.viewed',
  'search.made',
  'favourite.added',
  'cart.added',
  'product.bought',
  'form.submitted',
  'message.sent',
  'live.booked',
  'live.watched',
] as const
export const EventKind = z.enum(EVENT_KINDS)
export type EventKind = z.infer<typeof EventKind>

/** A kind a corp has declared itself, looked up in its catalogue. */
export type OwnKind = string & z.BRAND<'own kind'>

export const EventSource = z.enum(['callback', 'sync', 'console', 'system', 'landing', 'api', 'tracker', 'import'])
export type EventSource = z.infer<typeof EventSource>

/** One line of a contact’s timeline. */
export const TimelineItem = z.object({
  eventId: z.string(),
  contactId: Id,
  contactName: z.string(),
  at: Instant,
  kind: z.string(),
  /** Of a kind the corp has declared itself. */
  title: z.string().nullable(),
  source: z.string(),
  /** Nobody vouches for what an untrusted one says. */
  trusted: z.boolean(),
  staffId: Id.nullable(),
  staffName: z.string().nullable(),
  props: z.record(z.string(), z.unknown()),
})
export type TimelineItem = z.infer<typeof TimelineItem>

export const TimelinePage = z.object({ items: z.array(TimelineItem), nextCursor: z.string().nullable() })

export const PROPERTY_TYPES = ['text', 'number', 'whole', 'boolean', 'time', 'money_fen'] as const

/** How a property is called in what is sent: a word a program can hold. */
export const PropertyName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}$/, '以字母开头，只用字母、数字和下划线，最长 40 个')
  .refine((name) => !['constructor', 'prototype'].includes(name), '这个名字不能用')

export const EventProperty = z.object({
  name: PropertyName,
  title: Text.trim().min(1).max(20),
  type: z.enum(PROPERTY_TYPES),
  required: z.boolean().default(false),
})
export type EventProperty = z.infer<typeof EventProperty>

const PROPERTIES_MAX = 30
const Properties = z
  .array(EventProperty)
  .max(PROPERTIES_MAX)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, '有两个属性同名')

export const NewEventType = z.object({
  kind: z
    .string()
    .regex(
      /^[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,39})?$/,
      '以小写字母开头，只用小写字母、数字和下划线，可以有一个点',
    ),
  title: Text.trim().min(1).max(20),
  properties: Properties.default([]),
})
export type NewEventType = z.infer<typeof NewEventType>
export const EventTypeEdit = NewEventType.omit({ kind: true })
export type EventTypeEdit = z.infer<typeof EventTypeEdit>

/** One kind of the catalogue: everybody's, or one the corp has declared. */
export const CatalogueKind = z.object({
  kind: z.string(),
  title: z.string(),
  own: z.boolean(),
  /** Pages and servers of the corp may tell it. */
  collected: z.boolean(),
  archived: z.boolean(),
  properties: z.array(EventProperty),
})
export type CatalogueKind = z.infer<typeof CatalogueKind>

/** A kind with how it is used: counted up to a bound, and the last one as it came. */
export const CatalogueView = z.array(
  CatalogueKind.extend({
    recent: z.object({ count: z.number().int(), isFloor: z.boolean() }),
    last: z
      .object({
        at: Instant,
        contactId: Id,
        source: z.string(),
        trusted: z.boolean(),
        props: z.record(z.string(), z.unknown()),
      })
      .nullable(),
  }),
)
export type CatalogueView = z.infer<typeof CatalogueView>
