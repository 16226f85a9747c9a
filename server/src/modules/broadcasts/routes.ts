import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { requireWholeCorp } from '../segments/service.ts'
import { recordAudit } from '../staff/audit.ts'
import { addList, readLists } from './lists.ts'
import { previewBroadcast } from './preview.ts'
import { listBroadcasts, viewBroadcast } from './read.ts'
import { registerRunRoutes } from './run-routes.ts'
import {
  BroadcastPage,
  BroadcastQuery,
  BroadcastSetting,
  BroadcastView,
  Definition,
  ListView,
  NewBroadcast,
  NewList,
  Preview,
  PreviewBroadcast,
  Variant,
} from './schema.ts'
import {
  createBroadcast,
  editBroadcast,
  endBroadcast,
  readBroadcast,
  removeBroadcast,
  submitBroadcast,
} from './service.ts'
import { readSetting, saveSetting } from './setting.ts'
import { sendToMembers } from './try-out.ts'

const OfBroadcast = z.object({ broadcastId: Id })
const Version = z.object({ version: z.number().int().min(1) })
/** Bytes of a list of a hundred thousand lines. */
const LIST_BYTES_MAX = 8 * 1024 * 1024
const DONE = { 204: z.null(), '4xx': Problem }

/** What is said to many customers at once: drafts, what would become of everybody, runs and what they brought. */
export function registerBroadcastRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
  registerBeside(app, deps)
  registerRunRoutes(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/broadcasts', {
    config: { access: 'broadcasts.read' },
    schema: {
      operationId: 'listBroadcasts',
      querystring: BroadcastQuery,
      response: { 200: BroadcastPage, '4xx': Problem },
    },
    handler: ({ actor, query }) => inCorp(db, actor.corpId, (tx) => listBroadcasts(tx, actor.corpId, query, actor)),
  })
  app.get('/api/broadcasts/:broadcastId', {
    config: { access: 'broadcasts.read' },
    schema: { operationId: 'readBroadcast', params: OfBroadcast, response: { 200: BroadcastView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => viewBroadcast(tx, actor.corpId, params.broadcastId, actor)),
  })
  app.post('/api/broadcasts/preview', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'previewBroadcast', body: PreviewBroadcast, response: { 200: Preview, '4xx': Problem } },
    handler: ({ actor, body }) => previewBroadcast(db, actor.corpId, body, actor, work.clock.now()),
  })
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  const within = <T>(
    actor: Actor,
    action: string,
    idOf: (made: T) => string,
    detail: Record<string, unknown>,
    deed: (tx: Parameters<Parameters<typeof inCorp>[2]>[0], at: Date) => Promise<T>,
  ): Promise<T> => {
    const at = work.clock.now()
    return inCorp(db, actor.corpId, async (tx) => {
      const made = await deed(tx, at)
      await recordAudit(tx, actor, { action, kind: 'broadcast', id: idOf(made), detail, at })
      return made
    })
  }
  app.post('/api/broadcasts', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'createBroadcast', body: NewBroadcast, response: { 201: OfBroadcast, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const { broadcastId } = await inCorp(db, actor.corpId, async (tx) => {
        const created = await createBroadcast(tx, actor.corpId, body, actor, at)
        if (created.made)
          await recordAudit(tx, actor, {
            ...{
              action: 'broadcast.create',
              kind: 'broadcast',
              id: created.broadcastId,
              detail: { name: body.name },
              at,
            },
          })
        return created
      })
      return reply.code(201).send({ broadcastId })
    },
  })
  app.put('/api/broadcasts/:broadcastId', {
    config: { access: 'broadcasts.write' },
    schema: {
      operationId: 'editBroadcast',
      params: OfBroadcast,
      body: Definition.extend(Version.shape),
      response: { 200: Version, '4xx': Problem },
    },
    async handler({ actor, params: { broadcastId }, body }) {
      const version = await within(
        actor,
        'broadcast.edit',
        () => broadcastId,
        { name: body.name },
        (tx, at) => editBroadcast(tx, actor.corpId, broadcastId, body, actor, at),
      )
      return { version }
    },
  })
  app.post('/api/broadcasts/:broadcastId/submit', {
    config: { access: 'broadcasts.write' },
    schema: {
      operationId: 'submitBroadcast',
      params: OfBroadcast,
      body: Version,
      response: { 202: z.object({ runId: Id }), '4xx': Problem },
    },
    async handler({ actor, params: { broadcastId }, body: { version } }, reply) {
      const runId = await within(
        actor,
        'broadcast.submit',
        () => broadcastId,
        { version },
        (tx, at) => submitBroadcast(tx, actor.corpId, broadcastId, version, actor, at),
      )
      return reply.code(202).send({ runId })
    },
  })
  app.post('/api/broadcasts/:broadcastId/end', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'endBroadcast', params: OfBroadcast, response: DONE },
    async handler({ actor, params: { broadcastId } }, reply) {
      await within(
        actor,
        'broadcast.end',
        () => broadcastId,
        {},
        (tx, at) => endBroadcast(tx, actor.corpId, broadcastId, actor, at),
      )
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/broadcasts/:broadcastId', {
    config: { access: 'broadcasts.write' },
    schema: { operationId: 'removeBroadcast', params: OfBroadcast, response: DONE },
    async handler({ actor, params: { broadcastId } }, reply) {
      await within(
        actor,
        'broadcast.remove',
        () => broadcastId,
        {},
        (tx, at) => removeBroadcast(tx, actor.corpId, broadcastId, actor, at),
      )
      return reply.code(204).send(null)
    },
  })
}

