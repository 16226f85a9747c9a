import { join } from 'node:path'
import Fastify from 'fastify'
import { registerAdmin } from './admin/routes.ts'
import { Credentials } from './api/credentials.ts'
import { registerApi } from './api/dispatch.ts'
import type { Platform } from './api/endpoint.ts'
import { registerImages } from './api/images.ts'
import { Rates } from './api/rates.ts'
import { Autopilot } from './autopilot.ts'
import { registerControl } from './control/routes.ts'
import { DEMO_KEY } from './demo/company.ts'
import { seedDemo } from './demo/seed.ts'
import { registerLogin } from './login/routes.ts'
import { registerNative } from './native/routes.ts'
import { registerShop } from './shop/routes.ts'
import { openStore } from './store.ts'
import { World } from './world/world.ts'
import { registerWorldPage } from './world-page.ts'

export interface SimulatorOptions {
  /** 0 takes a free port. */
  port?: number
  host?: string
  /** Folder of the database. Absent: everything is forgotten on stop. */
  dataDir?: string
  seed?: number
  /** A world without the demo company gets it first. */
  demo?: boolean
  /** The world's calendar starts here; by default now. */
  startAtMs?: number
  /** Where the world page's 「打开控制台」 leads. */
  consoleUrl?: string
}

export interface Simulator {
  /** `http://127.0.0.1:<port>`: the base URL a WeCom client is given. */
  url: string
  world: World
  /** Writes what is left and closes; within two seconds, whoever is still connected. */
  stop(): Promise<void>
  /** As a kill would: what was not yet written is lost. For tests of what survives. */
  kill(): Promise<void>
}

export const DEFAULT_SEED = 2026
export const STORE_FILE = 'world.sqlite'

/** Starts a WeCom world of its own. Any number may run in one process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', dataDir, seed = DEFAULT_SEED, demo = false, startAtMs, consoleUrl } = options
  const store = openStore(dataDir === undefined ? ':memory:' : join(dataDir, STORE_FILE))
  const world = new World(store, { seed, startAtMs })
  if (demo && !world.findCorpByKey(DEMO_KEY)) seedDemo(world)
  const platform: Platform = {
    world,
    rates: new Rates(() => world.clock.wireMs()),
    credentials: new Credentials(world),
    publicUrl: '',
  }
  const autopilot = new Autopilot(world)
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 64 * 1024 * 1024,
    routerOptions: { maxParamLength: 500 },
  })
  app.get('/healthz', async () => ({ ok: true, corps: world.corps.size }))
  registerApi(app, platform)
  registerImages(app, platform)
  registerLogin(app, platform)
  registerNative(app)
  registerAdmin(app, platform)
  registerControl(app, platform, { autopilot, consoleUrl })
  registerShop(app, platform)
  registerWorldPage(app)
  await app.listen({ port, host })
  const { port: boundPort } = app.server.address() as { port: number }
  platform.publicUrl = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${boundPort}`
  world.outbox.resume()

  const halt = async () => {
    autopilot.stop()
    world.stop()
    await app.close()
  }
  return {
    url: platform.publicUrl,
    world,
    async stop() {
      await halt()
      store.close()
    },
    async kill() {
      store.abandon()
      await halt()
    },
  }
}
