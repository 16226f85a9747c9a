import { checkDatabase, createApp } from './app.ts'
import { startDemo } from './demo.ts'
import { startFirstSync } from './modules/contacts/sync-runs.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { followSimulatorClock } from './modules/corps/demo.ts'
import { createGateway } from './modules/corps/gateway.ts'
import { createHealth } from './modules/corps/health.ts'
import { createReceiverFinder } from './modules/corps/service.ts'
import { createIntake } from './modules/events/intake.ts'
import { createLiveHub } from './modules/events/live.ts'
import { ensureFirstAdmin, grantCorp } from './modules/staff/sign-in.ts'
import { ensureFlow } from './modules/stages/flows.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { inCorp, openPools } from './platform/db.ts'
import { checkWorkers } from './platform/jobs.ts'
import { createListener } from './platform/listen.ts'
import type { Log } from './platform/log.ts'
import { checkMigrations, migrate } from './platform/migrate.ts'
import { createVault, readRootKey } from './platform/secrets.ts'
import { startWorker } from './worker.ts'

export interface Program {
  url: string
  work: WorkContext
  /** The one-time password of the first administrator, when it was made up by this start. */
  firstPassword: string | undefined
  /** Stops taking work, finishes what is under way, closes everything. */
  stop(): Promise<void>
}

const POOL_SIZES = { api: 12, intake: 4, work: 32 }

/** Builds the whole server from a configuration and starts the roles it asks for. Tests start it the same way. */
export async function startProgram(
  config: Config & { databaseUrl: string },
  log: Log,
  options: { clock?: Clock } = {},
): Promise<Program> {
  await migrate(config.databaseUrl)
  const vault = createVault(readRootKey(config.dataDir, config.rootKeyHex))
  const pools = openPools(config.databaseUrl, POOL_SIZES)
  const listener = await createListener(config.databaseUrl, log)
  const followed = config.demo && !options.clock ? followSimulatorClock(config.wecomBaseUrl) : undefined
  const clock = options.clock ?? followed ?? systemClock
  const health = createHealth({ db: pools.work, clock, log })
  const gateway = createGateway({
    db: pools.work,
    vault,
    health,
    baseUrl: config.wecomBaseUrl,
    callsPerMinute: config.wecomCallsPerMinute,
  })
  const receivers = createReceiverFinder(pools.api, vault)
  listener.on('siyu_corps', (corpId) => {
    gateway.forget(corpId)
    receivers.forget()
  })
  const work: WorkContext = {
    db: pools.work,
    clock,
    vault,
    log,
    health,
    dataDir: config.dataDir,
    publicUrl: config.publicUrl,
    wecomBaseUrl: config.wecomBaseUrl,
    wecom: gateway.client,
  }
  const firstPassword = await ensureFirstAdmin(pools.work, {
    login: config.adminLogin,
    password: config.adminPassword,
    now: clock.now(),
  })

  const worker =
    config.role === 'api' ? undefined : await startWorker(work, { databaseUrl: config.databaseUrl, listener })
  const intake = createIntake(pools.intake, vault)
  const live = createLiveHub({ db: pools.api, listener, log })
  const app = await createApp({
    db: pools.api,
    work,
    demo: config.demo,
    adminLogin: config.adminLogin,
    listener,
    live,
    intake,
    findReceiver: receivers.find,
    async onConnected(corpId, accountId) {
      await grantCorp(work.db, { accountId, corpId, role: 'owner' })
      await inCorp(work.db, corpId, (tx) => ensureFlow(tx, corpId, clock.now()))
    },
    startFirstSync: (corpId) => startFirstSync(work.db, corpId, clock.now()),
    trustedProxies: config.trustedProxies,
    secureCookies: config.publicUrl.startsWith('https://'),
    checks: {
      database: () => checkDatabase(pools.api),
      migrations: () => checkMigrations(pools.api),
      workers: () => checkWorkers(pools.api),
      wecom: async () =>
        void (await fetch(`${config.wecomBaseUrl}/cgi-bin/gettoken`, { signal: AbortSignal.timeout(3_000) })),
    },
  })
  if (config.role === 'worker') await app.listen({ host: '127.0.0.1', port: 0 })
  else await app.listen({ host: config.host, port: config.port })
  const demo = config.demo && config.role !== 'api' ? startDemo(work, config) : undefined
  const address = app.server.address()
  const url = address && typeof address === 'object' ? `http://${config.host}:${address.port}` : config.publicUrl

  return {
    url,
    work,
    firstPassword,
    async stop() {
      demo?.stop()
      live.stop()
      await app.close()
      await intake.stop()
      await worker?.stop()
      await health.stop()
      followed?.stop()
      await listener.stop()
      await pools.stop()
    },
  }
}
