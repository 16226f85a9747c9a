import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { askToTellNews, batchNews, type Letter, letterEach, type News, sayNames, tellNews } from '../staff/letters.ts'

const NEWS: News = { table: 'task_alert', job: 'tasks.tell', gatherMs: 5_000 }
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
  await askToTellNews(tx, corpId, NEWS)
}

/** Tells each member in one message what is new, due or late. */
export const tellJob = tellNews(NEWS, (tx, corpId, { publicUrl }) => settleLetters(tx, corpId, publicUrl))

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

/** Settles what is untold, and writes a letter of every batch there is. */
async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await batchNews(tx, corpId, NEWS)
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
  return letterEach(rows, (lines) => sayTasks(lines, publicUrl))
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
