import type { FastifyInstance } from 'fastify'
import QRCode from 'qrcode'
import { hashText } from '../prng.ts'
import { codeContent } from '../world/scan.ts'
import type { Platform } from './endpoint.ts'
import { mediaType } from './media.ts'

/** Initials on these colours; white text on each is at least 4.5 : 1. */
const AVATAR_COLOURS = [
  '#0F766E',
  '#8B3A12',
  '#9D174D',
  '#3643A8',
  '#3F6212',
  '#475569',
  '#1D4ED8',
  '#6D28D9',
  '#0E7490',
]

/** QR images, avatars and permanent pictures: plain addresses that phones and browsers open. */
export function registerImages(app: FastifyInstance, { world }: Platform): void {
  app.get('/qr/:file', async (request, reply) => {
    const configId = (request.params as { file: string }).file.replace(/\.png$/, '')
    const known = [...world.corps.values()].some((corp) => corp.contactWays.has(configId))
    if (!known) return reply.code(404).type('text/plain; charset=utf-8').send('这个码已失效')
    const png = await QRCode.toBuffer(codeContent(configId), { errorCorrectionLevel: 'M', margin: 2, width: 400 })
    return reply.type('image/png').send(png)
  })

  app.get('/avatar/:file', async (request, reply) => {
    const name = (request.params as { file: string }).file.replace(/\.svg$/, '')
    const letter = [...name].find((character) => /\p{L}|\p{N}/u.test(character)) ?? '客'
    const colour = AVATAR_COLOURS[hashText(name) % AVATAR_COLOURS.length]
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="32" fill="${colour}"/><text x="32" y="33" fill="#fff" font-family="sans-serif" font-size="28" text-anchor="middle" dominant-baseline="central">${letter}</text></svg>`
    return reply.header('cache-control', 'max-age=86400').type('image/svg+xml').send(svg)
  })

  app.get('/img/:corpid/:mediaId', async (request, reply) => {
    const { corpid, mediaId } = request.params as { corpid: string; mediaId: string }
    const corp = world.corps.get(corpid)
    const bytes = corp?.media.get(mediaId)?.permanent ? corp.mediaBytes(mediaId) : undefined
    if (!bytes) return reply.code(404).type('text/plain; charset=utf-8').send('没有这张图片')
    return reply.type(mediaType(bytes)).send(Buffer.from(bytes))
  })
}
