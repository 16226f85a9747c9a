import { expect, test } from 'vitest'
import { aRadarLink } from '../../../../test/radar-house.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aContext, aCorp, aStaff, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readFiles, storeFile } from '../files/store.ts'
import { searchLibrary } from '../search-library.ts'
import { deleteMaterials, forgetDeleted, recoverMaterial } from './delete.ts'
import { listFolders } from './folders.ts'
import { listMaterials } from './list-materials.ts'
import { MaterialQuery, NewMaterial } from './schema.ts'
import { createMaterial, withdrawMaterials } from './write.ts'

const BOSS = { accountId: '1', name: '周岚' }
const VIEWER = { staffId: null, departments: [], writes: true }
const WRITER = { staffId: null, permissions: ['content.write'] }
const DAY_MS = 24 * 3_600_000
const MB = 1024 * 1024

async function aLibrary(db: TestDb, corpId: string) {
  const within = <T>(work: (tx: Parameters<typeof createMaterial>[0]) => Promise<T>) => inCorp(db.api, corpId, work)
  const make = (title: string) =>
    within((tx) => {
      const said = { kind: 'text' as const, title, summary: '', coverId: null, content: { text: title } }
      return createMaterial(tx, corpId, NewMaterial.parse({ said, publish: true }), BOSS, at)
    })
  return {
    within,
    make,
    remove: (...ids: string[]) => within((tx) => deleteMaterials(tx, corpId, ids, '周岚', at)),
    titles: async (query: object = {}) =>
      (await within((tx) => listMaterials(tx, corpId, MaterialQuery.parse(query), VIEWER, at))).items
        .map(({ title }) => title)
        .sort(),
  }
}

test('deleted is what nobody uses: never sent and in no script, or withdrawn; one that is refused keeps all', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const { within, make, remove, titles } = await aLibrary(db, corpId)
  const [idle, linked, scripted, sent] = [
    await make('闲'),
    await make('有链接'),
    await make('在话术里'),
    await make('发过'),
  ]
  await aRadarLink(db, corpId, { materialId: linked, staffId: await aStaff(db, corpId) })
  await db.owner.updateTable('material').set({ uses: 1 }).where('materialId', '=', sent).execute()
  const { scriptGroupId } = await db.owner
    .insertInto('scriptGroup')
    .values({ corpId, name: '组', sortOrder: 1, createdAt: at })
    .returning('scriptGroupId')
    .executeTakeFirstOrThrow()
  const script = {
    corpId,
    scriptGroupId,
    title: '句',
    keywords: [],
    stageIds: [],
    isQuick: false,
    fileIds: [],
    sortOrder: 1,
  }
  await db.owner
    .insertInto('script')
    .values({
      ...script,
      ...{ titleFolded: '', words: '', grams: [], createdBy: '周', createdAt: at, updatedAt: at },
      parts: JSON.stringify([
        { type: 'text', text: '您好' },
        { type: 'material', materialId: scripted },
      ]),
    })
    .execute()
  for (const used of [linked, scripted, sent])
    await expect(remove(idle, used)).rejects.toMatchObject({ code: 'content.material_in_use' })
  expect(await titles()).toEqual(['发过', '在话术里', '有链接', '闲'].sort())
  expect(await remove(idle)).toBe(1)
  await within((tx) => withdrawMaterials(tx, corpId, [linked, scripted, sent], at))
  expect(await remove(linked, scripted, sent)).toBe(3)
  expect(await titles()).toEqual([])
  expect(await titles({ state: 'withdrawn' })).toEqual([])
  expect(await titles({ state: 'deleted' })).toHaveLength(4)
  const shelves = await within((tx) => listFolders(tx, corpId, VIEWER, at))
  expect(shelves).toMatchObject({ total: 0, loose: 0 })
  await expect(remove(idle)).rejects.toMatchObject({ status: 404 })
  await expect(
    inCorp(db.api, await aCorp(db), (tx) => deleteMaterials(tx, '999', [idle], '外', at)),
  ).rejects.toMatchObject({ status: 404 })
})

