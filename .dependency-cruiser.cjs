// Which way arrows point. Rooms, lowest first: a room imports only rooms before it in this list.
const ROOMS = [
  'corps',
  'staff',
  'facts',
  'events',
  'contacts',
  'tags',
  'tasks',
  'orders',
  'segments',
  'stages',
  'touches',
  'content',
  'channels',
  'groups',
  'broadcasts',
  'journeys',
  'reports',
  'sidebar',
  'openapi',
]

const upward = ROOMS.map((room, index) => ({
  name: `${room}-looks-down-only`,
  severity: 'error',
  comment: `${room} may import only the rooms below it: ${ROOMS.slice(0, index).join(', ') || 'none'}`,
  from: { path: `^server/src/modules/${room}/`, pathNot: '[.]test[.]ts$' },
  to: { path: `^server/src/modules/(?!${[...ROOMS.slice(0, index), room].join('|')})` },
}))

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-knows-no-rooms',
      severity: 'error',
      from: { path: '^server/src/platform' },
      to: { path: '^server/src/(modules|app|worker|program|main|demo)' },
    },
    {
      name: 'tracker-knows-nobody',
      severity: 'error',
      comment: 'it runs in strangers’ pages and only speaks to /collect',
      from: { path: '^tracker/src/', pathNot: '[.]test[.]ts$' },
      to: { pathNot: '^tracker/src/' },
    },
    {
      name: 'wecom-knows-nobody',
      severity: 'error',
      from: { path: '^wecom/' },
      to: { path: '^(server|simulator|console|tracker|bench)/' },
    },
    {
      name: 'simulator-knows-only-wecom',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(server|console|tracker|bench)/' },
    },
    {
      name: 'server-knows-only-wecom',
      severity: 'error',
      from: { path: '^server/src/', pathNot: '[.]test[.]ts$' },
      to: { path: '^(simulator|console|tracker|bench)/' },
    },
    {
      name: 'routes-stay-outside',
      severity: 'error',
      comment: 'services never import routes',
      from: { path: '^server/src/modules/', pathNot: 'routes([.]test)?[.]ts$' },
      to: { path: 'routes[.]ts$' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/|^simulator/world/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
