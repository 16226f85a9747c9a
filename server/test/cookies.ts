import { openMobileSession } from '../src/modules/staff/mobile/sessions.ts'
import type { Role } from '../src/modules/staff/schema.ts'
import { openSession } from '../src/modules/staff/sessions.ts'
import { at, type TestDb } from './world.ts'

/** The cookie header of an account that is there already, signed in just now: to the console, and beside its chats. */
export async function aCookieOf(db: TestDb, accountId: string, corpId: string): Promise<string> {
  const maker = { accountId, corpId, ip: '127.0.0.1', userAgent: 'test' }
  const mobile = await openMobileSession(db.api, { kind: 'member', userid: 'me', ...maker }, new Date())
  return `siyu_session=${await openSession(db.api, maker, new Date())}; siyu_m=${mobile}`
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
