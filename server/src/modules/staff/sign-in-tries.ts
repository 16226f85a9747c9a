import { sql } from 'kysely'
import type { Db } from '../../platform/db.ts'
import { sha256 } from '../../platform/secrets.ts'
import { SignInLocked } from './errors.ts'

/** Tries before a login waits; each further failure doubles the wait (AU-02). */
const FREE_TRIES = 5
const LOCK_MINUTES_MAX = 60
/** A login left alone for so long starts anew. */
const FORGOTTEN_HOURS = 24

/**
 * Counts a try before its password is judged, so that guesses sent side by side cannot all slip through; refuses while
 * the login is locked. Logins that do not exist are counted and locked alike.
 */
export async function countTry(db: Db, login: string, now: Date): Promise<void> {
  const failures = sql`(case when t.tried_at < ${now}::timestamptz - ${FORGOTTEN_HOURS} * interval '1 hour' then 1 else t.failures + 1 end)`
  const { rows } = await sql`
    insert into sign_in_try as t (login_hash, failures, tried_at) values (${sha256(login)}, 1, ${now}::timestamptz)
    on conflict (login_hash) do update set failures = ${failures}, tried_at = excluded.tried_at,
      locked_until = case when ${failures} >= ${FREE_TRIES}::int
        then ${now}::timestamptz + least(${LOCK_MINUTES_MAX}, 2 ^ least(${failures} - ${FREE_TRIES}::int, 10)) * interval '1 minute' end
    where t.locked_until is null or t.locked_until <= ${now}::timestamptz
    returning 1`.execute(db)
  if (rows.length > 0) return
  const locked = await db
    .selectFrom('signInTry')
    .select('lockedUntil')
    .where('loginHash', '=', sha256(login))
    .executeTakeFirst()
  const ms = (locked?.lockedUntil?.getTime() ?? now.getTime()) - now.getTime()
  throw new SignInLocked({ minutes: Math.max(1, Math.ceil(ms / 60_000)) })
}

/** After a right password: this login starts anew, and what nobody tried for a day is swept out with it. */
export async function forgetTries(db: Db, login: string, now: Date): Promise<void> {
  await db
    .deleteFrom('signInTry')
    .where((eb) =>
      eb.or([
        eb('loginHash', '=', sha256(login)),
        eb('triedAt', '<', new Date(now.getTime() - FORGOTTEN_HOURS * 3_600_000)),
      ]),
    )
    .execute()
}
