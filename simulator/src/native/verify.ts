import { hash } from 'node:crypto'
import type { Platform } from '../api/endpoint.ts'
import type { Corp } from '../world/corp.ts'

/** What a page shows the client: signed for the corp (`corp`) or for the app in it (`agent`). */
export interface Shown {
  kind: 'corp' | 'agent'
  corpid: string
  agentId: number
  url: string
  timestamp: string
  nonceStr: string
  signature: string
}

/**
 * The client's own check, worked out apart from whoever signed: path/90506, 2026-11. Undefined when all is well, else the
 * errcode and what is wrong, for people.
 */
export function judgeSignature(
  { credentials }: Pick<Platform, 'credentials'>,
  corp: Corp,
  shown: Shown,
): [number, string] | undefined {
  if (shown.corpid !== corp.info.corpid) return [40013, '企业 ID 不是这家企业的']
  if (shown.kind === 'agent' && shown.agentId !== corp.info.agentId) return [40056, 'agentid 不是这个应用的']
  const { trustedDomains } = corp.info.options
  const { host } = new URL(shown.url)
  if (trustedDomains.length > 0 && !trustedDomains.includes(host)) return [80001, `${host} 不是可信域名，端口也要一致`]
  const { ticket } = credentials.jsTicket(corp, shown.kind)
  const text = `jsapi_ticket=${ticket}&noncestr=${shown.nonceStr}&timestamp=${shown.timestamp}&url=${shown.url}`
  return hash('sha1', text) === shown.signature
    ? undefined
    : [40093, '签名不一致：票据、随机串、时间、网址，有一样不对']
}
