import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { drawQrPng, drawQrSvg } from '../../../platform/draw-qr.ts'
import { NotFound, Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { sendPicture } from '../../../platform/send-file.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { QrNotReady } from '../errors.ts'
import { QrQuery } from '../schema.ts'

/** The code as a file to print. `landing=1` says our counted address, `landing=0` what WeCom’s own picture says. */
export function registerQrRoutes(app: App, { db, work }: RouteDeps): void {
  for (const [format, mime] of [
    ['png', 'image/png'],
    ['svg', 'image/svg+xml'],
  ] as const) {
    app.get(`/api/channel-codes/:channelCodeId/qr.${format}`, {
      config: { access: 'channels.read' },
      schema: {
        operationId: `readChannelQr${format === 'png' ? 'Png' : 'Svg'}`,
        params: z.object({ channelCodeId: Id }),
        querystring: QrQuery,
        produces: [mime],
        response: { '4xx': Problem },
      },
      async handler({ actor, params, query }, reply) {
        const code = await inCorp(db, actor.corpId, (tx) =>
          tx
            .selectFrom('channelCode')
            .select(['name', 'landingKey', 'qrContent'])
            .where('corpId', '=', actor.corpId)
            .where('channelCodeId', '=', params.channelCodeId)
            .where('removedAt', 'is', null)
            .executeTakeFirst(),
        )
        if (!code) throw new NotFound({ what: '渠道活码' })
        const content = query.landing === '1' ? `${work.publicUrl}/c/${code.landingKey}` : code.qrContent
        if (!content) throw new QrNotReady()
        const options = { size: query.size, logo: query.logo === '1' }
        return sendPicture(
          reply,
          mime,
          `${code.name}.${format}`,
          format === 'png' ? await drawQrPng(content, options) : drawQrSvg(content, options),
        )
      },
    })
  }
}
