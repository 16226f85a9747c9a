import type { z } from 'zod'
import { type Db, inCorp } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import { recordAudit } from './audit.ts'
import { OwnFactorFirst } from './errors.ts'
import type { SignInRules } from './schema.ts'
import { readFactors } from './totp.ts'

type Rules = z.infer<typeof SignInRules>

export async function readSignInRules(db: Db, corpId: string): Promise<Rules> {
  const row = await db
    .selectFrom('corp')
    .select(['sessionIdleMinutes', 'sessionHours', 'secondFactor'])
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  return { idleMinutes: row.sessionIdleMinutes, absoluteHours: row.sessionHours, secondFactor: row.secondFactor }
}

/** They hold from everybody's next request on. Whoever asks others for a second factor has one, or he would lock himself out. */
export async function saveSignInRules(db: Db, actor: Actor, rules: Rules, now: Date): Promise<void> {
  const { corpId, accountId } = actor
  const before = await readSignInRules(db, corpId)
  if (rules.secondFactor && !before.secondFactor) {
    const { hasPassword, totp } = await readFactors(db, accountId)
    if (hasPassword && !totp) throw new OwnFactorFirst()
  }
  await inCorp(db, corpId, async (tx) => {
    await tx
      .updateTable('corp')
      .set({
        sessionIdleMinutes: rules.idleMinutes,
        sessionHours: rules.absoluteHours,
        secondFactor: rules.secondFactor,
      })
      .where('corpId', '=', corpId)
      .execute()
    const detail = { ...rules, before }
    await recordAudit(tx, actor, { action: 'sign_in_rules.edit', kind: 'corp', id: corpId, detail, at: now })
  })
}
