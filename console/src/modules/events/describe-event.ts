import type { Answer } from '../../api/types.ts'
import type { IconName } from '../../ui/icon.tsx'
import { sayYuan } from '../../ui/number-words.ts'

export type EventItem = Answer<'/api/timeline'>['items'][number]

export type EventWord =
  | 'added'
  | 'half_added'
  | 'lost_customer'
  | 'lost_staff'
  | 'lost_transfer'
  | 'lost_unknown'
  | 'edited'
  | 'welcome_sent'
  | 'welcome_failed'
  | 'tag_added'
  | 'tag_removed'
  | 'scanned'
  | 'moved'
  | 'note_added'
  | 'note_edited'
  | 'merged'
  | 'parted'
  | 'staged'
  | 'stage_left'
  | 'stage_undone'
  | 'group_joined'
  | 'group_left'
  | 'group_removed'
  | TaskWord
  | BehaviourWord
  | 'other'
export type EventShort =
  | 'added'
  | 'half_added'
  | 'lost'
  | 'edited'
  | 'welcome_sent'
  | 'welcome_failed'
  | 'tag_added'
  | 'tag_removed'
  | 'scanned'
  | 'moved'
  | 'note_added'
  | 'note_edited'
  | 'merged'
  | 'parted'
  | 'staged'
  | 'group_joined'
  | 'group_left'
  | TaskWord
  | BehaviourWord
  | 'other'
type TaskWord = 'task_added' | 'task_done' | 'task_dropped' | 'task_reopened'

/** What pages, servers and shops tell: a word and a picture each. */
const BEHAVIOURS = {
  'page.viewed': { word: 'page_viewed', icon: 'eye' },
  'element.clicked': { word: 'element_clicked', icon: 'check' },
  'element.viewed': { word: 'element_viewed', icon: 'eye' },
  'product.viewed': { word: 'product_viewed', icon: 'eye' },
  'search.made': { word: 'search_made', icon: 'search' },
  'favourite.added': { word: 'favourite_added', icon: 'plus' },
  'cart.added': { word: 'cart_added', icon: 'plus' },
  'product.bought': { word: 'product_bought', icon: 'archive' },
  'content.opened': { word: 'content_opened', icon: 'eye' },
  'content.read': { word: 'content_read', icon: 'eye' },
  'content.forwarded': { word: 'content_forwarded', icon: 'link' },
  'form.opened': { word: 'form_opened', icon: 'eye' },
  'form.submitted': { word: 'form_submitted', icon: 'log' },
  'message.sent': { word: 'message_sent', icon: 'message' },
  'live.booked': { word: 'live_booked', icon: 'clock' },
  'live.watched': { word: 'live_watched', icon: 'eye' },
  'score.added': { word: 'score_added', icon: 'plus' },
  'content.sent': { word: 'content_sent', icon: 'message' },
  'touch.sent': { word: 'touch_sent', icon: 'message' },
  'touch.refused': { word: 'touch_refused', icon: 'moon' },
  'touch.allowed': { word: 'touch_allowed', icon: 'sun' },
  'agreement.given': { word: 'agreement_given', icon: 'check' },
  'agreement.withdrawn': { word: 'agreement_withdrawn', icon: 'log' },
  'order.paid': { word: 'order_paid', icon: 'archive' },
  'order.refunded': { word: 'order_refunded', icon: 'archive' },
} as const satisfies Record<string, { word: string; icon: IconName }>
type BehaviourWord = (typeof BEHAVIOURS)[keyof typeof BEHAVIOURS]['word']
const isBehaviour = (kind: string): kind is keyof typeof BEHAVIOURS => Object.hasOwn(BEHAVIOURS, kind)

/** What a fact means, as a key of `events.why` with what it names. */
export type EventMeaning =
  | {
      word:
        | 'stopped'
        | 'late'
        | 'taken'
        | 'unsure'
        | 'description'
        | 'byHand'
        | 'byRule'
        | 'byAutoTag'
        | 'byWecom'
        | 'bySelf'
        | 'untrusted'
        | 'groupOver'
    }
  | { word: 'way'; addWay: number }
  | { word: 'sentIn'; ms: number }
  | { word: 'refused'; cause: string }
  | { word: 'remark' | 'remarkSet' | 'remarkGone'; from: string; to: string }
  | { word: 'by'; by: string }
  | { word: 'byCode'; code: string }
  | { word: 'fields'; names: string[] }
  | { word: 'readSo'; seconds: number; depth: number }
  | { word: 'readToPage'; seconds: number; page: number }
  | { word: 'watchedFor'; minutes: number; comments: number }
  | { word: 'scoredFor'; why: string }
  | { word: 'noteBefore'; from: string }
  | { word: 'stageWhy'; why: string }
  | { word: 'groupWay'; way: 'invited' | 'link' | 'code'; by: string }

