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
