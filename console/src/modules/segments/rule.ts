import type { Body } from '../../api/types.ts'

/** A rule as the server takes it. */
export type Rule = Body<'/api/segments', 'post'>['rule']

export interface Span {
  n: number
  unit: 'minute' | 'hour' | 'day'
}
export interface PropFilter {
  prop: string
  op: 'is' | 'contains' | 'atLeast' | 'atMost'
  values: (string | number | boolean)[]
}
export interface Deed {
  kind: string
  where?: PropFilter[]
  untrusted?: boolean
}
interface Ago {
  olderThan?: Span | undefined
  newerThan?: Span | undefined
}

/** One thing asked of a customer. The same shapes as the server's, loosely nested while they are edited. */
export type Condition = { not?: boolean } & (
  | { is: 'did'; deed: Deed; atLeast?: number | undefined; atMost?: number | undefined; within?: Span | undefined }
  | {
      is: 'total'
      deed: Deed
      amount: string
      average?: boolean | undefined
      atLeast?: number | undefined
      atMost?: number | undefined
      within?: Span | undefined
    }
  | ({ is: 'when'; deed: Deed; which: 'last' | 'first' } & Ago)
  | { is: 'sequence'; deed: Deed; next: Deed; within: Span }
  | { is: 'tags'; any?: string[] | undefined; all?: string[] | undefined }
  | { is: 'staff'; ids: string[] }
  | { is: 'channels'; ids: string[] }
  | ({ is: 'added' } & Ago)
  | { is: 'lost' }
  | { is: 'gender'; values: number[] }
  | { is: 'member'; levels?: string[] | undefined; atLeast?: number | undefined; atMost?: number | undefined }
  | {
      is: 'field'
      fieldId: string
      op: 'filled' | 'is' | 'contains' | 'atLeast' | 'atMost'
      values?: (string | number)[]
    }
  | { is: 'anniversary'; fieldId: string; from: number; to: number }
  | ({ is: 'stage'; ids: string[] } & Ago)
  | { is: 'group'; ids: string[] }
  | { is: 'segment'; segmentId: string }
)
export interface Group {
  is: 'all' | 'any'
  not?: boolean
  of: Node[]
}
export type Node = Condition | Group
export type Is = Condition['is']

export const isGroup = (node: Node): node is Group => node.is === 'all' || node.is === 'any'
/** Groups within groups: as deep as the server takes. */
export const DEPTH_MAX = 3
export const PARTS_MAX = 20

export const CONDITIONS: readonly Is[] = [
  'did',
  'total',
  'when',
  'sequence',
  'tags',
  'added',
  'channels',
  'staff',
  'lost',
  'gender',
  'member',
  'field',
  'anniversary',
  'stage',
  'group',
  'segment',
]

/** A condition of a kind, as far as it can be filled in for somebody. */
export function blank(is: Is): Condition {
  const deed: Deed = { kind: 'order.paid' }
  switch (is) {
    case 'did':
      return { is, deed, atLeast: 1, within: { n: 30, unit: 'day' } }
    case 'total':
      return { is, deed, amount: 'amountFen', atLeast: 50_000 }
    case 'when':
      return { is, deed, which: 'last', olderThan: { n: 30, unit: 'day' }, newerThan: { n: 60, unit: 'day' } }
    case 'sequence':
      return { is, deed: { kind: 'cart.added' }, next: deed, within: { n: 3, unit: 'day' } }
    case 'tags':
      return { is, any: [] }
    case 'staff':
    case 'channels':
    case 'stage':
    case 'group':
      return { is, ids: [] }
    case 'added':
      return { is, newerThan: { n: 7, unit: 'day' } }
    case 'lost':
      return { is }
    case 'gender':
      return { is, values: [2] }
    case 'member':
      return { is, atLeast: 1_000 }
    case 'field':
      return { is, fieldId: '', op: 'filled' }
    case 'anniversary':
      return { is, fieldId: '', from: 0, to: 7 }
    case 'segment':
      return { is, segmentId: '' }
  }
}

/** Whether anything is still to be chosen. */
export function isWhole(node: Node): boolean {
  switch (node.is) {
    case 'all':
    case 'any':
      return node.of.length > 0 && node.of.every(isWhole)
    case 'did':
    case 'when':
      return isTold(node.deed)
    case 'sequence':
      return isTold(node.deed) && isTold(node.next)
    case 'tags':
      return (node.any ?? node.all ?? []).length > 0
    case 'staff':
    case 'channels':
    case 'stage':
    case 'group':
      return node.ids.length > 0
    case 'gender':
      return node.values.length > 0
    case 'total':
      return isTold(node.deed) && (node.atLeast !== undefined || node.atMost !== undefined)
    case 'field':
      return node.fieldId !== '' && (node.op === 'filled' || (node.values ?? []).length > 0)
    case 'anniversary':
      return node.fieldId !== '' && node.from <= node.to
    case 'segment':
      return node.segmentId !== ''
    default:
      return true
  }
}