test('taken back within thirty days it is as it was, to be found and sent; a day later it is gone for good', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const { within, make, remove, titles } = await aLibrary(db, corpId)
  const [kept, gone] = [await make('春茶怎么选'), await make('冬茶怎么选')]
  const find = async () =>
    (await within((tx) => searchLibrary(tx, corpId, WRITER, { q: '怎么选', limit: 9 }, at))).map(({ title }) => title)
  await remove(kept, gone)
  expect(await find()).toEqual([])
  await using context = aContext(db)
  const forget = (days: number) =>
    forgetDeleted.run({ ...context, clock: { now: () => new Date(at.getTime() + days * DAY_MS) } as never })
  await forget(30)
  await within((tx) => recoverMaterial(tx, corpId, kept, at))
  await within((tx) => recoverMaterial(tx, corpId, kept, at)) // nothing more to take back
  expect(await find()).toEqual(['春茶怎么选'])
  await forget(31)
  expect(await titles()).toEqual(['春茶怎么选'])
  await expect(within((tx) => recoverMaterial(tx, corpId, gone, at))).rejects.toMatchObject({ status: 404 })
  expect(await db.owner.selectFrom('materialVersion').select('materialId').execute()).toEqual([{ materialId: kept }])
})

const aText = (size: number, mark: string) =>
  Buffer.concat([Buffer.from(mark), Buffer.alloc(size - Buffer.byteLength(mark), 'a')])

test('a person’s day and the corp’s room are kept to the byte, also by many at once; the same file again takes none, and our own none of anybody’s', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const corpId = await aCorp(db)
  const set = (values: { personDayMb?: number; corpMb?: number }) =>
    db.owner
      .insertInto('contentSetting')
      .values({ corpId, ...values })
      .onConflict((c) => c.column('corpId').doUpdateSet(values))
      .execute()
  await set({ personDayMb: 10, corpMb: 100 })
  const bring = (mark: string, size: number, broughtBy: string | undefined, now = at) =>
    storeFile(db.api, context.dataDir, corpId, {
      bytes: aText(size, mark),
      name: 'a.txt',
      now,
      ...(broughtBy ? { broughtBy } : {}),
    }).then(
      () => 'taken',
      (error: { code?: string }) => error.code ?? String(error),
    )
  const many = await Promise.all(Array.from({ length: 14 }, (_, nr) => bring(`甲${nr}`, MB, '1')))
  expect(many.filter((one) => one === 'taken')).toHaveLength(10)
  expect(new Set(many)).toEqual(new Set(['taken', 'content.day_quota_reached']))
  const held = await db.owner.selectFrom('mediaAsset').select(['sha256', 'mediaAssetId']).execute()
  expect(held).toHaveLength(10)
  const taken = many.indexOf('taken')
  expect(await bring(`甲${taken}`, MB, '1')).toBe('taken') // there already
  expect(await bring('乙', MB, '2')).toBe('taken')
  expect(await bring('丙', MB, undefined)).toBe('taken')
  expect(await bring('明天', MB, '1', new Date(at.getTime() + DAY_MS))).toBe('taken')
  await set({ corpMb: 100 })
  await db.owner.updateTable('contentSetting').set({ personDayMb: 1000, corpMb: 100 }).execute()
  for (let nr = 0; nr < 5; nr++) expect(await bring(`大${nr}`, 17 * MB, '3')).toBe('taken')
  expect(await bring('满', 3 * MB, '3')).toBe('content.corp_quota_reached')
  expect(await bring('满', 2 * MB, '3')).toBe('taken')
  const other = await aCorp(db)
  expect(
    await inCorp(db.api, other, (tx) =>
      readFiles(
        tx,
        other,
        held.map(({ mediaAssetId }) => mediaAssetId),
      ),
    ),
  ).toEqual(new Map())
}, 60_000)

test('by HTTP: the words say how much, how much more and what to do; the settings are the administrator’s', async () => {
  await using db = await freshDb()
  await using there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const [admin, member] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'staff')]
  const settings = { asksApproval: false, personDayMb: 10, corpMb: 100 }
  expect((await there.ask('PUT', '/api/content-settings', member, settings)).status).toBe(403)
  expect((await there.ask('PUT', '/api/content-settings', admin, settings)).status).toBe(204)
  const upload = (mark: string) =>
    there.ask('POST', '/api/media?name=a.txt', member, aText(6 * MB, mark), 'application/octet-stream')
  expect((await upload('一')).status).toBe(201)
  const refused = await upload('二')
  expect(refused).toMatchObject({ status: 409, code: 'content.day_quota_reached' })
  expect(JSON.parse(refused.text).message).toBe(
    '你今天已经上传 6 MB，加上这个会超过一天 10 MB。请明天再传，或请管理员在「素材库 › 上传额度」里调高。',
  )
  expect(JSON.parse((await there.ask('GET', '/api/content-settings', member)).text)).toEqual({
    ...settings,
    usedMb: 6,
    todayMb: 6,
  })
})
