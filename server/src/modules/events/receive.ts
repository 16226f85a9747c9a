import type { IncomingMessage, ServerResponse } from 'node:http'
import { type CallbackCipher, CallbackRefused, createCallbackCipher } from '@siyu/wecom/crypto'
import { readEnvelope, readXml, XmlRefused } from '@siyu/wecom/xml'
import type { Log } from '../../platform/log.ts'
import { metrics } from '../../platform/metrics.ts'
import type { Receiver } from '../corps/context.ts'
import type { Intake } from './intake.ts'

interface Deps {
  findReceiver(key: string): Promise<Receiver | undefined>
  intake: Intake
  log: Log
}

const PATH = '/wecom/callback/'
const BODY_BYTES_MAX = 64 * 1024
const ciphers = new WeakMap<Receiver, CallbackCipher>()

/** A receiver's keys, worked out once for as long as the receiver is remembered. */
export function cipherOf(receiver: Receiver): CallbackCipher {
  const known = ciphers.get(receiver)
  if (known) return known
  const { token, encodingAesKey, wecomCorpid } = receiver
  const cipher = createCallbackCipher({ token, encodingAesKey, receiveId: wecomCorpid })
  ciphers.set(receiver, cipher)
  return cipher
}

/**
 * Takes WeCom's callbacks: verify, decrypt, store, then answer 200; nothing else happens inside the request. Answers
 * false for every other request. It stands before the web framework, whose hooks, ids and logs of a request cost as
 * much as all of this (ADR 5). Every refusal looks alike (403, no body), so that it tells a stranger nothing.
 */
export function createCallbackDoor(deps: Deps): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    if (request.method !== 'POST' || !request.url?.startsWith(PATH)) return false
    const arrived = performance.now()
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_BYTES_MAX) return void chunks.push(chunk)
      metrics.callbacks.inc({ result: 'oversized' })
      request.removeAllListeners('data').resume()
      if (!response.headersSent) answer(response.setHeader('connection', 'close'), 413)
    })
    request.on('end', () => {
      if (size > BODY_BYTES_MAX) return
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      receive(deps, request.url!, body).then(
        (stored) => {
          if (!stored) return answer(response, 403)
          metrics.callbackAckSeconds.observe((performance.now() - arrived) / 1000)
          answer(response, 200, 'success')
        },
        (error) => {
          deps.log.error({ err: error }, 'a callback could not be stored')
          metrics.callbacks.inc({ result: 'not_stored' })
          answer(response, 503)
        },
      )
    })
    return true
  }
}

function answer(response: ServerResponse, status: number, text = ''): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': text.length })
  response.end(text)
}

const stored = metrics.callbacks.labels('stored')

/** True once the callback is durable; false when it is refused. */
async function receive(deps: Deps, url: string, body: Buffer): Promise<boolean> {
  const query = url.indexOf('?')
  const receiver = await deps.findReceiver(url.slice(PATH.length, query < 0 ? undefined : query))
  const plain = receiver && query > 0 ? openBody(cipherOf(receiver), url.slice(query + 1), body) : undefined
  if (plain === undefined) {
    metrics.callbacks.inc({ result: receiver ? 'refused' : 'unknown_receiver' })
    return false
  }
  await deps.intake.store({ corpId: receiver!.corpId, plain, receivedAt: new Date() })
  stored.inc()
  return true
}

/** The decrypted text once every check has passed: well-formed, signed, fresh, for this corp, and XML we would read. */
function openBody(cipher: CallbackCipher, query: string, body: Buffer): string | undefined {
  const [msgSignature, timestamp, nonce] = ['msg_signature=', 'timestamp=', 'nonce='].map((name) =>
    readValue(query, name),
  )
  if (msgSignature === undefined || timestamp === undefined || nonce === undefined) return undefined
  try {
    const { encrypt } = readEnvelope(body)
    const plain = cipher.open({ msgSignature, timestamp, nonce, encrypt, nowSeconds: Date.now() / 1000 })
    readXml(plain)
    return plain
  } catch (error) {
    if (error instanceof CallbackRefused || error instanceof XmlRefused) return undefined
    throw error
  }
}

/** One value of a query string, the only one of its name: of two, WeCom and we might each mean another. */
function readValue(query: string, name: string): string | undefined {
  const start = query.startsWith(name) ? 0 : query.indexOf(`&${name}`) + 1
  if (start === 0 && !query.startsWith(name)) return undefined
  const from = start + name.length
  if (query.includes(`&${name}`, from)) return undefined
  const end = query.indexOf('&', from)
  const raw = query.slice(from, end < 0 ? undefined : end)
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return undefined
  }
}
