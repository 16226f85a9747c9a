import { randomBytes } from 'node:crypto'
import { hash as hashPassword, verify as verifyPassword } from '@node-rs/argon2'
import { sql } from 'kysely'
import { type Db, inCorp } from '../../platform/db.ts'
import { SignInLocked, WrongPassword } from './errors.ts'
import type { Role } from './schema.ts'

/** Tries before an account waits; each further failure doubles the wait (AU-02). */
const FREE_TRIES = 5
const LOCK_MINUTES_MAX = 60
/** argon2id, 19 MiB, 2 passes: OWASP's password storage sheet, read 2026-11. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Checked against when the login does not exist, so that both answers take the same time. */
let decoy: Promise<string> | undefined

/** The account of a login and password. Unknown logins and wrong passwords are one refusal; failures slow down, then lock. */
export async function signInWithPassword(
  db: Db,
  given: { login: string; password: string },
  now: Date,
): Promise<{ accountId: string; corpId: string | undefined }> {
  const account = await db
    .selectFrom('account')
    .select(['accountId', 'passwordHash', 'failures', 'lockedUntil'])
    .where('login', '=', given.login)
    .executeTakeFirst()
  decoy ??= hashPassword(randomBytes(16), ARGON)
  const matches = await verifyPassword(account?.passwordHash ?? (await decoy), given.password)
  if (account?.lockedUntil && account.lockedUntil > now)
    throw new SignInLocked({ minutes: Math.ceil((account.lockedUntil.getTime() - now.getTime()) / 60_000) })
  if (!account?.passwordHash || !matches) {
    if (account) await countFailure(db, account.accountId, account.failures + 1, now)
    throw new WrongPassword()
  }
  await db
    .updateTable('account')
    .set({ failures: 0, lockedUntil: null })
    .where('accountId', '=', account.accountId)
    .execute()
  return { accountId: account.accountId, corpId: await firstCorp(db, account.accountId) }
}

async function countFailure(db: Db, accountId: string, failures: number, now: Date): Promise<void> {
  const minutes = failures < FREE_TRIES ? 0 : Math.min(LOCK_MINUTES_MAX, 2 ** (failures - FREE_TRIES))
  await db
    .updateTable('account')
    .set({ failures: sql`failures + 1`, lockedUntil: minutes > 0 ? new Date(now.getTime() + minutes * 60_000) : null })
    .where('accountId', '=', accountId)
    .execute()
}

async function firstCorp(db: Db, accountId: string): Promise<string | undefined> {
  return (
    await db
      .selectFrom('accountCorp')
      .select('corpId')
      .where('accountId', '=', accountId)
      .orderBy('corpId')
      .executeTakeFirst()
  )?.corpId
}

/** Makes the first administrator when there is no account with a password yet; returns the password it made up, if it did. */
export async function ensureFirstAdmin(
  db: Db,
  given: { login: string; password: string | undefined; now: Date },
): Promise<string | undefined> {
  const password = given.password ?? randomBytes(12).toString('base64url')
  const known = await db
    .selectFrom('account')
    .select('accountId')
    .where('passwordHash', 'is not', null)
    .executeTakeFirst()
  if (known) return undefined
  const made = await db
    .insertInto('account')
    .values({
      login: given.login,
      passwordHash: await hashPassword(password, ARGON),
      name: '管理员',
      createdAt: given.now,
    })
    .onConflict((c) => c.column('login').doNothing())
    .returning('accountId')
    .executeTakeFirst()
  return made && given.password === undefined ? password : undefined
}

/** Lets an account into a corp; an existing role is kept, never lowered. */
export async function grantCorp(db: Db, grant: { accountId: string; corpId: string; role: Role }): Promise<void> {
  await db
    .insertInto('accountCorp')
    .values(grant)
    .onConflict((c) => c.columns(['accountId', 'corpId']).doNothing())
    .execute()
}

/** The account of a staff member who proved himself to WeCom, made at his first sign-in. */
export async function ensureStaffAccount(
  db: Db,
  corpId: string,
  userid: string,
  now: Date,
): Promise<{ accountId: string } | 'unknown' | 'left'> {
  const person = await inCorp(db, corpId, (tx) =>
    tx
      .selectFrom('staff')
      .select(['staffId', 'name', 'leftAt', 'status'])
      .where('corpId', '=', corpId)
      .where(sql`lower(userid)`, '=', userid.toLowerCase())
      .executeTakeFirst(),
  )
  if (!person) return 'unknown'
  if (person.leftAt !== null || person.status === 2 || person.status === 5) return 'left'
  return db.transaction().execute(async (tx) => {
    // Two first sign-ins of one person at once must not make two accounts.
    await sql`select pg_advisory_xact_lock(hashtext(${`account ${corpId} ${person.staffId}`}))`.execute(tx)
    const known = await tx
      .selectFrom('accountCorp')
      .select('accountId')
      .where('corpId', '=', corpId)
      .where('staffId', '=', person.staffId)
      .executeTakeFirst()
    if (known) return known
    const { accountId } = await tx
      .insertInto('account')
      .values({ name: person.name, createdAt: now })
      .returning('accountId')
      .executeTakeFirstOrThrow()
    await tx.insertInto('accountCorp').values({ accountId, corpId, role: 'staff', staffId: person.staffId }).execute()
    return { accountId }
  })
}