export interface EventDescription {
  word: EventWord
  icon: IconName
  tone: 'brand' | 'bad' | 'quiet'
  /** Named in the sentence. */
  tag: string
  code: string
  /** What was seen, clicked, bought. */
  thing: string
  meaning: EventMeaning | undefined
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Puts one line of the journal into words: the fact, then what it means. */
export function describeEvent({
  kind,
  props,
  trusted = true,
}: Pick<EventItem, 'kind' | 'props'> & { trusted?: boolean }): EventDescription {
  const named = { tag: text(props.name), code: text(props.name), thing: thingOf(props), tone: 'quiet' as const }
  const meaning = trusted ? undefined : ({ word: 'untrusted' } as const)
  if (isBehaviour(kind)) return { ...named, ...BEHAVIOURS[kind], meaning: meaning ?? explainReading(kind, props) }
  switch (kind) {
    case 'contact.added':
      return {
        ...named,
        word: 'added',
        icon: 'personAdd',
        tone: 'brand',
        meaning: typeof props.addWay === 'number' ? { word: 'way', addWay: props.addWay } : undefined,
      }
    case 'contact.half_added':
      return { ...named, word: 'half_added', icon: 'personAdd', meaning: undefined }
    case 'contact.lost': {
      const by = props.by === 'customer' || props.by === 'staff' || props.by === 'transfer' ? props.by : 'unknown'
      return {
        ...named,
        word: `lost_${by}`,
        icon: by === 'transfer' ? 'swap' : 'personLost',
        tone: by === 'customer' ? 'bad' : 'quiet',
        meaning: by === 'customer' ? { word: 'stopped' } : undefined,
      }
    }
    case 'contact.edited':
      return { ...named, word: 'edited', icon: 'edit', meaning: explainEdit(props) }
    case 'welcome.sent':
      return {
        ...named,
        word: 'welcome_sent',
        icon: 'message',
        meaning: typeof props.ms === 'number' ? { word: 'sentIn', ms: props.ms } : undefined,
      }
    case 'welcome.failed':
      return {
        ...named,
        word: 'welcome_failed',
        icon: 'message',
        tone: props.cause === 'wecom.41051' ? 'quiet' : 'bad',
        meaning: explainMiss(text(props.cause)),
      }
    case 'note.added':
      return { ...named, word: 'note_added', icon: 'edit', meaning: undefined }
    case 'note.edited': {
      const from = text(props.from)
      return { ...named, word: 'note_edited', icon: 'edit', meaning: from ? { word: 'noteBefore', from } : undefined }
    }
    case 'tag.added':
      return { ...named, word: 'tag_added', icon: 'tag', meaning: explainTagging(props) }
    case 'tag.removed':
      return { ...named, word: 'tag_removed', icon: 'tag', meaning: explainTagging(props) }
    case 'channel.scanned':
      return { ...named, word: 'scanned', icon: 'qr', meaning: undefined }
    case 'staff.changed':
      return { ...named, word: 'moved', icon: 'swap', meaning: undefined }
    case 'stage.moved':
      return { ...named, ...describeMove(props) }
    case 'group.joined':
      return { ...named, word: 'group_joined', icon: 'message', tone: 'brand', meaning: explainJoining(props) }
    case 'group.left': {
      const word = props.by === 'removed' ? 'group_removed' : 'group_left'
      const isOver = props.by === 'dismissed'
      return { ...named, word, icon: 'message', meaning: isOver ? { word: 'groupOver' } : undefined }
    }
    case 'task.added':
    case 'task.done':
    case 'task.dropped':
    case 'task.reopened': {
      const outcome = text(props.outcome)
      const word = kind.replace('.', '_') as TaskWord
      const meaning = outcome ? ({ word: 'stageWhy', why: outcome } as const) : undefined
      return { ...named, word, icon: 'check', tone: 'quiet', thing: text(props.title) ?? '', meaning }
    }
    case 'contact.merged':
    case 'contact.parted': {
      const by = text(props.by)
      const word = kind === 'contact.merged' ? 'merged' : 'parted'
      return { ...named, word, icon: 'swap', meaning: by ? { word: 'by', by } : { word: 'byRule' } }
    }
    default:
      return { ...named, word: 'other', icon: 'clock', meaning }
  }
}

/** By the code, by whose invitation; nothing where WeCom did not say. */
function explainJoining({ way, by }: Record<string, unknown>): EventMeaning | undefined {
  if (way !== 'invited' && way !== 'link' && way !== 'code') return undefined
  return { word: 'groupWay', way, by: text(by) }
}

/** How long somebody read, and how far he came. */
function explainReading(kind: string, props: Record<string, unknown>): EventMeaning | undefined {
  const { seconds, depth, page, minutes, comments } = props
  if (kind === 'content.read' && typeof seconds === 'number' && typeof depth === 'number')
    return typeof page === 'number' ? { word: 'readToPage', seconds, page } : { word: 'readSo', seconds, depth }
  if (kind === 'live.watched' && typeof minutes === 'number')
    return { word: 'watchedFor', minutes, comments: typeof comments === 'number' ? comments : 0 }
  return kind === 'score.added' && text(props.why) !== '' ? { word: 'scoredFor', why: text(props.why) } : undefined
}

/** By the name a person would call it, else where it is. */
const thingOf = (props: Record<string, unknown>): string =>
  typeof props.points === 'number'
    ? `${props.points > 0 ? '+' : ''}${props.points}`
    : typeof props.orderNo === 'string' && typeof props.amountFen === 'number'
      ? sayYuan(props.amountFen)
      : (['title', 'name', 'words', 'form', 'productNo', 'url'].map((name) => text(props[name])).find(Boolean) ?? '')

/** A kind in two or three characters, for the table's 最近动态. */
export function shortEvent(kind: string): EventShort {
  if (kind === 'contact.lost') return 'lost'
  if (kind === 'stage.moved') return 'staged'
  if (kind === 'group.left') return 'group_left'
  const { word } = describeEvent({ kind, props: {} })
  return word.startsWith('lost_') ? 'lost' : (word as EventShort)
}

/** Where to, and why: from where, who or a rule, the reason given. */
function describeMove(props: Record<string, unknown>): Omit<EventDescription, 'tag' | 'code'> {
  const [from, to] = [text(props.from), text(props.to)]
  const why = [from && to ? `${from} → ${to}` : '', text(props.lostReason), text(props.reason)].filter(Boolean)
  return {
    word: props.undo === true ? 'stage_undone' : to ? 'staged' : 'stage_left',
    icon: 'swap',
    tone: 'quiet',
    thing: to || from,
    meaning: props.way === 'rule' && why.length < 2 ? { word: 'byRule' } : { word: 'stageWhy', why: why.join('，') },
  }
}

function explainEdit(props: Record<string, unknown>): EventMeaning | undefined {
  const remark = props.remark
  if (typeof remark === 'object' && remark !== null && 'from' in remark && 'to' in remark) {
    const [from, to] = [text(remark.from), text(remark.to)]
    return { word: from === '' ? 'remarkSet' : to === '' ? 'remarkGone' : 'remark', from, to }
  }
  if (typeof props.fields === 'object' && props.fields !== null)
    return { word: 'fields', names: Object.keys(props.fields) }
  return props.description === undefined ? undefined : { word: 'description' }
}

function explainMiss(cause: string): EventMeaning {
  if (cause === 'welcome.too_late') return { word: 'late' }
  if (cause === 'welcome.unknown') return { word: 'unsure' }
  if (cause === 'wecom.41051') return { word: 'taken' } // another app, or WeCom's own welcome, was first
  return { word: 'refused', cause }
}

/** Who put a tag there or took it off: a person, a code, a rule, WeCom, the customer. */
export function explainTagging(props: Record<string, unknown>): EventMeaning {
  if (props.source === 'wecom') return { word: 'byWecom' }
  if (props.source === 'self') return { word: 'bySelf' }
  if (props.source === 'rule' && text(props.ruleId) !== '') return { word: 'byAutoTag' }
  if (props.source === 'rule')
    return text(props.channelCode) === '' ? { word: 'byRule' } : { word: 'byCode', code: text(props.channelCode) }
  return text(props.by) === '' ? { word: 'byHand' } : { word: 'by', by: text(props.by) }
}
