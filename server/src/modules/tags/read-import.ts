import { DomainError } from '../../platform/errors.ts'
import { findFormat, piecesOf, readTable } from '../../platform/tables/read-table.ts'
import { REFUSAL_COLUMNS, unmarked } from '../../platform/tables/refused-rows.ts'
import { checkValue } from '../contacts/field-values.ts'
import { plainMobile } from '../contacts/mobiles.ts'
import type { ContactField, FieldValue } from '../contacts/schema.ts'
import { ImportColumns } from './errors.ts'

const ROWS_MAX = 20_000
const BETWEEN = /[、,，;；|\n]+/

const COLUMNS = {
  externalUserid: ['客户ID', '客户 ID', 'external_userid', '外部联系人ID'],
  mobile: ['手机号', '手机', 'mobile'],
  add: ['标签', '打标签'],
  remove: ['去标签'],
} as const
type Known = keyof typeof COLUMNS

export interface Library {
  fields: ContactField[]
  /** Ids by name; two tags of one name stand in two groups and are told apart as 组/标签. */
  tags: ReadonlyMap<string, string[]>
}

/** A row of the file: what it asks for, or why it cannot be done. */
export interface ImportRow {
  line: number
  cells: string[]
  externalUserid: string
  mobile: string
  addIds: string[]
  removeIds: string[]
  fields: Record<string, FieldValue>
  reason: string | undefined
}

/** Reads a file whole; a head it does not understand is refused, a row it does not understand says why. */
export async function readImport(bytes: Buffer, library: Library): Promise<{ head: string[]; rows: ImportRow[] }> {
  const pieces = piecesOf(bytes)
  const packets = await Array.fromAsync(readTable(pieces, await findFormat(pieces), ROWS_MAX))
  const [head = { line: 1, cells: [] }, ...body] = packets.flat()
  const columns = readHead(head.cells, library)
  const rows = body.map(({ cells, line }) => readRow(cells, line, columns, library))
  return { head: head.cells.map((name) => name.trim()), rows }
}

type Column = { known: Known } | { field: ContactField } | 'ours'

function readHead(head: string[], { fields }: Library): Column[] {
  const byName = new Map(fields.map((field) => [field.name, field]))
  const unknown: string[] = []
  const columns = head.flatMap((cell): Column[] => {
    const name = cell.trim()
    const known = (Object.keys(COLUMNS) as Known[]).find((one) => COLUMNS[one].some((word) => word === name))
    const field = byName.get(name)
    if (known) return [{ known }]
    if (field) return [{ field }]
    if (REFUSAL_COLUMNS.includes(name)) return ['ours']
    unknown.push(name)
    return []
  })
  const asked = columns.filter((column) => column !== 'ours')
  const has = (one: Known) => asked.some((column) => 'known' in column && column.known === one)
  const asks = asked.some((column) => 'field' in column || column.known === 'add' || column.known === 'remove')
  if (unknown.length > 0 || !asks || !(has('externalUserid') || has('mobile')))
    throw new ImportColumns({
      unknown: unknown.length > 0 ? `不认识${unknown.map((name) => `「${name}」`).join('')}。` : '',
      known: [...Object.values(COLUMNS).map(([name]) => name), ...byName.keys()].join('、'),
    })
  return columns
}

function readRow(cells: string[], line: number, columns: Column[], library: Library): ImportRow {
  const row: ImportRow = {
    line,
    cells,
    externalUserid: '',
    mobile: '',
    addIds: [],
    removeIds: [],
    fields: {},
    reason: undefined,
  }
  const refuse = (why: string) => {
    row.reason ??= why
  }
  columns.forEach((column, index) => {
    const cell = unmarked(cells[index] ?? '')
    if (cell === '' || column === 'ours') return
    if ('field' in column) {
      const value = readValue(column.field, cell, refuse)
      if (value !== null) row.fields[column.field.contactFieldId] = value
    } else if (column.known === 'externalUserid') row.externalUserid = cell
    else if (column.known === 'mobile') row.mobile = plainMobile(cell)
    else row[column.known === 'add' ? 'addIds' : 'removeIds'].push(...readTags(cell, library, refuse))
  })
  if (cells.length > columns.length && cells.slice(columns.length).some(Boolean)) refuse('这一行的格子比列名多')
  if (!row.externalUserid && !row.mobile) refuse('没有写客户ID，也没有写手机号')
  if (row.addIds.some((id) => row.removeIds.includes(id))) refuse('同一个标签又要打又要去')
  if (row.addIds.length + row.removeIds.length + Object.keys(row.fields).length === 0) refuse('没有写要改什么')
  return row
}

function readTags(cell: string, { tags }: Library, refuse: (why: string) => void): string[] {
  const names = [...new Set(cell.split(BETWEEN).map((name) => name.trim()))].filter(Boolean)
  return names.flatMap((name) => {
    const ids = tags.get(name) ?? []
    if (ids.length === 0) refuse(`标签库里没有「${name}」，请先建好`)
    if (ids.length > 1) refuse(`有 ${ids.length} 个标签叫「${name}」，请写成「标签组/${name}」`)
    return ids.slice(0, 1)
  })
}

function readValue(field: ContactField, cell: string, refuse: (why: string) => void): FieldValue | null {
  const given = {
    text: () => cell,
    number: () => Number(cell.replaceAll(',', '')),
    date: () => cell.replace(/^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?$/, dayOf),
    choice: () => cell,
    choices: () =>
      cell
        .split(BETWEEN)
        .map((one) => one.trim())
        .filter(Boolean),
  }[field.kind]()
  try {
    return checkValue({ ...field, value: null }, given)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    refuse(error.message.replace('，请改好再保存。', ''))
    return null
  }
}

const dayOf = (_whole: string, year: string, month: string, day: string) =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
