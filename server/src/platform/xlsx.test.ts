import { crc32, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { writeXlsx } from './xlsx.ts'

/** The parts of a ZIP, found as a reader finds them: by the directory at its end; sums checked. */
function unzip(file: Buffer): Map<string, string> {
  const end = file.length - 22
  expect(file.readUInt32LE(end)).toBe(0x06054b50)
  const parts = new Map<string, string>()
  let at = file.readUInt32LE(end + 16)
  for (let n = file.readUInt16LE(end + 10); n > 0; n--) {
    expect(file.readUInt32LE(at)).toBe(0x02014b50)
    const [crc, packed, size] = [16, 20, 24].map((place) => file.readUInt32LE(at + place))
    const [nameLength, local] = [file.readUInt16LE(at + 28), file.readUInt32LE(at + 42)]
    expect(file.readUInt32LE(local)).toBe(0x04034b50)
    const from = local + 30 + file.readUInt16LE(local + 26)
    const bytes = inflateRawSync(file.subarray(from, from + packed!))
    expect([bytes.length, crc32(bytes)]).toEqual([size, crc])
    parts.set(file.subarray(at + 46, at + 46 + nameLength).toString(), bytes.toString())
    at += 46 + nameLength
  }
  expect(at).toBe(end)
  return parts
}

async function* rowsOf(rows: (string | number | null)[][]) {
  yield* rows
}

async function written(rows: (string | number | null)[][], name = '客户'): Promise<Map<string, string>> {
  return unzip(Buffer.concat(await Array.fromAsync(writeXlsx(name, rowsOf(rows)))))
}

const cellsOf = (sheet: string) =>
  [...sheet.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row]) =>
    [...row!.matchAll(/<c t="inlineStr"><is><t xml:space="preserve">(.*?)<\/t><\/is><\/c>/gs)].map(([, text]) => text),
  )

test('a workbook holds every part a reader asks for, and its rows in order', async () => {
  const parts = await written([
    ['客户', '人数'],
    ['林晚 ', 3],
    ['', null],
  ])
  expect([...parts.keys()].sort()).toEqual([
    '[Content_Types].xml',
    '_rels/.rels',
    'xl/_rels/workbook.xml.rels',
    'xl/workbook.xml',
    'xl/worksheets/sheet1.xml',
  ])
  expect(cellsOf(parts.get('xl/worksheets/sheet1.xml')!)).toEqual([
    ['客户', '人数'],
    ['林晚 ', '3'],
    ['', ''],
  ])
})

test('IO-06: formulas, markup, control characters and broken emoji are text that opens', async () => {
  const given = ['=1+1', '@SUM(A1)', '<b>&"', 'a\u0001b\u000Bc', '\uD83D!', '_x000D_', '👩‍👧']
  const sheet = (await written([given], 'a<b&')).get('xl/worksheets/sheet1.xml')!
  expect(cellsOf(sheet)).toEqual([
    ['=1+1', '@SUM(A1)', '&lt;b&gt;&amp;&quot;', 'abc', '\uFFFD!', '_x005F_x000D_', '👩‍👧'],
  ])
  expect(sheet).not.toContain('<f>')
})

test('rows that fail on the way fail the file, instead of ending it early', async () => {
  const failing = async function* () {
    yield ['a']
    throw new Error('the database went away')
  }
  await expect(Array.fromAsync(writeXlsx('a', failing()))).rejects.toThrow('went away')
})
