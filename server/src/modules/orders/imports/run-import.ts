import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { DomainError } from '../../../platform/errors.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { sealRow } from '../../../platform/tables/refused-rows.ts'
import type { WorkContext } from '../../corps/context.ts'
import { putMembers } from '../members/put-members.ts'
import { takeRead } from '../take-orders.ts'
import { forgetParts } from './import-file.ts'
import type { ReadyImport } from './imports.ts'
import { isRefused, type Read, readImport, refusalOf } from './read-import.ts'
import type { ImportMapping } from './schema.ts'

/** Orders of one transaction: a second of work, and all that is done again after a crash. */
const STEP = 400
/** One job's time: then it makes way for another corp's. */
const RUN_MS = 60_000

/** Files of one corp take turns: two with the same customers would wait for each other. */
export const importLane = (corpId: string) => `orders.import.${corpId}`

export const refusalPlace = (corpId: string, orderImportId: string, line: number) =>
  `order_import_refusal.${corpId}.${orderImportId}.${line}.cells`

type Run = ReadyImport & { mapping: ImportMapping; cursor: number }

/** Brings a file in, step by step. How far it came stands in the run, so whoever takes it up reads past that and goes on. */
export const runImport = defineJob<WorkContext, { corpId: string; orderImportId: string }>({
  name: 'orders.import',
  payload: z.object({ corpId: Id, orderImportId: Id }),
  maxAttempts: 12,
  async run(context, { corpId, orderImportId }, { last, signal }) {
    const until = performance.now() + RUN_MS
    try {
      const run = await inCorp(context.db, corpId, (tx) => readRun(tx, corpId, orderImportId))
      if (!run) return
      const isOver = () => signal.aborted || performance.now() >= until
      if ((await goThrough(context, run, isOver)) === 'again')
        await inCorp(context.db, corpId, (tx) =>
          enqueue(tx, runImport, { corpId, orderImportId }, { lane: importLane(corpId) }),
        )
    } catch (error) {
      // A file that cannot be read will not be readable the next time either.
      if (!last && !(error instanceof DomainError)) throw error
      await giveUp(context, corpId, orderImportId, error)
      if (!(error instanceof DomainError)) throw error
    }
  },
})

async function readRun(tx: Tx, corpId: string, orderImportId: string): Promise<Run | undefined> {
  const { rows } = await sql<Run>`
    select corp_id, order_import_id, kind, parts, format, head, told_at, mapping, cursor from order_import
    where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint and state in ('waiting', 'running')`.execute(
    tx,
  )
  return rows[0]
}

async function goThrough(context: WorkContext, run: Run, isOver: () => boolean): Promise<'again' | 'ended'> {
  const { db, vault } = context
  let [at, done] = [0, run.cursor]
  let waiting: Read[] = []
  const step = async (reads: Read[]) => {
    const goesOn = await inCorp(db, run.corpId, (tx) => takeStep(tx, vault, run, done, reads, context.clock.now()))
    done += reads.length
    return goesOn
  }
  for await (const packet of readImport(db, vault, run, run.mapping, run.toldAt)) {
    waiting.push(...packet.slice(Math.max(run.cursor - at, 0)))
    at += packet.length
    while (waiting.length >= STEP) {
      if (!(await step(waiting.slice(0, STEP)))) return 'ended'
      waiting = waiting.slice(STEP)
      if (isOver()) return 'again'
    }
  }
  if (waiting.length > 0 && !(await step(waiting))) return 'ended'
  await inCorp(db, run.corpId, (tx) => end(tx, run, context.clock.now()))
  return 'ended'
}

/** What the next of a file say, with how far it has come, in one transaction. False when the run was ended meanwhile. */
async function takeStep(
  tx: Tx,
  vault: Vault,
  { corpId, orderImportId, head }: Run,
  done: number,
  reads: Read[],
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ cursor: number }>`
    select cursor from order_import where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint and state in ('waiting', 'running') for update`.execute(
    tx,
  )
  if (rows[0]?.cursor !== done) return false // ended, or another worker is further
  const taken = await take(tx, corpId, vault, reads, now)
  const refusals = taken.refused.flatMap(({ group, reasons }) =>
    group.rows.map(({ line, cells }) => ({ line, cells, reason: reasons.get(line) ?? '' })),
  )
  await sql`
    insert into order_import_refusal (corp_id, order_import_id, line, reason, cells_sealed)
    select ${corpId}::bigint, ${orderImportId}::bigint, r.line, r.reason, r.cells
    from unnest(${refusals.map((r) => r.line)}::int[], ${refusals.map((r) => r.reason)}::text[], ${refusals.map((r) => sealRow(vault, { head, cells: r.cells }, refusalPlace(corpId, orderImportId, r.line)))}::bytea[]) as r(line, reason, cells)`.execute(
    tx,
  )
  const rowsDone = reads.reduce((sum, { group }) => sum + group.rows.length, 0)
  await sql`
    update order_import set state = 'running', cursor = cursor + ${reads.length}, rows_done = rows_done + ${rowsDone}, created = created + ${taken.created}, updated = updated + ${taken.updated},
      unchanged = unchanged + ${taken.unchanged}, refused = refused + ${taken.refused.length}, refused_rows = refused_rows + ${refusals.length}
    where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint`.execute(tx)
  return true
}

interface Taken {
  created: number
  updated: number
  unchanged: number
  refused: Extract<Read, { reasons: unknown }>[]
}

async function take(tx: Tx, corpId: string, vault: Vault, reads: Read[], now: Date): Promise<Taken> {
  const refused = reads.filter(isRefused)
  const members = reads.flatMap((read) => ('member' in read ? [read.member] : []))
  if (members.length > 0) return { ...(await putMembers(tx, corpId, vault, members, now)), refused }
  const orders = reads.filter((read) => 'order' in read)
  const put = await takeRead(tx, corpId, vault, orders, ({ order }) => order, { source: 'import', now })
  for (const { index, message } of put.refused) {
    const { group } = orders[index]!
    refused.push({ group, reasons: refusalOf(group, group.rows[0]!.line, message) })
  }
  return { created: put.created, updated: put.accepted - put.created, unchanged: put.unchanged, refused }
}

async function end(tx: Tx, { corpId, orderImportId }: Run, now: Date): Promise<void> {
  await sql`update order_import set state = 'done', ended_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint and state in ('waiting', 'running')`.execute(
    tx,
  )
  await forgetParts(tx, corpId, orderImportId)
}

async function giveUp(
  { db, clock }: WorkContext,
  corpId: string,
  orderImportId: string,
  error: unknown,
): Promise<void> {
  const cause = (error instanceof Error ? error.message : String(error)).slice(0, 300)
  await inCorp(db, corpId, async (tx) => {
    await sql`update order_import set state = 'failed', cause = ${cause}, ended_at = ${clock.now()}::timestamptz
      where corp_id = ${corpId}::bigint and order_import_id = ${orderImportId}::bigint and state in ('waiting', 'running')`.execute(
      tx,
    )
    await forgetParts(tx, corpId, orderImportId)
  })
}
