import type { TableRow } from '../../../platform/tables/limits.ts'

/** Rows of one order, or of one member, from wherever in the file they stand. */
export interface Group {
  key: string
  rows: TableRow[]
}

/**
 * Brings the rows of one key together while the file passes by, in the order in which their last row comes. `lastLines`
 * says of every key where that is, so that no more is held than what is still open.
 */
export function createGrouping(lastLines: ReadonlyMap<string, number>) {
  const open = new Map<string, TableRow[]>()
  return {
    /** The groups that are whole with these rows. */
    push(rows: readonly { key: string; row: TableRow }[]): Group[] {
      const whole: Group[] = []
      for (const { key, row } of rows) {
        const group = open.get(key) ?? []
        group.push(row)
        if (lastLines.get(key) === row.line) {
          open.delete(key)
          whole.push({ key, rows: group })
        } else open.set(key, group)
      }
      return whole
    },
  }
}

/** Says of each row whose it is; where rows may `continue`, one without a key goes with the one before, as merged cells are exported. */
export function createKeying(columnIndex: number, continues: boolean): (row: TableRow) => string {
  let before = ''
  return ({ line, cells }) => {
    const own = (cells[columnIndex] ?? '').trim()
    if (own !== '') before = own
    return own || (continues && before) || `row ${line}`
  }
}
