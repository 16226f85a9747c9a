import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'

/** Whether a second person looks at a material before staff may send it. */
export async function asksApproval(tx: Tx, corpId: string): Promise<boolean> {
  const { rows } = await sql<{ asksApproval: boolean }>`
    select asks_approval from content_setting where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]?.asksApproval ?? false
}

export async function saveSettings(
  tx: Tx,
  corpId: string,
  { asksApproval: asks }: { asksApproval: boolean },
): Promise<void> {
  await sql`insert into content_setting (corp_id, asks_approval) values (${corpId}::bigint, ${asks})
    on conflict (corp_id) do update set asks_approval = excluded.asks_approval`.execute(tx)
}
