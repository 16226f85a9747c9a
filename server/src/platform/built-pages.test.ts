import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLog } from '../../test/world.ts'
import { serveScripts } from './built-pages.ts'
import { createHttp } from './http.ts'

test('a script for pages of others may be loaded from anywhere, is kept an hour, and then only asked after', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'siyu-scripts-'))
  writeFileSync(join(folder, 'tracker.js'), 'void 0')
  writeFileSync(join(folder, 'secret.js'), 'void 1')
  const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
  serveScripts(app, folder, ['tracker.js'])
  const ask = (headers = {}) => app.inject({ url: '/tracker.js', headers })
  const first = await ask({ origin: 'https://shop.example.com' })
  expect(first.body).toBe('void 0')
  expect(first.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=3600',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  })
  expect((await ask({ 'if-none-match': first.headers.etag })).statusCode).toBe(304)
  expect((await app.inject({ url: '/secret.js' })).statusCode).toBe(404)
  await app.close()
})
