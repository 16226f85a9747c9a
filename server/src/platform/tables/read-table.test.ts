import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { writeXlsx } from '../xlsx.ts'
import type { TableRow } from './limits.ts'
import { findFormat, type Pieces, piecesOf, readTable } from './read-table.ts'

const ROWS = 1_000
async function read(pieces: Pieces): Promise<TableRow[]> {
  const rows: TableRow[] = []
  for await (const packet of readTable(pieces, await findFormat(pieces), ROWS)) rows.push(...packet)
  return rows
}
const cellsOf = async (bytes: Buffer) => (await read(piecesOf(bytes))).map(({ cells }) => cells)

/** Cut at these places, each a share of the whole. */
function cut(bytes: Buffer, shares: number[]): Pieces {
  const places = [0, ...shares.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b), bytes.length]
  return async function* () {
    for (let i = 1; i < places.length; i++) yield bytes.subarray(places[i - 1], places[i])
  }
}

/** 订单号,金额 and 茶 in GBK, worked out apart from our code. */
const GBK = Buffer.from('b6a9b5a5bac52cbdf0b6ee0d0ab2e82c310d0a', 'hex')

const quote = (cell: string, always: boolean) =>
  always || /[",\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
const cell = fc.string({
  unit: fc.constantFrom('茶', '客', 'a', '1', '"', ',', ' ', '\n', '\r\n', '🍵', '.', '￥'),
  maxLength: 6,
})
const table = fc.array(
  fc.array(cell, { minLength: 1, maxLength: 5 }).filter((row) => row.some((one) => one.trim() !== '')),
  { minLength: 1, maxLength: 8 },
)

test('a table comes back as it was, wherever its bytes are cut, quoted or not, in UTF-8 with a mark or without, in UTF-16', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      fc.boolean(),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('plain', 'bom', 'utf-16'),
      async (rows, cuts, always, end, encoding) => {
        const text = rows.map((row) => row.map((one) => quote(one, always)).join(',')).join(end)
        const marked = encoding === 'plain' ? text : `\uFEFF${text}`
        const bytes = Buffer.from(marked, encoding === 'utf-16' ? 'utf16le' : 'utf8')
        if (bytes.length === 0) return
        expect((await read(cut(bytes, cuts))).map(({ cells }) => cells)).toEqual(rows)
      },
    ),
    { numRuns: 400 },
  )
})

test('GBK is read as it was written, a letter cut in two included; rows keep the number a person counts', async () => {
  for (let at = 1; at < GBK.length; at++)
    expect((await read(cut(GBK, [at / GBK.length]))).map(({ cells }) => cells)).toEqual([
      ['订单号', '金额'],
      ['茶', '1'],
    ])
  expect((await read(piecesOf(Buffer.from('a,b\n\n"x\ny",1\n')))).map(({ line }) => line)).toEqual([1, 3])
})

async function workbook(parts: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile()
  const whole = {
    'xl/workbook.xml':
      '<workbook><sheets><sheet name="藏" state="hidden" r:id="r0"/><sheet name="单" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="r0" Target="worksheets/none.xml"/><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>',
    ...parts,
  }
  for (const [name, text] of Object.entries(whole)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return buffer(zip.outputStream as Readable)
}
const sheet = (rows: string, rest: Record<string, string> = {}) =>
  workbook({ 'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`, ...rest })

test('a workbook of ours is read back; any text in it is the same text', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const plain = rows.map((row) => row.map((one) => one.replaceAll('\r\n', '\n')))
      const bytes = await buffer(
        writeXlsx(
          '单',
          (async function* () {
            yield* plain
          })(),
        ),
      )
      const got = await cellsOf(bytes)
      expect(got.map((row, i) => plain[i]!.map((_, n) => row[n] ?? ''))).toEqual(plain)
    }),
    { numRuns: 40 },
  )
})

