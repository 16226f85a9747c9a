import type { TableRow } from '../../../platform/tables/limits.ts'
import { unmarked } from '../../../platform/tables/refused-rows.ts'
import type { Identifier } from '../../contacts/identifiers.ts'
import type { ColumnName } from './fields.ts'
import type { Group } from './group-rows.ts'
import { CellRefused } from './read-values.ts'
import type { ImportMapping } from './schema.ts'

/** An order or member that cannot be read: on which line, and why. */
export class GroupRefused extends Error {
  readonly line: number
  constructor(line: number, why: string) {
    super(why)
    this.line = line
  }
}

export interface GroupReader {
  /** What stands in a column of one row; nothing where the column is not used, or empty. */
  cell(row: TableRow, column: ColumnName): string | undefined
  /** Reads a cell; where it cannot be read the group is refused by its line. */
  read<T>(row: TableRow, column: ColumnName, how: (cell: string) => T): T | undefined
  /** What a column says of the whole group: the first row that says something, and no other may say otherwise. */
  whole<T>(column: ColumnName, what: string, how: (cell: string) => T): T | undefined
  has(column: ColumnName): boolean
}

export type Places = ReadonlyMap<ColumnName, number>

/** Where each column of a mapping stands in this file. */
export function placeColumns({ columns }: ImportMapping, head: readonly string[]): Places {
  const places = new Map<ColumnName, number>()
  for (const [column, heading] of Object.entries(columns) as [ColumnName, string][]) {
    const index = head.indexOf(heading)
    if (index >= 0) places.set(column, index)
  }
  return places
}

export function createGroupReader({ rows }: Group, places: Places): GroupReader {
  const cell = (row: TableRow, column: ColumnName) => {
    const index = places.get(column)
    const text = index === undefined ? '' : unmarked(row.cells[index] ?? '')
    if (text.includes('\0') || !text.isWellFormed()) throw new GroupRefused(row.line, '有无法保存的字符，请删掉')
    return text === '' ? undefined : text
  }
  const read = <T>(row: TableRow, column: ColumnName, how: (cell: string) => T) => {
    const text = cell(row, column)
    if (text === undefined) return undefined
    try {
      return how(text)
    } catch (error) {
      if (!(error instanceof CellRefused)) throw error
      throw new GroupRefused(row.line, error.message)
    }
  }
  const whole = <T>(column: ColumnName, what: string, how: (cell: string) => T) => {
    let said: { value: T; line: number } | undefined
    for (const row of rows) {
      const value = read(row, column, how)
      if (value === undefined) continue
      if (said && String(said.value) !== String(value))
        throw new GroupRefused(row.line, `和第 ${said.line} 行是同一单，${what}却不一样`)
      said ??= { value, line: row.line }
    }
    return said?.value
  }
  return { cell, read, whole, has: (column) => places.has(column) }
}

/** Ids are believed as the corp's own word; whoever receives a parcel need not be who bought it. */
export function readIdentifiers(reader: GroupReader, shop: string): Identifier[] {
  const text = (cell: string) => {
    if (cell.length > ID_MAX) throw new CellRefused('身份编号太长')
    return cell
  }
  const phone = (cell: string) => {
    if (cell.includes('*')) return undefined // masked: nobody's
    if (!/\d{5}/.test(cell.replaceAll(/[\s-]/g, '')) || cell.length > PHONE_MAX)
      throw new CellRefused(`手机号「${cell.slice(0, 3)}…」不像一个号码`)
    return cell
  }
  const buyer = reader.whole('buyer', '买家', text)
  const given: (Omit<Identifier, 'value'> & { value: string | undefined })[] = [
    { kind: 'external_userid', value: reader.whole('externalUserid', '客户ID', text), trust: 2 },
    { kind: 'unionid', value: reader.whole('unionid', 'unionid', text), trust: 2 },
    { kind: 'member', value: reader.whole('member', '会员号', text), trust: 2 },
    { kind: 'phone', value: reader.whole('phone', '手机号', phone), trust: 2 },
    { kind: 'buyer', value: buyer && `${shop}:${buyer}`, trust: 2 },
    { kind: 'phone', value: reader.whole('receiverPhone', '收货手机号', phone), trust: 1 },
  ]
  return given.filter((one): one is Identifier => one.value !== undefined)
}
const ID_MAX = 160
const PHONE_MAX = 30
