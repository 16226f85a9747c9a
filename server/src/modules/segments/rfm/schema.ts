import { z } from 'zod'
import { Day, Id, Instant } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'

/** Recency, number and money are cut into so many bands each; 5 is the best of each: lately, often, much. */
export const BANDS = 5
/** Far enough back for anybody, and as far as a rule's `Span` reaches. */
const DAYS_MAX = 1_000
const ORDERS_MAX = 999
const FEN_MAX = 10_000_000_000
const CELLS_MAX = 20

/** Four cut points, rising. Two that are equal leave the band between them empty. */
const cuts = (least: number, most: number) =>
  z
    .array(z.number().int().min(least).max(most))
    .length(BANDS - 1)
    .refine((all) => all.every((one, i) => i === 0 || all[i - 1]! <= one), '四个分界要从小到大')

/**
 * Where the bands part. `r`: days since the last order; band 5 is less than the first of them. `f`: orders, `m`: fen; band 1
 * is up to and with the first of them.
 */
export const Cuts = z.object({ r: cuts(1, DAYS_MAX), f: cuts(0, ORDERS_MAX), m: cuts(0, FEN_MAX) })
export type Cuts = z.infer<typeof Cuts>

const Band = z.number().int().min(1).max(BANDS)
const Stretch = z.tuple([Band, Band]).refine(([from, to]) => from <= to, '前一档不能高于后一档')

/** The bands a cell holds of each, both ends counted. */
export const Box = z.object({ r: Stretch, f: Stretch, m: Stretch })
export type Box = z.infer<typeof Box>

export const Measure = z.object({
  /** Number and money count orders no older than so many days; null: all there ever were. */
  withinDays: z.number().int().min(1).max(DAYS_MAX).nullable(),
  money: z.enum(['sum', 'average']),
})
export type Measure = z.infer<typeof Measure>

export const CellDraft = z.object({
  /** Of a cell that stands already: it keeps its customers' history. */
  cellId: Id.optional(),
  name: Text.trim().min(1).max(12),
  box: Box,
  /** Its money is in danger. */
  atRisk: z.boolean(),
  /** What to do with these customers. */
  play: Text.trim().max(200),
})
export type CellDraft = z.infer<typeof CellDraft>

export const RfmDraft = Measure.extend({
  /** Whose the cut points are: set by hand, or fifths of the corp's buyers, worked out when they were saved. */
  mode: z.enum(['own', 'quintiles']),
  /** Fifths are worked out anew each month. */
  monthly: z.boolean(),
  cuts: Cuts,
  /** Best first. */
  cells: z.array(CellDraft).min(1).max(CELLS_MAX),
})
export type RfmDraft = z.infer<typeof RfmDraft>

export const FifthsQuery = z.object({
  withinDays: z.coerce.number().int().min(1).max(DAYS_MAX).optional(),
  money: z.enum(['sum', 'average']).default('sum'),
})

const People = z.object({ people: z.number().int(), totalFen: z.number().int() })

export const RfmCell = CellDraft.required({ cellId: true }).extend({
  segmentId: Id,
  ...People.shape,
  /** Those whom time alone takes out of it within 30 days, and their money. */
  falling: People,
})
export type RfmCell = z.infer<typeof RfmCell>

export const RfmView = z.object({
  /** Null until somebody begins. */
  model: RfmDraft.omit({ cells: true })
    .extend({ cutAt: Instant, changedAt: Instant, changedBy: z.string() })
    .nullable(),
  /** What one may begin with. */
  start: RfmDraft.nullable(),
  cells: z.array(RfmCell),
  /** Buyers by recency and number, whatever their money. */
  grid: z.array(People.extend({ r: Band, f: Band })),
  /** Cells being worked out anew: until then the old ones are shown. */
  building: z.object({ done: z.number().int(), total: z.number().int().nullable() }).nullable(),
  failed: z.string().nullable(),
  /** Of those one may see. */
  customers: z.number().int(),
  buyers: z.number().int(),
  /** In a cell at risk, or leaving theirs by time alone within 30 days: each once. */
  risk: People,
})
export type RfmView = z.infer<typeof RfmView>

/** What a draft would make of today's buyers: how many each of its cells would hold, in its order, and who would move. */
export const RfmPreview = z.object({
  cells: z.array(People),
  grid: z.array(People.extend({ r: Band, f: Band })),
  /** From a cell that stands (null: in none) into the draft's cell of that place. */
  moves: z.array(z.object({ fromCellId: Id.nullable(), to: z.number().int(), people: z.number().int() })),
  moved: z.number().int(),
})
export type RfmPreview = z.infer<typeof RfmPreview>

export const MovesQuery = z.object({ from: Day, to: Day })

/** One of the two ends. `kept`: as it was then; `restated`: today's cells over the orders paid by then. */
const End = z.object({ at: Instant, how: z.enum(['kept', 'restated']) })
export const RfmMoves = z.object({
  from: End,
  to: End,
  /** Since when cells are kept as they stand. */
  keptSince: Instant.nullable(),
  /** Null: had not bought yet, or has nothing left but refunds. */
  flows: z.array(z.object({ from: Id.nullable(), to: Id.nullable(), people: z.number().int() })),
})
export type RfmMoves = z.infer<typeof RfmMoves>
