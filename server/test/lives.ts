import type { Deed, PropFilter } from '../src/modules/facts/schema.ts'
import { type FieldValue, type References, spanMs } from '../src/modules/segments/evaluate.ts'
import type { Node, Span } from '../src/modules/segments/schema.ts'
import { addDays, shanghaiDay } from '../src/platform/shanghai.ts'

/** What somebody has done and is, as plainly as it can be written down. */
export interface Life {
  contactId: string
  deeds: { kind: string; at: Date; trusted: boolean; props: Record<string, unknown> }[]
  tagIds: string[]
  staffIds: string[]
  states: readonly string[]
  addedAt: Date
  lost: boolean
  gender: number
  memberships: { level: string | null; points: number }[]
  fields: Record<string, FieldValue>
  /** Where he stands, one a flow. */
  stages: { stageId: string; since: Date }[]
  /** The groups he sits in. */
  groupIds: string[]
}

/** The meaning of a rule, read off a life at an instant: no counts, no intervals, no SQL. */
export function holds(node: Node, life: Life, refs: References, at: Date): boolean {
  return node.not !== holdsPlain(node, life, refs, at)
}

function holdsPlain(node: Node, life: Life, refs: References, at: Date): boolean {
  const did = (deed: Deed, within?: Span) =>
    life.deeds.filter(
      (one) =>
        one.kind === deed.kind &&
        (one.trusted || deed.untrusted) &&
        deed.where.every((asked) => fits(asked, one.props[asked.prop])) &&
        (!within || one.at.getTime() > at.getTime() - spanMs(within)),
    )
  const passed = (
    since: Date | undefined,
    { olderThan, newerThan }: { olderThan?: Span | undefined; newerThan?: Span | undefined },
  ) => {
    if (!since) return false
    const age = at.getTime() - since.getTime()
    return (!olderThan || age >= spanMs(olderThan)) && (!newerThan || age < spanMs(newerThan))
  }
  const sorted = (deed: Deed) =>
    did(deed)
      .map((one) => one.at.getTime())
      .sort((a, b) => a - b)
  switch (node.is) {
    case 'all':
      return node.of.every((part) => holds(part, life, refs, at))
    case 'any':
      return node.of.some((part) => holds(part, life, refs, at))
    case 'did': {
      const times = did(node.deed, node.within).length
      const least = node.atLeast ?? (node.atMost === undefined ? 1 : 0)
      return times >= least && times <= (node.atMost ?? Infinity)
    }
    case 'total': {
      const times = did(node.deed, node.within)
      const all = times.reduce((total, one) => total + Number(one.props[node.amount] ?? 0), 0)
      if (node.average && times.length === 0) return false
      const sum = node.average ? Math.trunc(all / times.length) : all
      return sum >= (node.atLeast ?? -Infinity) && sum <= (node.atMost ?? Infinity)
    }
    case 'when': {
      const time = sorted(node.deed).at(node.which === 'last' ? -1 : 0)
      return passed(time === undefined ? undefined : new Date(time), node)
    }
    case 'sequence':
      return sorted(node.deed).some((one) =>
        sorted(node.next).some((next) => one < next && next - one <= spanMs(node.within)),
      )
    case 'tags':
      return (
        (node.any?.some((id) => life.tagIds.includes(id)) ?? true) &&
        (node.all?.every((id) => life.tagIds.includes(id)) ?? true)
      )
    case 'staff':
      return node.ids.some((id) => life.staffIds.includes(id))
    case 'channels':
      return node.ids.some((id) => (refs.states.get(id) ?? []).some((state) => life.states.includes(state)))
    case 'added':
      return passed(life.addedAt, node)
    case 'lost':
      return life.lost
    case 'gender':
      return node.values.includes(life.gender)
    case 'member': {
      const { levels, atLeast, atMost } = node
      return life.memberships.some(
        ({ level, points }) =>
          !(levels && !levels.some((one) => one === level)) &&
          !(atLeast !== undefined && points < atLeast) &&
          !(atMost !== undefined && points > atMost),
      )
    }
    case 'field': {
      const value = life.fields[node.fieldId]
      if (value === undefined) return false
      if (node.op === 'filled') return true
      if (node.op === 'is') return [value].flat().some((one) => node.values.includes(one))
      if (node.op === 'contains')
        return typeof value === 'string' && node.values.some((one) => typeof one === 'string' && value.includes(one))
      const bound = node.values[0]!
      return typeof value === typeof bound && (node.op === 'atLeast' ? value >= bound : value <= bound)
    }
    case 'anniversary': {
      const day = life.fields[node.fieldId]
      if (typeof day !== 'string') return false
      for (let ahead = node.from; ahead <= node.to; ahead++) {
        const that = addDays(shanghaiDay(at), ahead)
        const leap = new Date(`${that.slice(0, 4)}-02-29T00:00:00Z`).getUTCDate() === 29
        if (that.slice(5) === (day.slice(5) === '02-29' && !leap ? '02-28' : day.slice(5))) return true
      }
      return false
    }
    case 'stage':
      return life.stages.some(({ stageId, since }) => node.ids.includes(stageId) && passed(since, node))
    case 'group':
      return node.ids.some((id) => life.groupIds.includes(id))
    case 'segment':
      return refs.rules.has(node.segmentId) && holds(refs.rules.get(node.segmentId)!, life, refs, at)
  }
}

function fits({ op, values }: PropFilter, value: unknown): boolean {
  if (op === 'is') return [value].flat().some((one) => (values as unknown[]).includes(one))
  if (op === 'contains') return typeof value === 'string' && values.some((one) => value.includes(one))
  return typeof value === 'number' && (op === 'atLeast' ? value >= values[0]! : value <= values[0]!)
}
