import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { drawQrPng } from '../../../platform/draw-qr.ts'
import { isAllowedPicture, readQrPicture } from './read-picture.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(answer: { status?: number; headers?: Record<string, string>; body?: Buffer }): Promise<string> {
  const server = createServer((_request, response) =>
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body),
  )
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a picture on the host we talk to is read', async () => {
  const origin = await serve({ body: await drawQrPng('https://work.weixin.qq.com/u/vc1', { size: 300, logo: false }) })
  expect(await readQrPicture(`${origin}/qr/1.png`, origin)).toBe('https://work.weixin.qq.com/u/vc1')
})

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://127.0.0.1:7710/qr.png',
  'https://localhost/qr.png',
  'http://p.qpic.cn/a',
  'https://p.qpic.cn:8443/a',
  'https://qpic.cn.evil.example/a',
  'https://evilqpic.cn/a',
  'https://user@p.qpic.cn/a',
  'file:///etc/passwd',
  'https://[::ffff:127.0.0.1]/a',
  'gopher://p.qpic.cn/',
  'nonsense',
])('IO-01: %s is not asked for', (address) => {
  expect(isAllowedPicture(address, 'https://qyapi.weixin.qq.com')).toBe(false)
})

test('WeCom’s own picture hosts are allowed, over https', () => {
  for (const address of [
    'https://p.qpic.cn/wwhead/x/0',
    'https://wework.qpic.cn/x',
    'https://open.work.weixin.qq.com/qr',
  ])
    expect(isAllowedPicture(address, 'https://qyapi.weixin.qq.com')).toBe(true)
})

test('IO-01: a redirect is not followed, and what is too large, no picture or no code is refused', async () => {
  const inner = await serve({ body: await drawQrPng('https://inner', { size: 300, logo: false }) })
  const moved = await serve({ status: 302, headers: { location: `${inner}/qr.png` } })
  await expect(readQrPicture(`${moved}/a`, moved)).rejects.toThrow('could not be fetched')
  const large = await serve({ body: Buffer.alloc(2 * 1024 * 1024 + 1) })
  await expect(readQrPicture(`${large}/a`, large)).rejects.toThrow('larger than 2 MiB')
  const html = await serve({ body: Buffer.from('<svg onload=alert(1)>') })
  await expect(readQrPicture(`${html}/a`, html)).rejects.toThrow('not a picture')
})
