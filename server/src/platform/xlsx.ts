import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import ExcelJS from 'exceljs'

/** Characters a cell of Excel holds. */
const CELL_MAX = 32_767

/**
 * A workbook of one sheet, written as its rows come: memory stays flat whatever its length. Every text is typed as
 * text, so that none is ever a formula, a date or a number that lost its zeros; numbers of ours can be summed.
 */
export function writeXlsx(sheet: string, rows: AsyncIterable<readonly (string | number | null)[]>): Readable {
  const file = new PassThrough()
  const write = async () => {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useStyles: false, useSharedStrings: false })
    const page = book.addWorksheet(sheet)
    for await (const row of rows) {
      page.addRow(row.map(cellOf)).commit()
      // Whoever takes the file slowly is not run ahead of, and whoever leaves is not written for.
      if (file.writableNeedDrain) await Promise.race([once(file, 'drain'), once(file, 'close')])
      if (file.destroyed) return
    }
    page.commit()
    await book.commit()
  }
  void write().catch((error: Error) => file.destroy(error))
  return file
}

const cellOf = (value: string | number | null) => (typeof value === 'number' ? value : textOf(value ?? ''))

/** What XML 1.0 cannot hold goes; what Excel would read as an escape of its own (_x000D_) is escaped. */
const textOf = (value: string) =>
  value
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML refuses
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .slice(0, CELL_MAX)
