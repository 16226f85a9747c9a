import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** Distinct member numbers of a text: the first column of a CSV, or one number a line. Lines without one are skipped. */
export async function* readMemberNumbers(source: Readable): AsyncGenerator<string> {
  const seen = new Set<string>()
  for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    const number = /^"?(\d{1,15})"?(?:,|$)/.exec(line)?.[1]
    if (number === undefined || seen.has(number)) continue
    seen.add(number)
    yield number
  }
}

export function openMemberFile(path: string): Readable {
  const file = createReadStream(path)
  if (!path.endsWith('.gz')) return file
  // pipe does not pass errors on: a missing file must fail the reader, not hang it.
  const unzipped = createGunzip()
  file.on('error', (error) => unzipped.destroy(error))
  return file.pipe(unzipped)
}
