import { isUtf8 } from 'node:buffer'
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** The three values of one callback receiver, as the WeCom console shows them, and whom its messages are for. */
export interface CallbackKeys {
  /** At most 32 letters and digits. */
  token: string
  /** Exactly 43 letters and digits. */
  encodingAesKey: string
  /** The corp id for a corp's own app, the suite id for suite events, '' for a personal third-party app. */
  receiveId: string
}

/** What one callback request carries: the query values, already URL-decoded, and Encrypt (or echostr). */
export interface SealedCallback {
  msgSignature: string
  timestamp: string
  nonce: string
  encrypt: string
  /** The receiver's clock, Unix seconds. */
  nowSeconds: number
}

/**
 * The one error of this file's readers. It carries no reason: a caller who could tell a bad signature from bad padding
 * or a foreign receiver would hold a decryption oracle.
 */
export class CallbackRefused extends Error {
  override name = 'CallbackRefused'
  constructor() {
    super('callback refused')
  }
}

/** A receiver's keys with the key material worked out once. Safe to share by all requests of that receiver. */
export interface CallbackCipher {
  /** Lower-case hex SHA-1 signature of an encrypted text. */
  sign(timestamp: string, nonce: string, encrypt: string): string
  /** Seals a text for `receiveId`; `random16` is for reproducible tests only. */
  encrypt(plaintext: string, random16?: Buffer): string
  /** Opens a sealed text, without looking at any signature. Throws `CallbackRefused`. */
  decrypt(encrypted: string): string
  /** Signature, then freshness, then decryption, then receiver id. Throws `CallbackRefused`. */
  open(callback: SealedCallback): string
}

/** Seconds. WeCom asks receivers to refuse stale timestamps without naming a bound; five minutes covers clock skew. */
export const FRESHNESS_SECONDS = 300

/** Characters. A callback body is at most 64 KiB, so its Encrypt is shorter. Not a limit published by WeCom. */
const ENCRYPTED_LENGTH_MAX = 64 * 1024

/** WeCom pads to 32 bytes, not to AES's 16: developer.work.weixin.qq.com/document/path/90968, 2026-11. */
const PAD_BLOCK = 32
const RANDOM_BYTES = 16
const HEADER_BYTES = RANDOM_BYTES + 4

/** Hex SHA-1 of the four values sorted as plain strings and joined (WeCom's `msg_signature`). */
export function sign(token: string, timestamp: string, nonce: string, encrypt: string): string {
  return hash('sha1', [token, timestamp, nonce, encrypt].sort().join(''))
}

/** Compares two hex digests in constant time; anything that is not hex of the expected length does not match. */
export function signatureMatches(expectedHex: string, givenHex: string): boolean {
  if (givenHex.length !== expectedHex.length) return false
  const expected = Buffer.from(expectedHex, 'hex')
  const given = Buffer.from(givenHex, 'hex')
  // Buffer.from stops at the first character that is not hex, so a lying text is shorter than its length says.
  return given.length === expected.length && given.length * 2 === givenHex.length && timingSafeEqual(expected, given)
}

/** Works the key material out once. Throws `TypeError` for keys no console would issue: that is a setup mistake. */
export function createCallbackCipher({ token, encodingAesKey, receiveId }: CallbackKeys): CallbackCipher {
  if (!/^[A-Za-z0-9]{43}$/.test(encodingAesKey)) throw new TypeError('encodingAesKey must be 43 letters and digits')
  const keyBytes = Buffer.from(`${encodingAesKey}=`, 'base64')
  const key = createSecretKey(keyBytes)
  const iv = Buffer.from(keyBytes.subarray(0, 16))
  const receiver = Buffer.from(receiveId)

  const decrypt = (encrypted: string) => openFrame(decipher(key, iv, encrypted), receiver)
  return {
    sign: (timestamp, nonce, encrypt) => sign(token, timestamp, nonce, encrypt),
    encrypt: (plaintext, random16 = randomBytes(RANDOM_BYTES)) => {
      const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
      return cipher.update(frame(plaintext, random16, receiver)).toString('base64')
    },
    decrypt,
    open({ msgSignature, timestamp, nonce, encrypt, nowSeconds }) {
      if (!signatureMatches(sign(token, timestamp, nonce, encrypt), msgSignature)) throw new CallbackRefused()
      if (!isFresh(timestamp, nowSeconds)) throw new CallbackRefused()
      return decrypt(encrypt)
    },
  }
}

