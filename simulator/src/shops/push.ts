import { makePrng } from '../prng.ts'
import { makeOrders } from './fake-orders.ts'
import { SHAPES, type ShopPlatform } from './shapes.ts'
import { type ShopKey, SIGNINGS } from './signing.ts'

export interface PushPlan extends ShopKey {
  platform: ShopPlatform
  /** Where the shop has been told to push. */
  url: string
  seed: number
  orders: number
  /** Each push comes again with this chance, is overtaken by others, waits a little, or is signed with a wrong secret. */
  faults: { repeat: number; shuffle: boolean; delayMs: number; forge: number }
}

export interface Pushed {
  sent: number
  taken: number
  refused: number
}

const TRIES = 4
const WAIT_MS = 5_000

/** Plays a shop: pushes everything its orders go through, signed, with the faults of the plan; what is not taken comes again. */
export async function pushOrders(plan: PushPlan, now: Date): Promise<Pushed> {
  const prng = makePrng(plan.seed, 7)
  const lives = makeOrders(plan.seed, plan.orders, now).flat()
  const repeated = lives.flatMap((order) => (prng.chance(plan.faults.repeat) ? [order, order] : [order]))
  const arrivals = plan.faults.shuffle
    ? repeated.map((order) => ({ order, at: prng.next() })).sort((a, b) => a.at - b.at)
    : repeated.map((order) => ({ order }))
  const pushed: Pushed = { sent: 0, taken: 0, refused: 0 }
  for (const { order } of arrivals) {
    if (plan.faults.delayMs > 0) await pause(prng.int(0, plan.faults.delayMs))
    const body = JSON.stringify(SHAPES[plan.platform](order))
    if (prng.chance(plan.faults.forge)) await send(plan, body, { ...plan, secret: `${plan.secret}?` }, pushed)
    for (let attempt = 1; attempt <= TRIES; attempt++) if (await send(plan, body, plan, pushed)) break
  }
  return pushed
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function send({ platform, url }: PushPlan, body: string, key: ShopKey, pushed: Pushed): Promise<boolean> {
  const { headers, query } = SIGNINGS[platform](body, key, String(pushed.sent))
  const to = new URL(url)
  for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value)
  pushed.sent++
  const answer = await fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal: AbortSignal.timeout(WAIT_MS),
  }).catch(() => undefined)
  await answer?.text()
  if (answer?.ok) pushed.taken++
  else pushed.refused++
  return answer?.ok ?? false
}
