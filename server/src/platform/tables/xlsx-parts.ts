import { text as readAll } from 'node:stream/consumers'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { TableTooLarge, TableUnreadable } from '../errors.ts'

const ENTRIES_MAX = 2_000
/** Unpacked bytes of one part: two hundred thousand rows of thirty columns, with room. */
const PART_BYTES_MAX = 300_000_000
/** Shared texts are held in memory. */
export const TEXTS_BYTES_MAX = 80_000_000
const SMALL_BYTES_MAX = 4_000_000

/** The parts of a workbook by name, unpacked as they are read, and never further than they may be. */
export interface Parts {
  has(name: string): boolean
  read(name: string, bytesMax?: number): AsyncGenerator<string>
  readSmall(name: string): Promise<string>
}

export async function openParts(bytes: Buffer): Promise<Parts> {
  const { zip, entries } = await listEntries(bytes)
  async function* read(name: string, bytesMax = PART_BYTES_MAX): AsyncGenerator<string> {
    const entry = entries.get(name)
    if (!entry) return
    const decoder = new TextDecoder('utf-8')
    let bytes = 0
    for await (const piece of unpack(zip, entry)) {
      bytes += piece.length
      // Counted as it comes: what the archive says of itself is no promise.
      if (bytes > bytesMax)
        throw new TableTooLarge({ what: '压缩包里的内容展开后过大', most: `${bytesMax / 1_000_000} MB` })
      yield decoder.decode(piece, { stream: true })
    }
  }
  return {
    has: (name) => entries.has(name),
    read,
    readSmall: (name) => readAll(read(name, SMALL_BYTES_MAX)),
  }
}

const broken = () => new TableUnreadable({ why: '文件不完整，或不是 XLSX' })

/** What the archive's reader says of a broken one is said in our words; what is done with the pieces is none of its business. */
async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const stream = await zip.openReadStreamPromise(entry).catch(() => {
    throw broken()
  })
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  try {
    for (;;) {
      const { done, value } = await pieces.next().catch(() => {
        throw broken()
      })
      if (done) return
      yield value
    }
  } finally {
    stream.destroy()
  }
}

async function listEntries(bytes: Buffer): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
  const entries = new Map<string, Entry>()
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true })
    if (zip.entryCount > ENTRIES_MAX) throw new TableUnreadable({ why: '压缩包里的文件太多，不像一个表格' })
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
    return { zip, entries }
  } catch (error) {
    throw error instanceof TableUnreadable ? error : broken()
  }
}
