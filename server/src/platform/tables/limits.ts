import { TableTooLarge } from '../errors.ts'

/** A row of a table as a person counts it: the head is line 1, empty rows have their number. */
export interface TableRow {
  line: number
  cells: string[]
}

/** Columns of a table anybody keeps by hand; a file of ten thousand is no list. */
const COLUMNS_MAX = 200
/** Characters a cell of Excel holds. */
export const CELL_MAX = 32_767

export function keepCell(line: number, length: number): void {
  if (length > CELL_MAX)
    throw new TableTooLarge({ what: `第 ${line} 行有一格太长，也可能是少了一个引号`, most: `${CELL_MAX} 个字` })
}

export function keepColumns(line: number, columns: number): void {
  if (columns > COLUMNS_MAX)
    throw new TableTooLarge({ what: `第 ${line} 行有 ${columns} 列`, most: `${COLUMNS_MAX} 列` })
}
