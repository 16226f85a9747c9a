import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCanvas } from '@napi-rs/canvas'
import { expect, test } from 'vitest'
import { aContext, aCorp, freshDb } from '../../../../test/world.ts'
import { isPublicAddress } from '../../../platform/safe-fetch.ts'
import { importPage } from './import-page.ts'
import { readPage } from './read-page.ts'

const read = (html: string | Buffer, type = 'text/html; charset=utf-8') =>
  readPage(Buffer.from(html), type, 'https://tea.example/a/b')

test('a page becomes our own small pieces: its words and pictures, nothing of its markup, scripts, forms or frames', () => {
  const page =
    read(`<!doctype html><html><head><title>站名</title><meta property="og:title" content="春茶 &amp; 水"><meta name="description" content="三句话">
    <style>p{color:red}</style><script>steal()</script></head><body><nav>首页 | 关于</nav>
    <article><h1>春茶 &amp; 水</h1><p>水温<b>八十度</b>，<a href="javascript:alert(1)">别烫</a>。<img src="/x.png" onerror="alert(1)" alt="茶园"></p>
    <h2>三步</h2><ol><li>温杯</li><li>投茶<br>三克</li></ol><blockquote>慢一点</blockquote>
    <iframe src="https://evil.example"></iframe><svg><script>steal()</script></svg><form><input value="x"><button>买</button></form>
    <img src="data:image/png;base64,AAAA"><img data-src="//cdn.example/y.jpg" src="lazy.gif"></article>
    <div>广告：点这里</div><footer>版权</footer></body></html>`)
  expect(page.title).toBe('春茶 & 水')
  expect(page.summary).toBe('三句话')
  expect(page.pieces).toEqual([
    { type: 'paragraph', text: '水温八十度，别烫。' },
    { type: 'picture', address: 'https://tea.example/x.png', caption: '茶园' },
    { type: 'heading', text: '三步' },
    { type: 'list', ordered: true, items: ['温杯', '投茶 三克'] },
    { type: 'quote', text: '慢一点' },
    { type: 'picture', address: 'https://cdn.example/y.jpg', caption: '' },
  ])
})

test('pages in GBK, broken pages and pages of nothing are read without harm', () => {
  const gbk = Buffer.from([0x3c, 0x70, 0x3e, 0xb2, 0xe8, 0xd2, 0xb6]) // <p>茶叶
  expect(read(gbk, 'text/html; charset=gbk').pieces).toEqual([{ type: 'paragraph', text: '茶叶' }])
  expect(read('<p>没有<b>关上</i><ul><li>一<p>二').pieces.map((piece) => piece.type)).toEqual(['paragraph', 'list'])
  expect(read('', 'text/html; charset=nonsense')).toMatchObject({ title: '未命名的网页', pieces: [] })
  expect(read(`${'<div>'.repeat(20_000)}深${'</div>'.repeat(20_000)}`).pieces).toEqual([
    { type: 'paragraph', text: '深' },
  ])
})

test('an imported page keeps the pictures that are pictures, as files of ours; the rest is left out', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  const [good, host] = [await createCanvas(40, 30).encode('png'), '127.0.0.78']
  const site = createServer((request, response) => {
    if (request.url === '/good.png') response.writeHead(200, { 'content-type': 'image/png' }).end(good)
    else if (request.url === '/bad.png')
      response.writeHead(200, { 'content-type': 'image/png' }).end('<svg onload="alert(1)"/>')
    else if (request.url === '/file') response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF')
    else if (request.url === '/empty')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<div id="app"></div>')
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          '<title>茶</title><p>一段</p><img src="/good.png"><img src="/bad.png"><img src="http://127.0.0.1:1/in.png">',
        )
  })
  await new Promise<void>((resolve) => site.listen(0, host, resolve))
  const { port } = site.address() as AddressInfo
  const rules = { ports: [80, 443, port], isPublic: (address: string) => address === host || isPublicAddress(address) }
  const page = (path: string, as: 'article' | 'link' = 'article') =>
    importPage(db.api, context, corpId, { url: `http://${host}:${port}${path}`, as }, rules)
  const said = await page('/')
  const files = await db.owner.selectFrom('mediaAsset').select('mediaAssetId').where('corpId', '=', corpId).execute()
  expect(files).toHaveLength(1)
  const fileId = files[0]!.mediaAssetId
  expect(said).toMatchObject({
    kind: 'article',
    title: '茶',
    coverId: fileId,
    content: {
      blocks: [
        { type: 'paragraph', text: '一段' },
        { type: 'picture', fileId },
      ],
    },
  })
  expect(await page('/', 'link')).toMatchObject({ kind: 'link', title: '茶', coverId: fileId })
  for (const path of ['/file', '/empty'])
    await expect(page(path)).rejects.toMatchObject({ code: 'content.page_refused' })
  await expect(
    importPage(db.api, context, corpId, { url: 'http://169.254.169.254/', as: 'link' }),
  ).rejects.toMatchObject({ code: 'content.page_refused' })
  site.close()
})
