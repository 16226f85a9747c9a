import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { ApiFailure } from '../api/errors.ts'
import { mediaType } from '../api/media.ts'
import { sendChatMessage } from '../native/send.ts'
import { judgeSignature } from '../native/verify.ts'
import { Refusal } from '../world/refusal.ts'
import { corpOf, NotFound } from './found.ts'

const Shown = z.object({
  kind: z.enum(['corp', 'agent']),
  corpid: z.string(),
  agentId: z.coerce.number(),
  url: z.url(),
  timestamp: z.string(),
  nonceStr: z.string(),
  signature: z.string(),
})
const media = z.object({ mediaid: z.string().min(1) })
const Sent = z.object({
  userid: z.string(),
  /** One of the two. */
  externalUserid: z.string().optional(),
  chatId: z.string().optional(),
  message: z.discriminatedUnion('msgtype', [
    z.object({ msgtype: z.literal('text'), text: z.object({ content: z.string().min(1).max(4_000) }) }),
    z.object({ msgtype: z.literal('image'), image: media }),
    z.object({ msgtype: z.literal('video'), video: media }),
    z.object({ msgtype: z.literal('file'), file: media }),
    z.object({
      msgtype: z.literal('news'),
      news: z.object({
        link: z.url(),
        title: z.string().optional(),
        desc: z.string().optional(),
        imgUrl: z.string().optional(),
      }),
    }),
    z.object({
      msgtype: z.literal('miniprogram'),
      miniprogram: z.object({
        appid: z.string().min(1),
        page: z.string().min(1),
        title: z.string().optional(),
        imgUrl: z.string().optional(),
      }),
    }),
  ]),
})

/** What a phone's client does for the pages in it, and cannot do in a browser alone. */
export function nativeRoutes(scope: FastifyInstance, platform: Platform): void {
  const { world } = platform
  scope.post('/corps/:corpid/native/verify', async (request) => {
    const corp = corpOf(world, request)
    const shown = Shown.parse(request.body)
    const wrong = judgeSignature(platform, corp, shown)
    const { host, pathname } = new URL(shown.url)
    world.wire.log({
      at: world.clock.virtualMs(),
      corpid: corp.info.corpid,
      direction: 'page',
      api: `${shown.kind === 'agent' ? 'agentConfig' : 'config'} ${host}${pathname}`,
      sentence: wrong ? `客户端没认出页面：${wrong[1]}` : '页面向客户端出示签名，对得上',
      result: wrong ? String(wrong[0]) : 'ok',
      ok: !wrong,
      ms: 0,
      request: shown,
    })
    return wrong ? { errCode: wrong[0], why: wrong[1] } : { errCode: 0 }
  })
  scope.get('/corps/:corpid/media/:mediaId', async (request, reply) => {
    const corp = corpOf(world, request)
    const { mediaId } = request.params as { mediaId: string }
    const bytes = corp.media.has(mediaId) ? corp.mediaBytes(mediaId) : undefined
    if (!bytes) throw new NotFound('media.unknown', '没有这个素材')
    return reply.type(mediaType(bytes)).send(Buffer.from(bytes))
  })
  scope.post('/corps/:corpid/native/send', async (request) => {
    const corp = corpOf(world, request)
    const { userid, externalUserid = '', chatId, message } = Sent.parse(request.body)
    try {
      const to = chatId === undefined ? { externalUserid } : { chatId }
      return { seq: sendChatMessage(platform, corp, userid, to, message).seq }
    } catch (error) {
      if (error instanceof ApiFailure) throw new Refusal('media.refused', `这个素材发不出去（${error.errcode}）`)
      throw error
    }
  })
}
