import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { ExportTooLarge } from './errors.ts'
import { EXPORT_MAX, writeContacts, writeContactsXlsx } from './export-contacts.ts'
import { countContacts } from './list-contacts.ts'
import { ContactFilter } from './schema.ts'

const FORMATS = [
  { name: 'csv', operationId: 'exportContacts', type: 'text/csv', charset: '; charset=utf-8', write: writeContacts },
  {
    name: 'xlsx',
    operationId: 'exportContactsXlsx',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    charset: '',
    write: writeContactsXlsx,
  },
] as const

/** A list as it is filtered, as a file. */
export function registerExportRoutes(app: App, { db, work }: RouteDeps): void {
  for (const { name, operationId, type, charset, write } of FORMATS) {
    app.get(`/api/contacts/export.${name}`, {
      config: { access: 'contacts.export', stepUp: true },
      schema: { operationId, querystring: ContactFilter, produces: [type], response: { '4xx': Problem } },
      async handler({ actor, query }, reply) {
        const { corpId, scope } = actor
        const at = work.clock.now()
        await inCorp(db, corpId, async (tx) => {
          const { total, isFloor } = await countContacts(tx, corpId, query, scope, EXPORT_MAX)
          if (isFloor) throw new ExportTooLarge({ most: EXPORT_MAX })
          const detail = { filter: query, customers: total, format: name }
          await recordAudit(tx, actor, { action: 'contact.export', kind: 'contact', id: null, detail, at })
        })
        return sendFile(
          reply,
          `${type}${charset}`,
          `contacts-${at.toISOString().slice(0, 10)}.${name}`,
          write(db, corpId, query, scope),
        )
      },
    })
  }
}

function sendFile(reply: FastifyReply, type: string, fileName: string, parts: AsyncIterable<string | Buffer>) {
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(parts))
}
