import type { Readable } from 'node:stream'
import { type Db, inCorp } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { shanghaiTime } from '../../../platform/shanghai.ts'
import { CSV_START, csvLine } from '../../../platform/tables/csv.ts'
import { writeXlsx } from '../../../platform/xlsx.ts'
import type { Scope } from '../../corps/context.ts'
import { listAnswers } from './read-answers.ts'
import type { AnswerView } from './schema.ts'

type Cells = (string | number | null)[]
const PAGE = 500
const HEAD = ['提交时间', '客户', '认出方式', '投放位', '成员', '表单版本', '用时（秒）', '同意']
const PURPOSE_WORDS = { profile: '记到客户资料', phone: '手机号', news: '接收消息' } as const

interface Wanted {
  formId: string
  placement?: string | undefined
  /** Tells whose file it is, row by row, wherever it is found (IO-08). */
  mark: string
  /** Headings of the file, in the form's order. */
  fields: readonly { key: string; label: string }[]
}

/** Answers as rows, read a page at a time. What is private is masked, as on the screen. */
async function* rowsOf(
  db: Db,
  vault: Vault,
  corpId: string,
  { formId, placement, fields, mark }: Wanted,
  scope: Scope,
): AsyncGenerator<Cells> {
  yield [...HEAD, ...fields.map(({ label }) => label), '导出编号']
  for (let before: string | undefined; ; ) {
    const query = { placement, before, limit: PAGE }
    const { items, nextCursor } = await inCorp(db, corpId, (tx) => listAnswers(tx, vault, corpId, formId, query, scope))
    for (const answer of items) yield [...cellsOf(answer, fields), mark]
    if (nextCursor === null) return
    before = nextCursor
  }
}

function cellsOf(answer: AnswerView, fields: Wanted['fields']): Cells {
  const said = new Map(answer.said.map(({ key, value }) => [key, value]))
  return [
    shanghaiTime(new Date(answer.submittedAt)),
    answer.name ?? '未认出',
    answer.known ? '微信' : answer.contactId ? '自填手机号' : '',
    answer.placement,
    answer.staffName ?? '',
    answer.version,
    answer.seconds,
    answer.consents.map(({ purpose }) => PURPOSE_WORDS[purpose]).join('、'),
    ...fields.map(({ key }) => said.get(key) ?? ''),
  ]
}

export async function* writeAnswers(...of: Parameters<typeof rowsOf>): AsyncGenerator<string> {
  yield CSV_START
  for await (const cells of rowsOf(...of)) yield csvLine(cells)
}
export const writeAnswersXlsx = (...of: Parameters<typeof rowsOf>): Readable => writeXlsx('答案', rowsOf(...of))
