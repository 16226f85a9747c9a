import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'

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
  'channel.scanned', // { channelCodeId, name } (landing page opened by a person already known)
  'staff.changed', // a handover: { fromStaffId, toStaffId }
] as const
export const EventKind = z.enum(EVENT_KINDS)
export type EventKind = z.infer<typeof EventKind>

export const EventSource = z.enum(['callback', 'sync', 'console', 'system', 'landing'])
export type EventSource = z.infer<typeof EventSource>

/** One line of a contact’s timeline. */
export const TimelineItem = z.object({
  eventId: z.string(),
  contactId: Id,
  contactName: z.string(),
  at: Instant,
  kind: z.string(),
  source: z.string(),
  staffId: Id.nullable(),
  staffName: z.string().nullable(),
  props: z.record(z.string(), z.unknown()),
})
export type TimelineItem = z.infer<typeof TimelineItem>

export const TimelinePage = z.object({ items: z.array(TimelineItem), nextCursor: z.string().nullable() })
