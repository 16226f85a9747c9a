import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { readLevels, readMembers } from './read-members.ts'
import { ContactParams, MemberLevels, MembersOf } from './schema.ts'

/** Members and their points, for the people of the corp. */
export function registerMemberRoutes(app: App, { db }: RouteDeps): void {
  app.get('/api/contacts/:contactId/members', {
    config: { access: 'orders.read' },
    schema: { operationId: 'readMembers', params: ContactParams, response: { 200: MembersOf, '4xx': Problem } },
    handler: async ({ actor, params }) => ({
      members: await inCorp(db, actor.corpId, (tx) => readMembers(tx, actor.corpId, params.contactId, actor.scope)),
    }),
  })
  app.get('/api/member-levels', {
    config: { access: 'segments.read' },
    schema: { operationId: 'readMemberLevels', response: { 200: MemberLevels, '4xx': Problem } },
    handler: async ({ actor }) => ({ levels: await inCorp(db, actor.corpId, (tx) => readLevels(tx, actor.corpId)) }),
  })
}
