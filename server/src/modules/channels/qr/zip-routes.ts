import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { ZipQuery } from '../schema.ts'
import { readPrinted, zipCodes } from './zip.ts'

/** The pictures of many codes to print, in one file. */
export function registerZipRoutes(app: App, { db, work }: RouteDeps): void {
  app.get('/api/channel-codes/qr.zip', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'readChannelQrZip',
      querystring: ZipQuery,
      produces: ['application/zip'],
      response: { '4xx': Problem },
    },
    async handler({ actor, query }, reply) {
      const at = work.clock.now()
      const codes = await inCorp(db, actor.corpId, async (tx) => {
        const printed = await readPrinted(tx, actor.corpId, query, work.publicUrl)
        await recordAudit(tx, actor, {
          action: 'channel_code.print',
          kind: 'channel_code',
          id: null,
          detail: { codes: printed.length },
          at,
        })
        return printed
      })
      return sendZip(reply, `codes-${shanghaiDay(at)}.zip`, zipCodes(codes, query.size))
    },
  })
}

const sendZip = (reply: FastifyReply, fileName: string, zip: Readable) =>
  reply
    .type('application/zip')
    .header('content-disposition', `attachment; filename="${fileName}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(zip)
