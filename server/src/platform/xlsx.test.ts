import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'
import { writeXlsx } from './xlsx.ts'

async function* rowsOf(rows: (string | number | null)[][]) {
  yield* rows
}

/** What a reader of workbooks finds: each cell with its type. */
async function read(rows: (string | number | null)[][], name = '客户') {
  const book = new ExcelJS.Workbook()
  await book.xlsx.read(writeXlsx(name, rowsOf(rows)))
  const sheet = book.worksheets[0]!
  const cells: unknown[][] = []
  const types = new Set<ExcelJS.ValueType>()
  sheet.eachRow({ includeEmpty: true }, (row) => {
    const line: unknown[] = []
    row.eachCell({ includeEmpty: true }, (cell) => {
      line.push(cell.value)
      types.add(cell.type)
    })
    cells.push(line)
  })
  return { name: sheet.name, cells, types }
}

test('a workbook opens with its rows in order, every text a text and every number a number', async () => {
  const { name, cells, types } = await read([
    ['客户', '人数'],
    ['林晚 ', 3],
    ['0012', '2026-11-23'],
  ])
  expect([name, cells]).toEqual([
    '客户',
    [
      ['客户', '人数'],
      ['林晚 ', 3],
      ['0012', '2026-11-23'],
    ],
  ])
  expect([...types]).toEqual([ExcelJS.ValueType.String, ExcelJS.ValueType.Number])
})

test('IO-06: formulas, markup, control characters and broken emoji are text that opens', async () => {
  const given = ['=1+1', '@SUM(A1)', '+1', '-1', '<b>&"', 'a\u0001b\u000Bc', '\uD83D!', '👩‍👧']
  const { cells, types } = await read([given])
  expect(cells).toEqual([['=1+1', '@SUM(A1)', '+1', '-1', '<b>&"', 'abc', '\uFFFD!', '👩‍👧']])
  expect([...types]).toEqual([ExcelJS.ValueType.String])
})

test('rows that fail on the way fail the file, instead of ending it early', async () => {
  const failing = async function* () {
    yield ['a']
    throw new Error('the database went away')
  }
  await expect(Array.fromAsync(writeXlsx('a', failing()))).rejects.toThrow('went away')
})
