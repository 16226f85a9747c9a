import { sql } from 'kysely'
import { z } from 'zod'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { enqueueNamed } from '../../platform/jobs.ts'
import { SyncRunning } from './errors.ts'
import type { SyncRunView } from './schema.ts'

export const SyncPayload = z.object({ corpId: Id, syncRunId: Id })
export type SyncPayload = z.infer<typeof SyncPayload>
export const SYNC_JOB = 'contacts.sync'

/** A run whose heart has not beaten for so long belongs to a process that died; the next start goes on from its cursor. */
const STALE_MINUTES = 3
const ATTEMPTS = 20

/** Begins a run in a transaction of its own. */
export const startSync = (db: Db, corpId: string, kind: 'full' | 'reconcile', now: Date): Promise<string> =>
  inCorp(db, corpId, (tx) => beginSync(tx, corpId, kind, now))

/** Begins a run and its job; refuses while one runs. A run left behind by a dead process is taken up again. */
export async function beginSync(tx: Tx, corpId: string, kind: 'full' | 'reconcile', now: Date): Promise<string> {
  const made = await tx
    .insertInto('syncRun')
    .values({
      corpId,
      kind,
      state: 'running',
      step: 'address_book',
      cursor: '{}',
      startedAt: now,
      beatAt: sql`clock_timestamp()`,
    })
    .onConflict((c) => c.column('corpId').where('state', '=', 'running').doNothing())
    .returning('syncRunId')
    .executeTakeFirst()
  const syncRunId = made?.syncRunId ?? (await takeOver(tx, corpId))
  if (!syncRunId) throw new SyncRunning()
  await enqueueNamed(tx, SYNC_JOB, { corpId, syncRunId }, { key: `${SYNC_JOB}:${corpId}`, maxAttempts: ATTEMPTS })
  return syncRunId
}

/** What a full sync reads, in its order: without one of them it would only fail. */
const READ_BY_SYNC = ['directory', 'contacts', 'tags']

/** Begins a corp's first sync once WeCom lets us read what it reads; does nothing when there was one. */
export const startFirstSync = (db: Db, corpId: string, now: Date): Promise<void> =>
  inCorp(db, corpId, async (tx) => {
    const granted = await tx
      .selectFrom('corpProbe')
      .select('probe')
      .where('corpId', '=', corpId)
      .where('probe', 'in', READ_BY_SYNC)
      .where('refusal', 'is', null)
      .execute()
    const ran = await tx.selectFrom('syncRun').select('syncRunId').where('corpId', '=', corpId).executeTakeFirst()
    if (granted.length < READ_BY_SYNC.length || ran) return
    await beginSync(tx, corpId, 'full', now).catch((error) => {
      if (!(error instanceof SyncRunning)) throw error // somebody else began it this very moment
    })
  })

async function takeOver(tx: Tx, corpId: string): Promise<string | undefined> {
  const stale = await tx
    .updateTable('syncRun')
    .set({ beatAt: sql`clock_timestamp()` })
    .where('corpId', '=', corpId)
    .where('state', '=', 'running')
    .where(sql<boolean>`beat_at < clock_timestamp() - ${STALE_MINUTES} * interval '1 minute'`)
    .returning('syncRunId')
    .executeTakeFirst()
  return stale?.syncRunId
}

export interface SyncCursor {
  userids?: string[]
  next?: number
}
export interface SyncRun {
  syncRunId: string
  step: string
  cursor: SyncCursor
  startedAt: Date
  rowsRead: number
  changes: Record<string, number>
}

/** The run when it still runs. */
export async function readRun(db: Db, { corpId, syncRunId }: SyncPayload): Promise<SyncRun | undefined> {
  const row = await inCorp(db, corpId, (tx) =>
    tx
      .selectFrom('syncRun')
      .select(['syncRunId', 'step', 'cursor', 'startedAt', 'rowsRead', 'changes'])
      .where('corpId', '=', corpId)
      .where('syncRunId', '=', syncRunId)
      .where('state', '=', 'running')
      .executeTakeFirst(),
  )
  return row && { ...row, cursor: row.cursor as SyncCursor, changes: row.changes as Record<string, number> }
}

export async function hasFailed(db: Db, { corpId, syncRunId }: SyncPayload): Promise<boolean> {
  const row = await inCorp(db, corpId, (tx) =>
    tx
      .selectFrom('syncRun')
      .select('state')
      .where('corpId', '=', corpId)
      .where('syncRunId', '=', syncRunId)
      .executeTakeFirst(),
  )
  return row?.state === 'failed'
}

/** Saves how far a run has come; false when it was cancelled meanwhile. */
export async function saveProgress(
  tx: Tx,
  corpId: string,
  run: SyncRun,
  done: number,
  total: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('syncRun')
    .set({
      step: run.step,
      cursor: JSON.stringify(run.cursor),
      done,
      total,
      rowsRead: run.rowsRead,
      changes: JSON.stringify(run.changes),
      beatAt: sql`clock_timestamp()`,
    })
    .where('corpId', '=', corpId)
    .where('syncRunId', '=', run.syncRunId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function endRun(
  db: Db,
  { corpId, syncRunId }: SyncPayload,
  state: 'finished' | 'failed' | 'cancelled',
  now: Date,
  cause: string | null = null,
): Promise<boolean> {
  const { numUpdatedRows } = await inCorp(db, corpId, (tx) =>
    tx
      .updateTable('syncRun')
      .set({ state, finishedAt: now, cause })
      .where('corpId', '=', corpId)
      .where('syncRunId', '=', syncRunId)
      .where('state', '=', 'running')
      .executeTakeFirst(),
  )
  return numUpdatedRows > 0n
}

export async function cancelSync(tx: Tx, corpId: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('syncRun')
    .set({ state: 'cancelled', finishedAt: now })
    .where('corpId', '=', corpId)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

const SHOWN = 10

/** The newest runs, the running one first. */
export async function listRuns(tx: Tx, corpId: string): Promise<SyncRunView[]> {
  const rows = await tx
    .selectFrom('syncRun')
    .selectAll()
    .where('corpId', '=', corpId)
    .orderBy('syncRunId', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.map((row) => ({
    syncRunId: row.syncRunId,
    kind: row.kind as SyncRunView['kind'],
    state: row.state as SyncRunView['state'],
    step: row.step,
    done: row.done,
    total: row.total,
    rowsRead: row.rowsRead,
    changes: row.changes as Record<string, number>,
    cause: row.cause,
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }))
}
