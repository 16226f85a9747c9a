import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createVault, readRootKey } from './secrets.ts'

const vault = createVault(Buffer.alloc(32, 1))

test('a sealed value opens only at its own place, unaltered, under its own key', () => {
  const sealed = vault.seal('密钥 secret', 'corp_credential.1.app_secret')
  expect(vault.open(sealed, 'corp_credential.1.app_secret').toString()).toBe('密钥 secret')
  expect(() => vault.open(sealed, 'corp_credential.2.app_secret')).toThrow()
  expect(() => createVault(Buffer.alloc(32, 2)).open(sealed, 'corp_credential.1.app_secret')).toThrow()
  for (let at = 0; at < sealed.length; at++) {
    const altered = Buffer.from(sealed)
    altered[at]! ^= 1
    expect(() => vault.open(altered, 'corp_credential.1.app_secret')).toThrow()
  }
})

test('the same secret is never sealed to the same bytes, and its fingerprint is the same', () => {
  expect(vault.seal('a', 'x').equals(vault.seal('a', 'x'))).toBe(false)
  expect(vault.fingerprint('a')).toBe(vault.fingerprint('a'))
  expect(vault.fingerprint('a')).not.toBe(vault.fingerprint('b'))
})

test('the root key is made once, readable by its owner alone, and read back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'siyu-key-'))
  const key = readRootKey(folder, undefined)
  expect(key).toHaveLength(32)
  expect(readRootKey(folder, undefined).equals(key)).toBe(true)
  expect(statSync(join(folder, 'keys/root.key')).mode & 0o777).toBe(0o400)
  chmodSync(join(folder, 'keys/root.key'), 0o600)
  rmSync(folder, { recursive: true })
})
