import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { keepVisible } from '../contacts/pick-contacts.ts'
import type { Scope } from '../corps/context.ts'
import { type BulkActor, beginBulk, endRunOf } from '../tags/bulk-runs.ts'
import type { BulkRun, OtherWork } from '../tags/bulk-step.ts'
import { AssigneeUnknown, TaskDuePast, WorkCardWithdrawn } from './errors.ts'
import { firstTold, type Moved, moveTasks } from './move.ts'
import type { NewWorkCard, WorkCard, WorkCardPage, WorkCardView } from './schema.ts'
import { journal } from './service.ts'
import { askToTell } from './tell.ts'

const SHOWN = 20
const STAFF_SHOWN = 500

/** Asks something of the members of many customers: one row says what, a run hands it out. */
export async function startWorkCard(
  tx: Tx,
  corpId: string,
  { contactIds, filter, ...asked }: NewWorkCard,
  actor: BulkActor,
  now: Date,
): Promise<{ workCardId: string; bulkRunId: string; total: number }> {
  const dueAt = new Date(asked.dueAt)
  if (dueAt <= now) throw new TaskDuePast()
  if (asked.staffId) await requireStaff(tx, corpId, asked.staffId, actor.scope)
  const { workCardId } = await tx
    .insertInto('workCard')
    .values({ ...asked, dueAt, corpId, accountId: actor.accountId, actor: actor.name, createdAt: now })
    .returning('workCardId')
    .executeTakeFirstOrThrow()
  const run = await beginBulk(tx, corpId, { contactIds, filter }, actor, now, { kind: 'task', workCardId })
  return { workCardId, ...run }
}

async function requireStaff(tx: Tx, corpId: string, staffId: string, scope: Scope): Promise<void> {
  const { rows } = await sql`
    select from staff where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint and left_at is null
      and (${scope ?? null}::bigint[] is null or staff_id = any(${scope ?? null}::bigint[]))`.execute(tx)
  if (rows.length === 0) throw new AssigneeUnknown()
}

/** Hands a card out to whoever follows the customers of a step, within the scope of whoever asked. */
export const handOut: OtherWork = {
  async take(tx, corpId, run, asked, now) {
    const visible = run.contactIds ? await keepVisible(tx, corpId, asked, run.scope ?? undefined) : asked
    const { rows } = await sql<Moved & { byOther: boolean }>`
      with card as (
        select * from work_card where corp_id = ${corpId}::bigint and work_card_id = ${run.workCardId}::bigint and withdrawn_at is null
      ), pair as (
        select f.contact_id, f.staff_id, row_number() over (partition by f.contact_id order by f.added_at, f.staff_id) as n
        from follow f, card where f.corp_id = ${corpId}::bigint and f.contact_id = any(${visible}::bigint[]) and f.lost_at is null
          and (${run.scope}::bigint[] is null or f.staff_id = any(${run.scope}::bigint[])) and (card.staff_id is null or f.staff_id = card.staff_id)
      ), handed as (
        insert into task (corp_id, staff_id, contact_id, work_card_id, bulk_run_id, title, note, due_at, remind_minutes, state, account_id, actor, by_other, created_at, tell_at)
        select ${corpId}::bigint, g.whose, g.contact_id, g.work_card_id, ${run.bulkRunId}::bigint, g.title, g.note, g.due_at, g.remind_minutes, 'open', g.account_id, g.actor, g.by_other, ${now}::timestamptz, ${firstTold(now)}
        from (select card.*, pair.staff_id as whose, pair.contact_id, own.staff_id is distinct from pair.staff_id as by_other from card cross join pair
          left join account_corp own on own.corp_id = ${corpId}::bigint and own.account_id = card.account_id where card.choice = 'each' or pair.n = 1) g
        on conflict (corp_id, work_card_id, contact_id, staff_id) where work_card_id is not null do nothing
        returning task_id, staff_id, contact_id, work_card_id, title, by_other
      ), counted as (
        insert into work_card_staff as w (corp_id, work_card_id, staff_id, open)
        select ${corpId}::bigint, work_card_id, staff_id, count(*) from handed group by 2, 3
        on conflict (corp_id, work_card_id, staff_id) do update set open = w.open + excluded.open
      ) select * from handed order by task_id`.execute(tx)
    await askToTell(
      tx,
      corpId,
      rows.filter((row) => row.byOther),
      'new',
      now,
    )
    await journal(tx, corpId, 'task.added', rows, {}, byRun(run), now)
    const [seen, changed] = [new Set(visible), new Set(rows.flatMap((row) => row.contactId ?? []))]
    return { changed, whyNot: (id) => (seen.has(id) ? 'not_followed' : 'not_found') }
  },
}

