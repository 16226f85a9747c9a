import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../../platform/db.ts'
import type { Cron } from '../../../corps/context.ts'
import { eachCorp } from '../../../corps/each-corp.ts'
import { type Counted, countSettled } from '../count.ts'
import { SILENCE_S } from '../schema.ts'
import { tellRead } from './tell-journal.ts'

/** Views of one transaction. */
const STEP = 500

interface Ended extends Counted {
  viewId: string
  linkId: string
  version: number
  pages: number[]
}

/**
 * Ends views: those named, or those silent since an instant of the real clock. Each is added to the sums and told to the
 * journal once, in the transaction that ends it.
 */
export async function settleViews(
  tx: Tx,
  corpId: string,
  which: { viewIds: readonly string[] } | { silentSince: Date },
  now: Date,
): Promise<number> {
  const chosen =
    'viewIds' in which
      ? sql`view_id = any(${[...which.viewIds]}::uuid[])`
      : sql`heard_at < ${which.silentSince}::timestamptz`
  const { rows } = await sql<Ended>`
    with ending as materialized (
      select view_id from radar_view where corp_id = ${corpId}::bigint and not settled and ${chosen} order by view_id limit ${STEP} for update skip locked
    )
    update radar_view v set settled = true from ending e where v.corp_id = ${corpId}::bigint and v.view_id = e.view_id
    returning v.view_id, v.link_id, v.material_id, v.version, v.staff_id, v.channel, v.contact_id, v.known, v.opened_at, v.seconds, v.depth, v.pages`.execute(
    tx,
  )
  await countSettled(tx, corpId, rows)
  const persons = rows.flatMap(({ contactId, ...view }) =>
    contactId ? [{ ...view, readerId: contactId, endedAt: endOf(view, now) }] : [],
  )
  await tellRead(tx, corpId, persons, now)
  return rows.length
}

/** When he stopped, not when we noticed. */
const endOf = ({ openedAt, seconds }: Pick<Ended, 'openedAt' | 'seconds'>, now: Date): Date =>
  new Date(Math.min(now.getTime(), openedAt.getTime() + seconds * 1000))

export const settleNamed = (db: Db, corpId: string, viewIds: readonly string[], now: Date): Promise<number> =>
  inCorp(db, corpId, (tx) => settleViews(tx, corpId, { viewIds }, now))

/** Ends what has gone silent, by the index of what is open: a look costs nothing where nothing is. */
export const settleCron: Cron = {
  name: 'content.settle-views',
  everyMinutes: 0.25,
  run(context) {
    const silentSince = new Date(Date.now() - SILENCE_S * 1000)
    return eachCorp(
      context,
      'readings could not be ended',
      async (tx, corpId) => (await settleViews(tx, corpId, { silentSince }, context.clock.now())) === STEP,
    )
  },
}
