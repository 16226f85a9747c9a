import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { sendTable, TABLE_TYPES, type TableFormat } from '../../platform/send-file.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { writeContacts, writeContactsXlsx } from './export-contacts.ts'
import {
  askExport,
  countWaiting,
  decideExport,
  listExports,
  readExportRules,
  saveExportRules,
  takeApproved,
  takeNow,
  withdrawExport,
} from './exports.ts'
import { AskExport, ContactFilter, DecideExport, ExportRules, ExportView } from './schema.ts'

const OPERATIONS = { csv: 'exportContacts', xlsx: 'exportContactsXlsx' } as const

const Params = z.object({ contactExportId: Id })
const DONE = { 204: z.null(), '4xx': Problem }
const mayApprove = (actor: Actor) => actor.permissions.includes('contacts.approve')

/** A list as it is filtered, as a file: a short one at once, a long one after somebody else has let it out. */
export function registerExportRoutes(app: App, deps: RouteDeps): void {
  const { db, work } = deps
  const send = (
    reply: FastifyReply,
    { corpId, scope }: Actor,
    of: { mark: string; filter: ContactFilter; format: TableFormat },
  ) => {
    const write = of.format === 'csv' ? writeContacts : writeContactsXlsx
    return sendTable(
      reply,
      of.format,
      `contacts-${shanghaiDay(work.clock.now())}`,
      write(db, corpId, of.filter, scope, of.mark),
    )
  }
  for (const format of ['csv', 'xlsx'] as const) {
    app.get(`/api/contacts/export.${format}`, {
      config: { access: 'contacts.export', stepUp: true },
      schema: {
        operationId: OPERATIONS[format],
        querystring: ContactFilter,
        produces: [TABLE_TYPES[format].type],
        response: { '4xx': Problem },
      },
      async handler({ actor, query: filter }, reply) {
        const now = work.clock.now()
        const { mark } = await inCorp(db, actor.corpId, (tx) => takeNow(tx, actor, filter, format, now))
        return send(reply, actor, { mark, filter: { ...filter, now }, format })
      },
    })
  }
  app.get('/api/contact-exports/:contactExportId/file', {
    config: { access: 'contacts.export', stepUp: true },
    schema: { operationId: 'takeContactExport', params: Params, response: { '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const now = work.clock.now()
      const taken = await inCorp(db, actor.corpId, (tx) => takeApproved(tx, actor, params.contactExportId, now))
      return send(reply, actor, taken)
    },
  })
  registerAsking(app, deps)
}

function registerAsking(app: App, { db, work }: RouteDeps): void {
  app.get('/api/contact-exports', {
    config: { access: 'contacts.export' },
    schema: { operationId: 'listContactExports', response: { 200: z.array(ExportView), '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => listExports(tx, actor, work.clock.now(), mayApprove(actor))),
  })
  app.get('/api/contact-exports/waiting', {
    config: { access: 'contacts.approve' },
    schema: {
      operationId: 'countWaitingExports',
      response: { 200: z.object({ waiting: z.number().int() }), '4xx': Problem },
    },
    handler: async ({ actor }) => ({ waiting: await inCorp(db, actor.corpId, (tx) => countWaiting(tx, actor)) }),
  })
  app.post('/api/contact-exports', {
    config: { access: 'contacts.export', stepUp: true },
    schema: { operationId: 'askContactExport', body: AskExport, response: { 201: Params, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const contactExportId = await inCorp(db, actor.corpId, (tx) => askExport(tx, actor, body, work.clock.now()))
      return reply.code(201).send({ contactExportId })
    },
  })
  app.post('/api/contact-exports/:contactExportId/decision', {
    config: { access: 'contacts.approve', stepUp: true },
    schema: { operationId: 'decideContactExport', params: Params, body: DecideExport, response: DONE },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => decideExport(tx, actor, params.contactExportId, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/contact-exports/:contactExportId', {
    config: { access: 'contacts.export' },
    schema: { operationId: 'withdrawContactExport', params: Params, response: DONE },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, (tx) => withdrawExport(tx, actor, params.contactExportId, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
  app.get('/api/export-rules', {
    config: { access: 'contacts.export' },
    schema: { operationId: 'readExportRules', response: { 200: ExportRules, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readExportRules(tx, actor.corpId)),
  })
  app.put('/api/export-rules', {
    config: { access: 'contacts.approve', stepUp: true },
    schema: { operationId: 'saveExportRules', body: ExportRules, response: DONE },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => saveExportRules(tx, actor, body, work.clock.now()))
      return reply.code(204).send(null)
    },
  })
}
