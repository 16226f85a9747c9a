import type { z } from 'zod'
import { PUSH_WAYS } from './push-ways.ts'
import type { ShopTrial } from './schema.ts'
import { addressOf, type Shop } from './shops.ts'

const TRIAL = '{"test":true}'
const WAIT_MS = 5_000

/** Pushes a signed trial to the shop's address from outside, as its platform would. */
export async function tryShop(publicUrl: string, shop: Shop): Promise<z.infer<typeof ShopTrial>> {
  const { headers, query } = PUSH_WAYS[shop.platform].sign(TRIAL, shop)
  const url = new URL(addressOf(publicUrl, shop.door))
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: TRIAL,
      signal: AbortSignal.timeout(WAIT_MS),
      redirect: 'error',
    })
    if (answer.ok) return { ok: true, why: '地址能访问，签名也对。店铺那边保存好地址，下一笔订单就会到。' }
    if (answer.status === 404) return { ok: false, why: '地址打不开（404）。接入停用了，或公网地址没有转到这里。' }
    return { ok: false, why: `地址回答 ${answer.status}。请检查公网地址前面的反向代理。` }
  } catch {
    return { ok: false, why: `${publicUrl} 访问不了。平台要能从公网打开它，请检查域名和 HTTPS。` }
  }
}
