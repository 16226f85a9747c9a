import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Problem } from '../../../platform/errors.ts'
import type { App } from '../../../platform/http.ts'
import { Id } from '../../../platform/id.ts'
import { sendPicture } from '../../../platform/send-file.ts'
import type { Actor, RouteDeps } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { drawSample } from '../posters/draw-poster.ts'
import { searchLibrary } from '../search-library.ts'
import { deleteMaterials, recoverMaterial } from './delete.ts'
import { createFolder, editFolder, listFolders, orderFolders, removeFolder } from './folders.ts'
import { importPage } from './import-page.ts'
import { listMaterials, listTitles, readMaterial } from './list-materials.ts'
import {
  Changed,
  ContentSettings,
  ContentSettingsView,
  Decision,
  FolderEdit,
  FolderList,
  FolderOrder,
  FoundList,
  LibraryQuery,
  MaterialEdit,
  MaterialPage,
  MaterialQuery,
  MaterialView,
  NewFolder,
  NewMaterial,
  NewMove,
  NewVersion,
  PageImport,
  PickedMaterials,
  Poster,
  Said,
  Titles,
} from './schema.ts'
import { readSettings, saveSettings } from './settings.ts'
import { readViewer } from './visible.ts'
import {
  createMaterial,
  decideVersion,
  editMaterial,
  moveMaterials,
  publishMaterial,
  restoreMaterial,
  saveVersion,
  takeBack,
  withdrawMaterials,
} from './write.ts'

const OfMaterial = z.object({ materialId: Id })
const OfVersion = z.object({ materialId: Id, version: z.coerce.number().int().min(1).max(1_000_000) })
const OfFolder = z.object({ folderId: Id })
const VersionMade = z.object({ version: z.number().int() })

/** The corp's library: what staff show. */
export function registerMaterialRoutes(app: App, deps: RouteDeps): void {
  registerReads(app, deps)
  registerWrites(app, deps)
  registerStates(app, deps)
  registerTitles(app, deps)
  registerFolders(app, deps)
  registerMaking(app, deps)
}

function registerReads(app: App, { db, work }: RouteDeps): void {
  app.get('/api/materials', {
    config: { access: 'content.read' },
    schema: {
      operationId: 'listMaterials',
      querystring: MaterialQuery,
      response: { 200: MaterialPage, '4xx': Problem },
    },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, async (tx) =>
        listMaterials(tx, actor.corpId, query, await readViewer(tx, actor.corpId, actor), work.clock.now()),
      ),
  })
  app.get('/api/materials/:materialId', {
    config: { access: 'content.read' },
    schema: { operationId: 'readMaterial', params: OfMaterial, response: { 200: MaterialView, '4xx': Problem } },
    handler: ({ actor, params }) =>
      inCorp(db, actor.corpId, (tx) => viewMaterial(tx, actor, params.materialId, work.clock.now())),
  })
  app.get('/api/library', {
    config: { access: 'content.read' },
    schema: { operationId: 'searchLibrary', querystring: LibraryQuery, response: { 200: FoundList, '4xx': Problem } },
    handler: ({ actor, query }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await searchLibrary(tx, actor.corpId, actor, query, work.clock.now()),
      })),
  })
}

async function viewMaterial(tx: Tx, actor: Actor, materialId: string, now: Date) {
  const viewer = await readViewer(tx, actor.corpId, actor)
  const decides = actor.permissions.includes('content.approve')
  return readMaterial(tx, actor.corpId, materialId, { ...viewer, accountId: actor.accountId, decides }, now)
}

