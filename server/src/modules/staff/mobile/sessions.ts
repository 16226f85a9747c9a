import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../../platform/db.ts'
import { sha256 } from '../../../platform/secrets.ts'
import type { Role, ScopeKind } from '../schema.ts'
import type { Member } from '../view-as.ts'

/** A member beside his chats, or a customer who opened a page of the corp. Neither is ever taken for the other. */
export type MobileKind = 'member' | 'customer'

/** While no corp has said otherwise; after that whoever is still inside WeCom is signed in again without noticing. Real time. */
const IDLE_MINUTES = 120
const ABSOLUTE_HOURS = 12
/** Seeing a session again is written at most this often. */
const SEEN_SECONDS = 60
/** Ended ones are kept so long for whoever looks into what happened. */
const KEPT_DAYS = 30

const LETTER: Record<MobileKind, string> = { member: 'm', customer: 'c' }

/** Cookies know no ports: a name of its own for each kind, and none that the console honours. */
export const mobileCookie = (publicUrl: string, kind: MobileKind) =>
  `${publicUrl.startsWith('https://') ? '__Host-' : ''}siyu_${LETTER[kind]}`

/** A customer as WeCom named him to the corp, or a member who opened a customer's page. */
export interface Visitor {
  corpId: string
  openid: string | null
  externalUserid: string | null
  staffId: string | null
}

export type MobileMaker = { ip: string; userAgent: string | undefined } & (
  | { kind: 'member'; corpId: string; accountId: string; userid: string }
  | ({ kind: 'customer' } & Visitor)
)

/** Opens a session and returns the cookie's value; only its hash is kept. The one it `replaces` ends (AU-01). */
export async function openMobileSession(
  db: Db,
  maker: MobileMaker,
  now: Date,
  { replaces }: { replaces?: string | undefined } = {},
): Promise<string> {
  const value = randomBytes(32).toString('base64url')
  const { kind, corpId, ip, userAgent } = maker
  const who =
    kind === 'member'
      ? { accountId: maker.accountId, userid: maker.userid }
      : { staffId: maker.staffId, openid: maker.openid, externalUserid: maker.externalUserid }
  await db.transaction().execute(async (tx) => {
    if (replaces)
      await tx
        .updateTable('mobileSession')
        .set({ revokedAt: now })
        .where('sessionHash', '=', sha256(replaces))
        .where('revokedAt', 'is', null)
        .execute()
    await tx
      .insertInto('mobileSession')
      .values({
        sessionHash: sha256(value),
        corpId,
        kind,
        ...who,
        createdAt: now,
        seenAt: now,
        ip,
        userAgent: userAgent?.slice(0, 300) ?? null,
      })
      .execute()
    await sql`delete from mobile_session where session_hash in (
      select session_hash from mobile_session where seen_at < ${now}::timestamptz - ${KEPT_DAYS} * interval '1 day' limit 100)`.execute(
      tx,
    )
  })
  return value
}

const live = (now: Date) =>
  sql<boolean>`s.revoked_at is null and s.seen_at > ${now}::timestamptz - coalesce(c.session_idle_minutes, ${IDLE_MINUTES}) * interval '1 minute'
    and s.created_at > ${now}::timestamptz - coalesce(c.session_hours, ${ABSOLUTE_HOURS}) * interval '1 hour'`

/** A member with his grant as it stands. */
export interface SignedMember extends Member {
  accountId: string
  corpId: string
  /** As WeCom named him when he signed in. */
  userid: string
}

/** The member behind a cookie, with his role as it is now; a role taken away works from the next request on. */
export async function findMobileMember(
  db: Db,
  value: string,
  now: Date,
  { touch = true } = {},
): Promise<SignedMember | undefined> {
  const hash = sha256(value)
  const { rows } = await sql<Omit<SignedMember, 'staffId'> & { staffId: string | null; seenAt: Date }>`
    select s.account_id, s.corp_id, s.userid, s.seen_at, p.name, a.staff_id, a.role, a.role_id, a.scope_kind, coalesce(a.scope_departments, '{}') as scope_departments
    from mobile_session s join corp c on c.corp_id = s.corp_id join account p on p.account_id = s.account_id
    join account_corp a on a.account_id = s.account_id and a.corp_id = s.corp_id
    where s.session_hash = ${hash} and s.kind = 'member' and ${live(now)}`.execute(db)
  const [row] = rows
  if (!row?.staffId) return undefined
  if (touch) await touchSession(db, hash, row.seenAt, now)
  const { seenAt: _, ...member } = row
  return { ...member, staffId: row.staffId, role: row.role as Role, scopeKind: row.scopeKind as ScopeKind | null }
}

/** The customer behind a cookie. */
export async function findVisitor(db: Db, value: string, now: Date): Promise<Visitor | undefined> {
  const hash = sha256(value)
  const { rows } = await sql<Visitor & { seenAt: Date }>`
    select s.corp_id, s.openid, s.external_userid, s.staff_id, s.seen_at from mobile_session s join corp c on c.corp_id = s.corp_id
    where s.session_hash = ${hash} and s.kind = 'customer' and ${live(now)}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  await touchSession(db, hash, row.seenAt, now)
  const { seenAt: _, ...visitor } = row
  return visitor
}

async function touchSession(db: Db, hash: Buffer, seenAt: Date, now: Date): Promise<void> {
  if (now.getTime() - seenAt.getTime() > SEEN_SECONDS * 1000)
    await db.updateTable('mobileSession').set({ seenAt: now }).where('sessionHash', '=', hash).execute()
}
