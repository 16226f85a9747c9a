import { sql } from 'kysely'
import { pick, spread } from './demo-visits.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { appendEvents } from './modules/events/journal.ts'
import { Rule } from './modules/segments/schema.ts'
import { USUAL, workedBetween } from './modules/stages/calendar.ts'
import { editStage } from './modules/stages/edit-stages.ts'
import { dueOf } from './modules/stages/move.ts'
import { readLostReasons, readStages, type StageRow } from './modules/stages/read-book.ts'
import { inCorp, type Tx } from './platform/db.ts'

const DAY_MS = 86_400_000
const LONG_MS = 60 * DAY_MS
const BATCH = 2_000
const BOSS = { name: '周岚', scope: undefined }
const BOUGHT = { is: 'all', of: [{ is: 'did', deed: { kind: 'order.paid' }, atLeast: 1 }] }

interface Customer {
  contactId: string
  addedAt: Date
  staffId: string
  staff: string
  paidAt: Date | null
  visitedAt: Date | null
  lost: boolean
}
interface Stay {
  customer: Customer
  stage: StageRow
  from: StageRow | undefined
  since: Date
  until: Date | null
  next: StageRow | undefined
}

/** How the customers of the demo company have come along, by what they did; whoever buys has been won from then on. */
export async function stageDemoCompany(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const customers = await inCorp(work.db, corpId, (tx) => readCustomers(tx, corpId))
  await inCorp(work.db, corpId, async (tx) => {
    const [, talking, keen] = await readStages(tx, corpId)
    if (!talking || !keen) return
    const remind = (days: number) => ({ remind: { days, of: 'silence' as const, headDays: 3 } })
    await editStage(tx, corpId, talking.stageId, remind(60), BOSS, now)
    await editStage(tx, corpId, keen.stageId, remind(15), BOSS, now)
  })
  for (let from = 0; from < customers.length; from += BATCH)
    await inCorp(work.db, corpId, (tx) => putStays(tx, corpId, customers.slice(from, from + BATCH), now))
  // Last: whoever is moved by it is moved on from where he stands by now.
  await inCorp(work.db, corpId, async (tx) => {
    const won = (await readStages(tx, corpId)).find((stage) => stage.kind === 'won')
    if (won) await editStage(tx, corpId, won.stageId, { rule: Rule.parse(BOUGHT) }, BOSS, now)
  })
}

async function readCustomers(tx: Tx, corpId: string): Promise<Customer[]> {
  const { rows } = await sql<Customer>`
    select c.contact_id, c.first_added_at as added_at, s.staff_id, s.name as staff, c.lost_at is not null as lost,
      (select min(o.paid_at) from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.state = 'paid') as paid_at,
      (select max(e.at) from event e where e.corp_id = ${corpId}::bigint and e.contact_id = c.contact_id and e.kind in ('product.viewed', 'cart.added')) as visited_at
    from contact c join lateral (select f.staff_id from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id order by f.lost_at is not null, f.added_at limit 1) f on true
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
    where c.corp_id = ${corpId}::bigint and c.last_added_at is not null and c.merged_into is null order by c.contact_id`.execute(
    tx,
  )
  return rows
}

/** The stages somebody has come through, each with when he came into it. */
function wayOf(customer: Customer, nr: number, now: Date, stages: StageRow[]): { stage: StageRow; at: Date }[] {
  const [fresh, talking, keen, won, lost] = stages
  if (!fresh || !talking || !keen || !won || !lost) return []
  const added = customer.addedAt.getTime()
  const known = now.getTime() - added
  const after = (days: number) => added + Math.min(days * DAY_MS, known * 0.6)
  const [first, dice] = [after(0.2 + spread(21, nr) * 4), spread(22, nr)]
  const way: [StageRow, number][] = [[fresh, added]]
  if (customer.paidAt && customer.paidAt.getTime() > first)
    way.push([talking, first], [keen, (first + customer.paidAt.getTime()) / 2], [won, customer.paidAt.getTime()])
  else if (customer.paidAt) way.push([won, Math.max(customer.paidAt.getTime(), added + 60_000)])
  else if (customer.visitedAt)
    way.push([talking, first], [keen, Math.max(customer.visitedAt.getTime(), first + 60_000)])
  else if (customer.lost || (known > LONG_MS && dice < 0.3)) way.push([talking, first], [lost, after(9 + dice * 90)])
  else if (dice < 0.72) way.push([talking, first])
  if (way.length === 2 && way[1]![0] === talking && dice > 0.6) way.push([keen, after(6 + spread(23, nr) * 20)])
  return way.filter(([, at]) => at <= now.getTime()).map(([stage, at]) => ({ stage, at: new Date(at) }))
}

