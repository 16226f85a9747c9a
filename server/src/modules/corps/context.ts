import type { Wecom } from '@siyu/wecom'
import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import type { Log } from '../../platform/log.ts'
import type { Vault } from '../../platform/secrets.ts'
import type { Health } from './health.ts'

/** What every use case outside a request works with: jobs, callback handlers, dispatchers. */
export interface WorkContext {
  db: Db
  clock: Clock
  vault: Vault
  log: Log
  health: Health
  /** Where files of ours are kept (media), on local disk. */
  dataDir: string
  /** Where WeCom and browsers reach us, without a trailing slash. */
  publicUrl: string
  /** Where WeCom is: the platform, or the simulator. */
  wecomBaseUrl: string
  /** The client of one corp, with its credentials; throws `CorpNotConnected` without them. */
  wecom(corpId: string): Promise<Wecom>
}

/** Work done on a rhythm by one process of all. It may run twice. */
export interface Cron {
  name: string
  everyMinutes: number
  run(context: WorkContext): Promise<void>
}

/** Staff ids: what is of their customers may be seen, and nothing of others'. Undefined: all of the corp's. */
export type Scope = readonly string[] | undefined

/** Whoever is signed in. */
export interface Actor {
  accountId: string
  corpId: string
  role: 'owner' | 'admin' | 'operator' | 'manager' | 'staff' | 'auditor' | 'custom'
  /** Of a role of the corp's own. */
  roleName: string | null
  /** What he may do: words of routes. */
  permissions: readonly string[]
  staffId: string | null
  /** Whose customers he may see. */
  scope: Scope
  /** The colleague he looks as, whose role, permissions, scope and staffId these are; nothing is changed meanwhile. */
  viewing: { staffId: string; name: string } | null
  /** He must set up a second factor first. */
  factorMissing: boolean
  name: string
  ip: string
  requestId: string
}

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor
    /** The same person as he stands now; undefined once his session or his right to this route is gone. For answers that last. */
    actorNow(): Promise<Actor | undefined>
  }
}

/** What every room's routes are given. */
export interface RouteDeps {
  /** The pool of people's requests. */
  db: Db
  work: WorkContext
  demo: boolean
  /** The first administrator's login, told on the demo's sign-in page. */
  adminLogin: string
}

/** Where one corp's callbacks arrive, and how they are opened. */
export interface Receiver {
  corpId: string
  wecomCorpid: string
  token: string
  encodingAesKey: string
}
