import { sql } from 'kysely'
import { type Db, inCorp } from '../../../platform/db.ts'
import { sha256 } from '../../../platform/secrets.ts'
import { addDays, shanghaiDay } from '../../../platform/shanghai.ts'
import type { Cron } from '../../corps/context.ts'
import { eachCorp } from '../../corps/each-corp.ts'

/** Counts a visitor of a code once a Shanghai day; a reload, and two requests at once, count nothing more. */
export async function countScan(
  db: Db,
  corpId: string,
  channelCodeId: string,
  visitor: string,
  now: Date,
): Promise<boolean> {
  return inCorp(db, corpId, async (tx) => {
    const day = shanghaiDay(now)
    const { numAffectedRows } = await sql`
      with seen as (
        insert into channel_scan (corp_id, channel_code_id, on_day, visitor_hash) values (${corpId}, ${channelCodeId}, ${day}::date, ${sha256(`${corpId} ${visitor}`)})
        on conflict do nothing returning corp_id, channel_code_id, on_day)
      insert into channel_daily (corp_id, channel_code_id, on_day, staff_id, scans, adds, losses)
      select corp_id, channel_code_id, on_day, 0, 1, 0, 0 from seen
      on conflict (corp_id, channel_code_id, on_day, staff_id) do update set scans = channel_daily.scans + 1`.execute(
      tx,
    )
    return numAffectedRows === 1n
  })
}

/** Who came is only needed to tell a reload on the same day. */
export const forgetVisitors: Cron = {
  name: 'channels.forget-visitors',
  everyMinutes: 360,
  run(context) {
    const before = addDays(shanghaiDay(context.clock.now()), -2)
    return eachCorp(context, 'visitors could not be forgotten', async (tx, corpId) => {
      await sql`delete from channel_scan where corp_id = ${corpId}::bigint and on_day < ${before}::date`.execute(tx)
    })
  },
}
