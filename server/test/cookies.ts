import type { Role } from '../src/modules/staff/schema.ts'
import { openSession } from '../src/modules/staff/sessions.ts'
import { at, type TestDb } from './world.ts'

/** The cookie header of an account that is there already, signed in just now. */
export async function aCookieOf(db: TestDb, accountId: string, corpId: string): Promise<string> {
  const maker = { accountId, corpId, ip: '127.0.0.1', userAgent: 'test' }
  return `siyu_session=${await openSession(db.api, maker, new Date())}`
}

/** The cookie header of somebody new with this role in the corp: a member of it, or of head office. */
export async function aCookie(
  db: TestDb,
  corpId: string,
  role: Role,
  { staffId = null, roleId = null }: { staffId?: string | null; roleId?: string | null } = {},
): Promise<string> {
  const { accountId } = await db.api
    .insertInto('account')
    .values({ name: role, createdAt: at })
    .returning('accountId')
    .executeTakeFirstOrThrow()
  await db.api.insertInto('accountCorp').values({ accountId, corpId, role, roleId, staffId }).execute()
  return aCookieOf(db, accountId, corpId)
}
