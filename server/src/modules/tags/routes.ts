import { z } from 'zod'
import { inCorp } from '../../platform/db.ts'
import { Problem } from '../../platform/errors.ts'
import type { App } from '../../platform/http.ts'
import { Id } from '../../platform/id.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { RouteDeps } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import { registerBulkRoutes } from './bulk-routes.ts'
import { editContactTags } from './edit-contact-tags.ts'
import { registerImportRoutes } from './import-routes.ts'
import { readTagLibrary } from './read-tags.ts'
import {
  ContactTags,
  ContactTagsEdit,
  NewTag,
  NewTagGroup,
  TagEdit,
  TagGroupEdit,
  TagGroupOrder,
  TagGroupView,
  TagLibrary,
  TagView,
} from './schema.ts'
import {
  createTag,
  createTagGroup,
  deleteTag,
  deleteTagGroup,
  editTagGroup,
  orderTagGroups,
  renameTag,
} from './service.ts'
import { libraryLane, syncLibrary } from './sync-library.ts'

const GroupParams = z.object({ tagGroupId: Id })
const TagParams = z.object({ tagId: Id })

export async function registerTagRoutes(app: App, deps: RouteDeps): Promise<void> {
  const { db, work } = deps
  registerBulkRoutes(app, deps)
  registerImportRoutes(app, deps)
  app.get('/api/tag-groups', {
    config: { access: 'tags.read' },
    schema: { operationId: 'readTagLibrary', response: { 200: TagLibrary, '4xx': Problem } },
    handler: ({ actor }) => inCorp(db, actor.corpId, (tx) => readTagLibrary(tx, actor.corpId)),
  })

  app.post('/api/tag-groups', {
    config: { access: 'tags.write' },
    schema: { operationId: 'createTagGroup', body: NewTagGroup, response: { 201: TagGroupView, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const group = await inCorp(db, actor.corpId, async (tx) => {
        const made = await createTagGroup(tx, actor.corpId, body, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag_group.create',
          kind: 'tag_group',
          id: made.tagGroupId,
          detail: { name: body.name, tags: body.tags },
          at: work.clock.now(),
        })
        return made
      })
      return reply.code(201).send(group)
    },
  })

  app.put('/api/tag-groups/order', {
    config: { access: 'tags.write' },
    schema: { operationId: 'orderTagGroups', body: TagGroupOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, (tx) => orderTagGroups(tx, actor.corpId, body.tagGroupIds, work.clock.now()))
      return reply.code(204).send(null)
    },
  })

  app.patch('/api/tag-groups/:tagGroupId', {
    config: { access: 'tags.write' },
    schema: {
      operationId: 'editTagGroup',
      params: GroupParams,
      body: TagGroupEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await editTagGroup(tx, actor.corpId, params.tagGroupId, body, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag_group.edit',
          kind: 'tag_group',
          id: params.tagGroupId,
          detail: body,
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  app.delete('/api/tag-groups/:tagGroupId', {
    config: { access: 'tags.write' },
    schema: { operationId: 'deleteTagGroup', params: GroupParams, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await deleteTagGroup(tx, actor.corpId, params.tagGroupId, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag_group.delete',
          kind: 'tag_group',
          id: params.tagGroupId,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  app.post('/api/tags', {
    config: { access: 'tags.write' },
    schema: { operationId: 'createTag', body: NewTag, response: { 201: TagView, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const tag = await inCorp(db, actor.corpId, async (tx) => {
        const made = await createTag(tx, actor.corpId, body, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag.create',
          kind: 'tag',
          id: made.tagId,
          detail: body,
          at: work.clock.now(),
        })
        return made
      })
      return reply.code(201).send(tag)
    },
  })

  app.patch('/api/tags/:tagId', {
    config: { access: 'tags.write' },
    schema: { operationId: 'renameTag', params: TagParams, body: TagEdit, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await renameTag(tx, actor.corpId, params.tagId, body.name, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag.rename',
          kind: 'tag',
          id: params.tagId,
          detail: body,
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  app.delete('/api/tags/:tagId', {
    config: { access: 'tags.write' },
    schema: { operationId: 'deleteTag', params: TagParams, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await deleteTag(tx, actor.corpId, params.tagId, work.clock.now())
        await recordAudit(tx, actor, {
          action: 'tag.delete',
          kind: 'tag',
          id: params.tagId,
          detail: {},
          at: work.clock.now(),
        })
      })
      return reply.code(204).send(null)
    },
  })

  app.post('/api/tag-groups/sync', {
    config: { access: 'tags.write' },
    schema: { operationId: 'syncTagLibrary', response: { 202: z.null(), '4xx': Problem } },
    async handler({ actor }, reply) {
      await inCorp(db, actor.corpId, (tx) =>
        enqueue(
          tx,
          syncLibrary,
          { corpId: actor.corpId },
          { lane: libraryLane(actor.corpId), key: `tags.sync.${actor.corpId}` },
        ),
      )
      return reply.code(202).send(null)
    },
  })

  app.post('/api/contacts/:contactId/tags', {
    config: { access: 'contacts.tag' },
    schema: {
      operationId: 'editContactTags',
      params: z.object({ contactId: Id }),
      body: ContactTagsEdit,
      response: { 200: ContactTags, '4xx': Problem },
    },
    handler: ({ actor, params, body }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        tags: await editContactTags(tx, actor.corpId, params.contactId, body, {
          scope: actor.scope,
          by: actor.name,
          now: work.clock.now(),
        }),
      })),
  })
}
