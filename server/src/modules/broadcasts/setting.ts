import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** Customers from whom on another person has to look at it, until a corp says otherwise. */
const APPROVAL_ABOVE = 500

export async function readSetting(tx: Tx, corpId: string): Promise<{ approvalAbove: number }> {
  const { rows } = await sql<{ approvalAbove: number }>`
    select approval_above from broadcast_setting where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0] ?? { approvalAbove: APPROVAL_ABOVE }
}

export async function saveSetting(tx: Tx, corpId: string, approvalAbove: number): Promise<void> {
  await sql`
    insert into broadcast_setting (corp_id, approval_above) values (${corpId}::bigint, ${approvalAbove})
    on conflict (corp_id) do update set approval_above = excluded.approval_above`.execute(tx)
}
