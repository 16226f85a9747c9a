import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { ContactFilter } from '../contacts/schema.ts'

/** Characters, of a tag and of a group. WeCom refuses longer ones: developer.work.weixin.qq.com/document/path/92117, 2026-11. */
export const TAG_NAME_MAX = 30
/** Tags made or ordered in one request; WeCom itself holds at most 10,000 a corp (40126). */
const TAGS_AT_ONCE_MAX = 200

export const TagName = Text.trim().min(1).max(TAG_NAME_MAX)

/** Who put a tag there: by hand, by a rule, read from WeCom, told by the customer. */
export const TagSource = z.enum(['staff', 'rule', 'wecom', 'self'])
export type TagSource = z.infer<typeof TagSource>

export const TagView = z.object({
  tagId: Id,
  tagGroupId: Id,
  name: z.string(),
  /** False until WeCom has it, and while an edit has not reached WeCom. */
  inWecom: z.boolean(),
  /** Customers who carry it. */
  contacts: z.number().int(),
})
export type TagView = z.infer<typeof TagView>

/** In WeCom’s order, as are its tags. */
export const TagGroupView = z.object({ tagGroupId: Id, name: z.string(), inWecom: z.boolean(), tags: z.array(TagView) })
export type TagGroupView = z.infer<typeof TagGroupView>

export const TagLibrary = z.object({
  groups: z.array(TagGroupView),
  /** Pairs of staff member and customer whose tags are still on their way to WeCom. */
  pairsWaiting: z.number().int(),
})
export type TagLibrary = z.infer<typeof TagLibrary>

/** WeCom knows no empty group: it lives and dies with its tags. */
export const NewTagGroup = z.object({ name: TagName, tags: z.array(TagName).min(1).max(TAGS_AT_ONCE_MAX) })
export type NewTagGroup = z.infer<typeof NewTagGroup>

/** `tagIds`: all tags of the group, in their new order. */
export const TagGroupEdit = z.object({ name: TagName.optional(), tagIds: z.array(Id).min(1).max(10_000).optional() })
export type TagGroupEdit = z.infer<typeof TagGroupEdit>

/** All groups, in their new order. */
export const TagGroupOrder = z.object({ tagGroupIds: z.array(Id).min(1).max(10_000) })

export const NewTag = z.object({ tagGroupId: Id, name: TagName })
export type NewTag = z.infer<typeof NewTag>

export const TagEdit = z.object({ name: TagName })

/** Without `staffId`: for every staff member who follows the customer and whom the actor may act for. */
export const ContactTagsEdit = z.object({
  add: z.array(Id).max(TAGS_AT_ONCE_MAX).default([]),
  remove: z.array(Id).max(TAGS_AT_ONCE_MAX).default([]),
  staffId: Id.optional(),
})
export type ContactTagsEdit = z.infer<typeof ContactTagsEdit>

/** One tag of one pair, with where it came from. */
export const ContactTag = z.object({
  tagId: Id,
  name: z.string(),
  tagGroupId: Id,
  groupName: z.string(),
  staffId: Id,
  staffName: z.string(),
  source: TagSource,
  /** { by?: who, channelCodeId?: which code, … } */
  reason: z.record(z.string(), z.unknown()),
  addedAt: Instant,
  /** False while WeCom does not have it yet. */
  inWecom: z.boolean(),
})
export type ContactTag = z.infer<typeof ContactTag>

export const ContactTags = z.object({ tags: z.array(ContactTag) })

/** Customers picked one by one; more are told by a filter. */
const PICKED_MAX = 1_000
const BULK_TAGS_MAX = 20

/** Either customers picked one by one or all that match a filter, and what to put on them and take off. */
export const NewBulk = z
  .object({
    contactIds: z.array(Id).min(1).max(PICKED_MAX).optional(),
    filter: ContactFilter.optional(),
    add: z.array(Id).max(BULK_TAGS_MAX).default([]),
    remove: z.array(Id).max(BULK_TAGS_MAX).default([]),
  })
  .refine((bulk) => (bulk.contactIds === undefined) !== (bulk.filter === undefined), '请勾选客户，或按筛选条件选。')
  .refine((bulk) => bulk.add.length + bulk.remove.length > 0, '请至少选一个标签。')
  .refine((bulk) => !bulk.add.some((tagId) => bulk.remove.includes(tagId)), '同一个标签不能又打上又去掉。')
export type NewBulk = z.infer<typeof NewBulk>

const NamedTag = z.object({ tagId: Id, name: z.string() })

export const BulkRunView = z.object({
  bulkRunId: Id,
  kind: z.enum(['tag', 'undo', 'import', 'stage', 'stage_undo', 'task', 'task_undo']),
  state: z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']),
  /** Of an undo: what it takes back. */
  ofRunId: Id.nullable(),
  /** Of an import. */
  fileName: z.string().nullable(),
  /** How it was chosen: by a filter, or so many one by one. */
  byFilter: z.boolean(),
  add: z.array(NamedTag),
  remove: z.array(NamedTag),
  /** Of a move: the stage it leads to. */
  stage: z.string().nullable(),
  /** Of a work card: its title. */
  workCard: z.string().nullable(),
  actor: z.string(),
  mine: z.boolean(),
  total: z.number().int(),
  done: z.number().int(),
  changed: z.number().int(),
  /** Customers left as they were, by reason: unchanged, not_followed, not_found, touched, rejected, gated. */
  skipped: z.record(z.string(), z.number().int()),
  cause: z.string().nullable(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
  undoneAt: Instant.nullable(),
  /** Until when it can be undone; null when it cannot. */
  undoUntil: Instant.nullable(),
})
export type BulkRunView = z.infer<typeof BulkRunView>

/** Base64 of a file of some megabytes: twenty thousand rows. */
const FILE_MAX = 6_000_000
export const NewImport = z.object({
  fileName: Text.trim().min(1).max(120),
  content: z.base64().min(1).max(FILE_MAX),
})
