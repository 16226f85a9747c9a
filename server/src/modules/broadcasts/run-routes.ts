import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { sendTable, TABLE_TYPES } from '../../platform/send-file.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import { ExportNeedsApproval } from '../contacts/errors.ts'
import { readExportRules } from '../contacts/exports.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { writeRecipients, writeRecipientsXlsx } from './export-recipients.ts'
import { countWaitingRuns, readRun, viewRun } from './read.ts'
import { listRecipients } from './recipients.ts'
import { remindMembers } from './remind.ts'
import { readResults } from './results.ts'
import { Decision, RecipientPage, RecipientQuery, Results, RunView } from './schema.ts'
import { decideRun, lockRun, stopRun } from './service.ts'
import { askToStop } from './stop-tasks.ts'
import { resolveUnclear } from './unclear.ts'

const OfRun = z.object({ runId: Id })
const DONE = { 204: z.null(), '4xx': Problem }
const OneMember = z.object({ staffId: Id.optional() })

export function registerRunRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerDeeds(app, deps)
  registerExports(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/broadcast-runs/waiting', {
    config: { access: 'broadcasts.read' },
    schema: {
      operationId: 'countWaitingRuns',
      response: { 200: z.object({ waiting: z.number().int() }), '4xx': Problem },
    },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({ waiting: await countWaitingRuns(tx, actor.corpId, actor) })),
  })
  app.get('/api/broadcast-runs/:runId', {
    config: { access: 'broadcasts.read' },
    schema: { operationId: 'readBroadcastRun', params: OfRun, response: { 200: RunView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => viewRun(tx, actor.corpId, params.runId, actor, work.clock.now())),
  })
  app.get('/api/broadcast-runs/:runId/recipients', {
    config: { access: 'broadcasts.read' },
    schema: {
      operationId: 'listRecipients',
      params: OfRun,
      querystring: RecipientQuery,
      response: { 200: RecipientPage, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const run = await readRun(tx, actor.corpId, params.runId, actor)
        return listRecipients(tx, actor.corpId, run, query, actor.scope)
      }),
  })
  app.get('/api/broadcast-runs/:runId/results', {
    config: { access: 'broadcasts.read' },
    schema: { operationId: 'readBroadcastResults', params: OfRun, response: { 200: Results, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const run = await readRun(tx, actor.corpId, params.runId, actor)
        return readResults(tx, actor.corpId, run, work.clock.now())
      }),
  })
}

function registerDeeds(app: App, { db, work }: RouteDeps): void {
  const within = (
    actor: Actor,
    runId: string,
    action: string,
    detail: Record<string, unknown>,
    deed: (tx: Tx, at: Date) => Promise<unknown>,
  ) => {
    const at = work.clock.now()
    return inCorp(db, actor.corpId, async (tx) => {
      await deed(tx, at)
      await recordAudit(tx, actor, { action, kind: 'broadcast_run', id: runId, detail, at })
    })
  }
  app.post('/api/broadcast-runs/:runId/decide', {
    config: { access: 'broadcasts.approve' },
    schema: { operationId: 'decideBroadcastRun', params: OfRun, body: Decision, response: DONE },
    async handler({ actor, params: { runId }, body }, reply) {
      await within(actor, runId, body.approve ? 'broadcast.approve' : 'broadcast.refuse', body, (tx, at) =>
        decideRun(tx, actor.corpId, runId, body, actor, at),
      )
      return reply.code(204).send(null)
    },
  })
  app.post('/api/broadcast-runs/:runId/stop', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'stopBroadcastRun', params: OfRun, body: OneMember, response: DONE },
    async handler({ actor, params: { runId }, body: { staffId } }, reply) {
      await within(actor, runId, 'broadcast.stop', { staffId }, async (tx, at) => {
        if (!staffId) return stopRun(tx, actor.corpId, runId, actor, at)
        await lockRun(tx, actor.corpId, runId, actor)
        return askToStop(tx, actor.corpId, runId, staffId)
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/broadcast-runs/:runId/remind', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'remindBroadcastMembers', params: OfRun, body: OneMember, response: DONE },
    async handler({ actor, params: { runId }, body: { staffId } }, reply) {
      await within(actor, runId, 'broadcast.remind', { staffId }, async (tx, at) => {
        await lockRun(tx, actor.corpId, runId, actor)
        return remindMembers(tx, actor.corpId, runId, staffId, at)
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/broadcast-runs/:runId/chunks/:number/resolve', {
    config: { access: 'broadcasts.approve' },
    schema: {
      operationId: 'resolveUnclearTask',
      params: OfRun.extend({ number: z.coerce.number().int().min(1).max(1_000_000) }),
      body: z.object({ as: z.enum(['taken', 'again']) }),
      response: DONE,
    },
    async handler({ actor, params: { runId, number }, body }, reply) {
      await within(actor, runId, 'broadcast.resolve', { number, ...body }, async (tx, at) => {
        await lockRun(tx, actor.corpId, runId, actor)
        return resolveUnclear(tx, actor.corpId, runId, number, body.as, at)
      })
      return reply.code(204).send(null)
    },
  })
}

const OPERATIONS = { csv: 'exportRecipients', xlsx: 'exportRecipientsXlsx' } as const

/** Everybody of a run with what became of him; a long list is not taken away without another's word, like every other. */
function registerExports(app: App, { db, work }: RouteDeps): void {
  for (const format of ['csv', 'xlsx'] as const)
    app.get(`/api/broadcast-runs/:runId/recipients.${format}`, {
      config: { access: 'contacts.export', stepUp: true },
      schema: {
        operationId: OPERATIONS[format],
        params: OfRun,
        querystring: RecipientQuery.pick({ fate: true, q: true }),
        produces: [TABLE_TYPES[format].type],
        response: { '4xx': Problem },
      },
      async handler({ actor, params: { runId }, query }, reply) {
        const { corpId, scope } = actor
        const at = work.clock.now()
        const run = await inCorp(db, corpId, async (tx) => {
          const held = await readRun(tx, corpId, runId, actor)
          const card = await viewRun(tx, corpId, runId, actor, at)
          const customers = Object.values(card.counts).reduce((sum, n) => sum + n, 0)
          const { approvalAbove } = await readExportRules(tx, corpId)
          if (customers > approvalAbove) throw new ExportNeedsApproval({ customers, most: approvalAbove })
          await recordAudit(tx, actor, {
            ...{
              action: 'broadcast.export',
              kind: 'broadcast_run',
              id: runId,
              detail: { ...query, customers, format },
              at,
            },
          })
          return held
        })
        const write = format === 'csv' ? writeRecipients : writeRecipientsXlsx
        const mark = `B${runId}-${actor.name}`
        return sendTable(reply, format, `broadcast-${shanghaiDay(at)}`, write(db, corpId, run, query, scope, mark))
      },
    })
}
