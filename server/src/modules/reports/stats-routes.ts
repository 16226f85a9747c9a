import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { sendTable, TABLE_TYPES } from '../../platform/send-file.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { writeStats, writeStatsXlsx } from './export-stats.ts'
import { Period, StaffCodes, StaffStats, StaffTrend, StatsFilter, TrendQuery } from './schema.ts'
import { readStaffRows, readStaffStats } from './staff-stats.ts'
import { readStaffCodes, readStaffTrend } from './staff-trend.ts'

const FORMATS = [
  { name: 'csv', operationId: 'exportStaffStats', write: writeStats },
  { name: 'xlsx', operationId: 'exportStaffStatsXlsx', write: writeStatsXlsx },
] as const

/** What each member brought, kept and said. */
export function registerStatsRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/reports/staff', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readStaffStats', querystring: StatsFilter, response: { 200: StaffStats, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readStaffStats(tx, corpId, query, scope, work.clock.now())),
  })
  app.get('/api/reports/staff/trend', {
    config: { access: 'contacts.read' },
    schema: { operationId: 'readStaffTrend', querystring: TrendQuery, response: { 200: StaffTrend, '4xx': Problem } },
    handler: ({ actor: { corpId, scope }, query }) =>
      inCorp(db, corpId, (tx) => readStaffTrend(tx, corpId, query, scope, work.clock.now())),
  })
  app.get('/api/reports/staff/:staffId/codes', {
    config: { access: 'contacts.read' },
    schema: {
      operationId: 'readStaffCodes',
      params: z.object({ staffId: Id }),
      querystring: Period,
      response: { 200: StaffCodes, '4xx': Problem },
    },
    handler: ({ actor: { corpId, scope }, params, query }) =>
      inCorp(db, corpId, (tx) => readStaffCodes(tx, corpId, params.staffId, query, scope, work.clock.now())),
  })
  for (const { name, operationId, write } of FORMATS) {
    app.get(`/api/reports/staff/export.${name}`, {
      config: { access: 'contacts.read' },
      schema: {
        operationId,
        querystring: StatsFilter,
        produces: [TABLE_TYPES[name].type],
        response: { '4xx': Problem },
      },
      async handler({ actor, query }, reply) {
        const { corpId, scope } = actor
        const at = work.clock.now()
        const rows = await inCorp(db, corpId, async (tx) => {
          const found = await readStaffRows(tx, corpId, query, scope, at)
          const detail = { filter: query, members: found.length, format: name }
          await recordAudit(tx, actor, { action: 'report.export', kind: 'report', id: null, detail, at })
          return found
        })
        return sendTable(reply, name, `staff-${shanghaiDay(at)}`, write(rows))
      },
    })
  }
}
