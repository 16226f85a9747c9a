import type { Readable } from 'node:stream'
import { type Db, inCorp } from '../../platform/db.ts'
import { CSV_START, csvLine } from '../../platform/tables/csv.ts'
import { writeXlsx } from '../../platform/xlsx.ts'
import type { Scope } from '../corps/context.ts'
import { FATE_WORDS } from '../touches/fates.ts'
import type { HeldRun } from './read.ts'
import { listRecipients } from './recipients.ts'
import type { RecipientQuery } from './schema.ts'

const ROWS_AT_ONCE = 500
const HEAD = ['客户', '客户编号', '结果', '发送成员', '版本', '窗口内订单数', '窗口内金额（元）', '导出编号']

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
        ...[one.name, one.contactId, FATE_WORDS[one.fate], one.staffName],
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
