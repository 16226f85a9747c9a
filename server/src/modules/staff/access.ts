import type { FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { type Db, inCorp } from '../../platform/db.ts'
import { NotAllowed, SignInRequired } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { Actor, RouteDeps, Scope } from '../corps/context.ts'
import { NoCorpYet } from './errors.ts'
import type { Role } from './schema.ts'
import { cookieName, findSession } from './sessions.ts'

const READ = ['contacts.read', 'tags.read', 'channels.read', 'staff.read', 'health.read', 'corps.read'] as const
const WORK = [...READ, 'contacts.write', 'contacts.tag', 'tags.write', 'channels.write'] as const

/** What each role may do. A route names one of these words; a role without it is refused. */
export const PERMISSIONS: Readonly<Record<Role, readonly string[]>> = {
  admin: [
    ...WORK,
    'contacts.bulk',
    'contacts.fields',
    'contacts.export',
    'contacts.sync',
    'health.act',
    'corps.write',
    'staff.write',
    'audit.read',
    'session',
  ],
  operator: [...WORK, 'contacts.bulk', 'contacts.fields', 'contacts.export', 'contacts.sync', 'health.act', 'session'],
  manager: [...READ, 'contacts.write', 'contacts.tag', 'session'],
  staff: ['contacts.read', 'contacts.write', 'contacts.tag', 'tags.read', 'channels.read', 'staff.read', 'session'],
  compliance: [...READ, 'audit.read', 'session'],
}

const KNOWN = new Set<string>(['public', ...Object.values(PERMISSIONS).flat()])

/**
 * Whose customers a person may see, as it is now: a staff member his own, a manager those of his departments and all below
 * them, everybody else the corp's. An account of head office, tied to no member, is bound to no department.
 */
async function readScope(
  db: Db,
  { corpId, role, staffId }: Pick<Actor, 'corpId' | 'role' | 'staffId'>,
): Promise<Scope> {
  if (role === 'staff') return [staffId ?? '0']
  if (role !== 'manager' || staffId === null) return undefined
  const { rows } = await inCorp(db, corpId, (tx) =>
    sql<{ staffId: string }>`
      with recursive below as (
        select department_id from staff_department where corp_id = ${corpId}::bigint and staff_id = ${staffId}::bigint
        union select d.department_id from department d join below b on d.parent_id = b.department_id where d.corp_id = ${corpId}::bigint and d.deleted_at is null)
      select ${staffId}::bigint as staff_id
      union select s.staff_id from staff_department s join below b on b.department_id = s.department_id where s.corp_id = ${corpId}::bigint`.execute(
      tx,
    ),
  )
  return rows.map((row) => row.staffId)
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
    request.actor = { ...session, scope: await readScope(db, session), ip: request.ip, requestId: request.id }
  })
}

function corplessAdmin({ corpless, name }: { corpless: string; name: string }, wanted: string) {
  if (!CORPLESS.has(wanted)) throw new NoCorpYet()
  return { accountId: corpless, corpId: NO_CORP, name, role: 'admin' as const, staffId: null }
}
