import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { ensureFacts } from '../../server/src/modules/facts/count.ts'
import { factOf } from '../../server/src/modules/facts/spec.ts'
import { inCorp, openPools } from '../../server/src/platform/db.ts'
import { sha256 } from '../../server/src/platform/secrets.ts'
import { seedCorp } from './corp.ts'
import type { Stage } from './stage.ts'

/** A server's key may call 120 times a second; as many keys as it takes to be limited by nothing else. */
const KEYS = 16
const FACTS = [
  { kind: 'product.viewed', where: [] },
  { kind: 'product.viewed', where: [{ prop: 'category', op: 'is' as const, values: ['水果'] }] },
  { kind: 'cart.added', where: [] },
  { kind: 'favourite.added', where: [] },
]

/** A corp with so many customers, known by their member numbers M1, M2, …, facts that are counted, and keys to tell it things by. */
export async function seedOpenCorp(
  stage: Stage,
  members: number,
): Promise<{ corpId: string; keys: string[]; client: pg.Client }> {
  const { corpId } = await seedCorp(stage.databaseUrl)
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  await client.query(`
    insert into contact (corp_id, contact_id, name, first_added_at, last_added_at, followers, created_at, updated_at) overriding system value
    select ${corpId}, i, '客户' || i, now(), now(), 1, now(), now() from generate_series(1, ${members}) i`)
  await client.query(`select setval(pg_get_serial_sequence('contact', 'contact_id'), ${members})`)
  await client.query(`
    insert into contact_identity (corp_id, kind, value, contact_id, trust, created_at)
    select ${corpId}, 'member', 'M' || i, i, 2, now() from generate_series(1, ${members}) i`)
  const keys = Array.from({ length: KEYS }, () => `sk_${randomBytes(32).toString('base64url')}`)
  for (const key of keys)
    await client.query(
      `insert into api_key (corp_id, name, kind, hash, hint, allowed_origins, created_by, created_at) values ($1, 'bench', 'server', $2, $3, '{}', 'bench', now())`,
      [corpId, sha256(key), key.slice(-4)],
    )
  const pools = openPools(stage.databaseUrl, { api: 1, intake: 1, work: 1 })
  const specs = FACTS.map((deed) => factOf({ ...deed, untrusted: false }))
  await inCorp(pools.work, corpId, (tx) => ensureFacts(tx, corpId, specs, new Date()))
  await pools.stop()
  await client.query(`update fact set filled_at = now()`)
  await client.query('vacuum analyze')
  return { corpId, keys, client }
}

/** A complete HTTP request of one batch. */
export function collectRequest(key: string, batch: readonly unknown[]): string {
  const body = JSON.stringify({ batch })
  return `POST /collect HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
