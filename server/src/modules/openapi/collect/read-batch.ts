import { DomainError } from '../../../platform/errors.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import type { Ids } from '../../contacts/identifiers.ts'
import { type Identifier, type KeptIdentifier, keepIdentifiers, type Trust } from '../../contacts/identifiers.ts'
import type { CatalogueKind } from '../../events/schema.ts'
import { ItemMalformed, ItemNobody, ItemTooLarge, KindUnknown, NotProven, TooOld } from '../errors.ts'
import { keepProperties, type Properties } from './properties.ts'
import { type CollectBody, type Collected, CollectItem, ITEM_BYTES_MAX } from './schema.ts'

/** Who speaks. A server of the corp is believed; a page is only as long as a signed token says for whom. */
export interface Sender {
  kind: 'server' | 'web'
  /** By what the person of a valid token is known. */
  self: KeptIdentifier | undefined
  vault: Vault
}

/** An item that may be taken. */
export interface Told {
  messageId: string
  at: Date
  /** Who it is about. */
  group: KeptIdentifier[]
  /** Undefined: it only says who somebody is. */
  event: { kind: string; props: Properties } | undefined
}

/** How times that are said are read. */
interface Clock {
  arrivedAt: Date
  skewMs: number
  daysKept: number
}

const FUTURE_MS = 5 * 60_000
const DAYS_KEPT = { server: 3 * 365, web: 7, history: 20 * 365 } as const
/** What a person may type of himself; everything else is a platform's or a server's to say. */
const TYPED: ReadonlySet<string> = new Set(['phone', 'member'])

/** Reads a batch item by item: what can be taken, and by its place why the rest cannot. */
export function readBatch(
  { batch, sentAt, history }: Omit<CollectBody, 'personToken'>,
  sender: Sender,
  catalogue: ReadonlyMap<string, CatalogueKind>,
  arrivedAt: Date,
): { told: Told[]; refused: Collected['refused'] } {
  // A page's clock may be days off; how far shows in when it says it sends. A server's clock is its own affair.
  const skewMs = sender.kind === 'web' && sentAt ? arrivedAt.getTime() - Date.parse(sentAt) : 0
  const daysKept = DAYS_KEPT[history ? 'history' : sender.kind]
  const told: Told[] = []
  const refused: Collected['refused'] = []
  batch.forEach((item, index) => {
    try {
      told.push(readItem(item, sender, catalogue, { arrivedAt, skewMs, daysKept }))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      refused.push({ index, code: error.code, message: error.message })
    }
  })
  return { told, refused }
}

function readItem(given: unknown, sender: Sender, catalogue: ReadonlyMap<string, CatalogueKind>, clock: Clock): Told {
  if (Buffer.byteLength(JSON.stringify(given) ?? '') > ITEM_BYTES_MAX) throw new ItemTooLarge({ bytes: ITEM_BYTES_MAX })
  const { data: item, error } = CollectItem.safeParse(given)
  if (!item) {
    const [issue] = error.issues
    throw new ItemMalformed({ where: issue?.path.join('.') ?? '', why: issue?.message ?? '' })
  }
  if (item.type === 'merge' && sender.kind !== 'server') throw new NotProven({ names: '两个身份是同一人' })
  const group = [...(sender.self ? [sender.self] : []), ...keepIdentifiers(sender.vault, identifiersOf(item, sender))]
  if (group.length === 0) throw new ItemNobody()
  return { messageId: item.messageId, at: instantOf(item.at, clock), group, event: eventOf(item, catalogue) }
}

function identifiersOf(item: CollectItem, sender: Sender): Identifier[] {
  const named = Object.entries(item.ids) as [keyof Ids, string][]
  if (sender.kind === 'web') {
    const claimed = named.map(([kind]) => kind).filter((kind) => !TYPED.has(kind))
    if (claimed.length > 0) throw new NotProven({ names: claimed.join('、') })
  }
  const trust: Trust = sender.kind === 'server' ? 2 : 1
  const device = item.device ?? item.anonymousId
  return [
    ...named.map(([kind, value]): Identifier => ({ kind, value, trust })),
    ...(device === undefined ? [] : [{ kind: 'device' as const, value: device, trust: 0 as const }]),
  ]
}

function instantOf(said: string, { arrivedAt, skewMs, daysKept }: Clock): Date {
  const atMs = Date.parse(said) + skewMs
  const nowMs = arrivedAt.getTime()
  if (!(atMs >= nowMs - daysKept * DAY_MS)) throw new TooOld({ days: daysKept })
  return new Date(atMs > nowMs + FUTURE_MS ? nowMs : atMs)
}

function eventOf(item: CollectItem, catalogue: ReadonlyMap<string, CatalogueKind>): Told['event'] {
  if (item.type === 'identify' || item.type === 'merge') return undefined
  const name = item.type === 'page' ? 'page.viewed' : item.event
  const kind = catalogue.get(name)
  if (!kind?.collected) throw new KindUnknown({ kind: name.toWellFormed().replaceAll('\0', '') })
  return { kind: name, props: keepProperties(kind, item.properties) }
}
