import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import type { Actor, RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { createStage, editStage, orderStages, removeStage } from './edit-stages.ts'
import { archiveFlow, createFlow, editFlow } from './flows.ts'
import { Calendar, FlowEdit, LostReasons, NewFlow, NewStage, StageEdit, StageOrder, StageRemoval } from './schema.ts'
import { saveCalendar, saveLostReasons } from './settings.ts'

const OfFlow = z.object({ flowId: Id })
const OfStage = z.object({ stageId: Id })
const DONE = { 204: z.null(), '4xx': Problem }

/** Flows, their stages, the reasons for losses and the working hours; each change has its line in the audit log. */
export function registerStageSettings(app: App, deps: RouteDeps): void {
  registerFlows(app, deps)
  registerStages(app, deps)
  registerRest(app, deps)
}

/** Does something and writes down who did, in one transaction. */
const audited = <T>(
  { db, work }: RouteDeps,
  actor: Actor,
  entry: { action: string; kind: string; id: string | null; detail?: Record<string, unknown> },
  run: (tx: Tx, now: Date) => Promise<T>,
): Promise<T> =>
  inCorp(db, actor.corpId, async (tx) => {
    const at = work.clock.now()
    const result = await run(tx, at)
    await recordAudit(tx, actor, { detail: {}, ...entry, at })
    return result
  })

function registerFlows(app: App, deps: RouteDeps): void {
  app.post('/api/stage-flows', {
    config: { access: 'stages.write' },
    schema: {
      operationId: 'createStageFlow',
      body: NewFlow,
      response: { 201: z.object({ flowId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const entry = { action: 'stage_flow.create', kind: 'stage_flow', id: null, detail: body }
      const flowId = await audited(deps, actor, entry, (tx, now) => createFlow(tx, actor.corpId, body.name, now))
      return reply.code(201).send({ flowId })
    },
  })
  app.patch('/api/stage-flows/:flowId', {
    config: { access: 'stages.write' },
    schema: { operationId: 'editStageFlow', params: OfFlow, body: FlowEdit, response: DONE },
    async handler({ actor, params: { flowId }, body }, reply) {
      const entry = { action: 'stage_flow.edit', kind: 'stage_flow', id: flowId, detail: body }
      await audited(deps, actor, entry, (tx) => editFlow(tx, actor.corpId, flowId, body))
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/stage-flows/:flowId', {
    config: { access: 'stages.write' },
    schema: { operationId: 'archiveStageFlow', params: OfFlow, response: DONE },
    async handler({ actor, params: { flowId } }, reply) {
      const entry = { action: 'stage_flow.archive', kind: 'stage_flow', id: flowId }
      await audited(deps, actor, entry, (tx, now) => archiveFlow(tx, actor.corpId, flowId, now))
      return reply.code(204).send(null)
    },
  })
}

function registerStages(app: App, deps: RouteDeps): void {
  app.post('/api/stage-flows/:flowId/stages', {
    config: { access: 'stages.write' },
    schema: {
      operationId: 'createStage',
      params: OfFlow,
      body: NewStage,
      response: { 201: z.object({ stageId: Id }), '4xx': Problem },
    },
    async handler({ actor, params: { flowId }, body }, reply) {
      const entry = { action: 'stage.create', kind: 'stage_flow', id: flowId, detail: body }
      const stageId = await audited(deps, actor, entry, (tx) => createStage(tx, actor.corpId, flowId, body))
      return reply.code(201).send({ stageId })
    },
  })
  app.put('/api/stage-flows/:flowId/order', {
    config: { access: 'stages.write' },
    schema: { operationId: 'orderStages', params: OfFlow, body: StageOrder, response: DONE },
    async handler({ actor, params: { flowId }, body }, reply) {
      const entry = { action: 'stage.order', kind: 'stage_flow', id: flowId, detail: body }
      await audited(deps, actor, entry, (tx) => orderStages(tx, actor.corpId, flowId, body.stageIds))
      return reply.code(204).send(null)
    },
  })
  app.patch('/api/stages/:stageId', {
    config: { access: 'stages.write' },
    schema: { operationId: 'editStage', params: OfStage, body: StageEdit, response: DONE },
    async handler({ actor, params: { stageId }, body }, reply) {
      const entry = { action: 'stage.edit', kind: 'stage', id: stageId, detail: body }
      await audited(deps, actor, entry, (tx, now) => editStage(tx, actor.corpId, stageId, body, actor, now))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/stages/:stageId/removal', {
    config: { access: 'stages.write' },
    schema: { operationId: 'removeStage', params: OfStage, body: StageRemoval, response: DONE },
    async handler({ actor, params: { stageId }, body }, reply) {
      const entry = { action: 'stage.remove', kind: 'stage', id: stageId, detail: body }
      await audited(deps, actor, entry, (tx, now) => removeStage(tx, actor.corpId, stageId, body.moveTo, actor, now))
      return reply.code(204).send(null)
    },
  })
}

function registerRest(app: App, deps: RouteDeps): void {
  app.put('/api/lost-reasons', {
    config: { access: 'stages.write' },
    schema: { operationId: 'saveLostReasons', body: LostReasons, response: DONE },
    async handler({ actor, body }, reply) {
      const entry = { action: 'lost_reason.edit', kind: 'corp', id: actor.corpId, detail: body }
      await audited(deps, actor, entry, (tx, now) => saveLostReasons(tx, actor.corpId, body, now))
      return reply.code(204).send(null)
    },
  })
  app.put('/api/stage-calendar', {
    config: { access: 'stages.write' },
    schema: { operationId: 'saveStageCalendar', body: Calendar, response: DONE },
    async handler({ actor, body }, reply) {
      const entry = { action: 'stage_calendar.edit', kind: 'corp', id: actor.corpId, detail: body }
      await audited(deps, actor, entry, (tx) => saveCalendar(tx, actor.corpId, body))
      return reply.code(204).send(null)
    },
  })
}
