import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'

/** WeCom's member states that may not work here: 2 disabled, 5 left. */
const BARRED = [2, 5]

/** True when the account has a role in the corp and, if it is a member's, that member still works there (AC-11). */
export async function mayEnter(db: Db, accountId: string, corpId: string): Promise<boolean> {
  const grant = await db
    .selectFrom('accountCorp')
    .select('staffId')
    .where('accountId', '=', accountId)
    .where('corpId', '=', corpId)
    .executeTakeFirst()
  if (!grant?.staffId) return grant !== undefined
  const { staffId } = grant
  const member = await inCorp(db, corpId, (tx) =>
    tx
      .selectFrom('staff')
      .select(['leftAt', 'status'])
      .where('corpId', '=', corpId)
      .where('staffId', '=', staffId)
      .executeTakeFirst(),
  )
  return member !== undefined && member.leftAt === null && !BARRED.includes(member.status)
}

/** The first corp the account may enter. */
export async function enterableCorp(db: Db, accountId: string): Promise<string | undefined> {
  const grants = await db
    .selectFrom('accountCorp')
    .select('corpId')
    .where('accountId', '=', accountId)
    .orderBy('corpId')
    .execute()
  for (const { corpId } of grants) if (await mayEnter(db, accountId, corpId)) return corpId // a person has few corps, each seen only from inside
  return undefined
}

/** The account of a staff member who proved himself to WeCom, made at his first sign-in. */
export async function ensureStaffAccount(
  db: Db,
  corpId: string,
  userid: string,
  now: Date,
): Promise<{ accountId: string; name: string } | 'unknown' | 'left'> {
  return inCorp(db, corpId, async (tx) => {
    const person = await tx
      .selectFrom('staff')
      .select(['staffId', 'name', 'leftAt', 'status'])
      .where('corpId', '=', corpId)
      .where(sql`lower(userid)`, '=', userid.toLowerCase())
      .executeTakeFirst()
    if (!person) return 'unknown'
    if (person.leftAt !== null || BARRED.includes(person.status)) return 'left'
    return { ...(await accountOf(tx, corpId, person, now)), name: person.name }
  })
}

/** The account of a member, made if he has none yet. */
export async function accountOf(
  tx: Tx,
  corpId: string,
  member: { staffId: string; name: string },
  now: Date,
): Promise<{ accountId: string }> {
  // Two first sign-ins of one person at once must not make two accounts.
  await sql`select pg_advisory_xact_lock(hashtext(${`account ${corpId} ${member.staffId}`}))`.execute(tx)
  const known = await tx
    .selectFrom('accountCorp')
    .select('accountId')
    .where('corpId', '=', corpId)
    .where('staffId', '=', member.staffId)
    .executeTakeFirst()
  if (known) return known
  const { accountId } = await tx
    .insertInto('account')
    .values({ name: member.name, createdAt: now })
    .returning('accountId')
    .executeTakeFirstOrThrow()
  await tx.insertInto('accountCorp').values({ accountId, corpId, role: 'staff', staffId: member.staffId }).execute()
  return { accountId }
}

/** Ends what members who left or were disabled have open here; they cannot come back in (AC-11). */
export async function endSessionsOfLeft(tx: Tx, corpId: string): Promise<void> {
  await sql`
    with gone as (
      select a.account_id from account_corp a join staff f on f.corp_id = ${corpId}::bigint and f.staff_id = a.staff_id
      where a.corp_id = ${corpId}::bigint and (f.left_at is not null or f.status = any(${BARRED}::smallint[]))
    ), mobile as (
      update mobile_session s set revoked_at = clock_timestamp() from gone g
      where s.account_id = g.account_id and s.corp_id = ${corpId}::bigint and s.revoked_at is null
    )
    update session s set revoked_at = clock_timestamp() from gone g
    where s.account_id = g.account_id and s.corp_id = ${corpId}::bigint and s.revoked_at is null`.execute(tx)
}
