import { join } from 'node:path'
import { sql } from 'kysely'
import { z } from 'zod'
import { registerBroadcastRoutes } from './modules/broadcasts/routes.ts'
import { registerChannelRoutes, registerLandingRoutes } from './modules/channels/routes.ts'
import { registerContactLive } from './modules/contacts/live-routes.ts'
import { registerMergeRoutes } from './modules/contacts/merge-routes.ts'
import { registerContactRoutes } from './modules/contacts/routes.ts'
import { registerFormPage } from './modules/content/forms/page-routes.ts'
import { registerReading } from './modules/content/radar/reading/routes.ts'
import { registerContentRoutes } from './modules/content/routes.ts'
import type { Receiver, RouteDeps } from './modules/corps/context.ts'
import { registerCorpRoutes } from './modules/corps/routes.ts'
import type { Intake } from './modules/events/intake.ts'
import type { LiveHub } from './modules/events/live.ts'
import { createCallbackDoor } from './modules/events/receive.ts'
import { registerCallbackRoutes, registerEventRoutes } from './modules/events/routes.ts'
import { registerGroupRoutes } from './modules/groups/routes.ts'
import { registerJourneyRoutes } from './modules/journeys/routes.ts'
import { registerKeyRoutes } from './modules/openapi/key-routes.ts'
import { registerOpenRoutes } from './modules/openapi/routes.ts'
import { registerOrderRoutes } from './modules/orders/routes.ts'
import { registerPushRoutes } from './modules/orders/shops/push-routes.ts'
import { registerReportRoutes } from './modules/reports/routes.ts'
import { registerAutoTagRoutes } from './modules/segments/auto-tags/routes.ts'
import { registerSegmentRoutes } from './modules/segments/routes.ts'
import { registerSidebarPage } from './modules/sidebar/page.ts'
import { registerSidebarRoutes } from './modules/sidebar/routes.ts'
import { addSignIn } from './modules/staff/access.ts'
import { recordAudit } from './modules/staff/audit.ts'
import { addMobileSignIn } from './modules/staff/mobile/access.ts'
import { registerMobileSignIn } from './modules/staff/mobile/routes.ts'
import { registerStaffRoutes } from './modules/staff/routes.ts'
import { registerStageRoutes } from './modules/stages/routes.ts'
import { registerTagRoutes } from './modules/tags/routes.ts'
import { registerTaskRoutes } from './modules/tasks/routes.ts'
import { registerTouchRoutes } from './modules/touches/routes.ts'
import { serveBuiltPages, serveScripts } from './platform/built-pages.ts'
import type { Db } from './platform/db.ts'
import { type App, addPageGuards, createHttp } from './platform/http.ts'
import type { Listener } from './platform/listen.ts'
import { registry } from './platform/metrics.ts'
import { serveMobilePages } from './platform/mobile-pages.ts'

export interface AppDeps extends RouteDeps {
  listener: Listener
  live: LiveHub
  intake: Intake
  findReceiver(key: string): Promise<Receiver | undefined>
  onConnected(corpId: string, accountId: string): Promise<void>
  startFirstSync(corpId: string): Promise<void>
  /** What must hold for this process to be given traffic; the names go out with the answer. */
  checks: Record<string, () => Promise<void>>
  trustedProxies: number
  secureCookies: boolean
}

const CONSOLE = join(import.meta.dirname, '../../console/dist')
const MOBILE = join(import.meta.dirname, '../../mobile/dist')
/** Whose pages may hold ours: WeCom's own, and beside the simulator its phones. */
const CLIENTS = ['https://work.weixin.qq.com', 'https://*.work.weixin.qq.com']
const SIMULATED_PHONES = ['http://127.0.0.1:*', 'http://localhost:*']
const TRACKER = join(import.meta.dirname, '../../tracker/dist')
/** A code of the console to be put into the camera of the world, by its state. */
const WorldQuery = z.object({ state: z.string().max(64).optional() })

