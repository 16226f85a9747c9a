import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { SetDuty } from './schema.ts'
import { turnCodesOf } from './turn.ts'

/** Takes somebody off duty, until an instant or until he says so, or puts him back on; codes he stands behind follow. */
export async function setDuty(
  tx: Tx,
  corpId: string,
  staffId: string,
  duty: SetDuty,
  { saidBy, now }: { saidBy: string; now: Date },
): Promise<void> {
  const known = await tx
    .selectFrom('staff')
    .select('staffId')
    .where('corpId', '=', corpId)
    .where('staffId', '=', staffId)
    .where('leftAt', 'is', null)
    .executeTakeFirst()
  if (!known) throw new NotFound({ what: '成员' })
  if (duty.onDuty) {
    await tx.deleteFrom('offDuty').where('corpId', '=', corpId).where('staffId', '=', staffId).execute()
  } else {
    const until = duty.until === null ? null : new Date(duty.until)
    await tx
      .insertInto('offDuty')
      .values({ corpId, staffId, since: now, until, saidBy })
      .onConflict((c) => c.columns(['corpId', 'staffId']).doUpdateSet({ until, saidBy }))
      .execute()
  }
  await turnCodesOf(tx, corpId, [staffId], now)
}

/** Whether somebody takes new customers, and of how many codes that are in use. */
export async function readDuty(tx: Tx, corpId: string, staffId: string, now: Date) {
  const {
    rows: [row],
  } = await sql<{ isOff: boolean; until: Date | null; codes: number }>`
    select d.staff_id is not null as is_off, d.until,
      (select count(distinct c.channel_code_id)::int from channel_code_staff cs join channel_code c on c.corp_id = ${corpId}::bigint and c.channel_code_id = cs.channel_code_id
        where cs.corp_id = ${corpId}::bigint and cs.staff_id = s.staff_id and c.archived_at is null) as codes
    from staff s left join off_duty d on d.corp_id = ${corpId}::bigint and d.staff_id = s.staff_id and (d.until is null or d.until > ${now}::timestamptz)
    where s.corp_id = ${corpId}::bigint and s.staff_id = ${staffId}::bigint`.execute(tx)
  if (!row) throw new NotFound({ what: '成员' })
  return { onDuty: !row.isOff, until: row.until?.toISOString() ?? null, codes: row.codes }
}
