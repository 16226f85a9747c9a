import { expect, test } from 'vitest'
import { BadConfiguration, readConfig } from './config.ts'

test('without any variable the demo starts on 7700 and 7710 with a database of its own', () => {
  expect(readConfig({})).toMatchObject({
    role: 'all',
    port: 7700,
    simulatorPort: 7710,
    demo: true,
    databaseUrl: undefined,
    wecomBaseUrl: 'http://127.0.0.1:7710',
    publicUrl: 'http://127.0.0.1:7700',
  })
})

test('a WeCom address turns the demo off, and an empty variable counts as unset', () => {
  expect(readConfig({ WECOM_BASE_URL: 'https://qyapi.weixin.qq.com/', SIYU_PORT: '' })).toMatchObject({
    demo: false,
    wecomBaseUrl: 'https://qyapi.weixin.qq.com',
    port: 7700,
  })
})

test('every bad variable is named at once', () => {
  const bad = {
    SIYU_PORT: '70000',
    SIYU_ROLE: 'boss',
    DATABASE_URL: 'mysql://x',
    SIYU_ROOT_KEY: 'short',
    SIYU_ADMIN_PASSWORD: '123',
    WECOM_BASE_URL: 'ftp://x',
  }
  expect(() => readConfig(bad)).toThrow(BadConfiguration)
  for (const name of Object.keys(bad)) expect(() => readConfig(bad)).toThrow(new RegExp(name))
})

test('OP-02: a root key that is a sample value is refused', () => {
  expect(() => readConfig({ SIYU_ROOT_KEY: '0'.repeat(64) })).toThrow(/SIYU_ROOT_KEY/)
  expect(() => readConfig({ SIYU_ROOT_KEY: 'deadbeef'.repeat(8) })).toThrow(/SIYU_ROOT_KEY/)
  expect(
    readConfig({ SIYU_ROOT_KEY: '3f9a1c7be04d825693bd7ef01a24c85896e7d0b1f3a5c2484d6e9b07a1f38c52' }).rootKeyHex,
  ).toHaveLength(64)
})
