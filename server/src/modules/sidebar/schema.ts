import { z } from 'zod'
import { Id, Instant } from '../../platform/id.ts'
import { Text } from '../../platform/text.ts'
import { NoteText } from '../contacts/schema.ts'
import { TimelineItem } from '../events/schema.ts'
import { NewMove, StageView } from '../stages/schema.ts'
import { TagSource } from '../tags/schema.ts'

/** As WeCom names them; theirs, so nothing is read into them. */
export const ExternalUserid = Text.min(1).max(64)
export const ChatId = Text.min(1).max(64)

export const PageUrl = z.object({ url: z.string().min(1).max(2_000) })
export const Signature = z.object({
  timestamp: z.number().int(),
  nonceStr: z.string(),
  corp: z.string(),
  agent: z.string(),
})

/** A tag he carries, for whoever looks: put by whom, and whether on the looker's own pair, where alone he takes it off. */
const HeldTag = z.object({
  tagId: Id,
  name: z.string(),
  groupName: z.string(),
  source: TagSource,
  by: z.string().nullable(),
  mine: z.boolean(),
})
/** A tag that suits: the next stage asks for it, or so many of the looker's newest customers carry it. */
const SuggestedTag = z.object({
  tagId: Id,
  name: z.string(),
  stage: z.string().nullable(),
  customers: z.number().int(),
})

const StageChoice = z.object({
  stageId: Id,
  name: z.string(),
  kind: StageView.shape.kind,
  /** What is still asked before he may be moved there by hand. */
  missing: z.array(z.string()),
})
const Flow = z.object({
  flowId: Id,
  name: z.string(),
  /** Null: not in this flow yet. */
  stageId: Id.nullable(),
  since: Instant.nullable(),
  stages: z.array(StageChoice),
})

const Order = z.object({
  orderId: Id,
  shop: z.string(),
  orderNo: z.string(),
  state: z.enum(['placed', 'paid', 'closed']),
  placedAt: Instant,
  amountFen: z.number().int(),
  refundedFen: z.number().int(),
  /** The first names in it, and how many more there are. */
  items: z.array(z.string()),
  more: z.number().int(),
})

/** What the looker is to do for this customer. */
const Task = z.object({
  taskId: Id,
  title: z.string(),
  note: z.string(),
  say: z.string(),
  coupon: z.string(),
  dueAt: Instant,
  late: z.boolean(),
})

/** Everything the page beside a chat needs to be of use, in one answer. */
export const MyCustomer = z.object({
  is: z.literal('mine'),
  /** By the server's clock, which a demo winds. */
  now: Instant,
  contactId: Id,
  name: z.string(),
  avatar: z.string().nullable(),
  gender: z.number().int(),
  corpName: z.string().nullable(),
  /** Of the looker's own pair; null: he sees the customer, but is not his friend. */
  pair: z
    .object({
      remark: z.string(),
      description: z.string(),
      addedAt: Instant,
      addWay: z.number().int().nullable(),
      code: z.string().nullable(),
    })
    .nullable(),
  lostAt: Instant.nullable(),
  colleagues: z.array(z.string()),
  tags: z.array(HeldTag),
  suggestedTags: z.array(SuggestedTag),
  flows: z.array(Flow),
  lostReasons: z.array(z.object({ lostReasonId: Id, name: z.string() })),
  spent: z.object({ count: z.number().int(), totalFen: z.number().int(), lastPaidAt: Instant.nullable() }).nullable(),
  member: z.object({ level: z.string().nullable(), points: z.number().int() }).nullable(),
  orders: z.array(Order),
  timeline: z.object({ items: z.array(TimelineItem), count: z.number().int(), isFloor: z.boolean() }),
  tasks: z.array(Task),
  notes: z.array(z.object({ noteId: Id, text: z.string(), author: z.string(), at: Instant, mine: z.boolean() })),
})
export type MyCustomer = z.infer<typeof MyCustomer>

/** Somebody else's customer: who follows him, and nothing more. */
export const TheirCustomer = z.object({ is: z.literal('theirs'), followers: z.array(z.string()) })
export const SidebarView = z.discriminatedUnion('is', [MyCustomer, TheirCustomer])
export type SidebarView = z.infer<typeof SidebarView>

