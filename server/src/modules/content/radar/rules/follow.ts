import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { appendEvents } from '../../../events/journal.ts'
import type { FlipFollower } from '../../../segments/follow.ts'
import { type Given, giveTasks } from '../../../tasks/give.ts'
import type { Asks } from './schema.ts'

interface Standing {
  ruleId: string
  segmentId: string
  materialId: string | null
  material: string | null
  asks: Asks
  atLeast: number
  points: number
  taskTitle: string | null
  taskNote: string
  taskHours: number
  accountId: string
  createdBy: string
}

/** Gives whoever comes to meet a rule his points, and his member the task: each customer once a rule, whatever comes later. */
export const readingRuleFollower: FlipFollower = {
  name: 'radar',
  async segmentIds(tx, corpId) {
    return (await readStanding(tx, corpId)).map(({ segmentId }) => segmentId)
  },
  async take(tx, corpId, flips, now) {
    const rules = new Map((await readStanding(tx, corpId)).map((rule) => [rule.segmentId, rule]))
    // Twenty packets at most; whoever met the rule when it was made had done it before anybody asked.
    for (const { segmentId, entered, why } of flips) {
      const rule = rules.get(segmentId)
      if (rule && entered.length > 0 && why !== 'edit') await act(tx, corpId, rule, entered, now)
    }
  },
}

async function readStanding(tx: Tx, corpId: string): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select r.radar_rule_id as rule_id, r.segment_id, r.material_id, m.title as material, r.asks, r.at_least, r.points, r.task_title, r.task_note, r.task_hours, r.account_id, r.created_by
    from radar_rule r left join material m on m.corp_id = ${corpId}::bigint and m.material_id = r.material_id
    where r.corp_id = ${corpId}::bigint and r.stopped_at is null`.execute(tx)
  return rows
}

async function act(tx: Tx, corpId: string, rule: Standing, contactIds: readonly string[], now: Date): Promise<void> {
  const { rows } = await sql<{ contactId: string }>`
    insert into radar_rule_met (corp_id, radar_rule_id, contact_id, met_at)
    select ${corpId}::bigint, ${rule.ruleId}::bigint, id, ${now}::timestamptz from unnest(${[...contactIds]}::bigint[]) as id order by id
    on conflict do nothing returning contact_id`.execute(tx)
  if (rows.length === 0) return
  const met = rows.map(({ contactId }) => contactId)
  await sql`update radar_rule set met = met + ${met.length} where corp_id = ${corpId}::bigint and radar_rule_id = ${rule.ruleId}::bigint`.execute(
    tx,
  )
  if (rule.points !== 0)
    await appendEvents(
      tx,
      corpId,
      met.map((contactId) => ({
        contactId,
        at: now,
        kind: 'score.added' as const,
        source: 'system' as const,
        props: { points: rule.points, why: sayWhy(rule), ruleId: rule.ruleId },
        key: `score.added radar ${rule.ruleId} ${contactId}`,
      })),
      now,
    )
  if (rule.taskTitle === null) return
  const { taskTitle: title, taskNote, taskHours, accountId, createdBy } = rule
  await giveTasks(
    tx,
    corpId,
    await whoseCustomers(tx, corpId, met, rule.materialId),
    {
      title,
      note: taskNote || sayWhy(rule),
      dueAt: new Date(now.getTime() + taskHours * 3_600_000),
      accountId,
      actor: createdBy,
    },
    now,
  )
}

/** Of the members who follow each: whoever sent what he read last, else whoever has followed him longest. */
async function whoseCustomers(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  materialId: string | null,
): Promise<Given[]> {
  const { rows } = await sql<Given>`
    with asked as (select id as contact_id from unnest(${[...contactIds]}::bigint[]) as id),
    person as (
      select contact_id, contact_id as part from asked
      union all select a.contact_id, c.contact_id from asked a join contact c on c.corp_id = ${corpId}::bigint and c.merged_into = a.contact_id
    ), sent as (
      select p.contact_id, v.staff_id, max(v.opened_at) as opened_at from person p
      join radar_view v on v.corp_id = ${corpId}::bigint and v.contact_id = p.part and (${materialId}::bigint is null or v.material_id = ${materialId}::bigint) group by 1, 2
    )
    select distinct on (f.contact_id) f.contact_id, f.staff_id from asked a
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = a.contact_id and f.lost_at is null
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id and s.left_at is null
    left join sent on sent.contact_id = f.contact_id and sent.staff_id = f.staff_id
    order by f.contact_id, sent.opened_at desc nulls last, f.added_at, f.staff_id`.execute(tx)
  return rows
}

/** Why, as the timeline and a member read it. */
function sayWhy({ material, asks, atLeast }: Standing): string {
  const what = material === null ? '发给他的内容' : `《${material}》`
  switch (asks) {
    case 'opens':
      return `打开${what}满 ${atLeast} 次`
    case 'seconds':
      return `看${what}满 ${atLeast} 秒`
    case 'depth':
      return `看${what}读到 ${atLeast}%`
    case 'page':
      return `看${what}读到第 ${atLeast} 页`
    case 'forwarded':
      return `转发${what}，满 ${atLeast} 位朋友打开`
  }
}
