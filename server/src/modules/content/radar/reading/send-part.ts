import type { FastifyReply, FastifyRequest } from 'fastify'

interface Sent {
  mime: string
  fileName: string
}

/** Shown inside a page; anything else is a file to be kept. */
const SHOWN = /^(image\/(png|jpeg)|video\/mp4|application\/pdf)$/
const RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/

/** A file of a page, or the part of it a player asks for. A browser opens nothing of it in our name. */
export function sendFilePart(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { mime, fileName }: Sent,
  bytes: Buffer,
): FastifyReply {
  reply
    .type(mime)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'private, max-age=3600')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
  if (!SHOWN.test(mime))
    reply.header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replaceAll(/['()*]/g, escape)}`,
    )
  const part = partOf(headers.range, bytes.length)
  if (part === undefined) return reply.send(bytes)
  if (part === null) return reply.code(416).header('content-range', `bytes */${bytes.length}`).send()
  const [from, to] = part
  return reply
    .code(206)
    .header('content-range', `bytes ${from}-${to}/${bytes.length}`)
    .send(bytes.subarray(from, to + 1))
}

/** First and last byte; null: there is no such part; undefined: the whole. */
function partOf(asked: string | undefined, size: number): [number, number] | null | undefined {
  const [, first = '', last = ''] = RANGE.exec(asked ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return from <= to && from < size ? [from, to] : null
}
