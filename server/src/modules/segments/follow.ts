import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'

/** Flips one transaction hands over: each names up to ten thousand customers, most a few. */
const FLIPS_MAX = 20

export interface Flip {
  flipId: string
  segmentId: string
  version: number
  at: Date
  /** 'edit': the rule was made or changed. */
  why: 'event' | 'time' | 'edit'
  entered: string[]
  exited: string[]
}

/** Does something whenever customers go into segments or out of them. */
export interface FlipFollower {
  /** Never changed: how far it came is kept by it. */
  name: string
  /** The segments it cares for; it hears of no other. */
  segmentIds(tx: Tx, corpId: string): Promise<string[]>
  /** What it does, in the transaction that notes how far it came: each flip once, in order. */
  take(tx: Tx, corpId: string, flips: readonly Flip[], now: Date): Promise<void>
  /** Customers of whom follows, tags or anything else of their own has changed, in the transaction that asks the rules again. */
  changed?(tx: Tx, corpId: string, contactIds: readonly string[]): Promise<void>
}

/** Corps that have announced turns the follower has not heard of. */
export async function readBehind({ db }: WorkContext, { name }: FlipFollower): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`
    select c.corp_id from segment_clock c left join segment_follower f on f.corp_id = c.corp_id and f.follower = ${name}
    where c.flip_id > coalesce(f.flip_id, 0)`.execute(db)
  return rows.map((row) => row.corpId)
}

/** Hands one follower the next turns of a corp's segments. Returns whether there may be more. */
export function followFlips({ db, clock }: WorkContext, corpId: string, follower: FlipFollower): Promise<boolean> {
  return inCorp(db, corpId, async (tx) => {
    const heard = await holdFollower(tx, corpId, follower.name)
    const { rows: flips } = await sql<Flip>`
      select flip_id, segment_id, version, at, why, entered, exited from segment_flip
      where corp_id = ${corpId}::bigint and flip_id > ${heard}::bigint order by flip_id limit ${FLIPS_MAX}`.execute(tx)
    const last = flips.at(-1)
    if (!last) return false
    const cared = new Set(await follower.segmentIds(tx, corpId))
    const asked = flips.filter((flip) => cared.has(flip.segmentId))
    if (asked.length > 0) await follower.take(tx, corpId, asked, clock.now())
    await sql`update segment_follower set flip_id = ${last.flipId}::bigint where corp_id = ${corpId}::bigint and follower = ${follower.name}`.execute(
      tx,
    )
    return flips.length === FLIPS_MAX
  })
}

/** A follower's place in a corp, held until commit; returns the last flip it has heard of. */
export async function holdFollower(tx: Tx, corpId: string, name: string): Promise<string> {
  await sql`insert into segment_follower (corp_id, follower, flip_id) values (${corpId}::bigint, ${name}, 0) on conflict do nothing`.execute(
    tx,
  )
  const { rows } = await sql<{
    flipId: string
  }>`select flip_id from segment_follower where corp_id = ${corpId}::bigint and follower = ${name} for update`.execute(
    tx,
  )
  return rows[0]!.flipId
}
