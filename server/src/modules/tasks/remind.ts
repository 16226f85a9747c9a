import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Cron } from '../corps/context.ts'
import { eachCorp } from '../corps/each-corp.ts'
import { headsOf } from '../staff/letters.ts'
import { headTold } from './move.ts'
import { askToTell } from './tell.ts'

/** Tasks of one transaction. */
const STEP = 500

/** Finds whom to tell, by the index of what is due: a look costs nothing where nothing is. */
export const remindCron: Cron = {
  name: 'tasks.remind',
  everyMinutes: 1,
  run: (context) =>
    eachCorp(context, 'tasks could not be reminded of', (tx, corpId) => remindStep(tx, corpId, context.clock.now())),
}

/**
 * Up to so many tasks somebody is to be told of: first whoever is to do it, at the time that was asked for; a day after it
 * was due the heads of his departments, of what another asked. Who is told, and when next, in one transaction.
 */
export async function remindStep(tx: Tx, corpId: string, now: Date): Promise<boolean> {
  const { rows } = await sql<{ taskId: string; staffId: string; toHead: boolean }>`
    with due as materialized (
      select task_id, told, remind_minutes is not null and told = 0 as own from task
      where corp_id = ${corpId}::bigint and tell_at <= ${now}::timestamptz order by tell_at limit ${STEP} for update skip locked
    )
    update task t set told = case when d.own then 1 else 2 end, tell_at = case when d.own then ${headTold(now)} end
    from due d where t.corp_id = ${corpId}::bigint and t.task_id = d.task_id and t.state = 'open'
    returning t.task_id, t.staff_id, not d.own as to_head`.execute(tx)
  await askToTell(
    tx,
    corpId,
    rows.filter((row) => !row.toHead),
    'due',
    now,
  )
  await askToTell(
    tx,
    corpId,
    await headsFor(
      tx,
      corpId,
      rows.filter((row) => row.toHead),
    ),
    'late',
    now,
  )
  return rows.length === STEP
}

async function headsFor(tx: Tx, corpId: string, late: readonly { taskId: string; staffId: string }[]) {
  if (late.length === 0) return []
  const { rows } = await sql<{ taskId: string; staffId: string }>`
    select l.task_id, boss.staff_id from unnest(${late.map((one) => one.taskId)}::bigint[], ${late.map((one) => one.staffId)}::bigint[]) as l(task_id, staff_id)
    cross join lateral (select boss.staff_id ${headsOf(corpId, sql.ref('l.staff_id'))}) boss`.execute(tx)
  return rows
}
