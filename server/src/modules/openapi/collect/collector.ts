import type { Db } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import { type SharedRuns, shareRuns } from '../../../platform/share-runs.ts'
import { ServerKeyNeeded } from '../errors.ts'
import { type Batch, collect } from './collect.ts'
import type { Collected } from './schema.ts'

/** Requests of one corp that share a transaction; items they carry at most, or one request that carries more. */
const ITEMS_MAX = 2_000
/** Two at once: while one commits the other is read and counted. */
const IN_FLIGHT_MAX = 2

/**
 * Takes batches: all of each that is right, durable before it is answered. What arrives while others are being committed
 * shares the next transaction of its corp.
 */
export function createCollector(db: Db, vault: Vault): (batch: Batch) => Promise<Collected> {
  const corps = new Map<string, SharedRuns<Batch, Collected>>()
  const runsOf = (corpId: string) => {
    const runs =
      corps.get(corpId) ??
      shareRuns<Batch, Collected>((batches) => collectOrSplit(db, vault, corpId, batches), {
        weightMax: ITEMS_MAX,
        inFlightMax: IN_FLIGHT_MAX,
        weigh: ({ body }) => body.batch.length,
      })
    corps.set(corpId, runs)
    return runs
  }
  return async (batch) => {
    if (batch.body.history && batch.key.kind !== 'server') throw new ServerKeyNeeded()
    return runsOf(batch.key.corpId).add(batch)
  }
}

/** Whoever's batch breaks us breaks nobody else's: it fails alone. */
async function collectOrSplit(db: Db, vault: Vault, corpId: string, batches: Batch[]): Promise<(Collected | Error)[]> {
  try {
    return await collect(db, vault, corpId, batches)
  } catch (error) {
    if (batches.length === 1) throw error
    const alone: (Collected | Error)[] = []
    for (const batch of batches)
      alone.push(
        ...(await collect(db, vault, corpId, [batch]).catch((reason: unknown) => [
          reason instanceof Error ? reason : new Error(String(reason)),
        ])),
      )
    return alone
  }
}
