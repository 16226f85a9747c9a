import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { AppendedEvent } from '../events/journal.ts'
import { markChanged } from '../facts/changes.ts'
import { dueOf } from './move.ts'
import { readCalendar, readStages, type StageRow } from './read-book.ts'

/**
 * Whoever has just become a customer begins in the first stage of the flows that take new ones. That he was added stands
 * in his journal already. Who comes back after a loss stays where he was.
 */
export async function placeNew(tx: Tx, corpId: string, appended: readonly AppendedEvent[]): Promise<void> {
  const addedAt = new Map<string, Date>()
  for (const { kind, contactId, at } of appended)
    if (kind === 'contact.added' && !(addedAt.get(contactId)! <= at)) addedAt.set(contactId, at)
  if (addedAt.size === 0) return
  for (const stage of await readFirstStages(tx, corpId)) await place(tx, corpId, stage, addedAt) // a few flows at most
}

async function readFirstStages(tx: Tx, corpId: string): Promise<StageRow[]> {
  const taking = new Set(
    (
      await tx
        .selectFrom('stageFlow')
        .select('flowId')
        .where('corpId', '=', corpId)
        .where('takesNew', '=', true)
        .where('archivedAt', 'is', null)
        .execute()
    ).map((flow) => flow.flowId),
  )
  if (taking.size === 0) return []
  const first = new Map<string, StageRow>()
  for (const stage of await readStages(tx, corpId))
    if (taking.has(stage.flowId) && !first.has(stage.flowId)) first.set(stage.flowId, stage)
  return [...first.values()]
}

async function place(tx: Tx, corpId: string, stage: StageRow, addedAt: ReadonlyMap<string, Date>): Promise<void> {
  const calendar = stage.remindDays === null ? undefined : await readCalendar(tx, corpId)
  const due = [...addedAt.values()].map((at) => (calendar ? dueOf(stage, calendar, at) : null))
  const { rows } = await sql<{ contactId: string }>`
    insert into stage_stay (corp_id, contact_id, flow_id, stage_id, since, way, due_at)
    select ${corpId}::bigint, a.contact_id, ${stage.flowId}::bigint, ${stage.stageId}::bigint, a.at, 'added', a.due_at
    from unnest(${[...addedAt.keys()]}::bigint[], ${[...addedAt.values()]}::timestamptz[], ${due}::timestamptz[]) as a(contact_id, at, due_at)
    where not exists (select from stage_stay s where s.corp_id = ${corpId}::bigint and s.contact_id = a.contact_id and s.flow_id = ${stage.flowId}::bigint)
    order by a.contact_id on conflict do nothing returning contact_id`.execute(tx)
  await markChanged(
    tx,
    corpId,
    rows.map((row) => row.contactId),
    ['stage'],
  )
}
