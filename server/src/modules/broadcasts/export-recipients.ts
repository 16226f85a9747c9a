import type { Readable } from 'node:stream'
import { type Db, inCorp } from '../../platform/db.ts'
import { CSV_START, csvLine } from '../../platform/tables/csv.ts'
import { writeXlsx } from '../../platform/xlsx.ts'
import type { Scope } from '../corps/context.ts'
import type { FateName } from '../touches/fates.ts'
import type { HeldRun } from './read.ts'
import { listRecipients } from './recipients.ts'
import type { RecipientQuery } from './schema.ts'

const ROWS_AT_ONCE = 500
const HEAD = ['客户', '客户编号', '结果', '发送成员', '版本', '窗口内订单数', '窗口内金额（元）', '导出编号']

/** What became of somebody, as a file says it. */
const SAID: Record<FateName, string> = {
  none: '',
  noFriend: '已不是好友',
  refused: '不愿被打扰',
  noAgreement: '没有同意',
  forbiddenTag: '有勿扰标签',
  heldOut: '全局对照组',
  heldOutHere: '本次对照组',
  capped: '超过频次',
  platformFull: '企业微信次数已满',
  memberFull: '成员当天已满',
  displaced: '让给更重要的触达',
  released: '已取消',
  reserved: '已预留',
  sending: '正在交给企业微信',
  asked: '等成员发送',
  sent: '已收到',
  unknown: '结果不明',
  notFriend: '发送时已不是好友',
  overPlatform: '被其他群发占用次数',
  notSent: '成员没有发送',
  failed: '没有发成',
}

async function* cellsOf(
  db: Db,
  corpId: string,
  run: HeldRun,
  query: Pick<RecipientQuery, 'fate' | 'q'>,
  scope: Scope,
  mark: string,
): AsyncGenerator<(string | number | null)[]> {
  yield HEAD
  let after: string | undefined
  do {
    const page = await inCorp(db, corpId, (tx) =>
      listRecipients(tx, corpId, run, { ...query, after }, scope, ROWS_AT_ONCE),
    )
    for (const one of page.items)
      yield [
        ...[one.name, one.contactId, SAID[one.fate], one.staffName],
        ...[one.variant === null ? null : 'ABCD'[one.variant]!, one.orders, one.amountFen / 100, mark],
      ]
    after = page.nextCursor ?? undefined
  } while (after)
}

type Given = Parameters<typeof cellsOf>

export async function* writeRecipients(...given: Given): AsyncGenerator<string> {
  yield CSV_START
  for await (const cells of cellsOf(...given)) yield csvLine(cells)
}

export const writeRecipientsXlsx = (...given: Given): Readable => writeXlsx('群发结果', cellsOf(...given))
