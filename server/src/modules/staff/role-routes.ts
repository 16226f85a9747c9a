import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { deleteRole, listRoles, saveRole, setStaffAccess } from './roles.ts'
import { NewRole, RoleList, SetAccess } from './schema.ts'

const RoleParams = z.object({ roleId: Id })
const RoleMade = z.object({ roleId: Id })

export function registerRoleRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/roles', {
    config: { access: 'staff.read' },
    schema: { operationId: 'listRoles', response: { 200: RoleList, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listRoles(tx, actor.corpId)),
  })
  app.post('/api/roles', {
    config: { access: 'roles.write', stepUp: true },
    schema: { operationId: 'createRole', body: NewRole, response: { 201: RoleMade, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const roleId = await inCorp(db, actor.corpId, (tx) => saveRole(tx, actor, undefined, body, work.clock.now()))
      return reply.code(201).send({ roleId })
    },
  })
  app.put('/api/roles/:roleId', {
    config: { access: 'roles.write', stepUp: true },
    schema: { operationId: 'editRole', params: RoleParams, body: NewRole, response: { 200: RoleMade, '4xx': Problem } },
    handler: async ({ actor, params, body }) => ({
      roleId: await inCorp(db, actor.corpId, (tx) => saveRole(tx, actor, params.roleId, body, work.clock.now())),
    }),
  })
  app.delete('/api/roles/:roleId', {
    config: { access: 'roles.write', stepUp: true },
    schema: { operationId: 'deleteRole', params: RoleParams, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => deleteRole(tx, actor, params.roleId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.put('/api/staff/:staffId/access', {
    config: { access: 'staff.write', stepUp: true },
    schema: {
      operationId: 'setStaffAccess',
      params: z.object({ staffId: Id }),
      body: SetAccess,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => setStaffAccess(tx, actor, params.staffId, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
