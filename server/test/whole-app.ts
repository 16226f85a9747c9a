import { type AppDeps, createApp } from '../src/app.ts'
import { startFirstSync } from '../src/modules/contacts/sync-runs.ts'
import { createReceiverFinder } from '../src/modules/corps/service.ts'
import { createIntake } from '../src/modules/events/intake.ts'
import { createLiveHub } from '../src/modules/events/live.ts'
import type { Role } from '../src/modules/staff/schema.ts'
import { grantCorp } from '../src/modules/staff/sign-in.ts'
import { openPools } from '../src/platform/db.ts'
import { createListener } from '../src/platform/listen.ts'
import type { Log } from '../src/platform/log.ts'
import { aCookie } from './cookies.ts'
import { aContext, type freshDb, testLog, testVault } from './world.ts'

/** The whole HTTP server as the program builds it; without `wecomBaseUrl` WeCom is out of reach. */
export async function aWholeApp(
  db: Awaited<ReturnType<typeof freshDb>>,
  given: { wecomBaseUrl?: string; publicUrl?: string; log?: Log } = {},
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
  let asked = 0
  return {
    app,
    work,
    /** Asks from an address of its own, so that no rate of one address is met. An endless answer (a live route's) is known by its status alone. */
    async ask(
      method: string,
      url: string,
      credential = '',
      payload?: object | string | Buffer,
      type = 'application/json',
    ) {
      const nr = ++asked
      const answer = await app.inject({
        method: method as 'GET',
        url,
        remoteAddress: `10.${nr >> 16}.${(nr >> 8) & 255}.${nr & 255}`,
        headers: {
          ...(credential.startsWith('Bearer ') ? { authorization: credential } : { cookie: credential }),
          ...(payload === undefined ? {} : { 'content-type': type }),
        },
        ...(payload === undefined ? {} : { payload }),
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
    /** The cookie header of somebody new with this role. */
    signedIn: (corpId: string, role: Role, given?: { staffId?: string | null; roleId?: string | null }) =>
      aCookie(db, corpId, role, given),
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
