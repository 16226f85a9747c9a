import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { firstTold, type Moved } from './move.ts'
import { journal } from './service.ts'
import { askToTell } from './tell.ts'

/** For whom, and whose. */
export interface Given {
  contactId: string
  staffId: string
}

/** Gives members the same thing to do for each of these customers, by a rule and not by hand: who asked for the rule is named; `askedBy` is what the rule counts its own by. */
export async function giveTasks(
  tx: Tx,
  corpId: string,
  given: readonly Given[],
  {
    title,
    note,
    dueAt,
    accountId,
    actor,
    askedBy,
  }: { title: string; note: string; dueAt: Date; accountId: string; actor: string; askedBy?: string },
  now: Date,
): Promise<void> {
  if (given.length === 0) return
  const { rows } = await sql<Moved>`
    insert into task (corp_id, staff_id, contact_id, title, note, due_at, remind_minutes, state, account_id, actor, by_other, created_at, tell_at, asked_by)
    select ${corpId}::bigint, staff_id, contact_id, ${title}, ${note}, due_at, remind_minutes, 'open', ${accountId}::bigint, ${actor}, by_other, ${now}::timestamptz, ${firstTold(now)}, ${askedBy ?? null}
    from (
      select *, ${dueAt}::timestamptz as due_at, 0 as remind_minutes, true as by_other
      from unnest(${given.map((one) => one.contactId)}::bigint[], ${given.map((one) => one.staffId)}::bigint[]) as g(contact_id, staff_id)
    ) g order by contact_id
    returning task_id, staff_id, contact_id, work_card_id, title`.execute(tx)
  await askToTell(tx, corpId, rows, 'new', now)
  await journal(tx, corpId, 'task.added', rows, {}, { name: actor, staffId: null }, now)
}
