import type { Readable } from 'node:stream'
import { CSV_START, csvLine } from '../../platform/tables/csv.ts'
import { writeXlsx } from '../../platform/xlsx.ts'
import type { Figures, StaffStatsRow } from './schema.ts'

type Cells = (string | number | null)[]

const HEAD = [
  '成员',
  '部门',
  '现有客户',
  '新增',
  '流失',
  '客户删除',
  '成员删除',
  '净增',
  '满 7 天的新客户',
  '留到 7 天',
  '满 30 天的新客户',
  '留到 30 天',
  '聊天数',
  '发出消息',
  '回复占比 %',
  '平均首次回复分钟',
  '发起申请',
  '被删除或拉黑',
  '上期新增',
  '上期流失',
]

const figures = (f: Figures): Cells => [
  f.added,
  f.lost,
  f.lostByCustomer,
  f.lostByStaff,
  f.net,
  f.kept7.of,
  f.kept7.kept,
  f.kept30.of,
  f.kept30.kept,
  f.chats,
  f.messages,
  f.replyShare,
  f.firstReplyMinutes,
  f.applied,
  f.negative,
]

function* cellsOf(rows: StaffStatsRow[]): Generator<Cells> {
  yield HEAD
  for (const { name, departments, customers, now, before } of rows)
    yield [name, departments.join('、'), customers, ...figures(now), before.added, before.lost]
}

export async function* writeStats(rows: StaffStatsRow[]): AsyncGenerator<string> {
  yield CSV_START
  for (const cells of cellsOf(rows)) yield csvLine(cells)
}

export const writeStatsXlsx = (rows: StaffStatsRow[]): Readable =>
  writeXlsx(
    '成员数据',
    (async function* () {
      yield* cellsOf(rows)
    })(),
  )
