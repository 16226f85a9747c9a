import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { requireContact } from '../../contacts/read-profile.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { NoOwnLibrary } from '../errors.ts'
import { readViewer } from '../materials/visible.ts'
import { createGroup, editGroup, type Library, listGroups, orderGroups, removeGroup } from './groups.ts'
import { listScripts } from './list-scripts.ts'
import {
  GroupOrder,
  NewScript,
  NewScriptGroup,
  ScriptGroupEdit,
  ScriptGroupList,
  ScriptOrder,
  ScriptPage,
  ScriptQuery,
  SuggestionList,
  SuggestionQuery,
} from './schema.ts'
import { suggestScripts } from './suggest.ts'
import { createScript, orderScripts, removeScript, saveScript } from './write.ts'

/** The same routes twice: over the corp's library, and over the one of whoever asks. */
interface Shelf {
  scripts: 'scripts' | 'own-scripts'
  groups: 'script-groups' | 'own-script-groups'
  word: '' | 'Own'
  read: string
  write: string
  of(actor: Actor): Library
}
const SHELVES: Shelf[] = [
  {
    scripts: 'scripts',
    groups: 'script-groups',
    word: '',
    read: 'content.read',
    write: 'content.write',
    of: () => 'corp',
  },
  {
    scripts: 'own-scripts',
    groups: 'own-script-groups',
    word: 'Own',
    read: 'content.own',
    write: 'content.own',
    of({ staffId }) {
      if (staffId === null) throw new NoOwnLibrary()
      return { staffId }
    },
  },
]

/** What staff say: the corp's library, everybody's own, and what fits a customer now. */
export function registerScriptRoutes(app: App, deps: RouteDeps): void {
  for (const shelf of SHELVES) {
    registerScripts(app, deps, shelf)
    registerGroups(app, deps, shelf)
  }
  const { db, work } = deps
  app.get('/api/contacts/:contactId/script-suggestions', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'suggestScripts',
      params: z.object({ contactId: Id }),
      querystring: SuggestionQuery,
      response: { 200: SuggestionList, '4xx': Problem },
    },
    handler: ({ actor, params, query }) =>
      inCorp(db, actor.corpId, async (tx) => {
        const contactId = await requireContact(tx, actor.corpId, params.contactId, actor.scope)
        return suggestScripts(tx, actor.corpId, actor, contactId, query, work.clock.now())
      }),
  })
}

const idsOf = (word: Shelf['word']) => ({
  script: word === 'Own' ? 'ownScriptId' : 'scriptId',
  group: word === 'Own' ? 'ownScriptGroupId' : 'scriptGroupId',
})

