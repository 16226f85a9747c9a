import { randomBytes } from 'node:crypto'
import { hash as hashPassword, verify as verifyPassword } from '@node-rs/argon2'
import type { Db } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import { enterableCorp } from './accounts.ts'
import { NoPassword, NotInCorp, WrongPassword } from './errors.ts'
import type { BuiltInRole } from './schema.ts'
import { countTry, forgetTries } from './sign-in-tries.ts'
import { requireSecondFactor } from './totp.ts'

/** argon2id, 19 MiB, 2 passes: OWASP's password storage sheet, read 2026-11. */
const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Checked against when the login does not exist, so that both answers take the same time. */
let decoy: Promise<string> | undefined

/**
 * The account of a login and password, and the corp it enters: the first that lets it in, or none while this installation
 * has not connected any. Unknown logins and wrong passwords are one refusal, count alike and lock alike.
 */
export async function signInWithPassword(
  { db, vault }: { db: Db; vault: Vault },
  given: { login: string; password: string; code?: string | undefined },
  now: Date,
): Promise<{ accountId: string; corpId: string | null }> {
  await countTry(db, given.login, now)
  const account = await db
    .selectFrom('account')
    .select(['accountId', 'passwordHash'])
    .where('login', '=', given.login)
    .executeTakeFirst()
  decoy ??= hashPassword(randomBytes(16), ARGON)
  const matches = await verifyPassword(account?.passwordHash ?? (await decoy), given.password)
  if (!account?.passwordHash || !matches) throw new WrongPassword()
  await requireSecondFactor(db, vault, account.accountId, given.code, now)
  await forgetTries(db, given.login, now)
  const corpId = await enterableCorp(db, account.accountId)
  if (!corpId && (await db.selectFrom('corp').select('corpId').executeTakeFirst())) throw new NotInCorp()
  return { accountId: account.accountId, corpId: corpId ?? null }
}

/** Whoever is signed in shows once more that it is him. */
export async function proveWithPassword(
  { db, vault }: { db: Db; vault: Vault },
  accountId: string,
  given: { password: string; code?: string | undefined },
  now: Date,
): Promise<void> {
  await checkPassword(db, accountId, given.password, now, async () => {
    await requireSecondFactor(db, vault, accountId, given.code, now)
  })
}

/** Tries the password of whoever is signed in, and what else he `alsoShows`; wrong ones count as at the sign-in. */
async function checkPassword(
  db: Db,
  accountId: string,
  password: string,
  now: Date,
  alsoShows = async () => {},
): Promise<void> {
  const account = await db
    .selectFrom('account')
    .select(['login', 'passwordHash'])
    .where('accountId', '=', accountId)
    .executeTakeFirst()
  if (!account?.login || !account.passwordHash) throw new NoPassword()
  await countTry(db, account.login, now)
  if (!(await verifyPassword(account.passwordHash, password))) throw new WrongPassword()
  await alsoShows()
  await forgetTries(db, account.login, now)
}

/** Sets a new password after the old one was given again. */
export async function changePassword(
  db: Db,
  accountId: string,
  given: { current: string; next: string },
  now: Date,
): Promise<void> {
  await checkPassword(db, accountId, given.current, now)
  const passwordHash = await hashPassword(given.next, ARGON)
  await db.updateTable('account').set({ passwordHash }).where('accountId', '=', accountId).execute()
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
export async function grantCorp(
  db: Db,
  grant: { accountId: string; corpId: string; role: BuiltInRole },
): Promise<void> {
  await db
    .insertInto('accountCorp')
    .values(grant)
    .onConflict((c) => c.columns(['accountId', 'corpId']).doNothing())
    .execute()
}
