import { DAY_MS, shanghaiMs } from '../../../platform/shanghai.ts'
import { DEEDS } from '../../events/last-active.ts'
import type { TimelineItem } from '../../events/schema.ts'
import type { Annoyed, Like, Manual, Worked } from './schema.ts'

export interface Bought {
  paidAt: string
  netFen: number
  items: { name: string; category: string | null }[]
}
type Told = Pick<TimelineItem, 'kind' | 'at' | 'props'>

/** A liking half as old counts twice as much. */
const HALF_LIFE_DAYS = 60
/** What each says of what somebody likes: buying most, looking least. */
const POINTS = { bought: 5, saved: 3, searched: 2, viewed: 1 } as const
const SHOWN = 5
/** An order so soon after something may have come of it. */
const LED_DAYS = 7

/** Orders say themselves when they were paid. */
const OWN: ReadonlySet<string> = new Set(DEEDS.filter((kind) => kind !== 'order.paid' && kind !== 'product.bought'))
const DEED: Readonly<Record<string, 'saved' | 'viewed' | 'searched'>> = {
  'favourite.added': 'saved',
  'cart.added': 'saved',
  'product.viewed': 'viewed',
  'search.made': 'searched',
}
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null

/** What he likes, strongest first: five categories, five products, five words. */
export function gatherLikes(told: readonly Told[], bought: readonly Bought[], now: Date): Like[] {
  const likes = new Map<string, Like>()
  const like = (what: Like['what'], name: string | null, how: keyof typeof POINTS, at: string) => {
    if (name === null) return
    const key = `${what} ${name}`
    const one = likes.get(key) ?? { what, name, weight: 0, bought: 0, saved: 0, viewed: 0, searched: 0, lastAt: at }
    one[how]++
    one.weight += POINTS[how] * 0.5 ** ((now.getTime() - Date.parse(at)) / (HALF_LIFE_DAYS * DAY_MS))
    if (at > one.lastAt) one.lastAt = at
    likes.set(key, one)
  }
  for (const { kind, at, props } of told) {
    const how = DEED[kind]
    if (how === 'searched') like('words', textOf(props.words), how, at)
    else if (how) {
      like('category', textOf(props.category), how, at)
      like('product', textOf(props.name), how, at)
    }
  }
  for (const { paidAt, items } of bought)
    for (const { name, category } of items) {
      like('category', category, 'bought', paidAt)
      like('product', name, 'bought', paidAt)
    }
  const sorted = [...likes.values()].sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
  return (['category', 'product', 'words'] as const).flatMap((what) =>
    sorted.filter((one) => one.what === what).slice(0, SHOWN),
  )
}

/** When he is about: what he did himself, by weekday from Monday and hour. */
export function gatherHours(told: readonly Told[], bought: readonly Bought[]): number[] {
  const hours = Array.from({ length: 7 * 24 }, () => 0)
  const times = [...told.filter(({ kind }) => OWN.has(kind)).map(({ at }) => at), ...bought.map(({ paidAt }) => paidAt)]
  for (const at of times) {
    const clock = new Date(shanghaiMs(new Date(at)))
    hours[((clock.getUTCDay() + 6) % 7) * 24 + clock.getUTCHours()]!++
  }
  return hours
}

export function gatherBehaviour(
  told: readonly Told[],
  bought: readonly Bought[],
  now: Date,
  isFloor: boolean,
): Manual['behaviour'] {
  const count = (kinds: readonly string[], days = Infinity) =>
    told.filter(({ kind, at }) => kinds.includes(kind) && Date.parse(at) > now.getTime() - days * DAY_MS).length
  const views = ['page.viewed', 'product.viewed']
  const seen = [...told.filter(({ kind }) => OWN.has(kind)).map(({ at }) => at), ...bought.map(({ paidAt }) => paidAt)]
  return {
    lastSeenAt: seen.reduce<string | null>((last, at) => (last === null || at > last ? at : last), null),
    views7: count(views, 7),
    views30: count(views, 30),
    favourites: count(['favourite.added']),
    carts: count(['cart.added']),
    searches: count(['search.made']),
    isFloor,
  }
}

/** What came within a week before his orders, most often first: each order is told of everything that came before it. */
export function gatherWorked(
  told: readonly Told[],
  bought: readonly Bought[],
  codeNames: ReadonlyMap<string, string>,
): Worked[] {
  const causes = told.flatMap(({ kind, at, props }): (Pick<Worked, 'what' | 'name'> & { at: string })[] => {
    if (kind === 'welcome.sent') return [{ what: 'welcome', name: '', at }]
    if (kind === 'tag.added') return named('tag', textOf(props.name), at)
    if (kind === 'channel.scanned') return named('channel', textOf(props.name), at)
    return kind === 'contact.added' ? named('channel', codeNames.get(String(props.state)) ?? null, at) : []
  })
  const worked = new Map<string, Worked>()
  for (const { paidAt, netFen } of bought) {
    const before = causes.filter(({ at }) => at < paidAt && Date.parse(at) >= Date.parse(paidAt) - LED_DAYS * DAY_MS)
    for (const [key, { what, name }] of new Map(before.map((cause) => [`${cause.what} ${cause.name}`, cause]))) {
      const one = worked.get(key) ?? { what, name, orders: 0, totalFen: 0, lastAt: paidAt }
      one.orders++
      one.totalFen += netFen
      if (paidAt > one.lastAt) one.lastAt = paidAt
      worked.set(key, one)
    }
  }
  return [...worked.values()].sort((a, b) => b.orders - a.orders || b.totalFen - a.totalFen).slice(0, SHOWN)
}
const named = (what: Worked['what'], name: string | null, at: string) => (name === null ? [] : [{ what, name, at }])

/** What went against his grain. */
export function gatherAnnoyed(told: readonly Told[]): Annoyed[] {
  const of = (what: Annoyed['what'], rows: readonly Told[]): Annoyed[] =>
    rows.length === 0
      ? []
      : [
          {
            what,
            number: rows.length,
            totalFen: rows.reduce((sum, { props }) => sum + (Number(props.amountFen) || 0), 0),
            lastAt: rows.map(({ at }) => at).reduce((a, b) => (a > b ? a : b)),
          },
        ]
  return [
    ...of(
      'lost',
      told.filter(({ kind, props }) => kind === 'contact.lost' && props.by === 'customer'),
    ),
    ...of(
      'refund',
      told.filter(({ kind }) => kind === 'order.refunded'),
    ),
  ]
}
