import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'

/** Tables as files: what they are, and how an answer names it. */
export const TABLE_TYPES = {
  csv: { type: 'text/csv', charset: '; charset=utf-8' },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', charset: '' },
} as const
export type TableFormat = keyof typeof TABLE_TYPES

/** Sends a table as a file to be kept, part by part as it is written. `fileName` is ours: plain ASCII, no quotes. */
export const sendTable = (
  reply: FastifyReply,
  format: TableFormat,
  fileName: string,
  parts: AsyncIterable<string | Buffer>,
) =>
  reply
    .type(`${TABLE_TYPES[format].type}${TABLE_TYPES[format].charset}`)
    .header('content-disposition', `attachment; filename="${fileName}.${format}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(parts))

/** File names of people are Chinese: RFC 5987 carries them, `filename` is for those who cannot read it. */
function disposition(way: 'inline' | 'attachment', name: string, plain: string): string {
  const safe = encodeURIComponent(name.replaceAll(/[/\\\r\n"]/g, '_')).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${way}; filename="${plain}.${name.split('.').at(-1)}"; filename*=UTF-8''${safe}`
}

/** A picture to be looked at, under the name people gave it. */
export const sendPicture = (reply: FastifyReply, mime: string, name: string, picture: Buffer | string) =>
  reply
    .type(mime)
    .header('content-disposition', disposition('inline', name, 'qr'))
    .header('cache-control', 'private, no-cache')
    .header('x-content-type-options', 'nosniff')
    .send(picture)

/** Somebody's file, to be kept: a browser opens none of it in our name, whatever it holds. */
export const sendAttachment = (reply: FastifyReply, mime: string, name: string, bytes: Buffer) =>
  reply
    .type(mime)
    .header('content-disposition', disposition('attachment', name, 'file'))
    .header('cache-control', 'private, no-cache')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .send(bytes)
