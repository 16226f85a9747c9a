import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { TextDecoder } from 'node:util'
import { TableTooLarge, TableUnreadable } from '../errors.ts'
import type { TableRow } from './limits.ts'
import { createCsvReader } from './read-csv.ts'
import { readXlsx } from './read-xlsx.ts'

/** How a file is to be read: a workbook, or text in one of the ways spreadsheets write it. */
export const TABLE_FORMATS = ['xlsx', 'utf-8', 'gb18030', 'utf-16le'] as const
export type TableFormat = (typeof TABLE_FORMATS)[number]

/** A file in pieces, which can be read again from its beginning. */
export type Pieces = () => AsyncIterable<Buffer>

/** Packed bytes of a workbook: it is held whole, because its table of contents stands at the end. */
const XLSX_BYTES_MAX = 32_000_000

/** What a file is, by what stands in it and not by its name. Reads it through. */
export async function findFormat(pieces: Pieces): Promise<TableFormat> {
  const known = byBeginning(await readStart(pieces))
  if (known) return known
  const decoders = new Map(
    (['utf-8', 'gb18030'] as const).map((format) => [format, new TextDecoder(format, { fatal: true })]),
  )
  for await (const piece of pieces()) {
    if (piece.includes(0)) throw new TableUnreadable({ why: '里面有不是文字的内容' })
    for (const [format, decoder] of decoders) if (!decodes(decoder, piece)) decoders.delete(format)
  }
  for (const [format, decoder] of decoders) if (decodes(decoder)) return format
  throw new TableUnreadable({ why: '文字不是 UTF-8，也不是 GBK' })
}

const START_BYTES = 4

async function readStart(pieces: Pieces): Promise<Buffer> {
  let start = Buffer.alloc(0)
  for await (const piece of pieces()) {
    start = Buffer.concat([start, piece.subarray(0, START_BYTES)])
    if (start.length >= START_BYTES) break
  }
  if (start.length === 0) throw new TableUnreadable({ why: '是空的' })
  return start
}

function byBeginning(bytes: Buffer): TableFormat | undefined {
  const start = bytes.toString('hex')
  if (start.startsWith('504b0304')) return 'xlsx'
  if (start.startsWith('d0cf11e0')) throw new TableUnreadable({ why: '是旧的 XLS，或加了密码' })
  return start.startsWith('fffe') ? 'utf-16le' : undefined
}

function decodes(decoder: TextDecoder, piece?: Buffer): boolean {
  try {
    decoder.decode(piece, { stream: piece !== undefined })
    return true
  } catch {
    return false
  }
}

/** The rows of a file in packets, as they come out of it; of `most` rows there may be no more. */
export async function* readTable(pieces: Pieces, format: TableFormat, most: number): AsyncGenerator<TableRow[]> {
  let rows = 0
  for await (const packet of format === 'xlsx' ? readXlsx(await readWhole(pieces)) : readText(pieces, format)) {
    rows += packet.length
    if (rows > most + 1) throw new TableTooLarge({ what: '行太多', most: `${most} 行` })
    yield packet
  }
}

async function readWhole(pieces: Pieces): Promise<Buffer> {
  let bytes = 0
  return buffer(
    Readable.from(
      (async function* () {
        for await (const piece of pieces()) {
          bytes += piece.length
          if (bytes > XLSX_BYTES_MAX)
            throw new TableTooLarge({ what: '工作簿', most: `${XLSX_BYTES_MAX / 1_000_000} MB` })
          yield piece
        }
      })(),
    ),
  )
}

async function* readText(pieces: Pieces, format: Exclude<TableFormat, 'xlsx'>): AsyncGenerator<TableRow[]> {
  const decoder = new TextDecoder(format, { fatal: true })
  const reader = createCsvReader()
  for await (const piece of pieces()) yield reader.push(decoder.decode(piece, { stream: true }))
  yield [...reader.push(decoder.decode()), ...reader.end()]
}

/** A file that is there whole. */
export const piecesOf = (bytes: Buffer): Pieces =>
  async function* () {
    yield bytes
  }
