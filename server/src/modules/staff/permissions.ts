import type { BuiltInRole, ScopeKind } from './schema.ts'

const READ = [
  'contacts.read',
  'groups.read',
  'orders.read',
  'tags.read',
  'tasks.read',
  'segments.read',
  'stages.read',
  'touches.read',
  'broadcasts.read',
  'journeys.read',
  'content.read',
  'channels.read',
  'staff.read',
  'health.read',
  'corps.read',
] as const
const WORK = [
  ...READ,
  'contacts.reveal',
  'contacts.write',
  'contacts.tag',
  'tasks.write',
  'tasks.assign',
  'stages.move',
  'tags.write',
  'content.own',
  'content.write',
  'channels.write',
] as const
const RUN = [
  ...WORK,
  'segments.write',
  'stages.write',
  'broadcasts.write',
  'journeys.write',
  'orders.manage',
  'contacts.bulk',
  'contacts.merge',
  'contacts.fields',
  'contacts.export',
  'contacts.sync',
  'health.act',
] as const
const ADMINISTER = [
  ...RUN,
  'contacts.approve',
  'touches.govern',
  'broadcasts.approve',
  'content.approve',
  'corps.write',
  'staff.write',
  'roles.write',
  'audit.read',
  'openapi.manage',
] as const

/** What each built-in role may do. A route names one of these words; a role without it is refused. */
export const PERMISSIONS: Readonly<Record<BuiltInRole, readonly string[]>> = {
  /** The one thing an administrator cannot: make and unmake owners. */
  owner: [...ADMINISTER, 'corps.own', 'session'],
  admin: [...ADMINISTER, 'session'],
  operator: [...RUN, 'session'],
  manager: [
    ...READ,
    'contacts.reveal',
    'contacts.write',
    'contacts.tag',
    'tasks.write',
    'tasks.assign',
    'stages.move',
    'content.own',
    'session',
  ],
  staff: [
    'contacts.read',
    'groups.read',
    'orders.read',
    'contacts.reveal',
    'contacts.write',
    'contacts.tag',
    'tags.read',
    'tasks.read',
    'tasks.write',
    'segments.read',
    'stages.read',
    'stages.move',
    'content.read',
    'content.own',
    'channels.read',
    'staff.read',
    'session',
  ],
  auditor: [...READ, 'audit.read', 'session'],
}

export const SCOPES: Readonly<Record<BuiltInRole, ScopeKind>> = {
  owner: 'all',
  admin: 'all',
  operator: 'all',
  manager: 'tree',
  staff: 'own',
  auditor: 'all',
}

/** Every word a route may declare and a role of a corp's own may hold, in the order pages show them. */
export const GRANTABLE: readonly string[] = ADMINISTER
export const KNOWN: ReadonlySet<string> = new Set(['public', ...PERMISSIONS.owner])

/** Whoever reads the audit log runs nothing it watches (AC-10). */
const WATCHED = ['staff.write', 'roles.write', 'corps.write', 'openapi.manage'] as const
export const mixesDuties = (permissions: readonly string[]): boolean =>
  permissions.includes('audit.read') && WATCHED.some((word) => permissions.includes(word))

/** Whoever may do one of these needs a second factor beside his password, where the corp asks for it (AU-04). */
const GRAVE = [...WATCHED, 'audit.read', 'contacts.export', 'contacts.approve', 'openapi.manage'] as const
export const isGrave = (permissions: readonly string[]): boolean => GRAVE.some((word) => permissions.includes(word))

/** Nobody gives, or takes away, what he does not hold. */
export const covers = (held: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((word) => held.includes(word))
