import { randomBytes } from 'node:crypto'
import { signJsapi } from '@siyu/wecom/crypto'
import type { WorkContext } from './context.ts'

/** What a page shows WeCom's client before it may call it: for the corp, and for our app in it. */
export interface PageSignature {
  timestamp: number
  nonceStr: string
  corp: string
  agent: string
}

const URL_CHARS_MAX = 2_000
/** Mobile pages of ours. */
const PLACES = ['/m/', '/r/']

/** The address as WeCom hashes it, when it is a mobile page of ours; of nothing else a signature may be made (PB-20). */
export function ownPageUrl(publicUrl: string, asked: string): string | undefined {
  if (asked.length > URL_CHARS_MAX || !URL.canParse(asked)) return undefined
  const [bare = ''] = asked.split('#', 1)
  const { origin, pathname } = new URL(bare)
  if (origin !== new URL(publicUrl).origin || !bare.startsWith(`${origin}/`)) return undefined
  return PLACES.some((place) => pathname.startsWith(place)) ? bare : undefined
}

/** Signs a page. Tickets are fetched once in two hours however many ask, by one process for all. */
export async function signPage(work: WorkContext, corpId: string, url: string, now: Date): Promise<PageSignature> {
  const { jsapi } = await work.wecom(corpId)
  const [corpTicket, agentTicket] = await Promise.all([jsapi.corpTicket(), jsapi.agentTicket()])
  const timestamp = Math.floor(now.getTime() / 1000)
  const nonceStr = randomBytes(12).toString('hex')
  const sign = (ticket: string) => signJsapi({ ticket, nonceStr, timestamp, url })
  return { timestamp, nonceStr, corp: sign(corpTicket), agent: sign(agentTicket) }
}
