import { createBox } from './box.ts'
import type { Platform } from './platform.ts'
import { createQueue, type Ids, type Item, type Properties } from './queue.ts'
import { createSender, GATHER_MS, type OnSent } from './sender.ts'

export interface Options {
  /** A web key, `wk_…`. It stands in everybody's page: a server's key never belongs here. */
  key: string
  /** Where Siyu is, without a trailing slash: `https://siyu.example.com`. */
  endpoint: string
  /** `required`: nothing is kept or sent until `optIn` is called. `given` unless said. */
  consent?: 'given' | 'required'
  /** Of the person signed in to the page, by the page's own server. */
  personToken?: string
  /** Hears what was sent and what became of it. For debugging, and for showing it. */
  onSent?: OnSent
}

export interface Product {
  productNo: string
  name?: string
  category?: string
  priceFen?: number
}

/** Tells Siyu what happens in front of a person. Each message reaches it once, however often it is sent. */
export interface Tracker {
  /** An event of the catalogue. */
  track(event: string, properties?: Properties): void
  page(properties: Properties & { url: string }): void
  /** Who the person says he is; with a token his server signed, who he is. What was done before is his from then on. */
  identify(ids?: Ids, personToken?: string): void
  /** Whoever comes next is somebody else. */
  signOut(): void
  viewProduct(product: Product): void
  search(words: string, found?: number): void
  favourite(product: Product): void
  addToCart(product: Product, number?: number): void
  /**
   * Behaviour only: an order told by a page is never believed, for anybody can tell one. What is paid, the shop's server
   * says with `POST /open/orders`. A page reloaded tells the same order, which counts once.
   */
  order(order: { orderNo: string; items: (Product & { number?: number; amountFen?: number })[] }): void
  optIn(): void
  /** Forgets what waits and the device's id, and is silent until `optIn`. */
  optOut(): void
  /** Sends what waits now. `isLast`: the page goes. */
  flush(isLast?: boolean): void
}

/** A message `/collect` would refuse for its size. */
const ITEM_LETTERS_MAX = 8_000
const MESSAGE_ID_MAX = 100

interface Kept {
  /** The one thing that knows this device again. */
  device?: string
  agreed?: boolean
}

export function createTracker(platform: Platform, options: Options): Tracker {
  const box = createBox<Kept>(platform, 'siyu', {})
  const queue = createQueue(platform)
  const mayTell = () => box.read().agreed ?? options.consent !== 'required'
  const url = `${options.endpoint}/collect?key=${options.key}`
  const { flush, flushIn } = createSender(platform, queue, { url, mayTell, onSent: options.onSent })
  let token = options.personToken

  const device = () => {
    const kept = box.read()
    if (kept.device === undefined) box.write({ ...kept, device: platform.makeId() })
    return box.read().device!
  }
  const tell = (said: Omit<Item, 'messageId' | 'at' | 'device'>, messageId?: (device: string) => string) => {
    if (!mayTell()) return
    const id = messageId?.(device()).slice(-MESSAGE_ID_MAX) ?? platform.makeId()
    const item = { ...said, messageId: id, at: new Date(platform.now()).toISOString(), device: device() }
    if (JSON.stringify(item).length > ITEM_LETTERS_MAX) return
    queue.push({ item, token })
    flushIn(GATHER_MS)
  }
  const track = (event: string, properties: Properties = {}) => tell({ type: 'track', event, properties })
  flushIn(GATHER_MS) // what an earlier page left behind

  return {
    track,
    page: (properties) => tell({ type: 'page', properties }),
    identify(ids = {}, personToken = token) {
      token = personToken
      tell({ type: 'identify', ids })
    },
    signOut() {
      token = undefined
      if (box.read().device !== undefined) box.write({ ...box.read(), device: undefined })
    },
    viewProduct: (product) => track('product.viewed', { ...product }),
    search: (words, found) => track('search.made', { words, found }),
    favourite: ({ productNo, name, category }) => track('favourite.added', { productNo, name, category }),
    addToCart: (product, number = 1) => track('cart.added', { ...product, number }),
    order({ orderNo, items }) {
      for (const { priceFen: _asked, ...item } of items)
        tell(
          { type: 'track', event: 'product.bought', properties: { ...item, order: orderNo } },
          (of) => `${of} ${orderNo} ${item.productNo}`,
        )
    },
    optIn: () => box.write({ ...box.read(), agreed: true }),
    optOut() {
      token = undefined
      queue.clear()
      box.write({ agreed: false })
    },
    flush,
  }
}
