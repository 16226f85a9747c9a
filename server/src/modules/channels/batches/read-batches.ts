import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { CodeBatchPerson, CodeBatchRow, CodeBatchView, SkipReason } from './schema.ts'

const SHOWN = 50

type Row = Omit<CodeBatchRow, 'createdAt' | 'cancelledAt' | 'undoneAt'> & {
  createdAt: Date
  cancelledAt: Date | null
  undoneAt: Date | null
}

/** Codes of batches with how each stands; a fragment of both reads below. */
const codesOf = (corpId: string, codeBatchId: string | null) => sql`
  select c.code_batch_id, c.channel_code_id, c.activity_staff_id as staff_id, c.name, f.cause as failure_cause, f.failure_id,
    case when c.removed_at is not null then case when b.cancelled_at = c.removed_at then 'cancelled' else 'removed' end
      when c.config_id is not null then 'ready' when f.failure_id is not null then 'failed' else 'creating' end as status,
    coalesce(sums.scans, 0)::int as scans, coalesce(sums.adds, 0)::int as adds
  from shown b
  join channel_code c on c.corp_id = ${corpId}::bigint and c.code_batch_id = b.code_batch_id
  left join lateral (select lf.failure_id, lf.cause from lane_failure lf
    where lf.corp_id = ${corpId}::bigint and lf.lane = 'channel_codes' and lf.subject = 'channel_code ' || c.channel_code_id and lf.resolved_at is null
    order by lf.last_at desc limit 1) f on true
  left join lateral (select sum(d.scans) as scans, sum(d.adds) as adds from channel_code own
    join channel_daily d on d.corp_id = ${corpId}::bigint and d.channel_code_id = own.channel_code_id
    where own.corp_id = ${corpId}::bigint and (own.channel_code_id = c.channel_code_id or own.placement_of = c.channel_code_id)) sums on true
  where ${codeBatchId}::bigint is null or c.code_batch_id = ${codeBatchId}::bigint`

/** The newest batches, or one, with how far they have come. */
export async function listBatches(tx: Tx, corpId: string, codeBatchId: string | null = null): Promise<CodeBatchRow[]> {
  const { rows } = await sql<Row>`
    with shown as (
      select * from code_batch where corp_id = ${corpId}::bigint and (${codeBatchId}::bigint is null or code_batch_id = ${codeBatchId}::bigint)
      order by code_batch_id desc limit ${SHOWN}),
    code as (${codesOf(corpId, codeBatchId)})
    select b.code_batch_id, b.activity, b.name_template, b.actor, b.created_at, b.cancelled_at, b.undone_at, jsonb_array_length(b.skipped) as skipped,
      count(*)::int as total, count(*) filter (where status = 'ready')::int as ready, count(*) filter (where status = 'creating')::int as creating,
      count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'cancelled')::int as cancelled,
      count(*) filter (where status = 'removed')::int as removed, sum(scans)::int as scans, sum(adds)::int as adds
    from shown b join code on code.code_batch_id = b.code_batch_id
    group by b.code_batch_id, b.activity, b.name_template, b.actor, b.created_at, b.cancelled_at, b.undone_at, b.skipped order by b.code_batch_id desc`.execute(
    tx,
  )
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    cancelledAt: row.cancelledAt?.toISOString() ?? null,
    undoneAt: row.undoneAt?.toISOString() ?? null,
  }))
}

/** A batch with what came of each person. */
export async function readBatch(tx: Tx, corpId: string, codeBatchId: string): Promise<CodeBatchView> {
  const [batch] = await listBatches(tx, corpId, codeBatchId)
  if (!batch) throw new NotFound({ what: '批量建码任务' })
  const { rows: people } = await sql<CodeBatchPerson>`
    with shown as (select * from code_batch where corp_id = ${corpId}::bigint and code_batch_id = ${codeBatchId}::bigint),
    code as (${codesOf(corpId, codeBatchId)})
    select code.staff_id, s.name as staff_name, channel_code_id, code.name as code_name, code.status, failure_cause, failure_id, scans, adds
    from code join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = code.staff_id order by channel_code_id`.execute(
    tx,
  )
  const { rows: skippedPeople } = await sql<{ staffId: string; staffName: string; reason: SkipReason }>`
    select s.staff_id, s.name as staff_name, k.reason from code_batch b, jsonb_to_recordset(b.skipped) as k("staffId" bigint, reason text)
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = k."staffId"
    where b.corp_id = ${corpId}::bigint and b.code_batch_id = ${codeBatchId}::bigint order by s.name, s.staff_id`.execute(
    tx,
  )
  return { ...batch, people, skippedPeople }
}
