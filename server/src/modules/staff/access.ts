import type { FastifyRequest } from 'fastify'
import { type Db, inCorp } from '../../platform/db.ts'
import { NotAllowed, SignInRequired } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Actor, RouteDeps, Scope } from '../corps/context.ts'
import { NoCorpYet, StepUpRequired } from './errors.ts'
import { KNOWN, PERMISSIONS, SCOPES } from './permissions.ts'
import type { ScopeKind } from './schema.ts'
import { fixedScope, readScope } from './scope.ts'
import { type Corpless, cookieName, findSession, type Signed } from './sessions.ts'

/** What somebody may do and whose customers he may see, as it is now: one look at the corp, and none for whoever runs all of it. */
async function readAccess(db: Db, signed: Signed): Promise<Pick<Actor, 'permissions' | 'roleName' | 'scope'>> {
  if (signed.role !== 'custom') {
    const permissions = PERMISSIONS[signed.role]
    return { permissions, roleName: null, scope: await lookUpScope(db, signed, SCOPES[signed.role]) }
  }
  const role = await inCorp(db, signed.corpId, (tx) =>
    tx
      .selectFrom('role')
      .select(['name', 'permissions', 'scopeKind'])
      .where('corpId', '=', signed.corpId)
      .where('roleId', '=', signed.roleId)
      .executeTakeFirst(),
  )
  if (!role) throw new NotAllowed()
  const scope = await lookUpScope(db, signed, role.scopeKind as ScopeKind)
  return { permissions: [...role.permissions, 'session'], roleName: role.name, scope }
}

/** One look at the departments, for those whose scope is made of some. */
async function lookUpScope(db: Db, { corpId, staffId, ...signed }: Signed, ofRole: ScopeKind): Promise<Scope> {
  const grant = { staffId, scopeKind: signed.scopeKind ?? ofRole, scopeDepartments: signed.scopeDepartments }
  const fixed = fixedScope(grant)
  return fixed === 'departments' ? inCorp(db, corpId, (tx) => readScope(tx, corpId, grant)) : fixed.scope
}

/** How old a proof may be where a route asks for one (AU-06). */
export const PROVED_MS = 5 * 60_000

/** The corp of whoever signed in before one was connected: no row carries it. */
export const NO_CORP = '0'
/** What can be done with no corp: connect the first one, see and end one's own sessions. */
const CORPLESS: ReadonlySet<string> = new Set([
  'corps.write /api/corps',
  'corps.write /api/corps/corpid',
  'session /api/session',
  'session /api/sessions',
  'session /api/session/step-up',
  'session /api/account/factors',
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
  const readActor = async (
    request: FastifyRequest,
    touch: boolean,
  ): Promise<Actor | 'nobody' | 'not allowed' | 'prove yourself'> => {
    const { config, url } = request.routeOptions
    const value = request.cookies[cookie]
    const found = value ? await findSession(db, value, new Date(), { touch }) : undefined
    if (!found) return 'nobody'
    const session = 'corpless' in found ? corplessAdmin(found, `${config.access} ${url}`) : found
    const able = await readAccess(db, session)
    if (!able.permissions.includes(config.access!)) return 'not allowed'
    if (config.stepUp && Date.now() - session.provedAt.getTime() > PROVED_MS) return 'prove yourself'
    const { accountId, corpId, name, role, staffId } = session
    return { accountId, corpId, name, role, staffId, ...able, ip: request.ip, requestId: request.id }
  }
  app.decorateRequest('actorNow', async function actorNow(this: FastifyRequest) {
    const actor = await readActor(this, false)
    return typeof actor === 'string' ? undefined : actor
  })
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const { access } = request.routeOptions.config
    if (access === undefined || access === 'public') return
    const actor = await readActor(request, true)
    if (actor === 'nobody') throw new SignInRequired()
    if (actor === 'not allowed') throw new NotAllowed()
    if (actor === 'prove yourself') throw new StepUpRequired()
    request.actor = actor
  })
}

function corplessAdmin({ corpless, name, provedAt }: Corpless, wanted: string) {
  if (!CORPLESS.has(wanted)) throw new NoCorpYet()
  const grant = { role: 'owner' as const, roleId: null, staffId: null, scopeKind: null, scopeDepartments: [] }
  return { accountId: corpless, corpId: NO_CORP, name, provedAt, ...grant }
}
