import { z } from 'zod'
import { Day, Id, Instant } from '../../platform/id.ts'

const Text = z.string().refine((text) => !text.includes('\0'))
/** Rows an answer holds; of more the first are shown, with how many there are. A file has them all. */
export const ROWS_MAX = 300
/** Lines a chart can be read with. */
export const CHOSEN_MAX = 4

export const Period = z.object({ from: Day.optional(), to: Day.optional() })
export type Period = z.infer<typeof Period>

/** Of how many, how many. */
const Share = z.object({ of: z.number().int(), kept: z.number().int() })

export const Figures = z.object({
  added: z.number().int(),
  lost: z.number().int(),
  lostByCustomer: z.number().int(),
  lostByStaff: z.number().int(),
  net: z.number().int(),
  /** New friends who have had the time to stay so long, and those who did. */
  kept7: Share,
  kept30: Share,
  /** Days of members WeCom has told about. What follows is its count, null where it has told nothing. */
  told: z.number().int(),
  chats: z.number().int().nullable(),
  messages: z.number().int().nullable(),
  /** Percent, weighed by each day's chats. */
  replyShare: z.number().nullable(),
  firstReplyMinutes: z.number().nullable(),
  applied: z.number().int().nullable(),
  negative: z.number().int().nullable(),
})
export type Figures = z.infer<typeof Figures>

export const SORTS = [
  'name',
  'customers',
  'added',
  'lost',
  'net',
  'kept7',
  'kept30',
  'chats',
  'messages',
  'replyShare',
  'firstReplyMinutes',
  'applied',
  'negative',
] as const
export const StatsFilter = Period.extend({
  q: Text.trim().max(64).optional(),
  departmentId: Id.optional(),
  sort: z.enum(SORTS).default('added'),
  order: z.enum(['asc', 'desc']).default('desc'),
})
export type StatsFilter = z.infer<typeof StatsFilter>

const Person = z.object({ staffId: Id, name: z.string(), avatar: z.string().nullable() })
export const StaffStatsRow = Person.extend({
  departments: z.array(z.string()),
  leftAt: Instant.nullable(),
  follows: z.boolean(),
  /** WeCom refuses his numbers with this code. */
  refused: z.number().int().nullable(),
  customers: z.number().int(),
  now: Figures,
  before: Figures,
})
export type StaffStatsRow = z.infer<typeof StaffStatsRow>

const Sum = z.object({ customers: z.number().int(), staff: z.number().int(), now: Figures, before: Figures })
export const StaffStats = z.object({
  from: Day,
  to: Day,
  /** The last day WeCom has told about anybody shown; null: none. */
  countedUntil: Day.nullable(),
  totals: Sum,
  /** Departments of which one sees everybody, each with all below it, in the order of the tree. */
  departments: z.array(Sum.extend({ departmentId: Id, name: z.string(), depth: z.number().int() })),
  items: z.array(StaffStatsRow),
  total: z.number().int(),
})
export type StaffStats = z.infer<typeof StaffStats>

/** Ids with commas between them. */
const Ids = z
  .string()
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(Id).max(CHOSEN_MAX))
export const TrendQuery = Period.extend({
  staffIds: Ids.optional(),
  q: Text.trim().max(64).optional(),
  departmentId: Id.optional(),
})
export const StaffTrend = z.object({
  days: z.array(Day),
  lines: z.array(
    z.object({
      /** Null: everybody asked about, together. */
      staffId: Id.nullable(),
      name: z.string().nullable(),
      added: z.array(z.number().int()),
      lost: z.array(z.number().int()),
      chats: z.array(z.number().int().nullable()),
      messages: z.array(z.number().int().nullable()),
    }),
  ),
})
export type StaffTrend = z.infer<typeof StaffTrend>

export const StaffCodes = z.object({
  items: z.array(z.object({ channelCodeId: Id, name: z.string(), adds: z.number().int(), losses: z.number().int() })),
  /** New friends of the period who came without a code. */
  without: z.number().int(),
})

export const WorkloadQuery = z.object({ departmentId: Id.optional() })
export const SetCustomersEach = z.object({ customersEach: z.number().int().min(1).max(100_000).nullable() })
export const Workload = z.object({
  /** How many customers one member should look after; null: nobody has said. It stops nobody. */
  customersEach: z.number().int().nullable(),
  days: z.array(Day),
  /** The fullest first. */
  items: z.array(
    Person.extend({
      departments: z.array(z.string()),
      leftAt: Instant.nullable(),
      customers: z.number().int(),
      /** New friends on each of the days. */
      added: z.array(z.number().int()),
    }),
  ),
  total: z.number().int(),
  customers: z.number().int(),
  over: z.number().int(),
  /** From four fifths of the figure up to it. */
  near: z.number().int(),
  /** How many members have so many customers. */
  spread: z.array(z.object({ from: z.number().int(), to: z.number().int(), staff: z.number().int() })),
})
export type Workload = z.infer<typeof Workload>

const CALENDAR_DAYS_MAX = 7
export const DutyQuery = z.object({
  from: Day.optional(),
  days: z.coerce.number().int().min(1).max(CALENDAR_DAYS_MAX).default(CALENDAR_DAYS_MAX),
  departmentId: Id.optional(),
})
const Stretch = z.object({ from: Instant, to: Instant })
export const DutyCalendar = z.object({
  from: Day,
  days: z.number().int(),
  codes: z.array(z.object({ channelCodeId: Id, name: z.string(), rostered: z.boolean() })),
  people: z.array(
    Person.extend({
      departments: z.array(z.string()),
      /** Here and active. */
      able: z.boolean(),
      /** May have customers at all. */
      follows: z.boolean(),
      off: z.boolean(),
      /** Null while off: until somebody says otherwise. */
      offUntil: Instant.nullable(),
      /** On shift by rosters; neither as a backup nor behind codes that have none. */
      minutes: z.number().int(),
      stretches: z.array(Stretch.extend({ channelCodeId: Id, backup: z.boolean() })),
    }),
  ),
  /** Nobody on shift: the backups receive. */
  gaps: z.array(Stretch.extend({ channelCodeId: Id })),
  /** On shift for several codes at once. */
  doubles: z.array(Stretch.extend({ staffId: Id, channelCodeIds: z.array(Id) })),
})
export type DutyCalendar = z.infer<typeof DutyCalendar>

const Listed = z.object({
  total: z.number().int(),
  items: z.array(
    Person.extend({
      departments: z.array(z.string()),
      leftAt: Instant.nullable(),
      refused: z.number().int().nullable(),
      customers: z.number().int(),
      codes: z.array(z.object({ channelCodeId: Id, name: z.string() })),
    }),
  ),
})
export const Licence = z.object({
  /** When the address book was last read whole. */
  readAt: Instant.nullable(),
  allowed: Listed,
  /** Without the permission, and yet behind codes or with customers. */
  missing: Listed,
  /** Without the permission, and nothing is missing. */
  others: z.number().int(),
  /** Gone, with customers still theirs. */
  left: Listed,
  leftCustomers: z.number().int(),
})
export type Licence = z.infer<typeof Licence>
