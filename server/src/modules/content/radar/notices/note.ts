import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { askToTellNews, type News } from '../../../staff/letters.ts'
import { readRadarSetting } from './settings.ts'

export const OPENING_NEWS: News = { table: 'radar_notice', job: 'content.tell-openings', gatherMs: 0 }

interface Opened {
  viewId: string
  staffId: string
  readerId: string
  materialId: string
  isFirst: boolean
}

/** Keeps in mind what members are to be told. A first opening is told at once; the rest comes round by itself. */
export async function noteOpenings(tx: Tx, corpId: string, opened: readonly Opened[], now: Date): Promise<void> {
  if (opened.length === 0 || !(await readRadarSetting(tx, corpId)).notify) return
  await sql`
    insert into radar_notice (corp_id, staff_id, view_id, contact_id, material_id, is_first, noted_at)
    select ${corpId}::bigint, *, ${now}::timestamptz from unnest(${opened.map((o) => o.staffId)}::bigint[], ${opened.map((o) => o.viewId)}::uuid[], ${opened.map((o) => o.readerId)}::bigint[], ${opened.map((o) => o.materialId)}::bigint[], ${opened.map((o) => o.isFirst)}::boolean[])
    on conflict do nothing`.execute(tx)
  if (opened.some((one) => one.isFirst)) await askToTellNews(tx, corpId, OPENING_NEWS)
}
