import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { DEFAULTS, inMb, readRoom } from '../files/quota.ts'
import type { ContentSettings, ContentSettingsView } from './schema.ts'

/** Whether a second person looks at a material before staff may send it. */
export async function asksApproval(tx: Tx, corpId: string): Promise<boolean> {
  const { rows } = await sql<{ asksApproval: boolean }>`
    select asks_approval from content_setting where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]?.asksApproval ?? false
}

/** What is not given stays. */
export async function saveSettings(
  tx: Tx,
  corpId: string,
  { asksApproval: asks, personDayMb, corpMb }: ContentSettings,
): Promise<void> {
  const { personDayMb: day, corpMb: all } = DEFAULTS
  await sql`
    insert into content_setting as c (corp_id, asks_approval, person_day_mb, corp_mb)
    values (${corpId}::bigint, ${asks}, ${personDayMb ?? day}, ${corpMb ?? all})
    on conflict (corp_id) do update set asks_approval = excluded.asks_approval, person_day_mb = coalesce(${personDayMb ?? null}::int, c.person_day_mb), corp_mb = coalesce(${corpMb ?? null}::int, c.corp_mb)`.execute(
    tx,
  )
}

export async function readSettings(tx: Tx, corpId: string, accountId: string, now: Date): Promise<ContentSettingsView> {
  const { personDayMb, corpMb, used, today } = await readRoom(tx, corpId, accountId, now)
  const asks = await asksApproval(tx, corpId)
  return { asksApproval: asks, personDayMb, corpMb, usedMb: inMb(used), todayMb: inMb(today) }
}
