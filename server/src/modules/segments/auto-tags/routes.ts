import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { AutoTagNeedsTagsWrite } from '../errors.ts'
import { requireWholeCorp } from '../service.ts'
import { dryRun } from './dry-run.ts'
import { listAutoTags } from './read.ts'
import { createAutoTag, editAutoTag, editAutoTagGroup, startAutoTag, stopAutoTag } from './rules.ts'
import { AutoTagEdit, AutoTagGroup, AutoTagGroupEdit, AutoTagStop, DryRun, DryRunAsked, NewAutoTag } from './schema.ts'

const Params = z.object({ ruleId: Id })

/** Rules of tags need both: to write rules over everybody, and to change tags. */
function tagger(actor: Actor) {
  requireWholeCorp(actor)
  if (!actor.permissions.includes('tags.write')) throw new AutoTagNeedsTagsWrite()
  const { accountId, name, scope, permissions } = actor
  return { accountId, name, scope, mayBulk: permissions.includes('contacts.bulk'), mayMove: false }
}

export function registerAutoTagRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerRules(app, deps)
  registerStops(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/auto-tags', {
    config: { access: 'segments.read' },
    schema: {
      operationId: 'listAutoTags',
      response: { 200: z.object({ groups: z.array(AutoTagGroup) }), '4xx': Problem },
    },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        groups: await listAutoTags(tx, actor.corpId, actor.scope, work.clock.now()),
      })),
  })
  app.post('/api/auto-tags/dry-run', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'dryRunAutoTag',
      body: DryRunAsked,
      response: { 200: DryRun, '4xx': Problem, '5xx': Problem },
    },
    handler({ actor, body }) {
      tagger(actor)
      return inCorp(db, actor.corpId, (tx) => dryRun(tx, actor.corpId, body, work.clock.now()))
    },
  })
}

/** Does it and writes it down, in one transaction. */
async function audited<T>(
  { db, work }: RouteDeps,
  actor: Actor,
  entry: { action: string; kind?: string; id: (done: T) => string; detail: Record<string, unknown> },
  act: (tx: Tx, by: ReturnType<typeof tagger>, now: Date) => Promise<T>,
): Promise<T> {
  const [by, now] = [tagger(actor), work.clock.now()]
  return inCorp(db, actor.corpId, async (tx) => {
    const done = await act(tx, by, now)
    const { action, kind = 'auto_tag', detail } = entry
    await recordAudit(tx, actor, { action, kind, id: entry.id(done), detail, at: now })
    return done
  })
}

function registerRules(app: App, deps: RouteDeps): void {
  app.post('/api/auto-tags', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'createAutoTag',
      body: NewAutoTag,
      response: { 201: z.object({ ruleId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const entry = { action: 'auto_tag.create', id: (ruleId: string) => ruleId, detail: body }
      const ruleId = await audited(deps, actor, entry, (tx, by, now) => createAutoTag(tx, actor.corpId, body, by, now))
      return reply.code(201).send({ ruleId })
    },
  })
  app.patch('/api/auto-tags/:ruleId', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'editAutoTag',
      params: Params,
      body: AutoTagEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { ruleId }, body }, reply) {
      const entry = { action: 'auto_tag.edit', id: () => ruleId, detail: body }
      await audited(deps, actor, entry, (tx, by, now) => editAutoTag(tx, actor.corpId, ruleId, body, by, now))
      return reply.code(204).send(null)
    },
  })
  app.patch('/api/auto-tags/groups/:tagGroupId', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'editAutoTagGroup',
      params: z.object({ tagGroupId: Id }),
      body: AutoTagGroupEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { tagGroupId }, body }, reply) {
      const entry = { action: 'auto_tag.group_edit', kind: 'tag_group', id: () => tagGroupId, detail: body }
      await audited(deps, actor, entry, (tx, by, now) => editAutoTagGroup(tx, actor.corpId, tagGroupId, body, by, now))
      return reply.code(204).send(null)
    },
  })
}

function registerStops(app: App, deps: RouteDeps): void {
  app.post('/api/auto-tags/:ruleId/start', {
    config: { access: 'segments.write' },
    schema: { operationId: 'startAutoTag', params: Params, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { ruleId } }, reply) {
      const entry = { action: 'auto_tag.start', id: () => ruleId, detail: {} }
      await audited(deps, actor, entry, (tx, by, now) => startAutoTag(tx, actor.corpId, ruleId, by, now))
      return reply.code(204).send(null)
    },
  })
  app.post('/api/auto-tags/:ruleId/stop', {
    config: { access: 'segments.write' },
    schema: {
      operationId: 'stopAutoTag',
      params: Params,
      body: AutoTagStop,
      response: { 200: z.object({ bulkRunId: Id.nullable() }), '4xx': Problem },
    },
    async handler({ actor, params: { ruleId }, body }) {
      const entry = { action: 'auto_tag.stop', id: () => ruleId, detail: body }
      const stopped = await audited(deps, actor, entry, (tx, by, now) =>
        stopAutoTag(tx, actor.corpId, ruleId, body, by, now),
      )
      return { bulkRunId: stopped ?? null }
    },
  })
}
