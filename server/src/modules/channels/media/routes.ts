import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { NotFound, Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { PictureUnreadable } from '../errors.ts'
import { sendPicture } from '../qr/routes.ts'
import { MediaAsset, MediaQuery } from '../schema.ts'
import { readPicture, storePicture } from './store.ts'

/** Bytes: what WeCom takes for a picture, developer.work.weixin.qq.com/document/path/90253, 2026-11. */
const PICTURE_BYTES_MAX = 10 * 1024 * 1024

/** Pictures of welcomes: the file itself as the body of the request, its name in the query. */
export async function registerMediaRoutes(app: App, { db, work }: RouteDeps): Promise<void> {
  await app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      ['image/png', 'image/jpeg'],
      { parseAs: 'buffer', bodyLimit: PICTURE_BYTES_MAX },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post('/api/media', {
      config: { access: 'channels.write' },
      bodyLimit: PICTURE_BYTES_MAX,
      schema: {
        operationId: 'uploadPicture',
        querystring: MediaQuery,
        consumes: ['image/png', 'image/jpeg'],
        response: { 201: MediaAsset, '4xx': Problem },
      },
      async handler({ actor, query, body }, reply) {
        if (!Buffer.isBuffer(body)) throw new PictureUnreadable()
        const asset = await storePicture(db, work.dataDir, actor.corpId, {
          bytes: body,
          name: query.name,
          now: work.clock.now(),
        })
        return reply.code(201).send({ ...asset, url: `/api/media/${asset.mediaAssetId}` })
      },
    })
    done()
  })

  app.get('/api/media/:mediaAssetId', {
    config: { access: 'channels.read' },
    schema: { operationId: 'readPicture', params: z.object({ mediaAssetId: Id }), response: { '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const asset = await inCorp(db, actor.corpId, (tx) =>
        tx
          .selectFrom('mediaAsset')
          .select(['sha256', 'mime', 'fileName'])
          .where('corpId', '=', actor.corpId)
          .where('mediaAssetId', '=', params.mediaAssetId)
          .executeTakeFirst(),
      )
      if (!asset) throw new NotFound({ what: '图片' })
      return sendPicture(reply, asset.mime, asset.fileName, await readPicture(work.dataDir, actor.corpId, asset))
    },
  })
}
