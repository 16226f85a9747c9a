import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { PolicyChanged, TopicUnknown } from './errors.ts'
import { type Policy, USUAL } from './schema.ts'

export interface HeldPolicy extends Policy {
  version: number
  savedBy: string | null
  savedAt: Date | null
}

/** The rules that hold; the usual ones as version 0 until somebody has saved some. */
export async function readPolicy(tx: Tx, corpId: string): Promise<HeldPolicy> {
  const row = await tx
    .selectFrom('touchPolicy')
    .select(['version', 'policy', 'savedBy', 'savedAt'])
    .where('corpId', '=', corpId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return { ...USUAL, version: 0, savedBy: null, savedAt: null }
  return { ...(row.policy as unknown as Policy), version: row.version, savedBy: row.savedBy, savedAt: row.savedAt }
}

/** Saves rules as the version after `version`; whoever was quicker is not written over. They hold for whatever is planned from now on. */
export async function savePolicy(
  tx: Tx,
  corpId: string,
  policy: Policy,
  version: number,
  actor: string,
  now: Date,
): Promise<number> {
  const topics = new Set(policy.topics.map(({ name }) => name))
  const asked = [...policy.caps.flatMap((cap) => cap.topics), ...policy.agreements.map(({ topic }) => topic)]
  const unknown = asked.find((topic) => !topics.has(topic))
  if (unknown !== undefined) throw new TopicUnknown({ topic: unknown })
  const { rows: tags } = await sql<{ missing: string }>`
    select t as missing from unnest(${policy.forbiddenTagIds}::bigint[]) t
    where not exists (select from tag where corp_id = ${corpId}::bigint and tag_id = t)`.execute(tx)
  if (tags.length > 0) throw new NotFound({ what: '标签' })
  const { rows } = await sql<{ version: number }>`
    insert into touch_policy (corp_id, version, policy, saved_by, saved_at)
    select ${corpId}::bigint, ${version + 1}, ${JSON.stringify(policy)}::jsonb, ${actor}, ${now}::timestamptz
    where ${version} = coalesce((select max(version) from touch_policy where corp_id = ${corpId}::bigint), 0)
    on conflict do nothing returning version`.execute(tx)
  if (!rows[0]) throw new PolicyChanged()
  return rows[0].version
}

/** The corp's salt of the global holdout, drawn once; the row is held until commit when `hold` is set. */
export async function readSalt(tx: Tx, corpId: string, hold = false): Promise<number> {
  await sql`insert into touch_setting (corp_id, salt) values (${corpId}::bigint, ${randomBytes(4).readInt32BE(0)}) on conflict do nothing`.execute(
    tx,
  )
  const { rows } = await sql<{ salt: number }>`
    select salt from touch_setting where corp_id = ${corpId}::bigint ${hold ? sql`for update` : sql``}`.execute(tx)
  return rows[0]!.salt
}
