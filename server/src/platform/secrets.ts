import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FORMAT = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals values at rest with AES-256-GCM. `place` (table, column, keys) is bound to the ciphertext, so a sealed value
 * moved to another row does not open. Layout: format (1 byte), iv (12), tag (16), ciphertext.
 */
export interface Vault {
  seal(plain: string | Buffer, place: string): Buffer
  /** Throws when the value was altered, moved, or sealed with another key. */
  open(sealed: Buffer, place: string): Buffer
  /** A short keyed mark by which a person can compare two secrets without seeing them. */
  fingerprint(plain: string): string
}

export function createVault(rootKey: Buffer): Vault {
  if (rootKey.length !== 32) throw new Error('the root key must have 32 bytes')
  const key = Buffer.from(hkdfSync('sha256', rootKey, '', 'siyu.seal.1', 32))
  const markKey = Buffer.from(hkdfSync('sha256', rootKey, '', 'siyu.fingerprint.1', 32))
  return {
    seal(plain, place) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(plain), cipher.final()])
      return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body])
    },
    open(sealed, place) {
      if (sealed[0] !== FORMAT || sealed.length < 1 + IV_BYTES + TAG_BYTES) throw new Error('unknown sealed format')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_BYTES))
      decipher.setAAD(Buffer.from(place))
      decipher.setAuthTag(sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES + TAG_BYTES)), decipher.final()])
    },
    fingerprint: (plain) => createHmac('sha256', markKey).update(plain).digest('hex').slice(0, 12),
  }
}

/** The root key from the setting, else from `<dataDir>/keys/root.key` (mode 0400), made on the first start. */
export function readRootKey(dataDir: string, hex: string | undefined): Buffer {
  if (hex) return Buffer.from(hex, 'hex')
  const folder = join(dataDir, 'keys')
  const file = join(folder, 'root.key')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o400, flag: 'wx' })
    chmodSync(file, 0o400)
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
  if (key.length !== 32) throw new Error(`${file} is not a key of 32 bytes in hexadecimal`)
  return key
}

export const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()
