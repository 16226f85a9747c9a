import { createCipheriv } from 'node:crypto'
import * as vendor from '@wecom/crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CallbackRefused,
  createCallbackCipher,
  decryptMessage,
  encryptMessage,
  openCallback,
  sign,
  signatureMatches,
  signJsapi,
} from './crypto.ts'

// Worked out apart from this code: developer.work.weixin.qq.com/document/path/90968, 2026-11.
const keys = {
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiveId: 'wx5823bf96d3bd56c7',
}
const ENCRYPT =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='
const SENT_AT = 1409659813
const genuine = {
  msgSignature: '477715d11cdb4164915debcba66cb864d751f3e6',
  timestamp: String(SENT_AT),
  nonce: '1372623149',
  encrypt: ENCRYPT,
  nowSeconds: SENT_AT,
}

function refusal(attempt: () => unknown): unknown {
  try {
    return attempt()
  } catch (error) {
    return error
  }
}

test('opens the vendor’s own example and signs it as the vendor does', () => {
  expect(sign(keys.token, genuine.timestamp, genuine.nonce, ENCRYPT)).toBe(genuine.msgSignature)
  const message = openCallback(keys, genuine)
  expect(Buffer.byteLength(message)).toBe(0x11c)
  expect(message).toContain('<Content><![CDATA[hello]]></Content>')
  expect(message).toContain('<MsgId>4561255354251345929</MsgId>')
})

test('signs a page as the vendor’s example does, whatever follows #', () => {
  const page = {
    ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
    nonceStr: 'Wm3WZYTPz0wzccnW',
    timestamp: 1414587457,
    url: 'http://mp.weixin.qq.com?params=value',
  }
  expect(signJsapi(page)).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
  expect(signJsapi({ ...page, url: `${page.url}#/customer?x=1#y` })).toBe('0f9de62fce790f9a083d5c99e95740ceb90c27ed')
})

test('what we seal the vendor’s package opens, and the other way round, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const opened = vendor.decrypt(keys.encodingAesKey, encryptMessage(keys, text))
      expect(opened).toMatchObject({ message: text, id: keys.receiveId })
      expect(decryptMessage(keys, vendor.encrypt(keys.encodingAesKey, text, keys.receiveId))).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test('every length of padding from 1 to 32 is opened, for a suite without a receiver id too', () => {
  for (const receiveId of ['wx5823bf96d3bd56c7', '']) {
    const cipher = createCallbackCipher({ ...keys, receiveId })
    for (let length = 0; length <= 64; length++) {
      const text = 'x'.repeat(length)
      expect(cipher.decrypt(cipher.encrypt(text))).toBe(text)
    }
  }
})

test('a timestamp is fresh for 300 seconds either way and not for 301', () => {
  const cipher = createCallbackCipher(keys)
  for (const skew of [-300, 300]) expect(cipher.open({ ...genuine, nowSeconds: SENT_AT + skew })).toContain('hello')
  for (const skew of [-301, 301]) {
    expect(() => cipher.open({ ...genuine, nowSeconds: SENT_AT + skew })).toThrow(CallbackRefused)
  }
})

test('a timestamp that is no plain number is stale, signed or not', () => {
  const cipher = createCallbackCipher(keys)
  for (const timestamp of ['', ' 1409659813', '1409659813.5', '0x5405e5e5', '1e9', 'NaN', '-1', '９'.repeat(10)]) {
    const msgSignature = cipher.sign(timestamp, genuine.nonce, ENCRYPT)
    expect(() => cipher.open({ ...genuine, timestamp, msgSignature })).toThrow(CallbackRefused)
  }
})

test('a message for another corp is refused though keys and signature are right', () => {
  for (const receiveId of ['wx5823bf96d3bd56c8', 'wx5823bf96d3bd56c', 'wx5823bf96d3bd56c77', '']) {
    const foreign = encryptMessage({ ...keys, receiveId }, 'hello')
    expect(() => decryptMessage(keys, foreign)).toThrow(CallbackRefused)
  }
})

test('a changed signature, timestamp, nonce or cipher is refused', () => {
  const cipher = createCallbackCipher(keys)
  fc.assert(
    fc.property(
      fc.constantFrom('msgSignature', 'timestamp', 'nonce', 'encrypt'),
      fc.nat(),
      fc.constantFrom(...'0123456789abcdefABCDEF+/= \u0000'),
      (field, at, character) => {
        const value = genuine[field as 'nonce']
        const place = at % value.length
        fc.pre(value[place]!.toLowerCase() !== character.toLowerCase())
        const changed = value.slice(0, place) + character + value.slice(place + 1)
        expect(() => cipher.open({ ...genuine, [field]: changed })).toThrow(CallbackRefused)
      },
    ),
    { numRuns: 5_000 },
  )
})

test('20,000 flipped bytes under a recomputed signature: the text itself or one and the same refusal', () => {
  const cipher = createCallbackCipher(keys)
  const good = Buffer.from(ENCRYPT, 'base64')
  const refusals = new Set<string>()
  let opened = 0
  for (let run = 0; run < 20_000; run++) {
    const bytes = Buffer.from(good)
    const at = (run * 7919) % bytes.length
    bytes[at] = bytes[at]! ^ (1 + (run % 255))
    // Every fourth also loses its tail, so that lengths lie.
    const encrypt = bytes.subarray(0, run % 4 === 0 ? bytes.length - (run % 97) : bytes.length).toString('base64')
    const msgSignature = cipher.sign(genuine.timestamp, genuine.nonce, encrypt)
    const result = refusal(() => cipher.open({ ...genuine, encrypt, msgSignature }))
    if (typeof result === 'string') opened++
    else {
      expect(result).toBeInstanceOf(CallbackRefused)
      const { name, message } = result as CallbackRefused
      refusals.add(JSON.stringify([name, message, Object.keys(result as object)]))
    }
  }
  expect(refusals.size).toBe(1)
  // CBC lets a flip change the text without breaking the frame: that is why the signature comes first.
  expect(opened).toBeGreaterThan(0)
  expect(opened).toBeLessThan(2_000)
})

/** Seals a frame as it is, made by hand: what our own writer would never write. */
function seal(frame: Buffer): string {
  const key = Buffer.from(`${keys.encodingAesKey}=`, 'base64')
  return createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false).update(frame).toString('base64')
}

