import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Actor } from '../corps/context.ts'
import type { Role } from './schema.ts'

/** AU-03. Sliding, and absolute from the sign-in. Real time: a wound demo clock signs nobody out. */
const IDLE_MINUTES = 30
const ABSOLUTE_HOURS = 12
/** Seeing a session again is written at most this often. */
const SEEN_SECONDS = 60

export const cookieName = (publicUrl: string) =>
  publicUrl.startsWith('https://') ? '__Host-siyu_session' : 'siyu_session'

export interface SessionMaker {
  accountId: string
  corpId: string
  ip: string
  userAgent: string | undefined
}

/** Opens a session and returns the cookie's value; only its hash is kept. `replaces` ends the one before (AU-01). */
export async function openSession(db: Db, maker: SessionMaker, now: Date, replaces?: string): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  await db.transaction().execute(async (tx) => {
    if (replaces)
      await tx.updateTable('session').set({ revokedAt: now }).where('sessionHash', '=', sha256(replaces)).execute()
    await tx
      .insertInto('session')
      .values({
        sessionHash: sha256(value),
        accountId: maker.accountId,
        corpId: maker.corpId,
        createdAt: now,
        seenAt: now,
        ip: maker.ip,
        userAgent: maker.userAgent?.slice(0, 300) ?? null,
      })
      .execute()
  })
  return value
}

/** The person behind a cookie, with his role as it is now: a role taken away works from the next request on. */
export async function findSession(
  db: Db,
  value: string,
  now: Date,
): Promise<Omit<Actor, 'ip' | 'requestId'> | undefined> {
  const hash = sha256(value)
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.accountId', 'session.accountId')
    .innerJoin('accountCorp', (j) =>
      j.onRef('accountCorp.accountId', '=', 'session.accountId').onRef('accountCorp.corpId', '=', 'session.corpId'),
    )
    .select([
      'session.accountId',
      'session.corpId',
      'session.seenAt',
      'account.name',
      'accountCorp.role',
      'accountCorp.staffId',
    ])
    .where('sessionHash', '=', hash)
    .where('revokedAt', 'is', null)
    .where('seenAt', '>', sql<Date>`${now}::timestamptz - ${IDLE_MINUTES} * interval '1 minute'`)
    .where('session.createdAt', '>', sql<Date>`${now}::timestamptz - ${ABSOLUTE_HOURS} * interval '1 hour'`)
    .executeTakeFirst()
  if (!row) return undefined
  const { seenAt, role, ...person } = row
  if (now.getTime() - seenAt.getTime() > SEEN_SECONDS * 1000)
    await db.updateTable('session').set({ seenAt: now }).where('sessionHash', '=', hash).execute()
  return { ...person, role: role as Role }
}

export async function closeSession(db: Db, value: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ revokedAt: now }).where('sessionHash', '=', sha256(value)).execute()
}

/** Ends every session of an account, or one of them named by the start of its hash. */
export async function revokeSessions(db: Db, accountId: string, now: Date, sessionKey?: string): Promise<void> {
  let open = db
    .updateTable('session')
    .set({ revokedAt: now })
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
  if (sessionKey) open = open.where(sql`encode(substr(session_hash, 1, 8), 'hex')`, '=', sessionKey)
  await open.execute()
}

export async function listSessions(db: Db, accountId: string, current: string, now: Date) {
  const rows = await db
    .selectFrom('session')
    .select(['sessionHash', 'createdAt', 'seenAt', 'ip', 'userAgent'])
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
    .where('seenAt', '>', sql<Date>`${now}::timestamptz - ${IDLE_MINUTES} * interval '1 minute'`)
    .orderBy('seenAt', 'desc')
    .limit(50)
    .execute()
  const own = sha256(current)
  return rows.map((row) => ({
    sessionKey: row.sessionHash.subarray(0, 8).toString('hex'),
    current: row.sessionHash.equals(own),
    createdAt: row.createdAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    ip: row.ip,
    userAgent: row.userAgent,
  }))
}
