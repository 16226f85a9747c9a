import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { enqueueNamed } from '../../platform/jobs.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { SYNC_ADDRESS_BOOK } from '../staff/directory.ts'
import { registerActivation } from './activation/routes.ts'
import { registerAttribution } from './attribution/routes.ts'
import { readDutyCalendar } from './duty-calendar.ts'
import { readLicence } from './licence.ts'
import { registerManual } from './manual/routes.ts'
import { DutyCalendar, DutyQuery, Licence, SetCustomersEach, Workload, WorkloadQuery } from './schema.ts'
import { registerStatsRoutes } from './stats-routes.ts'
import { readWorkload, setCustomersEach } from './workload.ts'

export function registerReportRoutes(app: App, deps: RouteDeps): void {
  registerStatsRoutes(app, deps)
  registerWorkload(app, deps)
  registerLicence(app, deps)
  registerActivation(app, deps)
  registerAttribution(app, deps)
  registerManual(app, deps)
  const { db, work } = deps
  app.get('/api/reports/duty', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'readDutyCalendar',
      querystring: DutyQuery,
      response: { 200: DutyCalendar, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readDutyCalendar(tx, corpId, scope, query, work.clock.now())),
  })
}

function registerWorkload(app: App, { db, work }: RouteDeps): void {
  app.get('/api/reports/workload', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readWorkload', querystring: WorkloadQuery, response: { 200: Workload, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readWorkload(tx, corpId, scope, query, work.clock.now())),
  })
  app.put('/api/reports/workload/figure', {
    config: { access: 'channels.write' },
    schema: { operationId: 'setCustomersEach', body: SetCustomersEach, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await setCustomersEach(tx, actor.corpId, body.customersEach)
        const entry = { action: 'report.figure', kind: 'report', id: null, detail: body, at: work.clock.now() }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })
}

function registerLicence(app: App, { db, work }: RouteDeps): void {
  app.get('/api/reports/licence', {
    config: { access: 'staff.read' },
    schema: { operationId: 'readLicence', response: { 200: Licence, '4xx': Problem } },
    handler: ({ actor: { corpId, scope } }) => inCorp(db, corpId, (tx) => readLicence(tx, corpId, scope)),
  })
  /** WeCom tells nobody when the permission is given or taken: it is found by reading the address book again. */
  app.post('/api/reports/licence/check', {
    config: { access: 'contacts.sync' },
    schema: { operationId: 'checkLicence', response: { 202: z.null(), '4xx': Problem } },
    async handler({ actor }, reply) {
      const { corpId } = actor
      await inCorp(db, corpId, async (tx) => {
        await enqueueNamed(
          tx,
          SYNC_ADDRESS_BOOK,
          { corpId },
          { key: `address_book:${corpId}`, lane: `address_book:${corpId}` },
        )
        const entry = { action: 'licence.check', kind: 'staff', id: null, detail: {}, at: work.clock.now() }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(202).send(null)
    },
  })
}