/** One-off form of `CallbackCipher.encrypt`. */
export function encryptMessage(keys: CallbackKeys, plaintext: string, random16?: Buffer): string {
  return createCallbackCipher(keys).encrypt(plaintext, random16)
}

/** One-off form of `CallbackCipher.decrypt`. Throws `CallbackRefused`. */
export function decryptMessage(keys: CallbackKeys, encrypted: string): string {
  return createCallbackCipher(keys).decrypt(encrypted)
}

/** One-off form of `CallbackCipher.open`; a receiver that lives longer keeps a cipher. Throws `CallbackRefused`. */
export function openCallback(keys: CallbackKeys, callback: SealedCallback): string {
  return createCallbackCipher(keys).open(callback)
}

/**
 * Signature for `wx.config`, `wx.agentConfig` and `ww.register`. `timestamp` is Unix seconds; of `url` everything from
 * `#` on is left out, as WeCom's client does. Source: developer.work.weixin.qq.com/document/path/90506, 2026-11.
 */
export function signJsapi(page: { ticket: string; nonceStr: string; timestamp: number; url: string }): string {
  const url = page.url.split('#', 1)[0]
  return hash('sha1', `jsapi_ticket=${page.ticket}&noncestr=${page.nonceStr}&timestamp=${page.timestamp}&url=${url}`)
}

function isFresh(timestamp: string, nowSeconds: number): boolean {
  return /^[0-9]{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) - nowSeconds) <= FRESHNESS_SECONDS
}

function frame(plaintext: string, random16: Buffer, receiver: Buffer): Buffer {
  if (random16.length !== RANDOM_BYTES) throw new TypeError('random16 must be 16 bytes')
  const textLength = Buffer.byteLength(plaintext)
  const length = HEADER_BYTES + textLength + receiver.length
  const pad = PAD_BLOCK - (length % PAD_BLOCK)
  const bytes = Buffer.allocUnsafe(length + pad)
  random16.copy(bytes)
  bytes.writeUInt32BE(textLength, RANDOM_BYTES)
  bytes.write(plaintext, HEADER_BYTES)
  receiver.copy(bytes, HEADER_BYTES + textLength)
  bytes.fill(pad, length)
  return bytes
}

function decipher(key: KeyObject, iv: Buffer, encrypted: string): Buffer {
  if (encrypted.length > ENCRYPTED_LENGTH_MAX) throw new CallbackRefused()
  const bytes = Buffer.from(encrypted, 'base64')
  if (bytes.length === 0 || bytes.length % PAD_BLOCK !== 0) throw new CallbackRefused()
  // Without auto padding every whole block comes out of update(); final() would add nothing.
  return createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false).update(bytes)
}

/** Strips padding and frame. Every check is made before the verdict, so all refusals take the same way out. */
function openFrame(bytes: Buffer, receiver: Buffer): string {
  const pad = bytes[bytes.length - 1]!
  let wrong = pad < 1 || pad > PAD_BLOCK ? 1 : 0
  for (let back = 1; back <= PAD_BLOCK; back++) {
    if (back <= pad) wrong |= bytes[bytes.length - back]! ^ pad
  }
  const end = bytes.length - (wrong ? 0 : pad)
  const textEnd = HEADER_BYTES + bytes.readUInt32BE(RANDOM_BYTES)
  if (textEnd + receiver.length !== end) throw new CallbackRefused()
  const text = bytes.subarray(HEADER_BYTES, textEnd)
  if (wrong || !timingSafeEqual(bytes.subarray(textEnd, end), receiver) || !isUtf8(text)) throw new CallbackRefused()
  return text.toString()
}