function frameOf({ length = 5, pad, padding = pad }: { length?: number; pad: number; padding?: number }): Buffer {
  // 16 random + 4 length + 5 text + 18 receiver = 43, and 21 of padding make 64.
  const frame = Buffer.alloc(64, padding)
  frame.writeUInt32BE(length, 16)
  frame.write(`hello${keys.receiveId}`, 20)
  frame[63] = pad
  return frame
}

test('a frame made by hand opens when length and padding are right, and only then', () => {
  const cipher = createCallbackCipher(keys)
  expect(cipher.decrypt(seal(frameOf({ pad: 21 })))).toBe('hello')
  for (const pad of [0, 1, 20, 22, 32, 33, 64, 255]) {
    expect(() => cipher.decrypt(seal(frameOf({ pad })))).toThrow(CallbackRefused)
  }
  expect(() => cipher.decrypt(seal(frameOf({ pad: 21, padding: 20 })))).toThrow(CallbackRefused)
  for (const length of [0, 4, 6, 23, 44, 0x7fffffff, 0xffffffff]) {
    expect(() => cipher.decrypt(seal(frameOf({ pad: 21, length })))).toThrow(CallbackRefused)
  }
})

test('a frame without any padding is refused, though text and receiver fill it exactly', () => {
  const frame = Buffer.alloc(64)
  frame.writeUInt32BE(26, 16)
  frame.write('x'.repeat(26) + keys.receiveId, 20)
  expect(() => createCallbackCipher(keys).decrypt(seal(frame))).toThrow(CallbackRefused)
})

test('what is not whole blocks of base64, or too long, is refused', () => {
  const cipher = createCallbackCipher(keys)
  for (const encrypted of ['', '====', 'AAAA', 'A'.repeat(43), 'A'.repeat(64), '中文', 'A'.repeat(65_537)]) {
    expect(() => cipher.decrypt(encrypted)).toThrow(CallbackRefused)
  }
})

test('a text that is not UTF-8 is refused', () => {
  const cipher = createCallbackCipher(keys)
  const sealed = Buffer.from(cipher.encrypt('x'.repeat(64)), 'base64')
  // In CBC a bit flipped in the random head flips the same bit one block on: here in the text's first byte.
  const flipped = (bit: number) => {
    const bytes = Buffer.from(sealed)
    bytes[4] = bytes[4]! ^ bit
    return bytes.toString('base64')
  }
  expect(cipher.decrypt(flipped(0x01))).toBe(`y${'x'.repeat(63)}`)
  expect(() => cipher.decrypt(flipped(0x80))).toThrow(CallbackRefused)
})

test('signatures match only as whole hex digests of the same length', () => {
  const digest = genuine.msgSignature
  expect(signatureMatches(digest, digest)).toBe(true)
  for (const other of ['', digest.slice(0, 39), `${digest}0`, `${digest.slice(0, 38)}zz`, `0${digest.slice(1)}`]) {
    expect(signatureMatches(digest, other)).toBe(false)
  }
})

test('keys no console would issue are a setup mistake, not a refused callback', () => {
  for (const encodingAesKey of ['', 'x'.repeat(42), 'x'.repeat(44), `${'x'.repeat(42)}+`]) {
    expect(() => createCallbackCipher({ ...keys, encodingAesKey })).toThrow(TypeError)
  }
})
