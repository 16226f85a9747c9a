import { randomBytes } from 'node:crypto'
import { type CallbackCipher, createCallbackCipher } from '@siyu/wecom/crypto'
import type { Receiver } from '../world/records.ts'

/** A signed, encrypted delivery. Each attempt gets its own: nonce, time and cipher are fresh, the content is not. */
export interface Sealed {
  url: URL
  query: Record<string, string>
  cipher: string
}

/** Key material is worked out once for each receiver, not for each delivery. */
const ciphers = new WeakMap<Receiver, CallbackCipher>()

function cipherOf(receiver: Receiver, receiveId: string): CallbackCipher {
  let cipher = ciphers.get(receiver)
  if (!cipher) {
    cipher = createCallbackCipher({ token: receiver.token, encodingAesKey: receiver.encodingAesKey, receiveId })
    ciphers.set(receiver, cipher)
  }
  return cipher
}

export function seal(receiver: Receiver, receiveId: string, message: string, cipherAs?: 'echostr'): Sealed {
  const keys = cipherOf(receiver, receiveId)
  const cipher = keys.encrypt(message)
  // Real time, not the world's: receivers refuse what is older than some minutes.
  const timestamp = String(Math.floor(Date.now() / 1000))
  const nonce = String(randomBytes(4).readUInt32BE())
  const query: Record<string, string> = {
    msg_signature: keys.sign(timestamp, nonce, cipher),
    timestamp,
    nonce,
  }
  if (cipherAs) query[cipherAs] = cipher
  const url = new URL(receiver.url)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { url, query, cipher }
}

export function envelopeXml(corpid: string, agentId: number | undefined, cipher: string): string {
  const agent = agentId === undefined ? '' : `<AgentID><![CDATA[${agentId}]]></AgentID>`
  return `<xml><ToUserName><![CDATA[${corpid}]]></ToUserName>${agent}<Encrypt><![CDATA[${cipher}]]></Encrypt></xml>`
}