function registerWrites(app: App, { db, work }: RouteDeps): void {
  app.post('/api/materials', {
    config: { access: 'content.write' },
    schema: { operationId: 'createMaterial', body: NewMaterial, response: { 201: MaterialView, '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const material = await inCorp(db, actor.corpId, async (tx) => {
        const id = await createMaterial(tx, actor.corpId, body, actor, at)
        const detail = { title: body.said.title, kind: body.said.kind, publish: body.publish }
        const view = await viewMaterial(tx, actor, id, at)
        await recordAudit(tx, actor, { action: 'material.create', kind: 'material', id, detail, at })
        return view
      })
      return reply.code(201).send(material)
    },
  })
  app.post('/api/materials/:materialId/versions', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'saveMaterialVersion',
      params: OfMaterial,
      body: NewVersion,
      response: { 201: VersionMade, '4xx': Problem },
    },
    async handler({ actor, params: { materialId: id }, body }, reply) {
      const at = work.clock.now()
      const version = await inCorp(db, actor.corpId, async (tx) => {
        const made = await saveVersion(tx, actor.corpId, id, body, actor, at)
        const detail = { version: made, title: body.said.title, publish: body.publish }
        await recordAudit(tx, actor, { action: 'material.write', kind: 'material', id, detail, at })
        return made
      })
      return reply.code(201).send({ version })
    },
  })
  app.post('/api/materials/:materialId/versions/:version/take-back', {
    config: { access: 'content.write' },
    schema: { operationId: 'takeBackMaterial', params: OfVersion, response: { 201: VersionMade, '4xx': Problem } },
    async handler({ actor, params }, reply) {
      const at = work.clock.now()
      const version = await inCorp(db, actor.corpId, async (tx) => {
        const made = await takeBack(tx, actor.corpId, params.materialId, params.version, actor, at)
        const detail = { version: made, from: params.version }
        await recordAudit(tx, actor, {
          action: 'material.take_back',
          kind: 'material',
          id: params.materialId,
          detail,
          at,
        })
        return made
      })
      return reply.code(201).send({ version })
    },
  })
  app.patch('/api/materials/:materialId', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'editMaterial',
      params: OfMaterial,
      body: MaterialEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { materialId: id }, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await editMaterial(tx, actor.corpId, id, body, at)
        await recordAudit(tx, actor, { action: 'material.edit', kind: 'material', id, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })
}

