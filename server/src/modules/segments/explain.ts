import type { FactState } from '../facts/schema.ts'
import { keyOfDeed } from '../facts/spec.ts'
import { evaluate, type FieldValue, type Person, type References, spanMs } from './evaluate.ts'
import { endingAfter, holdsAt, type Intervals } from './intervals.ts'
import type { Condition, Node, Reason } from './schema.ts'

/**
 * Why a rule holds for somebody or not, part by part, in the rule's own shape: by the code that decides it, so that it
 * cannot say otherwise.
 */
export function explain(node: Node, person: Person, refs: References, now: number): Reason {
  const when = evaluate(node, person, refs, now)
  return {
    holds: holdsAt(when, now),
    changesAt: nextChange(when, now),
    ...(isGroup(node)
      ? { of: node.of.map((part) => explain(part, person, refs, now)) }
      : { found: foundIn(node, person, now) }),
  }
}

const isGroup = (node: Node): node is Extract<Node, { of: Node[] }> => node.is === 'all' || node.is === 'any'

/** When it turns round next, if nothing else happens. */
export function nextChange(when: Intervals, now: number): string | null {
  const next = endingAfter(when, now)[0]
  const at = !next ? Infinity : next[0] > now ? next[0] : next[1]
  return at === Infinity ? null : new Date(at).toISOString()
}

/** What was found where the rule looked. */
function foundIn(node: Condition, person: Person, now: number): Reason['found'] {
  switch (node.is) {
    case 'did':
      return ofFact(person.facts.get(keyOfDeed(node.deed)), node.within && now - spanMs(node.within))
    case 'total':
      return ofFact(person.facts.get(keyOfDeed(node.deed, node.amount)), node.within && now - spanMs(node.within))
    case 'when':
      return ofFact(person.facts.get(keyOfDeed(node.deed)))
    case 'sequence':
      return ofFact(person.facts.get(keyOfDeed(node.next)))
    case 'tags':
      return { ids: [...(node.any ?? []), ...(node.all ?? [])].filter((id) => person.tagIds.has(id)) }
    case 'staff':
      return { ids: node.ids.filter((id) => person.staffIds.has(id)) }
    case 'added':
      return { lastAt: person.addedAt === null ? null : new Date(person.addedAt).toISOString() }
    case 'stage':
      return { ids: node.ids.filter((id) => person.stages.has(id)), lastAt: sinceWhen(node.ids, person) }
    case 'group':
      return { ids: node.ids.filter((id) => person.groupIds.has(id)) }
    case 'gender':
      return { value: person.gender }
    case 'member':
      return { value: person.memberships.map(({ level, points }) => `${level ?? '—'} · ${points}`).join('、') || null }
    case 'field':
    case 'anniversary':
      return { value: asValue(person.fields.get(node.fieldId)) }
    default:
      return {}
  }
}

function sinceWhen(ids: readonly string[], { stages }: Person): string | null {
  const last = Math.max(...ids.map((id) => stages.get(id) ?? -Infinity))
  return last === -Infinity ? null : new Date(last).toISOString()
}

const asValue = (value: FieldValue | undefined): string | number | null =>
  Array.isArray(value) ? value.join('、') : (value ?? null)

function ofFact(state: FactState | undefined, after?: number): NonNullable<Reason['found']> {
  const inside =
    state?.times.flatMap((at, i) => (after === undefined || at > after ? [state.amounts[i] ?? 0] : [])) ?? []
  // All that is kept one by one lies inside: there may be more, and rules that need it have had it read.
  const number = after === undefined ? (state?.number ?? 0) : inside.length
  return {
    number,
    isFloor:
      after !== undefined && inside.length > 0 && inside.length === state?.times.length && inside.length < state.number,
    total: after === undefined ? (state?.total ?? 0) : inside.reduce((sum, one) => sum + one, 0),
    firstAt: state ? new Date(state.firstAt).toISOString() : null,
    lastAt: state ? new Date(state.lastAt).toISOString() : null,
  }
}
