import { type AppDeps, createApp } from '../src/app.ts'
import { startFirstSync } from '../src/modules/contacts/sync-runs.ts'
import { createReceiverFinder } from '../src/modules/corps/service.ts'
import { createIntake } from '../src/modules/events/intake.ts'
import { createLiveHub } from '../src/modules/events/live.ts'
import type { BuiltInRole } from '../src/modules/staff/schema.ts'
import { openSession } from '../src/modules/staff/sessions.ts'
import { grantCorp } from '../src/modules/staff/sign-in.ts'
import { openPools } from '../src/platform/db.ts'
import { createListener } from '../src/platform/listen.ts'
import { aContext, at, type freshDb, testLog, testVault } from './world.ts'

/** The whole HTTP server as the program builds it; without `wecomBaseUrl` WeCom is out of reach. */
export async function aWholeApp(
  db: Awaited<ReturnType<typeof freshDb>>,
  given: { wecomBaseUrl?: string; publicUrl?: string } = {},
) {
  const work = aContext(db, given)
  const pools = openPools(db.url, { api: 4, intake: 2, work: 2 })
  const listener = await createListener(db.url, testLog)
  const live = createLiveHub({ db: pools.api, listener, log: testLog })
  const intake = createIntake(pools.intake, testVault)
  const app = await createApp({
    db: pools.api,
    work,
    demo: false,
    adminLogin: 'admin',
    listener,
    live,
    intake,
    findReceiver: createReceiverFinder(db.api, testVault).find,
    onConnected: (corpId, accountId) => grantCorp(db.api, { accountId, corpId, role: 'owner' }),
    startFirstSync: (corpId) => startFirstSync(db.api, corpId, work.clock.now()),
    checks: {},
    trustedProxies: 0,
    secureCookies: false,
  } satisfies AppDeps)
  await app.ready()
  return {
    app,
    work,
    /** An endless answer (a live route's) is known by its status alone. */
    async ask(method: string, url: string, cookie = '', payload?: object) {
      const answer = await app.inject({
        method: method as 'GET',
        url,
        headers: { cookie },
        ...(payload ? { payload } : {}),
        payloadAsStream: true,
      })
      const body = answer.stream()
      let text = ''
      if (!String(answer.headers['content-type']).startsWith('text/event-stream'))
        for await (const chunk of body) text += String(chunk)
      body.destroy()
      const json = String(answer.headers['content-type']).startsWith('application/json') && text !== ''
      const code = json ? ((JSON.parse(text) as { code?: string } | null)?.code ?? '') : ''
      return { status: answer.statusCode, code, text }
    },
    /** Somebody with this role, as a member or of head office, signed in just now. */
    async signedIn(
      corpId: string,
      role: BuiltInRole | 'custom',
      { staffId = null, roleId = null }: { staffId?: string | null; roleId?: string | null } = {},
    ) {
      const { accountId } = await db.api
        .insertInto('account')
        .values({ name: role, createdAt: at })
        .returning('accountId')
        .executeTakeFirstOrThrow()
      await db.api.insertInto('accountCorp').values({ accountId, corpId, role, roleId, staffId }).execute()
      const maker = { accountId, corpId, ip: '127.0.0.1', userAgent: 'test' }
      return `siyu_session=${await openSession(db.api, maker, new Date())}`
    },
    async [Symbol.asyncDispose]() {
      live.stop()
      await app.close()
      await intake.stop()
      await listener.stop()
      await pools.stop()
      await work[Symbol.asyncDispose]()
    },
  }
}
