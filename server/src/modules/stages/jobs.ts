import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { BY_RULE, dueOf, leaveFlow, moveContacts } from './move.ts'
import { readCalendar, readStages } from './read-book.ts'
import { remindCron } from './remind.ts'
import { tellJob } from './tell.ts'

const STEP = 2_000
const OfStage = z.object({ corpId: Id, stageId: Id })
type OfStage = z.infer<typeof OfStage>

/** Takes everybody out of a removed stage to where they are to go, step by step: who has gone is not met again. */
export const emptyStage = defineJob<WorkContext, OfStage>({
  name: 'stages.empty',
  payload: OfStage,
  maxAttempts: 12,
  async run({ db, clock }, { corpId, stageId }, { signal }) {
    while (await inCorp(db, corpId, (tx) => emptyStep(tx, corpId, stageId, clock.now()))) signal.throwIfAborted()
  },
})

async function emptyStep(tx: Tx, corpId: string, stageId: string, now: Date): Promise<boolean> {
  const { rows } = await sql<{ contactId: string; flowId: string; removedTo: string | null }>`
    select y.contact_id, y.flow_id, s.removed_to from stage_stay y join stage s on s.corp_id = ${corpId}::bigint and s.stage_id = y.stage_id
    where y.corp_id = ${corpId}::bigint and y.stage_id = ${stageId}::bigint and y.until is null and s.removed_at is not null limit ${STEP}`.execute(
    tx,
  )
  const [first] = rows
  if (!first) return false
  const [to] = first.removedTo ? await readStages(tx, corpId, { stageIds: [first.removedTo] }) : []
  const contactIds = rows.map((row) => row.contactId)
  const why = { ...BY_RULE, way: 'removed' as const }
  const gone = to
    ? await moveContacts(tx, corpId, contactIds, to, why, now)
    : await leaveFlow(tx, corpId, contactIds, first.flowId, why, now)
  return gone.length > 0
}

/** Works out anew when whoever follows those in a stage is to be told: its days, or the working hours, have changed. */
export const rescheduleStage = defineJob<WorkContext, OfStage>({
  name: 'stages.reschedule',
  payload: OfStage,
  async run({ db }, { corpId, stageId }, { signal }) {
    let after: string | undefined = '0'
    while (after) {
      signal.throwIfAborted()
      const from: string = after
      after = await inCorp(db, corpId, (tx) => rescheduleStep(tx, corpId, stageId, from))
    }
  },
})

/** Returns the last customer gone through. Whoever has been told of already is not told of again. */
async function rescheduleStep(tx: Tx, corpId: string, stageId: string, after: string): Promise<string | undefined> {
  const [stage] = await readStages(tx, corpId, { stageIds: [stageId] })
  if (!stage) return undefined
  const { rows } = await sql<{ contactId: string; stayId: string; since: Date }>`
    select contact_id, stay_id, since from stage_stay
    where corp_id = ${corpId}::bigint and stage_id = ${stageId}::bigint and until is null and told_at is null and contact_id > ${after}::bigint
    order by contact_id limit ${STEP} for update`.execute(tx)
  const calendar = await readCalendar(tx, corpId)
  await sql`
    update stage_stay s set due_at = n.due_at
    from unnest(${rows.map((r) => r.contactId)}::bigint[], ${rows.map((r) => r.stayId)}::bigint[], ${rows.map((r) => dueOf(stage, calendar, r.since))}::timestamptz[]) as n(contact_id, stay_id, due_at)
    where s.corp_id = ${corpId}::bigint and s.contact_id = n.contact_id and s.stay_id = n.stay_id and s.due_at is distinct from n.due_at`.execute(
    tx,
  )
  return rows.at(-1)?.contactId
}

export const jobs = [emptyStage, rescheduleStage, tellJob]
export const crons = [remindCron]
