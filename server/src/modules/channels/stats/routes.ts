import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { sendTable, TABLE_TYPES } from '../../../platform/send-file.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { ChannelStats, Comparison, ComparisonQuery, StatsFileQuery, StatsQuery } from '../schema.ts'
import { compareCodes } from './compare.ts'
import { writeStats, writeStatsXlsx } from './export.ts'
import { daysOf, readChannelStats } from './read-stats.ts'

const FORMATS = [
  { name: 'csv', operationId: 'exportChannelStats', write: writeStats },
  { name: 'xlsx', operationId: 'exportChannelStatsXlsx', write: writeStatsXlsx },
] as const

/** How codes do: one, several side by side, or all as a file. */
export function registerStatsRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/channel-codes/:channelCodeId/stats', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'readChannelStats',
      params: z.object({ channelCodeId: Id }),
      querystring: StatsQuery,
      response: { 200: ChannelStats, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, (tx) =>
        readChannelStats(tx, actor.corpId, params.channelCodeId, query, work.clock.now()),
      ),
  })

  app.get('/api/channel-codes/compare', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'compareChannelCodes',
      querystring: ComparisonQuery,
      response: { 200: Comparison, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => compareCodes(tx, actor.corpId, query, work.clock.now())),
  })

  for (const { name, operationId, write } of FORMATS) {
    app.get(`/api/channel-codes/stats.${name}`, {
      config: { access: 'channels.read' },
      schema: {
        operationId,
        querystring: StatsFileQuery,
        produces: [TABLE_TYPES[name].type],
        response: { '4xx': Problem },
      },
      async handler({ actor, query }, reply) {
        const at = work.clock.now()
        const { from, to } = daysOf(query, at)
        const detail = { from, to, codes: query.codes, groups: query.groups, format: name }
        await inCorp(db, actor.corpId, (tx) =>
          recordAudit(tx, actor, { action: 'channel_code.export', kind: 'channel_code', id: null, detail, at }),
        )
        const file = write(db, actor.corpId, { ...query, from, to })
        return sendTable(reply, name, `codes-${from}-${to}`, file)
      },
    })
  }
}
