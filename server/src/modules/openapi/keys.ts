import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Actor } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { TooManyKeys } from './errors.ts'
import type { ApiKeyView, NewApiKey } from './schema.ts'

const KEYS_MAX = 50
const PREFIX = { server: 'sk_', web: 'wk_' } as const

/** A key that may be used now, as a request found it. */
export interface ApiKey {
  corpId: string
  keyId: string
  kind: 'server' | 'web'
  allowedOrigins: string[]
}

/** Makes a key and returns it, this once: only its hash is kept. */
export async function createKey(
  tx: Tx,
  actor: Pick<Actor, 'accountId' | 'corpId' | 'name' | 'ip' | 'requestId'>,
  given: NewApiKey,
  now: Date,
): Promise<{ keyId: string; key: string }> {
  const { corpId } = actor
  const key = PREFIX[given.kind] + randomBytes(32).toString('base64url')
  const origins = given.kind === 'web' ? [...new Set(given.allowedOrigins)] : []
  const { rows } = await sql<{ keyId: string }>`
    insert into api_key (corp_id, name, kind, hash, hint, allowed_origins, created_by, created_at)
    values (${corpId}::bigint, ${given.name}, ${given.kind}, ${sha256(key)}, ${key.slice(-4)}, ${origins}::text[], ${actor.name}, ${now}::timestamptz) returning key_id`.execute(
    tx,
  )
  const { keyId } = rows[0]!
  const open = (await listKeys(tx, corpId)).filter(({ revokedAt }) => revokedAt === null)
  if (open.length > KEYS_MAX) throw new TooManyKeys({ most: KEYS_MAX })
  const detail = { name: given.name, kind: given.kind, ...(origins.length > 0 ? { origins } : {}) }
  await recordAudit(tx, actor, { action: 'api_key.create', kind: 'api_key', id: keyId, detail, at: now })
  return { keyId, key }
}

/** Every key there is or was, newest first; none of them can be read again. */
export async function listKeys(tx: Tx, corpId: string): Promise<ApiKeyView[]> {
  const rows = await tx
    .selectFrom('apiKey')
    .select(['keyId', 'name', 'kind', 'hint', 'allowedOrigins', 'createdBy', 'createdAt', 'lastUsedAt', 'revokedAt'])
    .where('corpId', '=', corpId)
    .orderBy('keyId', 'desc')
    .execute()
  return rows.map((row) => ({
    ...row,
    kind: row.kind as ApiKeyView['kind'],
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    revokedAt: row.revokedAt?.toISOString() ?? null,
  }))
}

/** From the next request on nobody gets in with it. */
export async function revokeKey(tx: Tx, actor: Actor, keyId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    update api_key set revoked_at = coalesce(revoked_at, ${now}::timestamptz)
    where corp_id = ${actor.corpId}::bigint and key_id = ${keyId}::bigint returning name`.execute(tx)
  const [revoked] = rows
  if (!revoked) throw new NotFound({ what: '密钥' })
  await recordAudit(tx, actor, { action: 'api_key.revoke', kind: 'api_key', id: keyId, detail: revoked, at: now })
}

/** Whose key it is, while it holds. Looked up by the hash, before any corp is known. */
export async function findKey(db: Db, key: string): Promise<ApiKey | undefined> {
  const { rows } = await sql<ApiKey>`
    select corp_id, key_id, kind, allowed_origins from api_key where hash = ${sha256(key)} and revoked_at is null`.execute(
    db,
  )
  return rows[0]
}

/** Notes that a key is in use; a caller keeps it to once a minute. */
export async function touchKey(db: Db, { corpId, keyId }: ApiKey, now: Date): Promise<void> {
  await sql`update api_key set last_used_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and key_id = ${keyId}::bigint`.execute(
    db,
  )
}
