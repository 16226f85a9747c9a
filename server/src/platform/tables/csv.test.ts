import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'
import { readCsv } from './read-csv.ts'

/** What a spreadsheet reads: cells of one line, quotes undone. */
function readLine(line: string): string[] {
  const cells: string[] = []
  const cell = /"((?:[^"]|"")*)"(?:,|\r\n$)/gy
  for (let found = cell.exec(line); found; found = cell.exec(line)) cells.push(found[1]!.replaceAll('""', '"'))
  return cells
}

const STARTS = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']
const AROUND = ['', ' ', '"', "'", '\n', '""', ' "']
const PAYLOADS = STARTS.flatMap((start) => AROUND.map((before) => `${before}${start}cmd|' /C calc'!A0`))

test(`IO-06: ${PAYLOADS.length} formulas are cells of text, behind quotes, blanks and line ends too`, () => {
  for (const payload of PAYLOADS) {
    const [cell] = readLine(csvLine([payload]))
    expect(cell![0], JSON.stringify(payload)).toBe("'")
  }
})

test('any text comes back whole, but for line ends and the mark before a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
      const read = readLine(csvLine(texts))
      const flat = texts.map((text) => text.replaceAll(/[\r\n]+/g, ' '))
      expect(read.map((cell, i) => (cell === `'${flat[i]}` ? flat[i] : cell))).toEqual(flat)
    }),
  )
})

test('a file is read as the spreadsheet meant it: quotes, commas and lines inside them, both line ends, tabs, empty lines', () => {
  expect(readCsv('a,b\r\n"1,5","say ""hi"""\r\n\r\n"two\nlines",\r\n')).toEqual([
    ['a', 'b'],
    ['1,5', 'say "hi"'],
    ['two\nlines', ''],
  ])
  expect(readCsv('a\tb\n1,5\t2')).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ])
  expect(readCsv('a"b,c')).toEqual([['a"b', 'c']])
  expect(readCsv('')).toEqual([])
})
