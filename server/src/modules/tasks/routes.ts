import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { bulkActor } from '../tags/bulk-runs.ts'
import { listCards, readCard, startWorkCard, withdrawCard } from './cards.ts'
import { countTasks, listTasks } from './list-tasks.ts'
import { addRecorded, endRecorded, reopenRecorded } from './recorded.ts'
import {
  NewTask,
  NewWorkCard,
  TaskCounts,
  TaskEdit,
  TaskEnd,
  TaskPage,
  TaskQuery,
  WorkCardPage,
  WorkCardView,
} from './schema.ts'
import { editTask } from './service.ts'

const OfTask = z.object({ taskId: Id })
const OfCard = z.object({ workCardId: Id })

/** What is to be done for customers, by whom and by when; and cards that ask it of many. */
export function registerTaskRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
  registerCards(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/tasks', {
    config: { access: 'tasks.read' },
    schema: { operationId: 'listTasks', querystring: TaskQuery, response: { 200: TaskPage, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => listTasks(tx, actor.corpId, query, actor.scope, work.clock.now())),
  })
  app.get('/api/tasks/counts', {
    config: { access: 'tasks.read' },
    schema: {
      operationId: 'countTasks',
      querystring: z.object({ staffId: Id.optional() }),
      response: { 200: TaskCounts, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => countTasks(tx, actor.corpId, actor.scope, work.clock.now(), query.staffId)),
  })
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  app.post('/api/tasks', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'addTask', body: NewTask, response: { 201: OfTask, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const taskId = await inCorp(db, actor.corpId, (tx) => addRecorded(tx, actor, body, work.clock.now()))
      return reply.code(201).send({ taskId })
    },
  })
  app.patch('/api/tasks/:taskId', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'editTask', params: OfTask, body: TaskEdit, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await editTask(tx, actor.corpId, params.taskId, body, actor, at)
        await recordAudit(tx, actor, { action: 'task.edit', kind: 'task', id: params.taskId, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/tasks/:taskId/end', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'endTask', params: OfTask, body: TaskEnd, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params, body }, reply) {
      const { taskId } = params
      await inCorp(db, actor.corpId, (tx) => endRecorded(tx, actor, taskId, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/tasks/:taskId/reopen', {
    config: { access: 'tasks.write' },
    schema: { operationId: 'reopenTask', params: OfTask, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => reopenRecorded(tx, actor, params.taskId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}

function registerCards(app: App, { db, work }: RouteDeps): void {
  app.get('/api/work-cards', {
    config: { access: 'tasks.read' },
    schema: {
      operationId: 'listWorkCards',
      querystring: z.object({ before: Id.optional() }),
      response: { 200: WorkCardPage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => listCards(tx, actor.corpId, { ...actor, before: query.before })),
  })
  app.get('/api/work-cards/:workCardId', {
    config: { access: 'tasks.read' },
    schema: { operationId: 'readWorkCard', params: OfCard, response: { 200: WorkCardView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readCard(tx, actor.corpId, params.workCardId, actor)),
  })
  app.post('/api/work-cards', {
    config: { access: 'tasks.assign' },
    schema: {
      operationId: 'startWorkCard',
      body: NewWorkCard,
      response: { 202: z.object({ workCardId: Id, bulkRunId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const made = await inCorp(db, actor.corpId, async (tx) => {
        const { total, ...ids } = await startWorkCard(tx, actor.corpId, body, bulkActor(actor), at)
        const detail = { title: body.title, customers: total, ...(body.filter ? { filter: body.filter } : {}) }
        await recordAudit(tx, actor, { action: 'work_card.create', kind: 'work_card', id: ids.workCardId, detail, at })
        return ids
      })
      return reply.code(202).send(made)
    },
  })
  app.post('/api/work-cards/:workCardId/withdraw', {
    config: { access: 'tasks.assign' },
    schema: { operationId: 'withdrawWorkCard', params: OfCard, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await withdrawCard(tx, actor.corpId, params.workCardId, bulkActor(actor), at)
        const what = { action: 'work_card.withdraw', kind: 'work_card', id: params.workCardId, detail: {}, at }
        await recordAudit(tx, actor, what)
      })
      return reply.code(204).send(null)
    },
  })
}
