import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { adoptCodes } from './adopt-codes.ts'
import { registerBatchRoutes } from './batches/routes.ts'
import { listChannelCodes, listGroups, readChannelCode } from './list-codes.ts'
import { registerPlacementRoutes } from './placements/routes.ts'
import { registerQrRoutes } from './qr/routes.ts'
import { registerZipRoutes } from './qr/zip-routes.ts'
import { registerRosterRoutes } from './roster/routes.ts'
import {
  ChannelCodeEdit,
  ChannelCodeListQuery,
  ChannelCodePage,
  ChannelCodeView,
  DefaultWelcome,
  NewChannelCode,
  WelcomeSettings,
} from './schema.ts'
import {
  archiveChannelCode,
  createChannelCode,
  editChannelCode,
  readWelcomeSettings,
  saveDefaultWelcome,
} from './service.ts'
import { registerStatsRoutes } from './stats/routes.ts'
import { registerTrialRoutes } from './trial/routes.ts'

/** The public pages a counted code leads to; registered before sign-in. */
export { registerLandingRoutes } from './landing/routes.ts'

const CodeParams = z.object({ channelCodeId: Id })

export async function registerChannelRoutes(app: App, deps: RouteDeps): Promise<void> {
  const { db, work } = deps

  app.get('/api/channel-codes', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'listChannelCodes',
      querystring: ChannelCodeListQuery,
      response: { 200: ChannelCodePage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, (tx) => listChannelCodes(tx, actor.corpId, query, work.clock.now())),
  })

  app.get('/api/channel-codes/groups', {
    config: { access: 'channels.read' },
    schema: {
      operationId: 'listChannelGroups',
      response: { 200: z.array(z.object({ name: z.string(), codes: z.number().int() })), '4xx': Problem },
    },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => listGroups(tx, actor.corpId)),
  })

  app.post('/api/channel-codes/adopt', {
    config: { access: 'channels.write' },
    schema: { operationId: 'adoptChannelCodes', response: { 202: z.null(), '4xx': Problem } },
    async handler({ actor }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await enqueue(tx, adoptCodes, { corpId: actor.corpId }, { key: `channels.adopt-codes:${actor.corpId}` })
        await recordAudit(tx, actor, {
          action: 'channel_code.adopt',
          kind: 'channel_code',
          id: null,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(202).send(null)
    },
  })

  app.post('/api/channel-codes', {
    config: { access: 'channels.write' },
    schema: {
      operationId: 'createChannelCode',
      body: NewChannelCode,
      response: { 201: ChannelCodeView, '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const code = await inCorp(db, actor.corpId, async (tx) => {
        const channelCodeId = await createChannelCode(tx, actor.corpId, body, {
          createdBy: actor.accountId,
          now: work.clock.now(),
        })
        await recordAudit(tx, actor, {
          action: 'channel_code.create',
          kind: 'channel_code',
          id: channelCodeId,
          detail: { name: body.name },
          at: work.clock.now(),
        })
        return readChannelCode(tx, actor.corpId, channelCodeId, work.publicUrl)
      })
      return reply.code(201).send(code)
    },
  })

  app.get('/api/channel-codes/:channelCodeId', {
    config: { access: 'channels.read' },
    schema: { operationId: 'readChannelCode', params: CodeParams, response: { 200: ChannelCodeView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => readChannelCode(tx, actor.corpId, params.channelCodeId, work.publicUrl)),
  })

  app.patch('/api/channel-codes/:channelCodeId', {
    config: { access: 'channels.write' },
    schema: {
      operationId: 'editChannelCode',
      params: CodeParams,
      body: ChannelCodeEdit,
      response: { 200: ChannelCodeView, '4xx': Problem },
    },
    handler: ({ actor, params, body }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await editChannelCode(tx, actor.corpId, params.channelCodeId, body, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'channel_code.edit',
          kind: 'channel_code',
          id: params.channelCodeId,
          detail: { changed: Object.keys(body) },
          at: work.clock.now(),
        })
        return readChannelCode(tx, actor.corpId, params.channelCodeId, work.publicUrl)
      }),
  })

  for (const [word, archived] of [
    ['archive', true],
    ['restore', false],
  ] as const) {
    app.post(`/api/channel-codes/:channelCodeId/${word}`, {
      config: { access: 'channels.write' },
      schema: { operationId: `${word}ChannelCode`, params: CodeParams, response: { 204: z.null(), '4xx': Problem } },
      async handler({ actor, params }, reply) {
        await inCorp(db, actor.corpId, async (tx) => {
          await archiveChannelCode(tx, actor.corpId, params.channelCodeId, archived, work.clock.now())
          await recordAudit(tx, actor, {
            action: `channel_code.${word}`,
            kind: 'channel_code',
            id: params.channelCodeId,
            detail: {},
            at: work.clock.now(),
          })
        })
        return reply.code(204).send(null)
      },
    })
  }

  app.get('/api/welcome', {
    config: { access: 'channels.read' },
    schema: { operationId: 'readDefaultWelcome', response: { 200: WelcomeSettings, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readWelcomeSettings(tx, actor.corpId, work.clock.now())),
  })

  app.put('/api/welcome', {
    config: { access: 'channels.write' },
    schema: { operationId: 'saveDefaultWelcome', body: DefaultWelcome, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await saveDefaultWelcome(tx, actor.corpId, body.welcome)
        await recordAudit(tx, actor, {
          action: 'welcome.save_default',
          kind: 'corp',
          id: actor.corpId,
          detail: { text: body.welcome?.text ?? null },
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  registerQrRoutes(app, deps)
  registerZipRoutes(app, deps)
  registerRosterRoutes(app, deps)
  registerPlacementRoutes(app, deps)
  registerBatchRoutes(app, deps)
  registerStatsRoutes(app, deps)
  registerTrialRoutes(app, deps)
}