function registerScripts(app: App, { db, work }: RouteDeps, { scripts, word, read, write, of }: Shelf): void {
  const idName = idsOf(word).script
  const OfScript = z.object({ [idName]: Id })
  const idOf = (params: Record<string, string>) => params[idName]!
  app.get(`/api/${scripts}`, {
    config: { access: read },
    schema: {
      operationId: `list${word}Scripts`,
      querystring: ScriptQuery,
      response: { 200: ScriptPage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, async (tx) =>
        listScripts(tx, actor.corpId, of(actor), query, await readViewer(tx, actor.corpId, actor), work.clock.now()),
      ),
  })
  app.post(`/api/${scripts}`, {
    config: { access: write },
    schema: {
      operationId: `create${word}Script`,
      body: NewScript,
      response: { 201: z.object({ scriptId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const scriptId = await inCorp(db, actor.corpId, async (tx) => {
        const viewer = await readViewer(tx, actor.corpId, actor)
        const id = await createScript(tx, actor.corpId, of(actor), body, actor, viewer, at)
        const detail = { title: body.title, own: word === 'Own' }
        await recordAudit(tx, actor, { action: 'script.create', kind: 'script', id, detail, at })
        return id
      })
      return reply.code(201).send({ scriptId })
    },
  })
  app.put(`/api/${scripts}/order`, {
    config: { access: write },
    schema: { operationId: `order${word}Scripts`, body: ScriptOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await orderScripts(tx, actor.corpId, of(actor), body.scriptGroupId, body.scriptIds)
        const detail = { scriptIds: body.scriptIds }
        await recordAudit(tx, actor, {
          action: 'script.order',
          kind: 'script_group',
          id: body.scriptGroupId,
          detail,
          at,
        })
      })
      return reply.code(204).send(null)
    },
  })
  app.put(`/api/${scripts}/:${idName}`, {
    config: { access: write },
    schema: {
      operationId: `save${word}Script`,
      params: OfScript,
      body: NewScript,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const [at, id] = [work.clock.now(), idOf(params)]
      await inCorp(db, actor.corpId, async (tx) => {
        const viewer = await readViewer(tx, actor.corpId, actor)
        await saveScript(tx, actor.corpId, of(actor), id, body, viewer, at)
        await recordAudit(tx, actor, { action: 'script.save', kind: 'script', id, detail: { title: body.title }, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.delete(`/api/${scripts}/:${idName}`, {
    config: { access: write },
    schema: { operationId: `remove${word}Script`, params: OfScript, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const [at, id] = [work.clock.now(), idOf(params)]
      await inCorp(db, actor.corpId, async (tx) => {
        await removeScript(tx, actor.corpId, of(actor), id, at)
        await recordAudit(tx, actor, { action: 'script.remove', kind: 'script', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
}

function registerGroups(app: App, { db, work }: RouteDeps, { groups, word, read, write, of }: Shelf): void {
  const idName = idsOf(word).group
  const OfGroup = z.object({ [idName]: Id })
  const idOf = (params: Record<string, string>) => params[idName]!
  const about = { kind: 'script_group' }
  app.get(`/api/${groups}`, {
    config: { access: read },
    schema: { operationId: `list${word}ScriptGroups`, response: { 200: ScriptGroupList, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await listGroups(tx, actor.corpId, of(actor), await readViewer(tx, actor.corpId, actor)),
      })),
  })
  app.post(`/api/${groups}`, {
    config: { access: write },
    schema: {
      operationId: `create${word}ScriptGroup`,
      body: NewScriptGroup,
      response: { 201: z.object({ scriptGroupId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const scriptGroupId = await inCorp(db, actor.corpId, async (tx) => {
        const id = await createGroup(tx, actor.corpId, of(actor), body, at)
        await recordAudit(tx, actor, { ...about, action: 'script_group.create', id, detail: body, at })
        return id
      })
      return reply.code(201).send({ scriptGroupId })
    },
  })
  app.put(`/api/${groups}/order`, {
    config: { access: write },
    schema: { operationId: `order${word}ScriptGroups`, body: GroupOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await orderGroups(tx, actor.corpId, of(actor), body.scriptGroupIds)
        const entry = { ...about, action: 'script_group.order', id: null, detail: body, at: work.clock.now() }
        await recordAudit(tx, actor, entry)
      })
      return reply.code(204).send(null)
    },
  })
  app.patch(`/api/${groups}/:${idName}`, {
    config: { access: write },
    schema: {
      operationId: `edit${word}ScriptGroup`,
      params: OfGroup,
      body: ScriptGroupEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params, body }, reply) {
      const id = idOf(params)
      await inCorp(db, actor.corpId, async (tx) => {
        await editGroup(tx, actor.corpId, of(actor), id, body)
        await recordAudit(tx, actor, { ...about, action: 'script_group.edit', id, detail: body, at: work.clock.now() })
      })
      return reply.code(204).send(null)
    },
  })
  app.delete(`/api/${groups}/:${idName}`, {
    config: { access: write },
    schema: { operationId: `remove${word}ScriptGroup`, params: OfGroup, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const id = idOf(params)
      await inCorp(db, actor.corpId, async (tx) => {
        await removeGroup(tx, actor.corpId, of(actor), id)
        await recordAudit(tx, actor, { ...about, action: 'script_group.remove', id, detail: {}, at: work.clock.now() })
      })
      return reply.code(204).send(null)
    },
  })
}
