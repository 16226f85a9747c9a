import type { WireEntry } from '../../../src/wire.ts'

export type Tone = 'good' | 'bad' | 'waiting' | 'plain'

export interface RowWords {
  /** At most five characters or so: what came of it. */
  result: string
  tone: Tone
  /** What the result means, when the short word leaves something unsaid. */
  note?: string
}

const NO_RECEIVER = '没有配置接收地址'

/** The short word for the right edge of a row, and the rest of the sentence for the line below. */
export function wordsOf(entry: Pick<WireEntry, 'result' | 'ok' | 'direction' | 'callback'>): RowWords {
  const { result, ok } = entry
  if (result === '待送达') return { result, tone: 'waiting', note: '时钟走起来就送出' }
  if (result.startsWith('已丢失')) return { result: '丢失', tone: 'waiting', note: result }
  if (result === NO_RECEIVER) return { result: '没处送', tone: 'waiting', note: '控制台里还没填回调地址' }
  if (result.startsWith('超时（')) return { result: '超时', tone: 'bad', note: result.slice(3, -1) }
  if (entry.direction === 'callback' && !ok && !/^\d{3}$/.test(result)) {
    const again = (entry.callback?.attempt ?? 1) <= RETRIES ? '，稍后重试' : '，不再重试'
    return { result: '没应答', tone: 'bad', note: `${reasonOf(result)}${again}` }
  }
  if (result === '403' && entry.direction === 'callback') return { result, tone: 'bad', note: '接收方说签名不对' }
  return { result, tone: ok ? 'good' : 'bad' }
}

/** path/90930, 2026-11: a callback is tried once and then three times more. */
const RETRIES = 3

function reasonOf(result: string): string {
  if (result === 'ECONNREFUSED') return '那个地址上没有程序在听'
  if (result === 'ECONNRESET') return '连接被对方断开'
  return result
}

/** The company's system does not answer: the newest callback that left found nobody. */
export function isServerAway(newestFirst: readonly WireEntry[]): boolean {
  const last = newestFirst.find((entry) => entry.direction === 'callback' && entry.callback !== undefined)
  return last !== undefined && !last.ok && !/^\d{3}$/.test(last.result)
}

export const ARROWS = { call: '→', callback: '←', page: '○' } as const
export const DIRECTION_WORDS = { call: '本系统调用', callback: '收到回调', page: '顾客打开网页' } as const

export type WireFilter = 'all' | 'call' | 'callback' | 'page' | 'fault'
export const WIRE_FILTERS: readonly { filter: WireFilter; label: string }[] = [
  { filter: 'all', label: '全部' },
  { filter: 'call', label: '调用' },
  { filter: 'callback', label: '回调' },
  { filter: 'page', label: '网页' },
  { filter: 'fault', label: '注入的错' },
]

export function passesFilter(entry: WireEntry, filter: WireFilter): boolean {
  if (filter === 'all') return true
  return filter === 'fault' ? entry.fault !== undefined : entry.direction === filter
}

/** Whether a row is about this customer: by the decrypted callback, or by what the call asks and gets. */
export function isAbout(entry: WireEntry, externalUserid: string): boolean {
  if (externalUserid === '') return false
  if (entry.callback) return entry.callback.xml.includes(externalUserid)
  return JSON.stringify([entry.request, entry.response])?.includes(externalUserid) ?? false
}
