import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueueNamed } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { type Letter, sayNames, sendLetters } from '../staff/letters.ts'

const TELL_JOB = 'tasks.tell'
/** What is asked within so long is told together. */
const GATHER_MS = 5_000
const NAMES_SAID = 3
const LINES_SAID = 8

export type What = 'new' | 'due' | 'late'

/** Notes that members are to be told of tasks; each is told once of each. */
export async function askToTell(
  tx: Tx,
  corpId: string,
  told: readonly { taskId: string; staffId: string }[],
  what: What,
  now: Date,
): Promise<void> {
  if (told.length === 0) return
  await sql`
    insert into task_alert (corp_id, task_id, staff_id, what, created_at)
    select ${corpId}::bigint, task_id, staff_id, ${what}, ${now}::timestamptz
    from unnest(${told.map((one) => one.taskId)}::bigint[], ${told.map((one) => one.staffId)}::bigint[]) as t(task_id, staff_id) on conflict do nothing`.execute(
    tx,
  )
  const when = { key: `${TELL_JOB}:${corpId}`, runAt: new Date(Date.now() + GATHER_MS), maxAttempts: 5 }
  await enqueueNamed(tx, TELL_JOB, { corpId }, when)
}

/** Tells each member in one message what is new, due or late. */
export const tellJob = defineJob<WorkContext, { corpId: string }>({
  name: TELL_JOB,
  payload: z.object({ corpId: Id }),
  maxAttempts: 5,
  async run(context, { corpId }, { last }) {
    const letters = await inCorp(context.db, corpId, (tx) => settleLetters(tx, corpId, context.publicUrl))
    await sendLetters(context, corpId, letters, {
      subject: 'task_alert',
      job: TELL_JOB,
      last,
      async forget(tx, batch) {
        await tx.deleteFrom('taskAlert').where('corpId', '=', corpId).where('batch', '=', batch).execute()
      },
    })
  },
})

interface Line {
  batch: string
  userid: string
  what: What
  title: string
  dueAt: Date
  /** Whose it is, where it is not of the one told. */
  about: string | null
  names: string[]
  customers: number
  total: number
}

/** Gives what is untold its batch, a batch a member, and writes a letter of every batch there is. */
async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await sql`
    with untold as (select distinct staff_id from task_alert where corp_id = ${corpId}::bigint and batch is null),
    settled as (select staff_id, gen_random_uuid() as batch from untold)
    update task_alert a set batch = s.batch from settled s
    where a.corp_id = ${corpId}::bigint and a.staff_id = s.staff_id and a.batch is null`.execute(tx)
  const { rows } = await sql<Line>`
    select a.batch, s.userid, a.what, t.title, min(t.due_at) as due_at, case when t.staff_id <> a.staff_id then who.name end as about,
      count(*)::int as total, count(c.contact_id)::int as customers,
      coalesce((array_agg(coalesce(nullif(f.remark, ''), c.name) order by t.task_id) filter (where c.contact_id is not null))[1:${NAMES_SAID}], '{}') as names
    from task_alert a join task t on t.corp_id = ${corpId}::bigint and t.task_id = a.task_id
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = a.staff_id join staff who on who.corp_id = ${corpId}::bigint and who.staff_id = t.staff_id
    left join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = t.contact_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = t.contact_id and f.staff_id = t.staff_id
    where a.corp_id = ${corpId}::bigint and a.batch is not null
    group by a.batch, s.userid, a.what, t.title, t.staff_id, a.staff_id, who.name, t.work_card_id
    order by a.batch, a.what, min(t.due_at), t.title`.execute(tx)
  return [...Map.groupBy(rows, (row) => row.batch)].map(([batch, lines]) => ({
    batch,
    messages: [{ touser: lines[0]!.userid, content: sayTasks(lines, publicUrl) }],
  }))
}

const HEADS: Record<What, string> = { new: '有新的事要做：', due: '到时间了：', late: '过了时间还没做：' }

function sayTasks(lines: readonly Line[], publicUrl: string): string {
  const said = (['late', 'due', 'new'] as const).flatMap((what) => {
    const of = lines.filter((line) => line.what === what)
    if (of.length === 0) return []
    const more = of.length > LINES_SAID ? [`还有 ${of.length - LINES_SAID} 项`] : []
    return [HEADS[what], ...of.slice(0, LINES_SAID).map(sayLine), ...more]
  })
  return [...said, `打开任务：${publicUrl}/tasks`].join('\n')
}

function sayLine({ title, dueAt, about, names, customers, total }: Line): string {
  const whom = customers > 0 ? sayNames(names, customers) : total > 1 ? `${total} 件` : ''
  return `${about ? `${about}的` : ''}「${title}」${whom}，${sayTime(dueAt)}前`
}

const SHANGHAI = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
function sayTime(at: Date): string {
  const part = Object.fromEntries(SHANGHAI.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.month}月${part.day}日 ${part.hour}:${part.minute} `
}
