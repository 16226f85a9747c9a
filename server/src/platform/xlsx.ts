import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** Characters a cell of Excel holds. */
const CELL_MAX = 32_767
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const PARTS: readonly [string, string][] = [
  [
    '[Content_Types].xml',
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${RELATIONS}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
  ],
]

/**
 * A workbook of one sheet, written as its rows come: memory stays flat whatever its length. Every cell is typed as text,
 * so that none is ever a formula, a date or a number that lost its zeros.
 */
export async function* writeXlsx(
  sheet: string,
  rows: AsyncIterable<readonly (string | number | null)[]>,
): AsyncGenerator<Buffer> {
  const entries: Entry[] = []
  const book = `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`
  let offset = 0
  for (const [name, text] of [...PARTS, ['xl/workbook.xml', book], ['xl/worksheets/sheet1.xml', undefined]] as const) {
    const entry: Entry = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset }
    entries.push(entry)
    for await (const bytes of packed(entry, text === undefined ? sheetOf(rows) : once(HEAD + text))) {
      offset += bytes.length
      yield bytes
    }
  }
  const directory = Buffer.concat(entries.map(directoryLine))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  yield Buffer.concat([directory, end])
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

async function* sheetOf(rows: AsyncIterable<readonly (string | number | null)[]>): AsyncGenerator<string> {
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>`
  for await (const row of rows) yield `<row>${row.map(cellOf).join('')}</row>`
  yield '</sheetData></worksheet>'
}

const cellOf = (value: string | number | null) =>
  `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(String(value ?? '').slice(0, CELL_MAX))}</t></is></c>`

/** What XML 1.0 cannot hold goes; what Excel would read as an escape of its own (_x000D_) is escaped. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML refuses
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
      .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  )
}

interface Entry {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/** Sizes follow the data, the name is UTF-8. */
const FLAGS = 0x0808
const DEFLATED = 8
const VERSION = 20
/** 1 January 1980, where the format begins. */
const DATE = 0x21

async function* packed(entry: Entry, text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(VERSION, 4)
  local.writeUInt16LE(FLAGS, 6)
  local.writeUInt16LE(DEFLATED, 8)
  local.writeUInt16LE(DATE, 12)
  local.writeUInt16LE(entry.name.length, 26)
  yield Buffer.concat([local, entry.name])
  const counted = async function* () {
    for await (const part of text) {
      const bytes = Buffer.from(part)
      entry.crc = crc32(bytes, entry.crc)
      entry.size += bytes.length
      yield bytes
    }
  }
  const deflate = createDeflateRaw()
  pipeline(Readable.from(counted()), deflate, () => {}) // what fails upstream fails the loop below
  for await (const bytes of deflate as AsyncIterable<Buffer>) {
    entry.packed += bytes.length
    yield bytes
  }
  const after = Buffer.alloc(16)
  after.writeUInt32LE(0x08074b50, 0)
  after.writeUInt32LE(entry.crc, 4)
  after.writeUInt32LE(entry.packed, 8)
  after.writeUInt32LE(entry.size, 12)
  yield after
}

function directoryLine({ name, crc, packed: packedSize, size, offset }: Entry): Buffer {
  const line = Buffer.alloc(46)
  line.writeUInt32LE(0x02014b50, 0)
  line.writeUInt16LE(VERSION, 4)
  line.writeUInt16LE(VERSION, 6)
  line.writeUInt16LE(FLAGS, 8)
  line.writeUInt16LE(DEFLATED, 10)
  line.writeUInt16LE(DATE, 14)
  line.writeUInt32LE(crc, 16)
  line.writeUInt32LE(packedSize, 20)
  line.writeUInt32LE(size, 24)
  line.writeUInt16LE(name.length, 28)
  line.writeUInt32LE(offset, 42)
  return Buffer.concat([line, name])
}
