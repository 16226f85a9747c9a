export interface FilePart {
  field: string
  fileName: string | undefined
  bytes: Buffer
}

/** Reads multipart/form-data of a known size; what uploads to WeCom send. Undefined when it is something else. */
export function readMultipart(contentType: string, body: Buffer): FilePart[] | undefined {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (!contentType.startsWith('multipart/form-data') || !boundary) return undefined
  const mark = Buffer.from(`--${boundary}`)
  const parts: FilePart[] = []
  let at = body.indexOf(mark)
  while (at >= 0) {
    const start = at + mark.length
    if (body.subarray(start, start + 2).toString() === '--') return parts
    const next = body.indexOf(mark, start)
    if (next < 0) return undefined
    const part = readPart(body.subarray(start + 2, next - 2))
    if (part) parts.push(part)
    at = next
  }
  return undefined
}

function readPart(part: Buffer): FilePart | undefined {
  const headEnd = part.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = part.subarray(0, headEnd).toString()
  const field = /[; ]name="([^"]*)"/i.exec(head)?.[1]
  if (field === undefined) return undefined
  return { field, fileName: /filename="([^"]*)"/i.exec(head)?.[1], bytes: part.subarray(headEnd + 4) }
}
