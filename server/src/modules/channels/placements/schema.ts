import { z } from 'zod'
import { Id } from '../../../platform/id.ts'
import { Text } from '../schema.ts'

/** Where a code hangs: a printed batch, a card in the parcel, the page behind the WiFi, an article, an ad, a badge. */
export const PlacementKind = z.enum(['print', 'parcel', 'wifi', 'article', 'ad', 'badge', 'other'])
/** Fen: ten million yuan for one place is a slip of the pen. */
const COST_FEN_MAX = 1_000_000_000
const Day = z.iso.date()

const Fields = z.object({
  name: Text.trim().min(1).max(30),
  kind: PlacementKind,
  /** What it cost in all, in fen. */
  costFen: z.number().int().min(0).max(COST_FEN_MAX).default(0),
  startsOn: Day.nullable().default(null),
  endsOn: Day.nullable().default(null),
})
const inOrder = ({ startsOn, endsOn }: { startsOn?: string | null; endsOn?: string | null }) =>
  !startsOn || !endsOn || startsOn <= endsOn
const ORDER = { message: '结束不能早于开始', path: ['endsOn'] }

export const NewPlacement = Fields.refine(inOrder, ORDER)
export type NewPlacement = z.infer<typeof NewPlacement>
/** Several at once: a batch of stores, of badges. */
export const NewPlacements = z.object({ placements: z.array(NewPlacement).min(1).max(100) })
export const PlacementEdit = Fields.refine(inOrder, ORDER)

export const PlacementRow = Fields.extend({
  /** A code of its own: its pictures are under `/api/channel-codes/{channelCodeId}/qr.png`. */
  channelCodeId: Id,
  landingUrl: z.string(),
  /** WeCom has made it. */
  ready: z.boolean(),
  archived: z.boolean(),
  /** Of the placement's own dates, or of the code's whole life. */
  scans: z.number().int(),
  adds: z.number().int(),
  losses: z.number().int(),
  /** Cost of one customer added, in fen; null: none added yet. */
  cpaFen: z.number().int().nullable(),
  /** Adds of the last 14 days, oldest first. */
  sparkline: z.array(z.number().int()).length(14),
})
export type PlacementRow = z.infer<typeof PlacementRow>

export const PlacementList = z.object({
  items: z.array(PlacementRow),
  /** What came by the code's own picture, which hangs nowhere in particular. */
  own: z.object({ scans: z.number().int(), adds: z.number().int(), losses: z.number().int() }),
  /** All placements together; null: nobody added yet. */
  cpaFen: z.number().int().nullable(),
})
export type PlacementList = z.infer<typeof PlacementList>
