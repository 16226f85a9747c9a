import { RfmBoxMissing, RfmBoxTwice, RfmNameTwice } from '../errors.ts'
import { type Node, Rule, type Span } from '../schema.ts'
import { BANDS, type Box, type CellDraft, type Cuts, type Measure } from './schema.ts'

const ORDER = { kind: 'order.paid' }
const MISSING_SHOWN = 3
const BOXES = BANDS ** 3

const saidBand = (r: number, f: number, m: number) => `R${r} F${f} M${m}`
const contains = ({ r, f, m }: Box, place: readonly [number, number, number]): boolean =>
  [r, f, m].every(([from, to], i) => from <= place[i]! && place[i]! <= to)

/** Where each of the 125 boxes lies, counted as `boxNumber` does in SQL: places in `cells`. Refuses gaps and overlaps. */
export function placeBoxes(cells: readonly CellDraft[]): number[] {
  const names = new Set<string>()
  for (const { name } of cells) {
    if (names.has(name)) throw new RfmNameTwice({ name })
    names.add(name)
  }
  const missing: string[] = []
  const places = Array.from({ length: BOXES }, (_, n) => {
    const at = [Math.floor(n / BANDS ** 2) + 1, (Math.floor(n / BANDS) % BANDS) + 1, (n % BANDS) + 1] as const
    const [first, second] = cells.filter(({ box }) => contains(box, at))
    if (first && second) throw new RfmBoxTwice({ names: `“${first.name}”和“${second.name}”`, box: saidBand(...at) })
    if (!first) missing.push(saidBand(...at))
    return first ? cells.indexOf(first) : -1
  })
  if (missing.length > 0)
    throw new RfmBoxMissing({
      boxes: missing.slice(0, MISSING_SHOWN).join('、'),
      more: Math.max(0, missing.length - MISSING_SHOWN),
    })
  return places
}

const days = (n: number): Span => ({ n, unit: 'day' })

/** What makes a buyer one of a cell's, as a segment's rule. */
export function ruleOf({ r, f, m }: Box, cuts: Cuts, { withinDays, money }: Measure): Rule {
  const within = withinDays === null ? {} : { within: days(withinDays) }
  /** Above the cut below the stretch, and no more than the cut at its end. */
  const bounds = ([from, to]: readonly [number, number], at: readonly number[]) => ({
    ...(from > 1 ? { atLeast: at[from - 2]! + 1 } : {}),
    ...(to < BANDS ? { atMost: at[to - 1]! } : {}),
  })
  const isBounded = ([from, to]: readonly [number, number]) => from > 1 || to < BANDS
  const spent = { is: 'total', deed: ORDER, amount: 'amountFen', ...within }
  // Nobody's average of no orders is none, and not a small one: whoever bought nothing within the time is below every cut.
  const averaged =
    m[0] > 1
      ? { ...spent, average: true, ...bounds(m, cuts.m) }
      : { ...spent, average: true, not: true, atLeast: cuts.m[m[1] - 1]! + 1 }
  return Rule.parse({
    is: 'all',
    of: [
      {
        is: 'when',
        deed: ORDER,
        which: 'last',
        ...(r[1] < BANDS ? { olderThan: days(cuts.r[BANDS - 1 - r[1]]!) } : {}),
        ...(r[0] > 1 ? { newerThan: days(cuts.r[BANDS - r[0]]!) } : {}),
      },
      ...(isBounded(f) ? [{ is: 'did', deed: ORDER, ...bounds(f, cuts.f), ...within }] : []),
      ...(isBounded(m) ? [money === 'average' ? averaged : { ...spent, ...bounds(m, cuts.m) }] : []),
    ],
  })
}

/** Holds for nobody: of a cell that is no longer of the model. */
export const NOBODY: Rule = Rule.parse({
  is: 'all',
  of: [
    { is: 'did', deed: ORDER },
    { is: 'did', deed: ORDER, not: true },
  ],
} satisfies { is: Node['is']; of: unknown[] })
