import type { ShopKeys } from '../world/records.ts'
import { findTea } from './goods.ts'
import type { Order, Visit } from './visits.ts'

const PATIENCE_MS = 5_000
const TOKEN_MINUTES = 120
/** A page should not be handed a token that ends while it is read. */
const TOKEN_LEFT_MS = 60_000

/** What the shop's own server asks Siyu, with the key no page ever sees. */
async function ask(keys: ShopKeys, path: string, body: unknown): Promise<Record<string, unknown>> {
  const reply = await fetch(keys.endpoint + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.serverKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const answer = (await reply.json()) as Record<string, unknown>
  if (!reply.ok) throw new Error(String(answer.message))
  return answer
}

/** Lets the page of whoever is signed in speak for him; undefined while nobody is, or Siyu cannot be reached. */
export async function tokenFor(visit: Visit, keys: ShopKeys, nowMs: number): Promise<string | undefined> {
  const { externalUserid } = visit
  if (!visit.isSignedIn || externalUserid === undefined) return undefined
  if (visit.token && visit.token.expiresAtMs > nowMs + TOKEN_LEFT_MS) return visit.token.token
  const asked = { ids: { external_userid: externalUserid }, minutes: TOKEN_MINUTES }
  const made = await ask(keys, '/api/openapi/person-token', asked).catch(() => undefined)
  if (!made) return undefined
  visit.token = { token: String(made.token), expiresAtMs: Date.parse(String(made.expiresAt)) }
  return visit.token.token
}

/** Tells an order as the shop's server does: paid, by whom, for what. Returns what came of it, in words. */
export async function tellOrder(
  keys: ShopKeys,
  { orderNo, lines, amountFen }: Omit<Order, 'told'>,
  ids: Record<string, string>,
  nowMs: number,
): Promise<string> {
  const at = new Date(nowMs).toISOString()
  const items = lines.map(({ productNo, number }) => {
    const { name, category, priceFen } = findTea(productNo)!
    return { productNo, name, category, number, amountFen: priceFen * number }
  })
  const order = {
    shop: 'own',
    orderNo,
    state: 'paid',
    placedAt: at,
    paidAt: at,
    amountFen,
    items,
    refunds: [],
    ids,
    updatedAt: at,
  }
  try {
    const { accepted } = await ask(keys, '/open/orders', { orders: [order] })
    return accepted === 1 ? '已收下' : '没有收下'
  } catch (error) {
    return `没有送到：${(error as Error).message}`
  }
}
