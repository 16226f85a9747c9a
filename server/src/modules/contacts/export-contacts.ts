import type { Readable } from 'node:stream'
import { type Db, inCorp } from '../../platform/db.ts'
import { shanghaiTime } from '../../platform/shanghai.ts'
import { CSV_START, csvLine } from '../../platform/tables/csv.ts'
import { writeXlsx } from '../../platform/xlsx.ts'
import type { Scope } from '../corps/context.ts'
import { listContacts } from './list-contacts.ts'
import type { ContactFilter, ContactRow } from './schema.ts'

/** Rows a file holds. More is somebody taking the customers with him, or a filter forgotten (IO-08). */
export const EXPORT_MAX = 50_000
const ROWS_AT_ONCE = 500
const HEAD = [
  '客户',
  '备注',
  '性别',
  '企业',
  '标签',
  '跟进成员',
  '跟进人数',
  '最近添加',
  '流失时间',
  '客户编号',
  '导出编号',
]
const GENDER = ['', '男', '女']

/** A list as CSV, every row marked, read page by page as the file is taken: memory stays flat whatever its length. */
export async function* writeContacts(
  db: Db,
  corpId: string,
  filter: ContactFilter,
  scope: Scope,
  mark: string,
): AsyncGenerator<string> {
  yield CSV_START
  for await (const cells of readCells(db, corpId, filter, scope, mark)) yield csvLine(cells)
}

/** The same as a workbook. */
export const writeContactsXlsx = (
  db: Db,
  corpId: string,
  filter: ContactFilter,
  scope: Scope,
  mark: string,
): Readable => writeXlsx('客户', readCells(db, corpId, filter, scope, mark))

async function* readCells(
  db: Db,
  corpId: string,
  filter: ContactFilter,
  scope: Scope,
  mark: string,
): AsyncGenerator<Cells> {
  yield HEAD
  let cursor: string | undefined
  for (let written = 0; written < EXPORT_MAX; ) {
    const query = { ...filter, limit: ROWS_AT_ONCE, cursor }
    const page = await inCorp(db, corpId, (tx) => listContacts(tx, corpId, query, scope))
    yield* page.items.map((row) => [...cellsOf(row), mark])
    written += page.items.length
    if (!page.nextCursor) return
    cursor = page.nextCursor
  }
}

type Cells = (string | number | null)[]

function cellsOf(row: ContactRow): Cells {
  return [
    row.name,
    row.remark,
    GENDER[row.gender] ?? '',
    row.corpName,
    row.tags.map((tag) => tag.name).join('、'),
    row.followers.map((follower) => follower.name).join('、'),
    row.followerCount,
    row.lastAddedAt && shanghaiTime(new Date(row.lastAddedAt)),
    row.lostAt && shanghaiTime(new Date(row.lostAt)),
    row.contactId,
  ]
}