function registerBeside(app: App, { db, work }: RouteDeps): void {
  app.post('/api/broadcasts/:broadcastId/try', {
    config: { access: 'broadcasts.write' },
    schema: {
      operationId: 'tryBroadcast',
      params: OfBroadcast,
      body: z.object({ variant: z.number().int().min(0).max(3), staffIds: z.array(Id).min(1).max(5) }),
      response: { 200: z.object({ sent: z.number().int() }), '4xx': Problem },
    },
    async handler({ actor, params: { broadcastId }, body }) {
      const at = work.clock.now()
      const variant = await inCorp(db, actor.corpId, async (tx) => {
        const held = await readBroadcast(tx, actor.corpId, broadcastId, actor)
        const detail = { staffIds: body.staffIds }
        await recordAudit(tx, actor, { action: 'broadcast.try', kind: 'broadcast', id: broadcastId, detail, at })
        return Variant.parse(held.variants[body.variant] ?? held.variants[0])
      })
      return { sent: await sendToMembers(work, db, actor, variant, body.staffIds) }
    },
  })
  app.get('/api/broadcast-lists', {
    config: { access: 'broadcasts.read' },
    schema: { operationId: 'listBroadcastLists', response: { 200: z.array(ListView), '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readLists(tx, actor.corpId, actor)),
  })
  app.post('/api/broadcast-lists', {
    bodyLimit: LIST_BYTES_MAX,
    config: { access: 'broadcasts.write' },
    schema: {
      operationId: 'addBroadcastList',
      body: NewList,
      response: {
        201: z.object({ broadcastListId: Id, people: z.number().int(), unknown: z.number().int() }),
        '4xx': Problem,
      },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const made = await inCorp(db, actor.corpId, async (tx) => {
        const list = await addList(tx, actor.corpId, body, actor, at)
        const detail = { name: body.name, people: list.people }
        const entry = { action: 'broadcast_list.add', kind: 'broadcast_list', id: list.broadcastListId, detail, at }
        await recordAudit(tx, actor, entry)
        return list
      })
      return reply.code(201).send(made)
    },
  })
  app.get('/api/broadcast-setting', {
    config: { access: 'broadcasts.read' },
    schema: { operationId: 'readBroadcastSetting', response: { 200: BroadcastSetting, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readSetting(tx, actor.corpId)),
  })
  app.put('/api/broadcast-setting', {
    config: { access: 'broadcasts.approve' },
    schema: { operationId: 'saveBroadcastSetting', body: BroadcastSetting, response: DONE },
    async handler({ actor, body }, reply) {
      requireWholeCorp(actor)
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await saveSetting(tx, actor.corpId, body.approvalAbove)
        const entry = { action: 'broadcast_setting.save', kind: 'broadcast_setting', id: null, detail: body, at }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })
}
