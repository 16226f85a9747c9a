import type { Tx } from '../../../../platform/db.ts'
import type { Actor } from '../../../corps/context.ts'
import { recordAudit } from '../../../staff/audit.ts'
import type { RadarSetting } from '../schema.ts'

/** Of a corp that has set nothing. */
export const AT_FIRST: RadarSetting = {
  notify: true,
  digestMinutes: 60,
  hourlyMax: 4,
  quietFrom: '21:30',
  quietUntil: '08:30',
  hosts: [],
}

export async function readRadarSetting(tx: Tx, corpId: string): Promise<RadarSetting> {
  const row = await tx
    .selectFrom('radarSetting')
    .select(['notify', 'digestMinutes', 'hourlyMax', 'quietFrom', 'quietUntil', 'hosts'])
    .where('corpId', '=', corpId)
    .executeTakeFirst()
  return row ?? AT_FIRST
}

export async function saveRadarSetting(tx: Tx, actor: Actor, setting: RadarSetting, now: Date): Promise<void> {
  const { corpId } = actor
  await tx
    .insertInto('radarSetting')
    .values({ corpId, ...setting })
    .onConflict((c) => c.column('corpId').doUpdateSet(setting))
    .execute()
  await recordAudit(tx, actor, { action: 'radar.setting', kind: 'corp', id: corpId, detail: { ...setting }, at: now })
}
