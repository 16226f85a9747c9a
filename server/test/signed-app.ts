import { registerContactRoutes } from '../src/modules/contacts/routes.ts'
import type { RouteDeps, WorkContext } from '../src/modules/corps/context.ts'
import { addSignIn } from '../src/modules/staff/access.ts'
import { registerStaffRoutes } from '../src/modules/staff/routes.ts'
import type { BuiltInRole } from '../src/modules/staff/schema.ts'
import { type App, addPageGuards, createHttp } from '../src/platform/http.ts'
import { aCookie, aCookieOf } from './cookies.ts'
import { aContext, type TestDb, testLog } from './world.ts'

export interface SignedApp extends AsyncDisposable {
  app: App
  /** The cookie header of somebody with this role in the corp, signed in just now. */
  signedIn(corpId: string, role: BuiltInRole, staffId?: string): Promise<string>
  /** The cookie header of an account that is there already. */
  signedInAs(accountId: string, corpId: string): Promise<string>
}

/** The staff and contacts rooms behind the real door: cookies, roles and all. */
export async function aSignedApp(
  db: TestDb,
  given: { work?: WorkContext; before?: (app: App) => void } = {},
): Promise<SignedApp> {
  const own = given.work ? undefined : aContext(db)
  const work = given.work ?? own!
  const app = await createHttp({ log: testLog, trustedProxies: 0, ownOrigins: [work.publicUrl] })
  const deps: RouteDeps = { db: db.api, work, demo: false, adminLogin: 'admin' }
  await app.register(async (pages: App) => {
    await addPageGuards(pages)
    await addSignIn(pages, deps)
    given.before?.(pages)
    await registerStaffRoutes(pages, deps)
    await registerContactRoutes(pages, deps)
  })
  return {
    app,
    signedIn: (corpId, role, staffId) => aCookie(db, corpId, role, { staffId }),
    signedInAs: (accountId, corpId) => aCookieOf(db, accountId, corpId),
    async [Symbol.asyncDispose]() {
      await app.close()
      await own?.[Symbol.asyncDispose]()
    },
  }
}
