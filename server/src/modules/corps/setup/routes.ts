import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { Actor, RouteDeps } from '../context.ts'
import {
  CallbackSettings,
  ConnectCorp,
  CorpidToCheck,
  CorpSettings,
  DomainProof,
  NewCredentials,
  PermissionsView,
} from '../schema.ts'
import { createCorp, readCallbackSettings } from '../service.ts'
import { checkCorpid, proveNewApp, proveReplacement, refuseKnown, replaceApp } from './credentials.ts'
import { findDomainProof, saveDomainProof } from './domain-proof.ts'
import { probeCorp } from './probe.ts'
import { readPermissions, readSetup } from './read-setup.ts'

export interface CorpRouteDeps extends RouteDeps {
  /** Gives the maker of a corp that was just connected an owner's role there. */
  onConnected(corpId: string, accountId: string): Promise<void>
  /** Starts the first full sync of a corp whose customers can be read, and nothing when there was one. */
  startFirstSync(corpId: string): Promise<void>
  /** The audit log belongs to the staff room, above this one. */
  recordAudit(
    tx: Tx,
    actor: Actor,
    entry: { action: string; kind: string; id: string; detail: Record<string, unknown>; at: Date },
  ): Promise<void>
}

/** WeCom is asked a handful of things each time: an impatient person is stopped here, not by WeCom's limit. */
const ASKING_RATE = { max: 20, timeWindow: '1 minute' }

/** Connecting a corp and mending its connection: what the wizard does, each step proved before anything is kept. */
export function registerSetupRoutes(app: App, deps: CorpRouteDeps): void {
  registerReading(app, deps)
  registerConnecting(app, deps)
  registerMending(app, deps)
}

function registerReading(app: App, { db, work, recordAudit }: CorpRouteDeps): void {
  app.get('/api/corp', {
    config: { access: 'corps.read' },
    schema: { operationId: 'readCorp', response: { 200: CorpSettings, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readSetup(tx, work, actor.corpId)),
  })

  app.get('/api/corp/permissions', {
    config: { access: 'corps.read' },
    schema: { operationId: 'readWecomPermissions', response: { 200: PermissionsView, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readPermissions(tx, actor.corpId)),
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

  // WeCom fetches this from the root of a domain before it trusts it. Only what an administrator entered is told.
  app.get(
    '/WW_verify_:proof(^[0-9A-Za-z]+).txt',
    { config: { access: 'public' }, schema: { hide: true, params: z.object({ proof: z.string().max(64) }) } },
    async ({ params }, reply) => {
      if (!(await findDomainProof(db, params.proof))) return reply.code(404).type('text/plain').send('')
      return reply.type('text/plain; charset=utf-8').send(params.proof)
    },
  )
}

function registerConnecting(
  app: App,
  { db, work, demo, onConnected, startFirstSync, recordAudit }: CorpRouteDeps,
): void {
  app.post('/api/corps/corpid', {
    config: { access: 'corps.write', rateLimit: ASKING_RATE },
    schema: {
      operationId: 'checkCorpid',
      body: CorpidToCheck,
      response: { 204: z.null(), '4xx': Problem, '5xx': Problem },
    },
    async handler({ body }, reply) {
      await checkCorpid(work, body.wecomCorpid)
      return reply.code(204).send(null)
    },
  })

  app.post('/api/corps', {
    config: { access: 'corps.write', stepUp: true, rateLimit: ASKING_RATE },
    schema: {
      operationId: 'connectCorp',
      body: ConnectCorp,
      response: { 201: z.object({ corpId: Id }), '4xx': Problem, '5xx': Problem },
    },
    async handler({ actor, body }, reply) {
      await refuseKnown(db, body.wecomCorpid)
      await proveNewApp(work.wecomBaseUrl, body)
      const corpId = await createCorp(db, work.vault, {
        name: body.name,
        wecomCorpid: body.wecomCorpid,
        agentId: body.agentId,
        simulated: demo,
        now: work.clock.now(),
        setBy: actor.name,
        credentials: { app_secret: body.appSecret },
      })
      await onConnected(corpId, actor.accountId)
      await inCorp(db, corpId, (tx) =>
        recordAudit(
          tx,
          { ...actor, corpId },
          { action: 'corp.connect', kind: 'corp', id: corpId, detail: { name: body.name }, at: work.clock.now() },
        ),
      )
      await probeCorp(work, corpId)
      await startFirstSync(corpId)
      return reply.code(201).send({ corpId })
    },
  })
}

function registerMending(app: App, { db, work, startFirstSync, recordAudit }: CorpRouteDeps): void {
  app.post('/api/corp/check', {
    config: { access: 'health.act', rateLimit: ASKING_RATE },
    schema: { operationId: 'checkCorp', response: { 200: CorpSettings, '4xx': Problem } },
    async handler({ actor }) {
      await probeCorp(work, actor.corpId)
      await startFirstSync(actor.corpId)
      return inCorp(db, actor.corpId, (tx) => readSetup(tx, work, actor.corpId))
    },
  })

  app.put('/api/corp/credentials', {
    config: { access: 'corps.write', stepUp: true, rateLimit: ASKING_RATE },
    schema: {
      operationId: 'replaceCredentials',
      body: NewCredentials,
      response: { 200: CorpSettings, '4xx': Problem, '5xx': Problem },
    },
    async handler({ actor, body }) {
      const { corpId } = actor
      const { wecomCorpid } = await db
        .selectFrom('corp')
        .select('wecomCorpid')
        .where('corpId', '=', corpId)
        .executeTakeFirstOrThrow()
      await proveReplacement(work, corpId, { ...body, wecomCorpid })
      await inCorp(db, corpId, async (tx) => {
        await replaceApp(tx, work, corpId, { ...body, setBy: actor.name })
        await recordAudit(tx, actor, {
          action: 'corp.replace_credentials',
          kind: 'corp',
          id: corpId,
          detail: { agentId: body.agentId },
          at: work.clock.now(),
        })
      })
      await probeCorp(work, corpId)
      await startFirstSync(corpId)
      return inCorp(db, corpId, (tx) => readSetup(tx, work, corpId))
    },
  })

  app.put('/api/corp/domain-proof', {
    config: { access: 'corps.write' },
    schema: { operationId: 'saveDomainProof', body: DomainProof, response: { 200: CorpSettings, '4xx': Problem } },
    handler: ({ actor, body }) =>
      inCorp(db, actor.corpId, async (tx) => {
        await saveDomainProof(tx, actor.corpId, body.fileName)
        await recordAudit(tx, actor, {
          action: 'corp.domain_proof',
          kind: 'corp',
          id: actor.corpId,
          detail: {},
          at: work.clock.now(),
        })
        return readSetup(tx, work, actor.corpId)
      }),
  })
}
