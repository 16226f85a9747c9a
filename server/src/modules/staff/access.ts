import type { FastifyRequest } from 'fastify'
import { NotAllowed, SignInRequired } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { NoCorpYet } from './errors.ts'
import type { Role } from './schema.ts'
import { cookieName, findSession } from './sessions.ts'

const READ = ['contacts.read', 'tags.read', 'channels.read', 'staff.read', 'health.read', 'corps.read'] as const
const WORK = [...READ, 'contacts.write', 'contacts.tag', 'tags.write', 'channels.write'] as const

/** What each role may do. A route names one of these words; a role without it is refused. */
export const PERMISSIONS: Readonly<Record<Role, readonly string[]>> = {
  admin: [
    ...WORK,
    'contacts.export',
    'contacts.sync',
    'health.act',
    'corps.write',
    'staff.write',
    'audit.read',
    'session',
  ],
  operator: [...WORK, 'contacts.export', 'contacts.sync', 'health.act', 'session'],
  manager: [...READ, 'contacts.write', 'contacts.tag', 'session'],
  staff: ['contacts.read', 'contacts.write', 'contacts.tag', 'tags.read', 'channels.read', 'staff.read', 'session'],
  compliance: [...READ, 'audit.read', 'session'],
}

const KNOWN = new Set<string>(['public', ...Object.values(PERMISSIONS).flat()])

/** The staff member whose customers alone the actor may see; undefined: all of the corp's. */
export function contactScope(actor: Actor): string | undefined {
  return actor.role === 'staff' ? (actor.staffId ?? '0') : undefined
}

/** The corp of whoever signed in before one was connected: no row carries it. */
export const NO_CORP = '0'
/** What can be done with no corp: connect the first one, see and end one's own sessions. */
const CORPLESS: ReadonlySet<string> = new Set([
  'corps.write /api/corps',
  'session /api/session',
  'session /api/sessions',
  'session /api/account/password',
])

/**
 * Gives every later route its signed-in person, and refuses whoever lacks the permission the route declares. A route
 * that declares an unknown one stops the boot (AC-01).
 */
export async function addSignIn(app: App, { db, work }: RouteDeps): Promise<void> {
  const cookie = cookieName(work.publicUrl)
  app.decorateRequest('actor', null as unknown as Actor)
  app.addHook('onRoute', (route) => {
    const access = route.config?.access
    if (access !== undefined && !KNOWN.has(access))
      throw new Error(`route ${route.url} declares the unknown permission ${access}`)
  })
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const { config, url } = request.routeOptions
    const { access } = config
    if (access === undefined || access === 'public') return
    const value = request.cookies[cookie]
    const found = value ? await findSession(db, value, new Date()) : undefined
    if (!found) throw new SignInRequired()
    const session = 'corpless' in found ? corplessAdmin(found, `${access} ${url}`) : found
    if (!PERMISSIONS[session.role].includes(access)) throw new NotAllowed()
    request.actor = { ...session, ip: request.ip, requestId: request.id }
  })
}

function corplessAdmin({ corpless, name }: { corpless: string; name: string }, wanted: string) {
  if (!CORPLESS.has(wanted)) throw new NoCorpYet()
  return { accountId: corpless, corpId: NO_CORP, name, role: 'admin' as const, staffId: null }
}
