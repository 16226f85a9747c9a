import * as http from 'node:http'
import * as https from 'node:https'

/** WeCom hangs up after five seconds (developer.work.weixin.qq.com/document/path/90930, 2026-11). */
export const CALLBACK_DEADLINE_MS = 5000
/** Replies longer than this are not read on: a receiver answers with nothing or `success`. */
const REPLY_BYTES_MAX = 64 * 1024

const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 64 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 64 }),
}

export interface Reply {
  /** 0: no answer; `failure` says why. */
  status: number
  body: string
  ms: number
  failure?: string
}

/** What a receiver behind a fault answers: the line is cut before it. */
export const NO_ANSWER: Reply = { status: 0, body: '', ms: 0, failure: '连不上这个地址' }

/** One HTTP request to a company's receiver. Never throws: no answer is an answer here. */
export function request(method: 'GET' | 'POST', url: URL, body: string, deadlineMs: number): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>()
  const startedAt = performance.now()
  const finish = (status: number, text: string, failure?: string) => {
    clearTimeout(timer)
    resolve({ status, body: text, ms: Math.round(performance.now() - startedAt), failure })
  }
  const secure = url.protocol === 'https:'
  const outgoing = (secure ? https : http).request(url, {
    method,
    agent: agents[secure ? 'https:' : 'http:'],
    headers:
      method === 'POST'
        ? { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(body) }
        : undefined,
  })
  const timer = setTimeout(() => {
    finish(0, '', `${deadlineMs / 1000} 秒内没有应答`)
    outgoing.destroy()
  }, deadlineMs)
  outgoing.on('error', (error: NodeJS.ErrnoException) => finish(0, '', error.code ?? error.message))
  outgoing.on('response', (incoming) => {
    const parts: Buffer[] = []
    let size = 0
    incoming.on('data', (part: Buffer) => {
      size += part.length
      if (size <= REPLY_BYTES_MAX) parts.push(part)
    })
    incoming.on('end', () => finish(incoming.statusCode ?? 0, Buffer.concat(parts).toString()))
    incoming.on('error', () => finish(0, '', '应答中断'))
  })
  outgoing.end(body)
  return promise
}
