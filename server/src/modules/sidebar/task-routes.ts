import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { addRecorded, endRecorded, reopenRecorded } from '../tasks/recorded.ts'
import { TaskEnd } from '../tasks/schema.ts'
import { requireCustomer } from './read-customer.ts'
import { ExternalUserid, NewFollowUp } from './schema.ts'

const OfTask = z.object({ taskId: Id })
const DONE = { 204: z.null(), '4xx': Problem }

/** What is to be done, done from the chat. */
export function registerSidebarTasks(app: App, { db, work }: RouteDeps): void {
  app.post('/api/m/sidebar/:externalUserid/tasks', {
    config: { access: 'tasks.write' },
    schema: {
      operationId: 'followUpFromSidebar',
      params: z.object({ externalUserid: ExternalUserid }),
      body: NewFollowUp,
      response: { 201: OfTask, '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const taskId = await inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireCustomer(tx, actor.corpId, params.externalUserid, actor.scope)
        return addRecorded(tx, actor, { ...body, contactId, note: '', remindMinutes: 0 }, work.clock.now())
      })
      return reply.code(201).send({ taskId })
    },
  })
  app.post('/api/m/tasks/:taskId/end', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'endTaskFromSidebar', params: OfTask, body: TaskEnd, response: DONE },
    async handler({ actor, params, body }, reply) {
      const { taskId } = params
      await inCorp(db, actor.corpId, (tx) => endRecorded(tx, actor, taskId, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/m/tasks/:taskId/reopen', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'reopenTaskFromSidebar', params: OfTask, response: DONE },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => reopenRecorded(tx, actor, params.taskId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
