import type { Pool } from 'pg'
import type { Vault } from '../../platform/secrets.ts'
import { shareRuns } from '../../platform/share-runs.ts'

/** A callback that passed its signature. Kept whole: what it means is read later. */
export interface Incoming {
  corpId: string
  plain: string
  receivedAt: Date
}

/** Stores callbacks durably. The promise settles after the commit: only then may WeCom be told 200. */
export interface Intake {
  store(incoming: Incoming): Promise<void>
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/** Callbacks of one batch. Larger ones only add latency. */
const BATCH_MAX = 500
/** While one batch is being committed the next gathers: a few in flight keep the disk busy and p99 short. */
const IN_FLIGHT_MAX = 3

/** Everything that arrives while a batch is being committed shares the next one: one row, one seal, one fsync. */
export function createIntake(pool: Pool, vault: Vault): Intake {
  const stored = shareRuns<Incoming, void>(
    async (batch) => {
      await storeBatch(pool, vault, batch)
      return []
    },
    { weightMax: BATCH_MAX, inFlightMax: IN_FLIGHT_MAX },
  )
  return { store: stored.add, stop: stored.stop }
}

// Workers are woken inside the same commit: none wakes to find nothing.
const STORE = {
  name: 'store-callbacks',
  text: `with stored as (insert into callback_batch (sealed, size, received_at) values ($1, $2, $3) returning 1)
    select pg_notify('siyu_inbox', '') from stored`,
}

async function storeBatch(pool: Pool, vault: Vault, batch: Incoming[]): Promise<void> {
  const sealed = vault.seal(JSON.stringify(batch.map((b) => [b.corpId, b.receivedAt.getTime(), b.plain])), BATCH_PLACE)
  await pool.query({ ...STORE, values: [sealed, batch.length, batch[0]!.receivedAt] })
}

const BATCH_PLACE = 'callback_batch'
export const inboxPlace = (corpId: string, hash: Buffer): string => `callback_inbox.${corpId}.${hash.toString('hex')}`
export const welcomePlace = (corpId: string, hash: Buffer): string => `welcome_task.${corpId}.${hash.toString('hex')}`

/** What `storeBatch` sealed. */
export function openBatch(vault: Vault, sealed: Buffer): Incoming[] {
  const rows = JSON.parse(vault.open(sealed, BATCH_PLACE).toString('utf8')) as [string, number, string][]
  return rows.map(([corpId, at, plain]) => ({ corpId, plain, receivedAt: new Date(at) }))
}