test('cells are read as a person sees them: shared texts without their ruby, days, times, what a formula came to, gaps', async () => {
  const bytes = await sheet(
    `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>a&amp;b &#x8336;</t></is></c></row>
     <row r="4"><c r="A4" s="1"><v>46327.417361111</v></c><c r="B4" s="2"><v>46327</v></c><c r="C4"><v>0.30000000000000004</v></c><c r="D4" t="str"><f>1+1</f><v>2</v></c><c r="E4"><v>2.34567890123457E+18</v></c><c r="F4" t="b"><v>1</v></c></row>`,
    {
      'xl/sharedStrings.xml': '<sst><si><r><t>订单</t></r><r><t>编号</t></r><rPh><t>ding</t></rPh></si></sst>',
      'xl/styles.xml':
        '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    },
  )
  expect(await read(piecesOf(bytes))).toEqual([
    { line: 1, cells: ['订单编号', '', 'a&b 茶'] },
    { line: 4, cells: ['2026-11-01 10:01:00', '2026-11-01', '0.3', '2', '2.34567890123457e+18', 'TRUE'] },
  ])
})

const huge = '<row r="1"><c r="A1" t="inlineStr"><is><t>'
/** Files nobody should be able to do harm with, and what is said of each. */
const HOSTILE: [string, () => Buffer | Promise<Buffer>, RegExp][] = [
  ['nothing', () => Buffer.alloc(0), /是空的/],
  ['NUL in a text', () => Buffer.from('a,b\n1,\0'), /不是文字/],
  ['NUL at the end of a long text', () => Buffer.from(`${'a,b\n'.repeat(300)}\0`), /不是文字/],
  ['a picture', () => Buffer.from('89504e470d0a1a0a0000', 'hex'), /不是文字/],
  ['neither UTF-8 nor GBK', () => Buffer.from('61ff2c620a', 'hex'), /UTF-8/],
  ['half a letter at the end', () => Buffer.from('612c620ae8', 'hex'), /UTF-8/],
  ['an XLS', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), /旧的 XLS/],
  ['a zip cut off', () => Buffer.from('504b0304140000000800', 'hex'), /不完整/],
  ['a zip without a workbook', () => zipOf({ 'a.txt': 'a' }), /没有工作表/],
  [
    'a zip of a thousand files',
    () => zipOf(Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`f${n}`, '']))),
    /太多/,
  ],
  ['a workbook without sheets', () => workbook({}), /没有工作表/],
  ['ten thousand columns', () => Buffer.from(`${'a,'.repeat(10_000)}\n`), /列/],
  ['ten thousand columns in a sheet', () => sheet('<row r="1"><c r="NTP1"><v>1</v></c></row>'), /列/],
  ['a huge cell', () => Buffer.from(`a,b\n${'x'.repeat(40_000)},1\n`), /太长/],
  ['a quote never closed', () => Buffer.from(`a,b\n"x,1\n${'y,2\n'.repeat(20_000)}`), /少了一个引号/],
  ['a huge cell in a sheet', () => sheet(`${huge}${'x'.repeat(40_000)}</t></is></c></row>`), /太长/],
  [
    'a huge shared text',
    () => sheet('', { 'xl/sharedStrings.xml': `<sst><si><t>${'x'.repeat(40_000)}</t></si></sst>` }),
    /太长/,
  ],
  ['a cell that never ends', () => sheet(huge + 'x'.repeat(300_000)), /不像表格/],
  ['entities of its own', () => sheet('', { 'xl/sharedStrings.xml': '<!DOCTYPE x [<!ENTITY a "aa">]><sst/>' }), /声明/],
  [
    'an outside entity',
    () => sheet('', { 'xl/sharedStrings.xml': '<!DOCTYPE x SYSTEM "file:///etc/passwd"><sst/>' }),
    /声明/,
  ],
  ['more rows than may be', () => Buffer.from('a\n'.repeat(ROWS + 2)), /行太多/],
  [
    'more rows than may be in a sheet',
    () => sheet(Array.from({ length: ROWS + 2 }, (_, n) => `<row r="${n + 1}"><c><v>1</v></c></row>`).join('')),
    /行太多/,
  ],
  [
    'a bomb of shared texts',
    () => sheet('', { 'xl/sharedStrings.xml': `<sst>${' '.repeat(81_000_000)}</sst>` }),
    /过大|不像表格/,
  ],
  [
    'a bomb of tiny tags',
    () => sheet('', { 'xl/sharedStrings.xml': `<sst>${'<a/>'.repeat(20_100_000)}</sst>` }),
    /过大/,
  ],
  ['a bomb of styles', () => sheet('', { 'xl/styles.xml': '<a/>'.repeat(1_100_000) }), /过大/],
]

async function zipOf(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return buffer(zip.outputStream as Readable)
}

test.each(HOSTILE)('refused in words: %s', async (_, make, why) => {
  await expect(read(piecesOf(await make()))).rejects.toThrow(why)
})

test('whatever is broken of a good workbook, it is read or refused, and never crashes', async () => {
  const good = await sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>订单</t></is></c></row>')
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
      const spoilt = Buffer.from(good)
      spoilt[at] = byte
      await read(piecesOf(spoilt)).catch((error) =>
        expect(error).toMatchObject({ code: expect.stringMatching(/^platform\.table_/) }),
      )
    }),
    { numRuns: 300 },
  )
})
