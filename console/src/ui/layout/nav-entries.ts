import type { IconName } from '../icon.tsx'

type NavWord =
  | 'home'
  | 'acquire'
  | 'channels'
  | 'contacts'
  | 'allContacts'
  | 'bulkRuns'
  | 'exports'
  | 'segments'
  | 'stages'
  | 'autoTags'
  | 'tasks'
  | 'orders'
  | 'losses'
  | 'duplicates'
  | 'reviews'
  | 'tags'
  | 'reach'
  | 'broadcasts'
  | 'journeys'
  | 'touches'
  | 'touchPolicy'
  | 'community'
  | 'groups'
  | 'content'
  | 'materials'
  | 'scripts'
  | 'radar'
  | 'forms'
  | 'reports'
  | 'staffStats'
  | 'workload'
  | 'rfm'
  | 'activation'
  | 'attribution'
  | 'duty'
  | 'licence'
  | 'settings'
  | 'health'
  | 'corp'
  | 'permissions'
  | 'fields'
  | 'staff'
  | 'roles'
  | 'events'
  | 'products'
  | 'shops'
  | 'guides'
  | 'openapi'
  | 'audit'
export interface NavChild {
  to: string
  word: NavWord
  needs: string
}
export interface NavEntry extends NavChild {
  icon: IconName
  children?: NavChild[]
}

/** By job, and only what this version has. */
export const NAV: NavEntry[] = [
  { to: '/', word: 'home', icon: 'home', needs: 'contacts.read' },
  {
    to: '/channels',
    word: 'acquire',
    icon: 'qr',
    needs: 'channels.read',
    children: [{ to: '/channels', word: 'channels', needs: 'channels.read' }],
  },
  {
    to: '/contacts',
    word: 'contacts',
    icon: 'people',
    needs: 'contacts.read',
    children: [
      { to: '/contacts', word: 'allContacts', needs: 'contacts.read' },
      { to: '/segments', word: 'segments', needs: 'segments.read' },
      { to: '/stages', word: 'stages', needs: 'stages.read' },
      { to: '/tasks', word: 'tasks', needs: 'tasks.read' },
      { to: '/tags', word: 'tags', needs: 'tags.read' },
      { to: '/auto-tags', word: 'autoTags', needs: 'segments.read' },
      { to: '/orders', word: 'orders', needs: 'orders.read' },
      { to: '/products', word: 'products', needs: 'orders.manage' },
      { to: '/losses', word: 'losses', needs: 'contacts.read' },
      { to: '/duplicates', word: 'duplicates', needs: 'contacts.read' },
      { to: '/reviews', word: 'reviews', needs: 'contacts.merge' },
      { to: '/bulk-runs', word: 'bulkRuns', needs: 'contacts.tag' },
      { to: '/exports', word: 'exports', needs: 'contacts.export' },
    ],
  },
  {
    to: '/touches',
    word: 'reach',
    icon: 'out',
    needs: 'touches.read',
    children: [
      { to: '/broadcasts', word: 'broadcasts', needs: 'broadcasts.read' },
      { to: '/journeys', word: 'journeys', needs: 'journeys.read' },
      { to: '/touches', word: 'touches', needs: 'touches.read' },
    ],
  },
  {
    to: '/groups',
    word: 'community',
    icon: 'message',
    needs: 'groups.read',
    children: [{ to: '/groups', word: 'groups', needs: 'groups.read' }],
  },
  {
    to: '/content/materials',
    word: 'content',
    icon: 'book',
    needs: 'content.read',
    children: [
      { to: '/content/materials', word: 'materials', needs: 'content.read' },
      { to: '/content/scripts', word: 'scripts', needs: 'content.read' },
      { to: '/content/radar', word: 'radar', needs: 'content.read' },
      { to: '/content/forms', word: 'forms', needs: 'content.read' },
    ],
  },
  {
    to: '/reports/staff',
    word: 'reports',
    icon: 'chart',
    needs: 'contacts.read',
    children: [
      { to: '/reports/staff', word: 'staffStats', needs: 'contacts.read' },
      { to: '/reports/rfm', word: 'rfm', needs: 'orders.read' },
      { to: '/reports/attribution', word: 'attribution', needs: 'orders.read' },
      { to: '/reports/activation', word: 'activation', needs: 'orders.read' },
      { to: '/reports/workload', word: 'workload', needs: 'contacts.read' },
      { to: '/reports/duty', word: 'duty', needs: 'channels.read' },
      { to: '/reports/licence', word: 'licence', needs: 'staff.read' },
    ],
  },
  {
    to: '/settings/health',
    word: 'settings',
    icon: 'settings',
    needs: 'session',
    children: [
      { to: '/settings/health', word: 'health', needs: 'health.read' },
      { to: '/settings/corp', word: 'corp', needs: 'corps.read' },
      { to: '/settings/permissions', word: 'permissions', needs: 'corps.read' },
      { to: '/settings/fields', word: 'fields', needs: 'contacts.fields' },
      { to: '/settings/stages', word: 'stages', needs: 'stages.write' },
      { to: '/settings/touches', word: 'touchPolicy', needs: 'touches.read' },
      { to: '/settings/events', word: 'events', needs: 'contacts.fields' },
      { to: '/settings/shops', word: 'shops', needs: 'openapi.manage' },
      { to: '/settings/guides', word: 'guides', needs: 'orders.manage' },
      { to: '/settings/openapi', word: 'openapi', needs: 'openapi.manage' },
      { to: '/settings/staff', word: 'staff', needs: 'staff.read' },
      { to: '/settings/roles', word: 'roles', needs: 'staff.write' },
      { to: '/settings/audit', word: 'audit', needs: 'audit.read' },
    ],
  },
]

export const isUnder = (path: string, to: string): boolean =>
  to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)

/** What a role sees: entries it may open; a group leads to its first child it may open. */
export function navFor(permissions: string[]): NavEntry[] {
  return NAV.flatMap((entry) => {
    if (!entry.children) return permissions.includes(entry.needs) ? [entry] : []
    const children = entry.children.filter((child) => permissions.includes(child.needs))
    return children[0] ? [{ ...entry, to: children[0].to, children }] : []
  })
}
