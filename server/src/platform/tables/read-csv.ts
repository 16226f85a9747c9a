import { keepCell, keepColumns, type TableRow } from './limits.ts'

/** Characters of a first line within which the separator shows. */
const FIRST_LINE_MAX = 100_000

export interface CsvReader {
  /** The next piece of the file, cut anywhere; returns the rows that ended in it. */
  push(text: string): TableRow[]
  /** The rest. */
  end(): TableRow[]
}

/**
 * Reads what a spreadsheet wrote, however it is cut: quotes, doubled quotes, line ends inside them; commas, or tabs where
 * the first line has some. Rows without anything in them are left out and keep their number.
 */
export function createCsvReader(): CsvReader {
  let separator = ''
  let first = ''
  let line = 1
  let cells: string[] = []
  let cell = ''
  let state: 'open' | 'quoted' | 'closing' = 'open'

  function read(text: string, rows: TableRow[]): void {
    for (const sign of text) {
      if (state === 'quoted') {
        if (sign === '"') state = 'closing'
        else cell += sign
      } else if (state === 'closing' && sign === '"') {
        cell += sign // a doubled quote is one
        state = 'quoted'
      } else if (sign === '"' && cell === '' && state === 'open') state = 'quoted'
      else if (sign === separator) endCell(cell)
      else if (sign === '\n') endRow(rows)
      else {
        cell += sign
        state = 'open'
      }
      keepCell(line, cell.length)
    }
  }

  function endCell(text: string): void {
    cells.push(text)
    keepColumns(line, cells.length)
    cell = ''
    state = 'open'
  }

  function endRow(rows: TableRow[]): void {
    endCell(cell.endsWith('\r') ? cell.slice(0, -1) : cell)
    if (cells.some((one) => one.trim() !== '')) rows.push({ line, cells })
    cells = []
    line++
  }

  /** The separator is known once the first line has ended. */
  function begin(text: string, isLast: boolean): string {
    first += text
    const end = first.search(/[\r\n]/)
    if (end < 0 && !isLast && first.length < FIRST_LINE_MAX) return ''
    separator = first.slice(0, end < 0 ? undefined : end).includes('\t') ? '\t' : ','
    return first
  }

  return {
    push(text) {
      const rows: TableRow[] = []
      const ready = separator ? text : begin(text, false)
      if (separator) read(ready, rows)
      return rows
    },
    end() {
      const rows: TableRow[] = []
      if (!separator) read(begin('', true), rows)
      if (cell !== '' || cells.length > 0) endRow(rows)
      return rows
    },
  }
}

/** The rows of a text that is there whole. */
export function readCsv(text: string): string[][] {
  const reader = createCsvReader()
  return [...reader.push(text), ...reader.end()].map(({ cells }) => cells)
}