/** The group beside which the page was opened: how it does, and who of its people the looker may serve. */
export const ChatView = z.object({
  groupChatId: Id,
  name: z.string(),
  owner: z.string(),
  notice: z.string(),
  members: z.number().int(),
  outsiders: z.number().int(),
  customers: z.number().int(),
  joined7: z.number().int(),
  left7: z.number().int(),
  level: z.enum(['alive', 'quiet', 'dead']).nullable(),
  score: z.number().int().nullable(),
  /** Customers one may see, who matter most first. */
  people: z.array(
    z.object({
      externalUserid: z.string(),
      name: z.string(),
      avatar: z.string().nullable(),
      mine: z.boolean(),
      stage: z.object({ name: z.string(), color: z.string() }).nullable(),
      /** Null for whoever may not see orders. */
      spentFen: z.number().nullable(),
      orders: z.number().int().nullable(),
      opens: z.number().int(),
    }),
  ),
})
export type ChatView = z.infer<typeof ChatView>

const TAGS_AT_ONCE = 50
export const TagChange = z.object({
  add: z.array(Id).max(TAGS_AT_ONCE).default([]),
  remove: z.array(Id).max(TAGS_AT_ONCE).default([]),
})
export const StageChange = NewMove
export const NoteChange = NoteText

/** The whole library by names, for picking. */
export const TagNames = z.object({
  groups: z.array(
    z.object({ tagGroupId: Id, name: z.string(), tags: z.array(z.object({ tagId: Id, name: z.string() })) }),
  ),
})
export const PageOf = z.object({
  before: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
export const Orders = z.object({ items: z.array(Order), nextCursor: z.string().nullable() })

/** Characters WeCom takes: developer.work.weixin.qq.com/document/path/92115, 2026-11. */
const REMARK_MAX = 20
export const RemarkChange = z.object({ remark: Text.trim().max(REMARK_MAX) })

/** Who signed in, for the page. */
export const Me = z.object({ name: z.string(), staffId: Id, permissions: z.array(z.string()) })

/** A message as the client's `sendChatMessage` takes it: developer.work.weixin.qq.com/document/path/94354, 2026-11. */
const Media = z.object({ mediaid: z.string() })
export const ChatMessage = z.discriminatedUnion('msgtype', [
  z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string() }) }),
  z.object({ msgtype: z.literal('image'), image: Media }),
  z.object({ msgtype: z.literal('video'), video: Media }),
  z.object({ msgtype: z.literal('file'), file: Media }),
  z.object({
    msgtype: z.literal('news'),
    news: z.object({ link: z.string(), title: z.string(), desc: z.string(), imgUrl: z.string() }),
  }),
  z.object({
    msgtype: z.literal('miniprogram'),
    miniprogram: z.object({ appid: z.string(), title: z.string(), imgUrl: z.string(), page: z.string() }),
  }),
])
export type ChatMessage = z.infer<typeof ChatMessage>

/** A piece of the library: a material or a script. */
export const Piece = z.object({ piece: z.enum(['material', 'script']), id: Id })
export type Piece = z.infer<typeof Piece>
/** What is about to be sent, in order; `key` and `at`, handed back once it is, tell this sending from every other. */
export const Outgoing = z.object({
  messages: z.array(ChatMessage),
  version: z.number().int(),
  key: z.string(),
  at: Instant,
})
export type Outgoing = z.infer<typeof Outgoing>
const SentKey = z.string().regex(/^[0-9a-f-]{36}$/)
export const SentPiece = Piece.extend({ version: z.number().int().min(1).max(1_000_000), key: SentKey, at: Instant })

/** Why a script is suggested. */
const Reason = z.object({
  code: z.enum(['said', 'stage', 'recent', 'often', 'quick']),
  words: z.array(z.string()),
  stage: z.string().nullable(),
})
/** A script as it would be said to this very customer. */
export const Saying = z.object({
  scriptId: Id,
  title: z.string(),
  own: z.boolean(),
  /** All its words, filled in; pictures and materials stand in brackets. */
  text: z.string(),
  parts: z.number().int(),
  reasons: z.array(Reason),
})
export type Saying = z.infer<typeof Saying>
export const Sayings = z.object({ said: z.string().nullable(), items: z.array(Saying) })
export const SayingQuery = z.object({ limit: z.coerce.number().int().min(1).max(12).default(6) })

export const NewFollowUp = z.object({ title: Text.trim().min(1).max(40), dueAt: Instant })
