import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob } from '../../../platform/jobs.ts'
import { writeRemark } from '../../contacts/put-remark.ts'
import type { WorkContext } from '../../corps/context.ts'
import { openPrivate } from './private-answers.ts'
import { FormContent } from './schema.ts'

/** UTF-16 units, which is at least WeCom’s 20 characters: developer.work.weixin.qq.com/document/path/92115, 2026-11. */
const REMARK_MAX = 20

/** Whole characters alone. */
function cutCharacters(text: string): string {
  let cut = ''
  for (const one of text)
    if (cut.length + one.length <= REMARK_MAX) cut += one
    else break
  return cut
}

interface Row {
  formId: string
  title: string
  content: unknown
  answers: Record<string, unknown>
  sealed: Buffer | null
  visitMark: Buffer
  contactId: string
  staffId: string
  userid: string
  externalUserid: string
  remark: string
}

/** How a customer wants to be called becomes the remark of whoever gave him the form, where the two are friends. */
export const putRemarkJob = defineJob<WorkContext, { corpId: string; answerId: string }>({
  name: 'content.form-remark',
  payload: z.object({ corpId: Id, answerId: Id }),
  async run(context, { corpId, answerId }) {
    const row = await inCorp(context.db, corpId, async (tx) => {
      const { rows } = await sql<Row>`
        select a.form_id, v.content->>'title' as title, v.content, a.answers, a.sealed, a.visit_mark, w.contact_id, w.staff_id, s.userid, i.value as external_userid, w.remark
        from form_answer a join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = a.form_id and v.version = a.version
        join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = a.filler_id
        join follow w on w.corp_id = ${corpId}::bigint and w.contact_id = coalesce(c.merged_into, c.contact_id) and w.staff_id = a.staff_id and w.lost_at is null
        join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = w.staff_id
        join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = w.contact_id and i.kind = 'external_userid'
        where a.corp_id = ${corpId}::bigint and a.answer_id = ${answerId}::bigint limit 1`.execute(tx)
      return rows[0]
    })
    if (!row) return // nobody's friend: there is no remark to write
    const key = FormContent.parse(row.content).fields.find(({ into }) => into?.to === 'remark')?.key
    const said = key && { ...row.answers, ...openPrivate(context.vault, corpId, row) }[key]
    if (typeof said !== 'string') return
    const remark = cutCharacters(said)
    if (remark !== row.remark)
      await writeRemark(context, corpId, row, remark, { source: 'system', by: `表单「${row.title}」` })
  },
})
