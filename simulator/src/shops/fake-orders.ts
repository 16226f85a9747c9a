import { makePrng, type Prng } from '../prng.ts'

export interface FakeItem {
  productNo: number
  name: string
  number: number
  amountFen: number
}

/** An order of a make-believe shop as it stands at one moment of its life. */
export interface FakeOrder {
  orderNo: string
  buyer: string
  state: 'placed' | 'paid' | 'closed'
  placedAt: Date
  paidAt: Date | null
  updatedAt: Date
  amountFen: number
  items: FakeItem[]
  refunds: { refundNo: string; amountFen: number; at: Date }[]
}

const GOODS = [
  { productNo: 8001, name: '明前龙井 250g', priceFen: 12_800 },
  { productNo: 8002, name: '桂花乌龙', priceFen: 6_600 },
  { productNo: 8003, name: '茉莉银针', priceFen: 9_900 },
  { productNo: 8004, name: '熟普小青柑', priceFen: 8_800 },
  { productNo: 8005, name: '白瓷盖碗', priceFen: 15_900 },
] as const
const MINUTE_MS = 60_000
const BUYERS = 40
/** Orders are as old as this at most when they are pushed. */
const DAYS = 30

/**
 * Orders of a shop with all they go through: placed, then paid or closed, some given back in part. One list per order, its
 * versions in the order in which they happened; the last is what stands.
 */
export function makeOrders(seed: number, howMany: number, now: Date): FakeOrder[][] {
  return Array.from({ length: howMany }, (_, nr) =>
    liveOf(makePrng(seed, nr), `S${seed}${String(nr).padStart(5, '0')}`, now),
  )
}

function liveOf(prng: Prng, orderNo: string, now: Date): FakeOrder[] {
  // Whole seconds: no platform tells finer ones.
  const placedAt = new Date(Math.floor((now.getTime() - prng.int(1, DAYS * 24 * 60) * MINUTE_MS) / 1_000) * 1_000)
  const later = (minutes: number) => new Date(placedAt.getTime() + minutes * MINUTE_MS)
  const items = Array.from({ length: prng.int(1, 3) }, () => {
    const { productNo, name, priceFen } = prng.pick(GOODS)
    const number = prng.int(1, 2)
    return { productNo, name, number, amountFen: priceFen * number }
  })
  const placed: FakeOrder = {
    orderNo,
    buyer: `b${prng.int(1, BUYERS)}`,
    state: 'placed',
    placedAt,
    paidAt: null,
    updatedAt: placedAt,
    amountFen: items.reduce((sum, { amountFen }) => sum + amountFen, 0),
    items,
    refunds: [],
  }
  if (prng.chance(0.15)) return [placed, { ...placed, state: 'closed', updatedAt: later(30) }]
  const paid: FakeOrder = { ...placed, state: 'paid', paidAt: later(2), updatedAt: later(2) }
  const life = [placed, paid]
  if (prng.chance(0.25)) {
    const refund = { refundNo: `R${orderNo}`, amountFen: items[0]!.amountFen, at: later(600) }
    life.push({ ...paid, refunds: [refund], updatedAt: later(600) })
  }
  return life
}
