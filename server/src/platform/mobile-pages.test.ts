import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { testLog } from '../../test/world.ts'
import { createHttp } from './http.ts'
import { serveMobilePages } from './mobile-pages.ts'

const HOSTILE = [
  '</script><script>window.__f=1</script>',
  '<!--<script>',
  ']]>',
  '\u2028\u2029',
  '$&$`$1',
  '&lt;',
  '"}',
]

async function aSite(firstScript?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'siyu-mobile-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'card.html'), '<!doctype html><div id="root"></div><!--boot--><p>end</p>')
  writeFileSync(join(folder, 'assets', 'card-1.js'), 'void 0')
  writeFileSync(join(folder, 'secret.js'), 'void 1')
  const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [] })
  const pages = serveMobilePages(app, { folder, firstScript, framedBy: ['https://work.weixin.qq.com'] })
  for (const entry of ['card', 'missing'])
    app.get(`/m/${entry}`, { config: { access: 'public' } }, (request, reply) =>
      pages.send(request, reply, entry, { names: HOSTILE }),
    )
  return app
}

test('what a page is told comes as it was said and ends no script, whatever others wrote', async () => {
  const app = await aSite()
  const { body } = await app.inject('/m/card')
  const [, json = ''] = /<script type="application\/json" id="boot">(.*?)<\/script>/s.exec(body) ?? []
  expect(JSON.parse(json)).toEqual({ names: HOSTILE })
  expect(body.match(/<script/g)).toHaveLength(1)
  expect(body).toContain('<p>end</p>')
  await app.close()
})

test('a page runs our scripts alone, is framed by whom we name, is never kept, and comes packed to whoever unpacks', async () => {
  const app = await aSite('http://127.0.0.1:7710/native/bridge.js')
  const reply = await app.inject({ url: '/m/card', headers: { 'accept-encoding': 'gzip' } })
  expect(gunzipSync(reply.rawPayload).toString()).toContain(
    '<script src="http://127.0.0.1:7710/native/bridge.js"></script>',
  )
  const policy = String(reply.headers['content-security-policy'])
  expect(policy).toContain("script-src 'self' http://127.0.0.1:7710;")
  expect(policy).toContain("frame-ancestors 'self' https://work.weixin.qq.com")
  expect(policy).not.toContain("script-src 'self' 'unsafe-inline'")
  expect(reply.headers['cache-control']).toBe('no-store')
  const alone = await aSite()
  expect(String((await alone.inject('/m/card')).headers['content-security-policy'])).toContain("script-src 'self';")
  await Promise.all([app.close(), alone.close()])
})

test('assets are kept for ever, nothing else of the folder is served, and a page not built says how to build it', async () => {
  const app = await aSite()
  expect((await app.inject('/m/assets/card-1.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const url of ['/m/assets/../secret.js', '/m/assets/..%2fsecret.js', '/m/secret.js', '/m/assets/none.js'])
    expect((await app.inject(url)).statusCode, url).toBe(404)
  const missing = await app.inject('/m/missing')
  expect([missing.statusCode, missing.body.includes('npm run build')]).toEqual([503, true])
  await app.close()
})
