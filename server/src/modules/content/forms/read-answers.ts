import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { maskPhone } from '../../contacts/mobiles.ts'
import type { Scope } from '../../corps/context.ts'
import { isPrivate, type Kept } from './check-answers.ts'
import { openPrivate } from './private-answers.ts'
import { type AnswerFilter, type AnswerPage, type AnswerView, FormContent, type FormField } from './schema.ts'
import { isSeen } from './seen.ts'

interface Row {
  answerId: string
  formId: string
  version: number
  placement: string
  staffName: string | null
  contactId: string | null
  name: string | null
  avatar: string | null
  known: boolean
  seconds: number
  submittedAt: Date
  answers: Kept
  sealed: Buffer | null
  visitMark: Buffer
  consents: { purpose: 'profile' | 'phone' | 'news'; version: number }[]
  content: unknown
  files: { fileId: string; field: string; mime: string; sizeBytes: number }[]
}

async function readRows(
  tx: Tx,
  corpId: string,
  asked: {
    formId?: string
    answerId?: string
    placement?: string | undefined
    before?: string | undefined
    limit: number
  },
  scope: Scope,
): Promise<Row[]> {
  const { formId, answerId, placement, before, limit } = asked
  const { rows } = await sql<Row>`
    select a.answer_id, a.form_id, a.version, l.placement, s.name as staff_name, r.contact_id, case when a.known or r.name <> '' then r.name end as name, r.avatar, a.known, a.seconds, a.submitted_at,
      a.answers, a.sealed, a.visit_mark, a.consents, v.content, coalesce(x.files, '[]') as files
    from form_answer a join form_link l on l.corp_id = ${corpId}::bigint and l.link_id = a.link_id
    join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = a.form_id and v.version = a.version
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = a.staff_id
    left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = a.filler_id
    left join contact r on r.corp_id = ${corpId}::bigint and r.contact_id = coalesce(c.merged_into, c.contact_id)
    left join lateral (
      select jsonb_agg(jsonb_build_object('fileId', x.file_id, 'field', x.field, 'mime', x.mime, 'sizeBytes', x.size_bytes) order by x.created_at) as files
      from form_file x where x.corp_id = ${corpId}::bigint and x.answer_id = a.answer_id and x.form_id = a.form_id
    ) x on a.sealed is not null
    where a.corp_id = ${corpId}::bigint and (${formId ?? null}::bigint is null or a.form_id = ${formId ?? null}::bigint)
      and (${answerId ?? null}::bigint is null or a.answer_id = ${answerId ?? null}::bigint)
      and (${placement ?? null}::text is null or l.placement = ${placement ?? null}::text)
      and (${before ?? null}::bigint is null or a.answer_id < ${before ?? null}::bigint) and ${isSeen(corpId, scope)}
    order by a.answer_id desc limit ${limit}`.execute(tx)
  return rows
}

/** Answers, newest first, of customers the scope may see. */
export async function listAnswers(
  tx: Tx,
  vault: Vault,
  corpId: string,
  formId: string,
  query: z.infer<typeof AnswerFilter> & { before?: string | undefined; limit: number },
  scope: Scope,
): Promise<z.infer<typeof AnswerPage>> {
  const rows = await readRows(tx, corpId, { formId, ...query, limit: query.limit + 1 }, scope)
  const page = rows.slice(0, query.limit)
  return {
    items: page.map((row) => viewOf(vault, corpId, row)),
    nextCursor: rows.length > query.limit ? page.at(-1)!.answerId : null,
  }
}

/** How many of them there are. */
export async function countAnswers(
  tx: Tx,
  corpId: string,
  formId: string,
  { placement }: z.infer<typeof AnswerFilter>,
  scope: Scope,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from form_answer a join form_link l on l.corp_id = ${corpId}::bigint and l.link_id = a.link_id
    where a.corp_id = ${corpId}::bigint and a.form_id = ${formId}::bigint and (${placement ?? null}::text is null or l.placement = ${placement ?? null}::text) and ${isSeen(corpId, scope)}`.execute(
    tx,
  )
  return rows[0]!.n
}

export async function readAnswer(
  tx: Tx,
  vault: Vault,
  corpId: string,
  answerId: string,
  scope: Scope,
): Promise<AnswerView> {
  const [row] = await readRows(tx, corpId, { answerId, limit: 1 }, scope)
  if (!row) throw new NotFound({ what: '答案' })
  return viewOf(vault, corpId, row)
}

/** The same with nothing masked: whoever asks has said so, and it is written down. */
export async function revealAnswer(
  tx: Tx,
  vault: Vault,
  corpId: string,
  answerId: string,
  scope: Scope,
): Promise<{ values: Record<string, string> }> {
  const [row] = await readRows(tx, corpId, { answerId, limit: 1 }, scope)
  if (!row) throw new NotFound({ what: '答案' })
  const { fields } = FormContent.parse(row.content)
  const hidden = openPrivate(vault, corpId, row)
  const shown = fields.filter((field) => field.kind !== 'file' && hidden[field.key] !== undefined)
  return { values: Object.fromEntries(shown.map((field) => [field.key, sayValue(hidden[field.key])])) }
}

function viewOf(vault: Vault, corpId: string, row: Row): AnswerView {
  const { fields, consents } = FormContent.parse(row.content)
  const {
    formId: _form,
    sealed: _sealed,
    visitMark: _mark,
    answers,
    files,
    submittedAt,
    content: _content,
    ...view
  } = row
  const hidden = openPrivate(vault, corpId, row)
  return {
    ...view,
    submittedAt: submittedAt.toISOString(),
    consents: view.consents.map((one) => ({
      ...one,
      text: consents.find(({ purpose }) => purpose === one.purpose)?.text ?? '',
    })),
    said: fields.flatMap((field) => {
      const value = answers[field.key] ?? hidden[field.key]
      if (value === undefined) return []
      const { key, label, kind } = field
      const ofField = files
        .filter((file) => file.field === key)
        .map(({ fileId, mime, sizeBytes }) => ({ fileId, mime, sizeBytes }))
      return [{ key, label, kind, value: sayMasked(field, value), isPrivate: isPrivate(field), files: ofField }]
    }),
  }
}

const sayValue = (value: Kept[string] | undefined): string =>
  Array.isArray(value) ? value.join('、') : String(value ?? '')

/** What is private is shown so far that one recognises it. */
export function sayMasked(field: FormField, value: Kept[string]): string {
  if (field.kind === 'file') return `${(value as string[]).length} 个文件`
  const said = sayValue(value)
  if (!isPrivate(field)) return said
  if (field.kind === 'phone') return maskPhone(said)
  const [first = ''] = said
  return `${first}${'*'.repeat(Math.min(6, Math.max(1, [...said].length - 1)))}`
}