const isTold = ({ where = [] }: Deed) => where.every(({ values }) => values.length > 0)

/** Only what an interface could have built: the server checks it again. */
export const toRule = (group: Group): Rule => group as Rule
export const fromRule = (rule: unknown): Group => rule as Group

/** Of the group at `path`: another part in the place of one, or none. */
export function put(root: Group, path: readonly number[], node: Node | undefined): Group {
  const [at, ...rest] = path
  if (at === undefined) return node && isGroup(node) ? node : root
  const child = root.of[at]
  const next = rest.length > 0 && child && isGroup(child) ? put(child, rest, node) : node
  const of = next ? root.of.toSpliced(at, 1, next) : root.of.toSpliced(at, 1)
  return { ...root, of: of.filter((part) => !isGroup(part) || part.of.length > 0) }
}

export function add(root: Group, path: readonly number[], node: Node): Group {
  const [at, ...rest] = path
  if (at === undefined) return { ...root, of: [...root.of, node] }
  const child = root.of[at]
  return child && isGroup(child) ? { ...root, of: root.of.toSpliced(at, 1, add(child, rest, node)) } : root
}

const days = (n: number): Span => ({ n, unit: 'day' })
const order: Deed = { kind: 'order.paid' }

/** Where operators begin, by the cases the field asks for. Names and reasons are in the words. */
export const TEMPLATES = {
  leaving: {
    is: 'all',
    of: [
      { is: 'did', deed: order, atLeast: 3 },
      { is: 'total', deed: order, amount: 'amountFen', atLeast: 50_000 },
      { is: 'when', deed: order, which: 'last', olderThan: days(30), newerThan: days(60) },
      { is: 'lost', not: true },
    ],
  },
  fruit: {
    is: 'all',
    of: [
      {
        is: 'did',
        deed: { kind: 'order.paid', where: [{ prop: 'categories', op: 'is', values: ['水果'] }] },
        atLeast: 1,
      },
      { is: 'lost', not: true },
    ],
  },
  best: {
    is: 'all',
    of: [
      { is: 'total', deed: order, amount: 'amountFen', atLeast: 200_000, within: days(365) },
      { is: 'lost', not: true },
    ],
  },
  fresh: {
    is: 'all',
    of: [
      { is: 'added', newerThan: days(7) },
      { is: 'lost', not: true },
    ],
  },
  asleep: {
    is: 'all',
    of: [
      { is: 'added', olderThan: days(90) },
      { is: 'did', deed: order, atMost: 0, within: days(90) },
      { is: 'lost', not: true },
    ],
  },
  cart: {
    is: 'all',
    of: [
      { is: 'did', deed: { kind: 'cart.added' }, atLeast: 1, within: days(3) },
      { is: 'did', deed: order, atMost: 0, within: days(3) },
    ],
  },
  quiet: {
    is: 'all',
    of: [
      { is: 'when', deed: order, which: 'last', olderThan: days(30) },
      { is: 'lost', not: true },
    ],
  },
  often: {
    is: 'all',
    of: [
      { is: 'did', deed: order, atLeast: 3, within: days(90) },
      { is: 'lost', not: true },
    ],
  },
  silent: {
    is: 'all',
    of: [
      { is: 'added', olderThan: days(30) },
      { is: 'did', not: true, deed: { kind: 'welcome.sent' }, atLeast: 1, within: days(30) },
      { is: 'did', not: true, deed: { kind: 'note.added' }, atLeast: 1, within: days(30) },
      { is: 'did', not: true, deed: { kind: 'message.sent' }, atLeast: 1, within: days(30) },
      { is: 'lost', not: true },
    ],
  },
  words: {
    is: 'any',
    of: [
      {
        is: 'did',
        deed: { kind: 'search.made', where: [{ prop: 'words', op: 'contains', values: [] }] },
        atLeast: 1,
        within: days(90),
      },
      {
        is: 'did',
        deed: { kind: 'message.sent', where: [{ prop: 'words', op: 'contains', values: [] }] },
        atLeast: 1,
        within: days(90),
      },
    ],
  },
  form: {
    is: 'all',
    of: [
      { is: 'did', deed: { kind: 'form.submitted' }, atLeast: 1 },
      { is: 'lost', not: true },
    ],
  },
  birthday: {
    is: 'all',
    of: [
      { is: 'anniversary', fieldId: '', from: 0, to: 7 },
      { is: 'lost', not: true },
    ],
  },
  channel: {
    is: 'all',
    of: [
      { is: 'channels', ids: [] },
      { is: 'lost', not: true },
    ],
  },
  inside: {
    is: 'all',
    of: [
      { is: 'segment', segmentId: '' },
      { is: 'lost', not: true },
    ],
  },
} satisfies Record<string, Group>
export type Template = keyof typeof TEMPLATES
