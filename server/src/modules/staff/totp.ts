import { randomBytes, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { Secret, TOTP } from 'otpauth'
import { toString as drawQr } from 'qrcode'
import type { Db } from '../../platform/db.ts'
import { sha256, type Vault } from '../../platform/secrets.ts'
import { CodeRequired, TotpIsOn, TotpNotBegun, WrongCode } from './errors.ts'

const STEP_SECONDS = 30
/** Steps a phone's clock may be off, before and after. */
const WINDOW = 1
const SECRET_BYTES = 20 // RFC 4226 section 4: at least 128 bits, 160 recommended
const RECOVERY_CODES = 10
/** Read aloud and typed: no 0, O, 1, I, L. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const placeOf = (accountId: string) => `account.totp ${accountId}`

const totpOf = (secret: Buffer) =>
  new TOTP({ issuer: 'Siyu', secret: new Secret({ buffer: Uint8Array.from(secret).buffer }), period: STEP_SECONDS })

/** Draws a new secret for an account and shows it once, as an address and as a picture; it counts from its first code on. */
export async function beginTotp(
  db: Db,
  vault: Vault,
  account: { accountId: string; login: string },
): Promise<{ secret: string; svg: string }> {
  const secret = randomBytes(SECRET_BYTES)
  const { numUpdatedRows } = await db
    .updateTable('account')
    .set({ totpSealed: vault.seal(secret, placeOf(account.accountId)) })
    .where('accountId', '=', account.accountId)
    .where('totpOnAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new TotpIsOn()
  const totp = totpOf(secret)
  totp.label = account.login
  return { secret: totp.secret.base32, svg: await drawQr(totp.toString(), { type: 'svg', margin: 2 }) }
}

/** The first right code turns it on; returns codes for the day the phone is lost, shown once and each good for one sign-in. */
export async function confirmTotp(db: Db, vault: Vault, accountId: string, code: string, now: Date): Promise<string[]> {
  const account = await readTotp(db, accountId)
  if (!account?.totpSealed || account.totpOnAt) throw new TotpNotBegun()
  if (!(await takeTotpCode(db, vault, accountId, account.totpSealed, code, now))) throw new WrongCode()
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('account').set({ totpOnAt: now }).where('accountId', '=', accountId).execute()
    await tx.deleteFrom('recoveryCode').where('accountId', '=', accountId).execute()
    await tx
      .insertInto('recoveryCode')
      .values(codes.map((recovery) => ({ accountId, codeHash: sha256(plain(recovery)) })))
      .execute()
  })
  return codes
}

export async function endTotp(db: Db, accountId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('account')
      .set({ totpSealed: null, totpOnAt: null })
      .where('accountId', '=', accountId)
      .execute()
    await tx.deleteFrom('recoveryCode').where('accountId', '=', accountId).execute()
  })
}

/**
 * The second factor of whoever has just given the right password: a code of the moment, never taken twice, or one of the
 * recovery codes. Passes an account without a second factor.
 */
export async function requireSecondFactor(
  db: Db,
  vault: Vault,
  accountId: string,
  code: string | undefined,
  now: Date,
): Promise<void> {
  const account = await readTotp(db, accountId)
  if (!account?.totpSealed || !account.totpOnAt) return
  if (!code) throw new CodeRequired()
  if (await takeTotpCode(db, vault, accountId, account.totpSealed, code, now)) return
  const { numUpdatedRows } = await db
    .updateTable('recoveryCode')
    .set({ usedAt: now })
    .where('accountId', '=', accountId)
    .where('codeHash', '=', sha256(plain(code)))
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new WrongCode()
}

/** How an account signs in: with a password, with a second factor, and how many recovery codes are left. */
export async function readFactors(db: Db, accountId: string) {
  const {
    rows: [row],
  } = await sql<{ hasPassword: boolean; totp: boolean; recoveryLeft: number }>`
    select a.password_hash is not null as has_password, a.totp_on_at is not null as totp,
      (select count(*)::int from recovery_code r where r.account_id = a.account_id and r.used_at is null) as recovery_left
    from account a where a.account_id = ${accountId}::bigint`.execute(db)
  return row ?? { hasPassword: false, totp: false, recoveryLeft: 0 }
}

const readTotp = (db: Db, accountId: string) =>
  db.selectFrom('account').select(['totpSealed', 'totpOnAt']).where('accountId', '=', accountId).executeTakeFirst()

/** The step moves on in the same statement that checks it: of two tries with one code, one is too late. */
async function takeTotpCode(
  db: Db,
  vault: Vault,
  accountId: string,
  sealed: Buffer,
  code: string,
  now: Date,
): Promise<boolean> {
  const token = code.replaceAll(/\s/g, '')
  const delta = totpOf(vault.open(sealed, placeOf(accountId))).validate({
    token,
    timestamp: now.getTime(),
    window: WINDOW,
  })
  if (delta === null) return false
  const step = String(Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta)
  const { numUpdatedRows } = await db
    .updateTable('account')
    .set({ totpStep: step })
    .where('accountId', '=', accountId)
    .where('totpStep', '<', step)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

const plain = (code: string) => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