function registerStates(app: App, { db, work }: RouteDeps): void {
  app.post('/api/materials/:materialId/publish', {
    config: { access: 'content.write' },
    schema: { operationId: 'publishMaterial', params: OfMaterial, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { materialId: id } }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await publishMaterial(tx, actor.corpId, id, actor, at)
        await recordAudit(tx, actor, { action: 'material.publish', kind: 'material', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/materials/:materialId/decision', {
    config: { access: 'content.approve' },
    schema: {
      operationId: 'decideMaterial',
      params: OfMaterial,
      body: Decision,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { materialId: id }, body }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await decideVersion(tx, actor.corpId, id, body, actor, at)
        await recordAudit(tx, actor, { action: 'material.decide', kind: 'material', id, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/materials/:materialId/restore', {
    config: { access: 'content.write' },
    schema: { operationId: 'restoreMaterial', params: OfMaterial, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { materialId: id } }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await restoreMaterial(tx, actor.corpId, id, at)
        await recordAudit(tx, actor, { action: 'material.restore', kind: 'material', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/material-withdrawals', {
    config: { access: 'content.write' },
    schema: { operationId: 'withdrawMaterials', body: PickedMaterials, response: { 200: Changed, '4xx': Problem } },
    async handler({ actor, body }) {
      const at = work.clock.now()
      return inCorp(db, actor.corpId, async (tx) => {
        const changed = await withdrawMaterials(tx, actor.corpId, body.materialIds, at)
        await recordAudit(tx, actor, { action: 'material.withdraw', kind: 'material', id: null, detail: body, at })
        return { changed }
      })
    },
  })
  app.post('/api/material-deletions', {
    config: { access: 'content.write' },
    schema: { operationId: 'deleteMaterials', body: PickedMaterials, response: { 200: Changed, '4xx': Problem } },
    async handler({ actor, body }) {
      const at = work.clock.now()
      return inCorp(db, actor.corpId, async (tx) => {
        const changed = await deleteMaterials(tx, actor.corpId, body.materialIds, actor.name, at)
        await recordAudit(tx, actor, { action: 'material.delete', kind: 'material', id: null, detail: body, at })
        return { changed }
      })
    },
  })
  app.post('/api/materials/:materialId/recovery', {
    config: { access: 'content.write' },
    schema: { operationId: 'recoverMaterial', params: OfMaterial, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { materialId: id } }, reply) {
      const at = work.clock.now()
      await inCorp(db, actor.corpId, async (tx) => {
        await recoverMaterial(tx, actor.corpId, id, at)
        await recordAudit(tx, actor, { action: 'material.recover', kind: 'material', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/material-moves', {
    config: { access: 'content.write' },
    schema: { operationId: 'moveMaterials', body: NewMove, response: { 200: Changed, '4xx': Problem } },
    async handler({ actor, body }) {
      const at = work.clock.now()
      return inCorp(db, actor.corpId, async (tx) => {
        const changed = await moveMaterials(tx, actor.corpId, body.materialIds, body.folderId, at)
        await recordAudit(tx, actor, { action: 'material.move', kind: 'material', id: null, detail: body, at })
        return { changed }
      })
    },
  })
}

function registerTitles(app: App, { db, work }: RouteDeps): void {
  app.get('/api/material-titles', {
    config: { access: 'content.read' },
    schema: { operationId: 'listMaterialTitles', response: { 200: Titles, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) => ({
        items: await listTitles(tx, actor.corpId, await readViewer(tx, actor.corpId, actor), work.clock.now()),
      })),
  })
}

function registerFolders(app: App, { db, work }: RouteDeps): void {
  app.get('/api/material-folders', {
    config: { access: 'content.read' },
    schema: { operationId: 'listMaterialFolders', response: { 200: FolderList, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, async (tx) =>
        listFolders(tx, actor.corpId, await readViewer(tx, actor.corpId, actor), work.clock.now()),
      ),
  })
  app.post('/api/material-folders', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'createMaterialFolder',
      body: NewFolder,
      response: { 201: z.object({ folderId: Id }), '4xx': Problem },
    },
    async handler({ actor, body }, reply) {
      const at = work.clock.now()
      const folderId = await inCorp(db, actor.corpId, async (tx) => {
        const id = await createFolder(tx, actor.corpId, body, at)
        await recordAudit(tx, actor, {
          action: 'material_folder.create',
          kind: 'material_folder',
          id,
          detail: body,
          at,
        })
        return id
      })
      return reply.code(201).send({ folderId })
    },
  })
  app.put('/api/material-folders/order', {
    config: { access: 'content.write' },
    schema: { operationId: 'orderMaterialFolders', body: FolderOrder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await orderFolders(tx, actor.corpId, body.folderIds)
        const at = work.clock.now()
        await recordAudit(tx, actor, {
          action: 'material_folder.order',
          kind: 'material_folder',
          id: null,
          detail: body,
          at,
        })
      })
      return reply.code(204).send(null)
    },
  })
  app.patch('/api/material-folders/:folderId', {
    config: { access: 'content.write' },
    schema: {
      operationId: 'editMaterialFolder',
      params: OfFolder,
      body: FolderEdit,
      response: { 204: z.null(), '4xx': Problem },
    },
    async handler({ actor, params: { folderId: id }, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await editFolder(tx, actor.corpId, id, body)
        const at = work.clock.now()
        await recordAudit(tx, actor, { action: 'material_folder.edit', kind: 'material_folder', id, detail: body, at })
      })
      return reply.code(204).send(null)
    },
  })
  app.delete('/api/material-folders/:folderId', {
    config: { access: 'content.write' },
    schema: { operationId: 'removeMaterialFolder', params: OfFolder, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, params: { folderId: id } }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await removeFolder(tx, actor.corpId, id)
        const at = work.clock.now()
        await recordAudit(tx, actor, { action: 'material_folder.remove', kind: 'material_folder', id, detail: {}, at })
      })
      return reply.code(204).send(null)
    },
  })
}

function registerMaking(app: App, { db, work }: RouteDeps): void {
  app.get('/api/content-settings', {
    config: { access: 'content.read' },
    schema: { operationId: 'readContentSettings', response: { 200: ContentSettingsView, '4xx': Problem } },
    handler: ({ actor }) =>
      inCorp(db, actor.corpId, (tx) => readSettings(tx, actor.corpId, actor.accountId, work.clock.now())),
  })
  app.put('/api/content-settings', {
    config: { access: 'content.approve' },
    schema: { operationId: 'saveContentSettings', body: ContentSettings, response: { 204: z.null(), '4xx': Problem } },
    async handler({ actor, body }, reply) {
      await inCorp(db, actor.corpId, async (tx) => {
        await saveSettings(tx, actor.corpId, body)
        const at = work.clock.now()
        await recordAudit(tx, actor, {
          action: 'content_setting.save',
          kind: 'content_setting',
          id: null,
          detail: body,
          at,
        })
      })
      return reply.code(204).send(null)
    },
  })
  app.post('/api/material-imports', {
    config: { access: 'content.write' },
    schema: { operationId: 'importPage', body: PageImport, response: { 200: Said, '4xx': Problem } },
    handler: ({ actor, body }) => importPage(db, work, actor.corpId, body),
  })
  app.post('/api/poster-samples', {
    config: { access: 'content.write' },
    schema: { operationId: 'drawPosterSample', body: Poster, produces: ['image/jpeg'], response: { '4xx': Problem } },
    async handler({ actor, body }, reply) {
      const picture = await drawSample(db, work, actor, body)
      return sendPicture(reply, 'image/jpeg', '海报.jpg', picture)
    },
  })
}
