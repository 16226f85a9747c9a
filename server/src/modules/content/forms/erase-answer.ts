import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { contactIdsOf, rootsOf } from '../../contacts/merge-contacts.ts'
import type { Actor } from '../../corps/context.ts'
import { takeBackEvents } from '../../events/journal.ts'
import { recordAudit } from '../../staff/audit.ts'
import { isSeen } from './seen.ts'
import { submittedKey } from './take-answer.ts'

interface Erased {
  formId: string
  linkId: string
  fillerId: string | null
  visitor: Buffer
}

/**
 * Erases what somebody answered, because he asked for it (PV-02): what he said and sent along, what he agreed to, who he
 * was, the line in his journal and what rules counted of it. That an answer came stays: limits and shares are counted by it.
 * What was written into fields and the remark is the customer's own card by now, and is changed there. Returns the files
 * whose bytes are to go.
 */
export async function eraseAnswer(
  tx: Tx,
  actor: Actor,
  answerId: string,
  { reason }: { reason: string },
  now: Date,
): Promise<string[]> {
  const { corpId } = actor
  const { rows } = await sql<Erased>`
    select a.form_id, a.link_id, a.filler_id, a.visitor from form_answer a
    where a.corp_id = ${corpId}::bigint and a.answer_id = ${answerId}::bigint and ${isSeen(corpId, actor.scope)} for update of a`.execute(
    tx,
  )
  const [answer] = rows
  if (!answer) throw new NotFound({ what: '答案' })
  const { formId, linkId, fillerId, visitor } = answer
  const nobody = randomBytes(visitor.length)
  await sql`
    update form_answer set answers = '{}', sealed = null, consents = '[]', filler_id = null, known = false, visitor = ${nobody}, erased_at = ${now}::timestamptz, erased_by = ${actor.name}
    where corp_id = ${corpId}::bigint and answer_id = ${answerId}::bigint`.execute(tx)
  await sql`
    update form_visit v set visitor = ${nobody} where v.corp_id = ${corpId}::bigint and v.link_id = ${linkId}::bigint and v.visitor = ${visitor}
      and not exists (select from form_answer o where o.corp_id = ${corpId}::bigint and o.link_id = v.link_id and o.visitor = ${visitor})`.execute(
    tx,
  )
  await sql`delete from form_alert where corp_id = ${corpId}::bigint and answer_id = ${answerId}::bigint and batch is null`.execute(
    tx,
  )
  const { rows: files } = await sql<{ fileId: string }>`
    delete from form_file where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint and answer_id = ${answerId}::bigint returning file_id`.execute(
    tx,
  )
  if (fillerId) {
    const root = (await rootsOf(tx, corpId, [fillerId])).get(fillerId) ?? fillerId
    const ids = await contactIdsOf(tx, corpId, root)
    await takeBackEvents(tx, corpId, root, ids, [submittedKey(formId, answerId)])
  }
  const detail = { formId, reason, files: files.length }
  await recordAudit(tx, actor, { action: 'form.erase', kind: 'form_answer', id: answerId, detail, at: now })
  return files.map(({ fileId }) => fileId)
}
