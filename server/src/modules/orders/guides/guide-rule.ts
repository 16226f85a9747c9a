import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { GuideRule } from './guide.ts'

/** How long the first guide keeps a customer where the corp has not said otherwise. */
const DEFAULT: GuideRule = { lockDays: 30, lockBy: 'purchase' }

export async function readGuideRule(tx: Tx, corpId: string): Promise<GuideRule> {
  const { rows } = await sql<GuideRule>`
    select lock_days, lock_by from order_setting where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0] ?? DEFAULT
}

export async function saveGuideRule(tx: Tx, corpId: string, { lockDays, lockBy }: GuideRule): Promise<void> {
  await sql`insert into order_setting (corp_id, lock_days, lock_by) values (${corpId}::bigint, ${lockDays}, ${lockBy})
    on conflict (corp_id) do update set lock_days = excluded.lock_days, lock_by = excluded.lock_by`.execute(tx)
}
