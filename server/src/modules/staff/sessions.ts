import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import type { Actor } from '../corps/context.ts'
import type { Role, ScopeKind } from './schema.ts'

/** AU-03, while no corp has said otherwise. Sliding, and absolute from the sign-in. Real time: a wound demo clock signs nobody out. */
const IDLE_MINUTES = 30
const ABSOLUTE_HOURS = 12
/** Seeing a session again is written at most this often. */
const SEEN_SECONDS = 60

export const cookieName = (publicUrl: string) =>
  publicUrl.startsWith('https://') ? '__Host-siyu_session' : 'siyu_session'

export const cookieOptions = (publicUrl: string) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https://') }) as const

/** Guesses from one address a minute, over all logins. */
export const SIGN_IN_RATE = { max: 20, timeWindow: '1 minute' }

export interface SessionMaker {
  accountId: string
  /** Null while no corp is connected. */
  corpId: string | null
  ip: string
  userAgent: string | undefined
}

/**
 * Opens a session and returns the cookie's value; only its hash is kept. The session it `replaces` ends (AU-01); with
 * `sameSignIn` the new one also inherits its age, so that changing corps never prolongs a stolen cookie, and, unless he has
 * just `proved` himself again, when its person last did.
 */
export async function openSession(
  db: Db,
  maker: SessionMaker,
  now: Date,
  {
    replaces,
    sameSignIn = false,
    proved = !sameSignIn,
  }: { replaces?: string; sameSignIn?: boolean; proved?: boolean } = {},
): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  await db.transaction().execute(async (tx) => {
    const before = replaces
      ? await tx
          .updateTable('session')
          .set({ revokedAt: now })
          .where('sessionHash', '=', sha256(replaces))
          .returning(['createdAt', 'provedAt'])
          .executeTakeFirst()
      : undefined
    await tx
      .insertInto('session')
      .values({
        sessionHash: sha256(value),
        accountId: maker.accountId,
        corpId: maker.corpId,
        createdAt: (sameSignIn && before?.createdAt) || now,
        seenAt: now,
        provedAt: (!proved && before?.provedAt) || now,
        ip: maker.ip,
        userAgent: maker.userAgent?.slice(0, 300) ?? null,
      })
      .execute()
  })
  return value
}

/** Signed in before any corp was connected. */
export interface Corpless {
  corpless: string
  name: string
  provedAt: Date
}

/** What makes a session, with its corp joined, live, on every look at it. */
const live = (now: Date) =>
  sql<boolean>`session.revoked_at is null and session.seen_at > ${now}::timestamptz - coalesce(corp.session_idle_minutes, ${IDLE_MINUTES}) * interval '1 minute'
    and session.created_at > ${now}::timestamptz - coalesce(corp.session_hours, ${ABSOLUTE_HOURS}) * interval '1 hour'`

/** Who signed in, with his grant as it stands; `access.ts` makes permissions and a scope of it. */
export interface Signed extends Pick<Actor, 'accountId' | 'corpId' | 'name' | 'staffId' | 'role'> {
  roleId: string | null
  scopeKind: ScopeKind | null
  scopeDepartments: string[]
  /** When he last showed that it is him. */
  provedAt: Date
  /** The member he looks as. */
  viewAs: string | null
  /** His corp asks for a second factor and his password has none. */
  factorMissing: boolean
}

/**
 * The person behind a cookie, with his role as it is now: a role taken away works from the next request on. `corpless`: he
 * signed in before any corp was connected; once there is one he may enter, the session is of that corp.
 */
export async function findSession(
  db: Db,
  value: string,
  now: Date,
  { touch = true } = {},
): Promise<Signed | Corpless | undefined> {
  const hash = sha256(value)
  const row = await db
    .selectFrom('session')
    .innerJoin('account', 'account.accountId', 'session.accountId')
    .leftJoin('accountCorp', (j) =>
      j.onRef('accountCorp.accountId', '=', 'session.accountId').onRef('accountCorp.corpId', '=', 'session.corpId'),
    )
    .leftJoin('corp', 'corp.corpId', 'session.corpId')
    .select([
      'session.accountId',
      'session.corpId',
      'session.seenAt',
      'session.provedAt',
      'account.name',
      'accountCorp.role',
      'accountCorp.staffId',
      'accountCorp.roleId',
      'accountCorp.scopeKind',
      'accountCorp.scopeDepartments',
      sql<string | null>`case when session.view_as_until > ${now}::timestamptz then session.view_as end`.as('viewAs'),
      sql<boolean>`coalesce(corp.second_factor, false) and account.password_hash is not null and account.totp_on_at is null`.as(
        'factorMissing',
      ),
    ])
    .where('sessionHash', '=', hash)
    .where(live(now))
    .executeTakeFirst()
  if (!row) return undefined
  if (touch && now.getTime() - row.seenAt.getTime() > SEEN_SECONDS * 1000)
    await db.updateTable('session').set({ seenAt: now }).where('sessionHash', '=', hash).execute()
  const { accountId, corpId, name, role, staffId, roleId } = row
  if (corpId === null)
    return (await adoptCorp(db, hash))
      ? findSession(db, value, now, { touch })
      : { corpless: accountId, name, provedAt: row.provedAt }
  if (!role) return undefined
  const scope = { scopeKind: row.scopeKind as ScopeKind | null, scopeDepartments: row.scopeDepartments ?? [] }
  const { provedAt, viewAs, factorMissing } = row
  return { accountId, corpId, name, staffId, role: role as Role, roleId, provedAt, viewAs, factorMissing, ...scope }
}

async function adoptCorp(db: Db, hash: Buffer): Promise<boolean> {
  const { rows } = await sql`
    update session s set corp_id = (select min(a.corp_id) from account_corp a where a.account_id = s.account_id)
    where s.session_hash = ${hash} and s.corp_id is null and exists (select from account_corp a where a.account_id = s.account_id)
    returning 1`.execute(db)
  return rows.length > 0
}

export async function closeSession(db: Db, value: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ revokedAt: now }).where('sessionHash', '=', sha256(value)).execute()
}

/** Ends open sessions of an account: one named by the start of its hash, all but the current one, or all in a corp; with the latter two also those beside his chats. */
export async function revokeSessions(
  db: Db,
  accountId: string,
  now: Date,
  which: { sessionKey: string } | { allBut: string } | { corpId: string },
): Promise<void> {
  const open = db
    .updateTable('session')
    .set({ revokedAt: now })
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
  const mobile = db
    .updateTable('mobileSession')
    .set({ revokedAt: now })
    .where('accountId', '=', accountId)
    .where('revokedAt', 'is', null)
  if ('corpId' in which) {
    await mobile.where('corpId', '=', which.corpId).execute()
    await open.where('corpId', '=', which.corpId).execute()
  } else if ('sessionKey' in which)
    await open.where(sql`encode(substr(session_hash, 1, 8), 'hex')`, '=', which.sessionKey).execute()
  else {
    await mobile.execute()
    await open.where('sessionHash', '<>', sha256(which.allBut)).execute()
  }
}

/** Open sessions of an account, newest use first; `inCorpId`: of that corp alone. */
export async function listSessions(db: Db, accountId: string, current: string, now: Date, inCorpId?: string) {
  const open = db
    .selectFrom('session')
    .leftJoin('corp', 'corp.corpId', 'session.corpId')
    .select(['sessionHash', 'session.createdAt', 'seenAt', 'ip', 'userAgent'])
    .where('accountId', '=', accountId)
    .where(live(now))
  const rows = await (inCorpId ? open.where('session.corpId', '=', inCorpId) : open)
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
