import type { TFunction } from 'i18next'
import { sayYuan } from '../../ui/number-words.ts'
import { type Condition, type Deed, isGroup, type Node, type PropFilter, type Span } from './rule.ts'

/** What ids and kinds are called; an id nobody knows any more is said as such. */
export interface Names {
  kind(kind: string): string
  prop(kind: string, prop: string): { title: string; isMoney: boolean }
  tag(id: string): string
  staff(id: string): string
  code(id: string): string
  field(id: string): string
  segment(id: string): string
  stage(id: string): string
  group(id: string): string
  /** A property's value that is a number of ours, by what it is called. */
  value: (prop: string, value: string) => string
}

/** A whole rule in one sentence, in the language of `t`. */
export function sayRule(node: Node, t: TFunction, names: Names): string {
  if (!isGroup(node)) return sayCondition(node, t, names)
  const parts = node.of.map((part) =>
    isGroup(part) && part.of.length > 1 && !part.not
      ? t('segments.say.group', { rule: sayRule(part, t, names) })
      : sayRule(part, t, names),
  )
  const joined = parts.join(t(`segments.say.${node.is}`))
  return node.not ? t('segments.say.notGroup', { rule: joined }) : joined
}

/** One condition in a few words. */
export function sayCondition(condition: Condition, t: TFunction, names: Names): string {
  const said = sayPlain(condition, t, names)
  // What everybody has a plain word for; the rest is put in quotes and denied.
  if (condition.not && condition.is === 'lost') return t('segments.say.notLost')
  if (condition.not && condition.is === 'tags') return t('segments.say.noTags', { said })
  if (condition.not && condition.is === 'segment') return t('segments.say.notIn', { said })
  return condition.not ? t('segments.say.not', { condition: said }) : said
}

function sayPlain(c: Condition, t: TFunction, names: Names): string {
  const list = (ids: readonly string[], name: (id: string) => string, join: 'or' | 'and' = 'or') =>
    ids.map(name).join(t(`segments.say.${join}`)) || '…'
  switch (c.is) {
    case 'did':
      return t('segments.say.did', {
        within: sayWithin(c.within, t),
        deed: sayDeed(c.deed, t, names),
        times: sayTimes(c, t),
      })
    case 'total': {
      const { isMoney, title } = names.prop(c.deed.kind, c.amount)
      const amount = (n: number) => (isMoney ? sayYuan(n) : String(n))
      return t(c.average ? 'segments.say.average' : 'segments.say.total', {
        within: sayWithin(c.within, t),
        deed: sayDeed(c.deed, t, names),
        what: title,
        bounds: sayBounds(c, amount, t),
      })
    }
    case 'when':
      return t(`segments.say.${c.which}`, { deed: sayDeed(c.deed, t, names), ago: sayAgo(c, t) })
    case 'sequence':
      return t('segments.say.sequence', {
        deed: sayDeed(c.deed, t, names),
        next: sayDeed(c.next, t, names),
        within: saySpan(c.within, t),
      })
    case 'tags':
      return c.all
        ? t('segments.say.tagsAll', { tags: list(c.all, names.tag, 'and') })
        : t('segments.say.tagsAny', { tags: list(c.any ?? [], names.tag) })
    case 'staff':
      return t('segments.say.staff', { names: list(c.ids, names.staff) })
    case 'channels':
      return t('segments.say.channels', { names: list(c.ids, names.code) })
    case 'added':
      return t('segments.say.added', { ago: sayAgo(c, t) })
    case 'lost':
      return t('segments.say.lost')
    case 'gender':
      return t('segments.say.gender', {
        genders: c.values.map((n) => t(`segments.gender.${n as 0 | 1 | 2}`)).join(t('segments.say.or')),
      })
    case 'member':
      return sayMember(c, t)
    case 'field':
      return t(`segments.say.field.${c.op}`, {
        field: names.field(c.fieldId),
        values: (c.values ?? []).join(t('segments.say.or')) || '…',
      })
    case 'anniversary':
      return c.from === 0
        ? t('segments.say.anniversary', { field: names.field(c.fieldId), to: c.to })
        : t('segments.say.anniversaryFrom', { field: names.field(c.fieldId), from: c.from, to: c.to })
    case 'stage':
      return c.olderThan || c.newerThan
        ? t('segments.say.stageSince', { names: list(c.ids, names.stage), ago: sayAgo(c, t) })
        : t('segments.say.stage', { names: list(c.ids, names.stage) })
    case 'group':
      return t('segments.say.groupChat', { names: list(c.ids, names.group) })
    case 'segment':
      return t('segments.say.segment', { name: c.segmentId ? names.segment(c.segmentId) : '…' })
  }
}

