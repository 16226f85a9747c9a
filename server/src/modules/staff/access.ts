import type { FastifyRequest } from 'fastify'
import { type Db, inCorp } from '../../platform/db.ts'
import { NotAllowed, SignInRequired } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Actor, RouteDeps, Scope } from '../corps/context.ts'
import { NoCorpYet, SecondFactorRequired, StepUpRequired, ViewOnly } from './errors.ts'
import { covers, isGrave, KNOWN, PERMISSIONS, SCOPES } from './permissions.ts'
import type { ScopeKind } from './schema.ts'
import { fixedScope, reaches, readScope } from './scope.ts'
import { type Corpless, cookieName, findSession, type Signed } from './sessions.ts'
import { findMember, type Member } from './view-as.ts'

type Access = Pick<Actor, 'permissions' | 'roleName' | 'scope'>
type Granted = Pick<Signed, 'corpId' | 'staffId' | 'role' | 'roleId' | 'scopeKind' | 'scopeDepartments'>

/** What a grant lets somebody do and whose customers he may see, as it is now: one look at the corp, and none for whoever runs all of it. */
async function readAccess(db: Db, granted: Granted): Promise<Access> {
  if (granted.role !== 'custom') {
    const permissions = PERMISSIONS[granted.role]
    return { permissions, roleName: null, scope: await lookUpScope(db, granted, SCOPES[granted.role]) }
  }
  const role = await inCorp(db, granted.corpId, (tx) =>
    tx
      .selectFrom('role')
      .select(['name', 'permissions', 'scopeKind'])
      .where('corpId', '=', granted.corpId)
      .where('roleId', '=', granted.roleId)
      .executeTakeFirst(),
  )
  if (!role) throw new NotAllowed()
  const scope = await lookUpScope(db, granted, role.scopeKind as ScopeKind)
  return { permissions: [...role.permissions, 'session'], roleName: role.name, scope }
}

/** One look at the departments, for those whose scope is made of some. */
async function lookUpScope(db: Db, { corpId, staffId, ...given }: Granted, ofRole: ScopeKind): Promise<Scope> {
  const grant = { staffId, scopeKind: given.scopeKind ?? ofRole, scopeDepartments: given.scopeDepartments }
  const fixed = fixedScope(grant)
  return fixed === 'departments' ? inCorp(db, corpId, (tx) => readScope(tx, corpId, grant)) : fixed.scope
}

export const memberAccess = (db: Db, corpId: string, member: Member): Promise<Access> =>
  readAccess(db, { corpId, ...member })

/** Whether one may do and see all that the other may. */
export const surpasses = (one: Access, other: Access): boolean =>
  covers(one.permissions, other.permissions) && reaches([one.scope], other.scope)

/** Somebody as he looks now: as himself or, as long as his own access surpasses it, as a colleague. */
async function readSeen(
  db: Db,
  signed: Signed,
): Promise<Access & Pick<Actor, 'role' | 'staffId' | 'viewing' | 'factorMissing'>> {
  const { corpId, role, staffId, viewAs } = signed
  const own = await readAccess(db, signed)
  const factorMissing = signed.factorMissing && isGrave(own.permissions)
  const himself = { ...own, role, staffId, viewing: null, factorMissing }
  const member = viewAs ? await inCorp(db, corpId, (tx) => findMember(tx, corpId, viewAs)) : undefined
  if (!member) return himself
  const theirs = await memberAccess(db, corpId, member)
  if (!surpasses(own, theirs)) return himself
  const { name } = member
  return {
    ...theirs,
    role: member.role,
    staffId: member.staffId,
    viewing: { staffId: member.staffId, name },
    factorMissing,
  }
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

/** All that can be asked for while looking as a colleague, besides reading: to be oneself again, and to leave. */
const WHILE_VIEWING: ReadonlySet<string> = new Set(['DELETE /api/session/view-as', 'DELETE /api/session'])

function refuseWhileViewing(
  viewing: Actor['viewing'],
  { method, routeOptions: { config, url } }: FastifyRequest,
): void {
  if (viewing && (method !== 'GET' || config.stepUp) && !WHILE_VIEWING.has(`${method} ${url}`))
    throw new ViewOnly({ name: viewing.name })
}

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
    if (route.url.startsWith('/api/m/'))
      throw new Error(`route ${route.url} is a mobile page's, whose cookie is another`)
  })
  const readActor = async (
    request: FastifyRequest,
    touch: boolean,
  ): Promise<Actor | 'nobody' | 'not allowed' | 'set up a second factor' | 'prove yourself'> => {
    const { config, url } = request.routeOptions
    const value = request.cookies[cookie]
    const found = value ? await findSession(db, value, new Date(), { touch }) : undefined
    if (!found) return 'nobody'
    const session = 'corpless' in found ? corplessAdmin(found, `${config.access} ${url}`) : found
    const seen = await readSeen(db, session)
    if (!seen.permissions.includes(config.access!)) return 'not allowed'
    refuseWhileViewing(seen.viewing, request)
    if (seen.factorMissing && config.access !== 'session') return 'set up a second factor'
    if (config.stepUp && Date.now() - session.provedAt.getTime() > PROVED_MS) return 'prove yourself'
    const { accountId, corpId, name } = session
    return { accountId, corpId, name, ...seen, ip: request.ip, requestId: request.id }
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
    if (actor === 'set up a second factor') throw new SecondFactorRequired()
    if (actor === 'prove yourself') throw new StepUpRequired()
    request.actor = actor
  })
}

function corplessAdmin({ corpless, name, provedAt }: Corpless, wanted: string) {
  if (!CORPLESS.has(wanted)) throw new NoCorpYet()
  const grant = { role: 'owner' as const, roleId: null, staffId: null, scopeKind: null, scopeDepartments: [] }
  return { accountId: corpless, corpId: NO_CORP, name, provedAt, viewAs: null, factorMissing: false, ...grant }
}