/** Every room's routes on one server. Callbacks come in before everything; pages get cookies, headers and limits. */
export async function createApp(deps: AppDeps): Promise<App> {
  const app = await createHttp({
    log: deps.work.log,
    trustedProxies: deps.trustedProxies,
    ownOrigins: [deps.work.publicUrl],
    before: createCallbackDoor({ ...deps, log: deps.work.log }),
  })
  await registerCallbackRoutes(app, deps)
  await registerOpenRoutes(app, deps)
  serveScripts(app, TRACKER, ['tracker.js', 'tracker-mini.js'])
  await registerPushRoutes(app, deps)
  registerProbes(app, deps)
  await app.register(async (mobile: App) => {
    await addPageGuards(mobile)
    await addMobileSignIn(mobile, deps)
    const pages = serveMobilePages(mobile, {
      folder: MOBILE,
      // Where a phone has its client built in, the simulator brings it along.
      firstScript: deps.demo ? `${deps.work.wecomBaseUrl}/native/bridge.js` : undefined,
      framedBy: deps.demo ? [...CLIENTS, ...SIMULATED_PHONES] : CLIENTS,
    })
    registerMobileSignIn(mobile, deps)
    registerSidebarPage(mobile, { ...deps, pages })
    registerSidebarRoutes(mobile, deps)
    registerReading(mobile, { ...deps, pages })
    registerFormPage(mobile, { ...deps, pages })
  })
  await app.register(async (pages: App) => {
    await addPageGuards(pages)
    const routeDeps = { ...deps, recordAudit }
    await registerLandingRoutes(pages, routeDeps)
    await addSignIn(pages, routeDeps)
    await registerCorpRoutes(pages, routeDeps)
    await registerStaffRoutes(pages, routeDeps)
    await registerEventRoutes(pages, routeDeps)
    await registerContactRoutes(pages, routeDeps)
    registerContactLive(pages, routeDeps)
    registerMergeRoutes(pages, routeDeps)
    await registerTagRoutes(pages, routeDeps)
    registerTaskRoutes(pages, routeDeps)
    registerOrderRoutes(pages, routeDeps)
    registerSegmentRoutes(pages, routeDeps)
    registerStageRoutes(pages, routeDeps)
    registerAutoTagRoutes(pages, routeDeps)
    registerTouchRoutes(pages, routeDeps)
    registerBroadcastRoutes(pages, routeDeps)
    registerJourneyRoutes(pages, routeDeps)
    await registerContentRoutes(pages, routeDeps)
    await registerChannelRoutes(pages, routeDeps)
    registerGroupRoutes(pages, routeDeps)
    registerReportRoutes(pages, routeDeps)
    registerKeyRoutes(pages, routeDeps)
    if (deps.demo) {
      pages.get(
        '/world',
        { config: { access: 'public' }, schema: { hide: true, querystring: WorldQuery } },
        (request, reply) => {
          const { state } = request.query
          return reply.redirect(`${deps.work.wecomBaseUrl}/world/${state ? `?state=${encodeURIComponent(state)}` : ''}`)
        },
      )
      pages.get('/wecom-admin', { config: { access: 'public' }, schema: { hide: true } }, (_request, reply) =>
        reply.redirect(`${deps.work.wecomBaseUrl}/admin`),
      )
    }
    serveBuiltPages(pages, CONSOLE)
  })
  return app
}

function registerProbes(app: App, { checks }: AppDeps): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      schema: { operationId: 'healthz', response: { 200: z.object({ app: z.literal('siyu'), ok: z.literal(true) }) } },
    },
    async () => ({ app: 'siyu' as const, ok: true as const }),
  )
  const Ready = z.object({ ready: z.boolean(), checks: z.record(z.string(), z.string()) })
  app.get(
    '/readyz',
    { config: { access: 'public' }, schema: { operationId: 'readyz', response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(
          async ([name, check]) =>
            [
              name,
              await check().then(
                () => 'ok',
                () => 'failed',
              ),
            ] as const,
        ),
      )
      const ready = results.every(([, result]) => result === 'ok')
      return reply.code(ready ? 200 : 503).send({ ready, checks: Object.fromEntries(results) })
    },
  )
  app.get('/metrics', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    // Numbers for whoever runs the server: only from this machine, where a scraper or a proxy of theirs stands.
    if (
      !['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '') ||
      request.headers['x-forwarded-for'] !== undefined
    )
      return reply.code(404).send()
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/** The database answers, under the serving role. */
export async function checkDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db)
}