async function putStays(tx: Tx, corpId: string, customers: readonly Customer[], now: Date): Promise<void> {
  const all = await readStages(tx, corpId)
  const stages = all.filter((stage) => stage.flowId === all[0]?.flowId)
  const reasons = (await readLostReasons(tx, corpId)).map((reason) => reason.lostReasonId)
  await sql`delete from stage_stay where corp_id = ${corpId}::bigint and contact_id = any(${customers.map((c) => c.contactId)}::bigint[])`.execute(
    tx,
  )
  const stays = customers.flatMap((customer) =>
    wayOf(customer, Number(customer.contactId), now, stages).map(({ stage, at }, i, way): Stay => {
      const [next, from] = [way[i + 1], way[i - 1]]
      return { customer, stage, since: at, from: from?.stage, until: next?.at ?? null, next: next?.stage }
    }),
  )
  const due = stays.map(({ stage, since, until }) => (until ? null : dueOf(stage, USUAL, since)))
  const isLate = (i: number) => due[i] && due[i] <= now
  await sql`
    insert into stage_stay (corp_id, contact_id, flow_id, stage_id, since, until, worked_ms, next_stage_id, way, actor, staff_id, lost_reason_id, due_at, told_at)
    select ${corpId}::bigint, s.contact_id, ${stages[0]?.flowId}::bigint, s.stage_id, s.since, s.until, s.worked_ms, s.next_id, s.way, s.actor, s.staff_id, s.lost_reason_id, s.due_at, s.told_at
    from unnest(${stays.map((s) => s.customer.contactId)}::bigint[], ${stays.map((s) => s.stage.stageId)}::bigint[], ${stays.map((s) => s.since)}::timestamptz[], ${stays.map((s) => s.until)}::timestamptz[],
      ${stays.map((s) => s.until && workedBetween(USUAL, s.since, s.until))}::bigint[], ${stays.map((s) => s.next?.stageId ?? null)}::bigint[], ${stays.map(wayIn)}::text[],
      ${stays.map((s) => (wayIn(s) === 'hand' ? s.customer.staff : null))}::text[], ${stays.map((s) => s.customer.staffId)}::bigint[],
      ${stays.map((s) => (s.stage.kind === 'lost' ? pick(reasons, 24, Number(s.customer.contactId)) : null))}::bigint[],
      ${due.map((at, i) => (isLate(i) ? null : at))}::timestamptz[], ${due.map((at, i) => (isLate(i) ? at : null))}::timestamptz[])
      as s(contact_id, stage_id, since, until, worked_ms, next_id, way, actor, staff_id, lost_reason_id, due_at, told_at)`.execute(
    tx,
  )
  await appendEvents(
    tx,
    corpId,
    stays.flatMap((stay) => (stay.from ? [eventOf(stay, stay.from)] : [])),
    now,
    { live: false },
  )
}

const wayIn = ({ from, stage }: Stay) => (!from ? 'added' : stage.kind === 'won' ? 'rule' : 'hand')

const eventOf = (stay: Stay, from: StageRow) => {
  const { customer, stage, since } = stay
  const byHand = wayIn(stay) === 'hand'
  return {
    contactId: customer.contactId,
    at: since,
    kind: 'stage.moved' as const,
    staffId: byHand ? customer.staffId : null,
    source: byHand ? ('console' as const) : ('system' as const),
    props: {
      fromId: from.stageId,
      from: from.name,
      toId: stage.stageId,
      to: stage.name,
      way: wayIn(stay),
      ...(byHand ? { by: customer.staff } : {}),
    },
    key: `demo stage ${customer.contactId} ${stage.stageId}`,
  }
}