function sayMember({ levels, atLeast, atMost }: Extract<Condition, { is: 'member' }>, t: TFunction): string {
  const points = atLeast !== undefined || atMost !== undefined
  const parts = [
    levels && levels.length > 0 && t('segments.say.memberLevel', { levels: levels.join(t('segments.say.or')) }),
    points && t('segments.say.memberPoints', { bounds: sayBounds({ atLeast, atMost }, String, t) }),
  ].filter((part) => part !== undefined && part !== false)
  return parts.length > 0 ? parts.join(t('segments.say.and')) : t('segments.say.member')
}

export const saySpan = ({ n, unit }: Span, t: TFunction): string => t(`segments.span.${unit}`, { count: n, n })
const sayWithin = (within: Span | undefined, t: TFunction): string =>
  within ? t('segments.say.within', { span: saySpan(within, t) }) : t('segments.say.ever')

export function sayDeed({ kind, where = [] }: Deed, t: TFunction, names: Names): string {
  const asked = where.map((one) => sayFilter(kind, one, t, names)).join(t('segments.say.and'))
  return asked ? t('segments.say.deedWhere', { kind: names.kind(kind), where: asked }) : names.kind(kind)
}

function sayFilter(kind: string, { prop, op, values }: PropFilter, t: TFunction, names: Names): string {
  const { title, isMoney } = names.prop(kind, prop)
  const said = values.map((value) =>
    isMoney && typeof value === 'number' ? sayYuan(value) : names.value(prop, String(value)),
  )
  return t(`segments.say.where.${op}`, { prop: title, values: said.join(t('segments.say.or')) })
}

function sayTimes(
  { atLeast, atMost }: { atLeast?: number | undefined; atMost?: number | undefined },
  t: TFunction,
): string {
  if (atMost === 0) return t('segments.say.never')
  if (atMost !== undefined && atLeast !== undefined)
    return atLeast === atMost
      ? t('segments.say.exactly', { n: atLeast })
      : t('segments.say.between', { from: atLeast, to: atMost })
  if (atMost !== undefined) return t('segments.say.atMost', { n: atMost })
  return t('segments.say.atLeast', { n: atLeast ?? 1 })
}

function sayBounds(
  { atLeast, atMost }: { atLeast?: number | undefined; atMost?: number | undefined },
  amount: (n: number) => string,
  t: TFunction,
): string {
  if (atLeast !== undefined && atMost !== undefined)
    return t('segments.say.amountBetween', { from: amount(atLeast), to: amount(atMost) })
  if (atMost !== undefined) return t('segments.say.amountAtMost', { n: amount(atMost) })
  return t('segments.say.amountAtLeast', { n: amount(atLeast ?? 0) })
}

function sayAgo(
  { olderThan, newerThan }: { olderThan?: Span | undefined; newerThan?: Span | undefined },
  t: TFunction,
): string {
  if (olderThan && newerThan)
    return olderThan.unit === newerThan.unit
      ? t(`segments.ago.${olderThan.unit}`, { from: olderThan.n, to: newerThan.n })
      : t('segments.say.agoBetween', { from: saySpan(olderThan, t), to: saySpan(newerThan, t) })
  if (olderThan) return t('segments.say.olderThan', { span: saySpan(olderThan, t) })
  if (newerThan) return t('segments.say.newerThan', { span: saySpan(newerThan, t) })
  return t('segments.say.anytime')
}
