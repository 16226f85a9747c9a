import type { Clock } from '../../../../platform/clock.ts'
import type { Db } from '../../../../platform/db.ts'
import type { Vault } from '../../../../platform/secrets.ts'
import { type SharedRuns, shareRuns } from '../../../../platform/share-runs.ts'
import { settleNamed } from './settle.ts'
import { type Beat, type Heard, takeBeats } from './take-beats.ts'

/** Beats of one corp that share a transaction. */
const BEATS_MAX = 400
/** Two at once: while one commits the other is read. */
const IN_FLIGHT_MAX = 2

type Said = Beat & { bye: boolean }

/**
 * Takes beats as pages send them. What arrives while others are being committed shares the next transaction of its corp,
 * so that a thousand readers keep no more than two connections busy.
 */
export function createListener(given: { db: Db; vault: Vault; clock: Clock }): (beat: Said) => Promise<Heard> {
  const corps = new Map<string, SharedRuns<Said, Heard>>()
  return ({ ...beat }) => {
    const { corpId } = beat.view
    const runs =
      corps.get(corpId) ??
      shareRuns<Said, Heard>((beats) => hear(given, corpId, beats), {
        weightMax: BEATS_MAX,
        inFlightMax: IN_FLIGHT_MAX,
      })
    corps.set(corpId, runs)
    return runs.add(beat)
  }
}

async function hear(
  { db, vault, clock }: { db: Db; vault: Vault; clock: Clock },
  corpId: string,
  beats: readonly Said[],
): Promise<Heard[]> {
  const now = clock.now()
  const heard = await takeBeats({ db, vault }, corpId, beats, now)
  const left = beats.filter(({ bye }, i) => bye && heard[i]!.counted && !heard[i]!.ended)
  // A transaction of its own: who reads and who has read lock sums in one order each.
  if (left.length > 0)
    await settleNamed(
      db,
      corpId,
      left.map(({ view }) => view.viewId),
      now,
    )
  return heard
}