/** Takes back what a run handed out and nobody has done. */
export const takeBack: OtherWork = {
  async next(tx, corpId, run, limit) {
    const { rows } = await sql<{ contactId: string }>`
      select distinct contact_id from task where corp_id = ${corpId}::bigint and bulk_run_id = ${run.ofRunId}::bigint and contact_id > ${run.cursor}::bigint
      order by contact_id limit ${limit}`.execute(tx)
    return rows.map((row) => row.contactId)
  },
  async take(tx, corpId, run, asked, now) {
    const which = sql`t.bulk_run_id = ${run.ofRunId}::bigint and t.contact_id = any(${asked}::bigint[])`
    const moved = await moveTasks(tx, corpId, which, { from: ['open'], to: 'cancelled', by: run.actor }, now)
    await journal(tx, corpId, 'task.dropped', moved, { as: 'cancelled' }, byRun(run), now)
    return { changed: new Set(moved.flatMap((one) => one.contactId ?? [])), whyNot: () => 'touched' }
  },
}

const byRun = (run: BulkRun) => ({ name: run.actor, staffId: null })

/** Takes a card back: what is not handed out yet is not any more, and what is open is cancelled. What was done stays. */
export async function withdrawCard(
  tx: Tx,
  corpId: string,
  workCardId: string,
  actor: BulkActor,
  now: Date,
): Promise<void> {
  const [card] = await readCards(tx, corpId, { scope: actor.scope, accountId: actor.accountId, workCardId })
  if (!card) throw new NotFound({ what: '工作卡片' })
  const { rows } = await sql`
    update work_card set withdrawn_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and work_card_id = ${workCardId}::bigint and withdrawn_at is null returning work_card_id`.execute(
    tx,
  )
  if (rows.length === 0) throw new WorkCardWithdrawn()
  if (card.run) await endRunOf(tx, corpId, card.run.bulkRunId, actor, now)
}

interface Asking {
  scope: Scope
  accountId: string
  workCardId?: string
  before?: string | undefined
}
type CardRow = Omit<WorkCard, 'dueAt' | 'createdAt' | 'withdrawnAt'> & {
  dueAt: Date
  createdAt: Date
  withdrawnAt: Date | null
}

/** The newest cards. Who sees part of the corp sees those he asked for and those of members he sees, counted of these alone. */
async function readCards(tx: Tx, corpId: string, asking: Asking): Promise<CardRow[]> {
  const scope = asking.scope ?? null
  const inScope = sql`(${scope}::bigint[] is null or x.staff_id = any(${scope}::bigint[]))`
  const { rows } = await sql<CardRow>`
    select w.work_card_id, w.title, w.note, w.say, w.coupon, w.due_at, w.actor, w.created_at, w.withdrawn_at, n.*,
      case when r.bulk_run_id is not null then jsonb_build_object('bulkRunId', r.bulk_run_id::text, 'state', r.state, 'total', r.total, 'done', r.done) end as run
    from work_card w
    left join bulk_run r on r.corp_id = ${corpId}::bigint and r.work_card_id = w.work_card_id and r.kind = 'task'
    cross join lateral (
      select count(*)::int as members, coalesce(sum(x.open), 0)::int as open, coalesce(sum(x.done), 0)::int as done, coalesce(sum(x.skipped), 0)::int as skipped, coalesce(sum(x.cancelled), 0)::int as cancelled
      from work_card_staff x where x.corp_id = ${corpId}::bigint and x.work_card_id = w.work_card_id and ${inScope}
    ) n
    where w.corp_id = ${corpId}::bigint and (${asking.workCardId ?? null}::bigint is null or w.work_card_id = ${asking.workCardId ?? null}::bigint)
      and (${asking.before ?? null}::bigint is null or w.work_card_id < ${asking.before ?? null}::bigint)
      and (${scope}::bigint[] is null or w.account_id = ${asking.accountId}::bigint or n.members > 0)
    order by w.work_card_id desc limit ${SHOWN + 1}`.execute(tx)
  return rows
}

const shown = ({ dueAt, createdAt, withdrawnAt, ...row }: CardRow): WorkCard => ({
  ...row,
  dueAt: dueAt.toISOString(),
  createdAt: createdAt.toISOString(),
  withdrawnAt: withdrawnAt?.toISOString() ?? null,
})

export async function listCards(tx: Tx, corpId: string, asking: Omit<Asking, 'workCardId'>): Promise<WorkCardPage> {
  const rows = await readCards(tx, corpId, asking)
  const page = rows.slice(0, SHOWN)
  return { items: page.map(shown), nextCursor: rows.length > SHOWN ? (page.at(-1)?.workCardId ?? null) : null }
}

/** One card with how far each member is. */
export async function readCard(
  tx: Tx,
  corpId: string,
  workCardId: string,
  asking: Omit<Asking, 'workCardId' | 'before'>,
): Promise<WorkCardView> {
  const [card] = await readCards(tx, corpId, { ...asking, workCardId })
  if (!card) throw new NotFound({ what: '工作卡片' })
  const scope = asking.scope ?? null
  const { rows: staff } = await sql<WorkCardView['staff'][number]>`
    select x.staff_id, s.name, x.open, x.done, x.skipped, x.cancelled from work_card_staff x
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = x.staff_id
    where x.corp_id = ${corpId}::bigint and x.work_card_id = ${workCardId}::bigint and (${scope}::bigint[] is null or x.staff_id = any(${scope}::bigint[]))
    order by x.open desc, s.name, x.staff_id limit ${STAFF_SHOWN}`.execute(tx)
  return { card: shown(card), staff }
}
