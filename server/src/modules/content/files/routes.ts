import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { NotFound, Problem, TooLarge } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { sendAttachment, sendPicture } from '../../../platform/send-file.ts'
import type { RouteDeps } from '../../corps/context.ts'
import { FileRefused, PictureUnreadable } from '../errors.ts'
import { BYTES_MAX, MediaAsset, MediaQuery } from './schema.ts'
import { EXTENSIONS } from './sniff.ts'
import { readFileBytes, readFiles, storeFile, storePicture } from './store.ts'

const PICTURES = ['image/png', 'image/jpeg']
/** What a browser says a file is; only its bytes are believed. */
const OTHERS = [...Object.keys(EXTENSIONS).filter((mime) => !PICTURES.includes(mime)), 'application/octet-stream']

/** Files of welcomes, materials and scripts: the file itself as the body of the request, its name in the query. */
export async function registerFileRoutes(app: App, { db, work }: RouteDeps): Promise<void> {
  await app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers()
    for (const [types, bodyLimit] of [
      [PICTURES, BYTES_MAX.image],
      [OTHERS, BYTES_MAX.file],
    ] as const)
      scope.addContentTypeParser([...types], { parseAs: 'buffer', bodyLimit }, (_request, body, parsed) =>
        parsed(null, body),
      )
    scope.post('/api/media', {
      config: { access: 'content.own' },
      bodyLimit: BYTES_MAX.file,
      schema: {
        operationId: 'uploadFile',
        querystring: MediaQuery,
        consumes: [...PICTURES, ...OTHERS],
        response: { 201: MediaAsset, '4xx': Problem },
      },
      async handler({ actor, query, body, headers }, reply) {
        const isPicture = PICTURES.includes(headers['content-type'] ?? '')
        if (!Buffer.isBuffer(body)) throw isPicture ? new PictureUnreadable() : new FileRefused({ why: '它是空的' })
        if (isPicture && body.length > BYTES_MAX.image) throw new TooLarge()
        const given = { bytes: body, name: query.name, now: work.clock.now(), broughtBy: actor.accountId }
        const asset = await (isPicture ? storePicture : storeFile)(db, work.dataDir, actor.corpId, given)
        return reply.code(201).send({ ...asset, url: `/api/media/${asset.mediaAssetId}` })
      },
    })
    done()
  })

  app.get('/api/media/:mediaAssetId', {
    config: { access: 'content.read' },
    schema: { operationId: 'readFile', params: z.object({ mediaAssetId: Id }), response: { '4xx': Problem } },
    async handler({ actor, params: { mediaAssetId } }, reply) {
      const files = await inCorp(db, actor.corpId, (tx) => readFiles(tx, actor.corpId, [mediaAssetId]))
      const file = files.get(mediaAssetId)
      if (!file) throw new NotFound({ what: '文件' })
      const bytes = await readFileBytes(work.dataDir, actor.corpId, file)
      return (file.kind === 'image' ? sendPicture : sendAttachment)(reply, file.mime, file.fileName, bytes)
    },
  })
}
