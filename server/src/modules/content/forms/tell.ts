import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import {
  askToTellNews,
  batchNews,
  type Letter,
  letterEach,
  type News,
  sayNames,
  tellNews,
} from '../../staff/letters.ts'

const NEWS: News = { table: 'form_alert', job: 'content.tell-forms', gatherMs: 2_000 }
const NAMES_SAID = 3

export type What = 'opened' | 'submitted'

/** Notes that the member whose link it is is to be told; once the transaction commits. */
export async function askToTell(
  tx: Tx,
  corpId: string,
  told: { staffId: string; formId: string; fillerId: string | null; what: What; answerId?: string | null },
  now: Date,
): Promise<void> {
  await sql`
    insert into form_alert (corp_id, staff_id, form_id, filler_id, what, answer_id, created_at)
    values (${corpId}::bigint, ${told.staffId}::bigint, ${told.formId}::bigint, ${told.fillerId}::bigint, ${told.what}, ${told.answerId ?? null}::bigint, ${now}::timestamptz)`.execute(
    tx,
  )
  await askToTellNews(tx, corpId, NEWS)
}

/** Tells each member in one message who opened and who answered. */
export const tellFormsJob = tellNews(NEWS, (tx, corpId, { publicUrl }) => settleLetters(tx, corpId, publicUrl))

interface Line {
  batch: string
  userid: string
  what: What
  formId: string
  title: string
  answerId: string | null
  names: string[]
  people: number
  total: number
}

/** Settles what is untold, and writes a letter of every batch there is. */
export async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await batchNews(tx, corpId, NEWS)
  const { rows } = await sql<Line>`
    select a.batch, s.userid, a.what, a.form_id, f.title, max(a.answer_id) as answer_id, count(*)::int as total, count(distinct c.contact_id)::int as people,
      coalesce((array_agg(distinct coalesce(nullif(w.remark, ''), c.name)) filter (where c.name <> ''))[1:${NAMES_SAID}], '{}') as names
    from form_alert a join form f on f.corp_id = ${corpId}::bigint and f.form_id = a.form_id
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = a.staff_id
    left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = a.filler_id
    left join follow w on w.corp_id = ${corpId}::bigint and w.contact_id = a.filler_id and w.staff_id = a.staff_id
    where a.corp_id = ${corpId}::bigint and a.batch is not null
    group by a.batch, s.userid, a.what, a.form_id, f.title order by a.batch, a.what desc, a.form_id`.execute(tx)
  return letterEach(rows, (lines) => lines.map((line) => sayLine(line, publicUrl)).join('\n'))
}

function sayLine({ what, formId, title, answerId, names, people, total }: Line, publicUrl: string): string {
  const who = names.length > 0 ? sayNames(names, Math.max(people, names.length)) : `${total} 位还不认识的访客`
  const name = title.replaceAll(/[\r\n<>]/g, ' ')
  if (what === 'opened') return `${who}打开了「${name}」`
  const at = total === 1 && answerId ? `?answer=${answerId}` : ''
  return `${who}填好了「${name}」\n看看填了什么：${publicUrl}/content/forms/${formId}/answers${at}`
}
