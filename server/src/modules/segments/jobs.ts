import { sql } from 'kysely'
import { inCorp } from '../../platform/db.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import type { Cron } from '../corps/context.ts'
import { buildSegment } from './build.ts'
import { recutMonthly } from './rfm/recut.ts'

export const jobs = [buildSegment]

/** How long it can be seen who was in, and who went in and out. */
const KEPT_DAYS = 90
const DELETED_AT_ONCE = 20_000

/** What is long over is forgotten. */
const forgetMembers: Cron = {
  name: 'segments.forget',
  everyMinutes: 60,
  async run({ db, clock }) {
    const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS)
    const { rows } = await sql<{ corpId: string }>`select corp_id from segment_clock`.execute(db)
    for (const { corpId } of rows) // a few hundred corps at most, each on its own
      await inCorp(db, corpId, async (tx) => {
        await sql`delete from segment_member where corp_id = ${corpId}::bigint and (contact_id, segment_id, version, since) in (
          select m.contact_id, m.segment_id, m.version, m.since from segment_member m join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = m.segment_id
          where m.corp_id = ${corpId}::bigint and (m.until < ${before}::timestamptz or s.archived_at < ${before}::timestamptz) limit ${DELETED_AT_ONCE})`.execute(
          tx,
        )
        await sql`delete from segment_flip where corp_id = ${corpId}::bigint and at < ${before}::timestamptz`.execute(
          tx,
        )
      })
  },
}

export const crons: Cron[] = [forgetMembers, recutMonthly]
