import { createWecom, memoryTokenStore } from '@siyu/wecom'
import { explainErrcode, WecomError } from '@siyu/wecom/errors'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Actor, RouteDeps } from './context.ts'
import { CredentialsRefused, WecomUnreachable } from './errors.ts'
import { readHealth, replayFailure } from './health-view.ts'
import { CallbackSettings, ConnectCorp, CorpSettings, HealthView } from './schema.ts'
import { createCorp, readCallbackSettings, saveCredentials } from './service.ts'

export interface CorpRouteDeps extends RouteDeps {
  /** Starts the first full sync of a corp that was just connected, and gives its maker an administrator's role there. */
  onConnected(corpId: string, accountId: string): Promise<void>
  /** The audit log belongs to the staff room, above this one. */
  recordAudit(
    tx: Tx,
    actor: Actor,
    entry: { action: string; kind: string; id: string; detail: Record<string, unknown>; at: Date },
  ): Promise<void>
}

export async function registerCorpRoutes(
  app: App,
  { db, work, onConnected, recordAudit }: CorpRouteDeps,
): Promise<void> {
  app.get('/api/corp', {
    config: { access: 'corps.read' },
    schema: { operationId: 'readCorp', response: { 200: CorpSettings, '4xx': Problem } },
    handler: async ({ actor }) => {
      const corp = await db.selectFrom('corp').selectAll().where('corpId', '=', actor.corpId).executeTakeFirstOrThrow()
      const credentials = await inCorp(db, actor.corpId, (tx) =>
        tx
          .selectFrom('corpCredential')
          .select(['kind', 'fingerprint', 'updatedAt'])
          .where('corpId', '=', actor.corpId)
          .orderBy('kind')
          .execute(),
      )
      return {
        corpId: corp.corpId,
        name: corp.name,
        wecomCorpid: corp.wecomCorpid,
        simulated: corp.simulated,
        agentId: corp.agentId,
        callbackUrl: `${work.publicUrl}/wecom/callback/${corp.callbackKey.slice(0, 4)}…`,
        credentials: credentials.map((c) => ({ ...c, updatedAt: c.updatedAt.toISOString() })),
      }
    },
  })

  app.post('/api/corps', {
    config: { access: 'corps.write', stepUp: true },
    schema: {
      operationId: 'connectCorp',
      body: ConnectCorp,
      response: { 201: CallbackSettings.extend({ corpId: Id }), '4xx': Problem, '5xx': Problem },
    },
    async handler({ actor, body }, reply) {
      await tryCredentials(work.wecomBaseUrl, body)
      const corpId = await createCorp(db, work.vault, {
        name: body.name,
        wecomCorpid: body.wecomCorpid,
        agentId: body.agentId,
        simulated: false,
        now: work.clock.now(),
        credentials: {
          app_secret: body.appSecret,
          ...(body.contactSyncSecret ? { contact_sync_secret: body.contactSyncSecret } : {}),
        },
      })
      await onConnected(corpId, actor.accountId)
      await inCorp(db, corpId, (tx) =>
        recordAudit(
          tx,
          { ...actor, corpId },
          { action: 'corp.connect', kind: 'corp', id: corpId, detail: { name: body.name }, at: work.clock.now() },
        ),
      )
      return reply.code(201).send({ corpId, ...(await readCallbackSettings(db, work.vault, work.publicUrl, corpId)) })
    },
  })

  app.put('/api/corp/credentials', {
    config: { access: 'corps.write', stepUp: true },
    schema: {
      operationId: 'replaceCredentials',
      body: ConnectCorp.pick({ appSecret: true, contactSyncSecret: true }),
      response: { 204: z.null(), '4xx': Problem, '5xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const corp = await db
        .selectFrom('corp')
        .select(['wecomCorpid', 'agentId'])
        .where('corpId', '=', actor.corpId)
        .executeTakeFirstOrThrow()
      await tryCredentials(work.wecomBaseUrl, { ...corp, ...body })
      await inCorp(db, actor.corpId, async (tx) => {
        await saveCredentials(
          tx,
          work.vault,
          actor.corpId,
          {
            app_secret: body.appSecret,
            ...(body.contactSyncSecret ? { contact_sync_secret: body.contactSyncSecret } : {}),
          },
          work.clock.now(),
        )
        await recordAudit(tx, actor, {
          action: 'corp.replace_credentials',
          kind: 'corp',
          id: actor.corpId,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  app.get('/api/corp/callback', {
    config: { access: 'corps.write', stepUp: true },
    schema: { operationId: 'readCallbackSettings', response: { 200: CallbackSettings, '4xx': Problem } },
    async handler({ actor }) {
      await inCorp(db, actor.corpId, (tx) =>
        recordAudit(tx, actor, {
          action: 'corp.read_callback',
          kind: 'corp',
          id: actor.corpId,
          detail: {},
          at: work.clock.now(),
        }),
      )
      return readCallbackSettings(db, work.vault, work.publicUrl, actor.corpId)
    },
  })

  app.get('/api/health', {
    config: { access: 'health.read' },
    schema: { operationId: 'readHealth', response: { 200: HealthView, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readHealth(tx, actor.corpId, work.clock.now())),
  })

  app.post('/api/health/check', {
    config: { access: 'health.act' },
    schema: { operationId: 'checkHealth', response: { 200: HealthView, '4xx': Problem } },
    async handler({ actor }) {
      await checkConnection(work, actor.corpId)
      await work.health.flush()
      return inCorp(db, actor.corpId, (tx) => readHealth(tx, actor.corpId, work.clock.now()))
    },
  })

  app.post('/api/health/failures/:failureId/replay', {
    config: { access: 'health.act' },
    schema: {
      operationId: 'replayFailure',
      params: z.object({ failureId: Id }),
      response: { 202: z.null(), '4xx': Problem },
    },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await replayFailure(tx, actor.corpId, params.failureId, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'health.replay',
          kind: 'failure',
          id: params.failureId,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(202).send(null)
    },
  })
}

/** One real call with the given credentials: what WeCom says now is better than what we would find out tonight. */
async function tryCredentials(
  baseUrl: string,
  given: { wecomCorpid: string; agentId: number; appSecret: string },
): Promise<void> {
  const wecom = createWecom({
    baseUrl,
    corpId: given.wecomCorpid,
    agentId: given.agentId,
    secrets: { app: given.appSecret },
    tokenStore: memoryTokenStore(),
  })
  try {
    await wecom.customer.followUsers()
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    if (error.outcome !== 'refused') throw new WecomUnreachable({ reason: error.message })
    const words = explainErrcode(error.errcode)
    throw new CredentialsRefused({ meaning: words.meaningZh, advice: words.adviceZh })
  }
}

async function checkConnection(work: RouteDeps['work'], corpId: string): Promise<void> {
  try {
    const wecom = await work.wecom(corpId)
    await wecom.customer.followUsers()
    await work.health.resolve(corpId, 'tokens')
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    await work.health.failure(corpId, 'tokens', {
      cause: `wecom.${error.errcode}`,
      subject: 'connection',
      detail: { api: error.api, errcode: error.errcode, reason: error.errmsg.slice(0, 300) },
    })
  }
}
