import { sql } from 'kysely'
import { z } from 'zod'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import type { Actor, WorkContext } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { RecountEnded, RecountOpen } from '../errors.ts'
import { computeGuides, nextBuyers, writeGuides } from './compute-guides.ts'
import type { GuideRule } from './guide.ts'
import { readGuideRule, saveGuideRule } from './guide-rule.ts'
import type { GuidePreview, RecountView } from './schema.ts'

/** Customers of one transaction. */
const STEP = 300
const RUN_MS = 45_000
/** A page waits no longer to be told what a rule would change. */
const PREVIEW_MS = 6_000

/** How many orders would count for somebody else under a rule; of very many, those among the customers looked at in time. */
export async function previewRule(db: Db, corpId: string, rule: GuideRule): Promise<GuidePreview> {
  const until = performance.now() + PREVIEW_MS
  const seen = { customers: 0, orders: 0, isWhole: false }
  for (let after = '0'; performance.now() < until; ) {
    const { ids, moved } = await inCorp(db, corpId, async (tx) => {
      const ids = await nextBuyers(tx, corpId, after, STEP)
      return { ids, moved: (await computeGuides(tx, corpId, ids, rule)).filter(({ moves }) => moves).length }
    })
    seen.customers += ids.length
    seen.orders += moved
    if (ids.length < STEP) return { ...seen, isWhole: true }
    after = ids.at(-1)!
  }
  return seen
}

/** Takes a rule, and puts it to the orders there are. */
export async function startRecount(tx: Tx, actor: Actor, rule: GuideRule, now: Date): Promise<string> {
  const { corpId } = actor
  const before = await readGuideRule(tx, corpId)
  await saveGuideRule(tx, corpId, rule)
  const { rows } = await sql<{ guideRecountId: string }>`
    insert into guide_recount (corp_id, state, lock_days, lock_by, account_id, actor, total, created_at)
    select ${corpId}::bigint, 'waiting', ${rule.lockDays}, ${rule.lockBy}, ${actor.accountId}::bigint, ${actor.name}, count(distinct coalesce(c.merged_into, c.contact_id)), ${now}::timestamptz
    from customer_order o join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = o.contact_id where o.corp_id = ${corpId}::bigint and o.paid_at is not null
    on conflict do nothing returning guide_recount_id`.execute(tx)
  const [made] = rows
  if (!made) throw new RecountOpen()
  await enqueue(tx, runRecount, { corpId, guideRecountId: made.guideRecountId })
  const detail = { before, after: rule }
  await recordAudit(tx, actor, {
    action: 'guide_rule.set',
    kind: 'guide_recount',
    id: made.guideRecountId,
    detail,
    at: now,
  })
  return made.guideRecountId
}

/** Ends it where it stands: the rule holds for what comes, older orders stay as far as they have got. */
export async function cancelRecount(tx: Tx, corpId: string, guideRecountId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ state: string }>`
    select state from guide_recount where corp_id = ${corpId}::bigint and guide_recount_id = ${guideRecountId}::bigint for update`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '重算任务' })
  if (!['waiting', 'running'].includes(rows[0].state)) throw new RecountEnded()
  await sql`update guide_recount set state = 'cancelled', ended_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and guide_recount_id = ${guideRecountId}::bigint`.execute(
    tx,
  )
}

/** The newest one. */
export async function readRecount(tx: Tx, corpId: string): Promise<RecountView | null> {
  const { rows } = await sql<RecountView & { createdAt: unknown; endedAt: unknown }>`
    select guide_recount_id, state, lock_days, lock_by, actor, total, done, changed, created_at, ended_at from guide_recount
    where corp_id = ${corpId}::bigint order by guide_recount_id desc limit 1`.execute(tx)
  const [run] = rows
  const instant = (at: unknown) => (at as Date | null)?.toISOString() ?? null
  return run ? { ...run, createdAt: instant(run.createdAt)!, endedAt: instant(run.endedAt) } : null
}

export const runRecount = defineJob<WorkContext, { corpId: string; guideRecountId: string }>({
  name: 'orders.recount-guides',
  payload: z.object({ corpId: Id, guideRecountId: Id }),
  maxAttempts: 12,
  async run({ db, clock }, { corpId, guideRecountId }, { last, signal }) {
    const until = performance.now() + RUN_MS
    try {
      while (await inCorp(db, corpId, (tx) => takeStep(tx, corpId, guideRecountId, clock.now()))) {
        if (!signal.aborted && performance.now() < until) continue
        await inCorp(db, corpId, (tx) => enqueue(tx, runRecount, { corpId, guideRecountId }))
        return
      }
    } catch (error) {
      if (last) await giveUp(db, corpId, guideRecountId, error, clock.now())
      throw error
    }
  },
})

/** The next customers, with how far it has come, in one transaction. */
async function takeStep(tx: Tx, corpId: string, guideRecountId: string, now: Date): Promise<boolean> {
  const { rows } = await sql<GuideRule & { cursor: string }>`
    select lock_days, lock_by, cursor from guide_recount
    where corp_id = ${corpId}::bigint and guide_recount_id = ${guideRecountId}::bigint and state in ('waiting', 'running') for update`.execute(
    tx,
  )
  const [run] = rows
  if (!run) return false
  const ids = await nextBuyers(tx, corpId, run.cursor, STEP)
  // Orders that come in meanwhile are given by the same rule; those of this step wait for it.
  await sql`select from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = any(${ids}::bigint[]) order by o.contact_id, o.order_id for update of o`.execute(
    tx,
  )
  const regiven = await computeGuides(tx, corpId, ids, run)
  await writeGuides(tx, corpId, regiven)
  const isLast = ids.length < STEP
  const moved = regiven.filter(({ moves }) => moves).length
  await sql`
    update guide_recount set state = ${isLast ? 'done' : 'running'}, ended_at = case when ${isLast} then ${now}::timestamptz end, cursor = ${ids.at(-1) ?? run.cursor}::bigint,
      done = done + ${ids.length}, total = greatest(total, done + ${ids.length}), changed = changed + ${moved}
    where corp_id = ${corpId}::bigint and guide_recount_id = ${guideRecountId}::bigint`.execute(tx)
  return !isLast
}

async function giveUp(db: Db, corpId: string, guideRecountId: string, error: unknown, now: Date): Promise<void> {
  const cause = (error instanceof Error ? error.message : String(error)).slice(0, 300)
  await inCorp(db, corpId, (tx) =>
    sql`update guide_recount set state = 'failed', cause = ${cause}, ended_at = ${now}::timestamptz
      where corp_id = ${corpId}::bigint and guide_recount_id = ${guideRecountId}::bigint and state in ('waiting', 'running')`.execute(
      tx,
    ),
  )
}
