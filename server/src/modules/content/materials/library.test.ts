import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { fold, wordsOf } from '../../../platform/bigrams.ts'
import { inCorp } from '../../../platform/db.ts'
import { searchLibrary } from '../search-library.ts'
import { recordSent } from '../sent.ts'
import { createFolder, editFolder } from './folders.ts'
import { listMaterials, readMaterial } from './list-materials.ts'
import { readMaterials } from './read-material.ts'
import { MaterialQuery, type MaterialScope, NewMaterial } from './schema.ts'
import { saveSettings } from './settings.ts'
import { readViewer } from './visible.ts'
import {
  createMaterial,
  decideVersion,
  editMaterial,
  publishMaterial,
  saveVersion,
  takeBack,
  withdrawMaterials,
} from './write.ts'

const WRITER = { accountId: '1', name: '周岚', staffId: null, permissions: ['content.write'] }
const CHECKER = { accountId: '2', name: '陈屿', staffId: null, permissions: ['content.write', 'content.approve'] }
const text = (title: string, says = '您好') => ({
  kind: 'text' as const,
  title,
  summary: '',
  coverId: null,
  content: { text: says },
})
const later = (days: number) => new Date(at.getTime() + days * 86_400_000)

/** A corp of three departments: 1 above 2 above 3, and 4 beside. */
async function aLibrary(db: TestDb) {
  const corpId = await aCorp(db)
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '华东', parentId: '1' },
        { corpId, departmentId: '3', name: '静安', parentId: '2' },
        { corpId, departmentId: '4', name: '华南', parentId: '1' },
      ])
      .execute(),
  )
  const within = async (departmentId: string) => {
    const staffId = await aStaff(db, corpId)
    await inCorp(db.api, corpId, (tx) =>
      tx.insertInto('staffDepartment').values({ corpId, staffId, departmentId }).execute(),
    )
    return { staffId, permissions: ['content.read'] }
  }
  const make = (given: { title: string; says?: string } & Partial<NewMaterial>) =>
    inCorp(db.api, corpId, (tx) => {
      const { title, says, ...rest } = given
      return createMaterial(
        tx,
        corpId,
        NewMaterial.parse({ said: text(title, says), publish: true, ...rest }),
        WRITER,
        at,
      )
    })
  const search = async (
    q: string,
    who: { staffId: string | null; permissions: string[] } = { staffId: null, permissions: [] },
    now = at,
  ) =>
    (await inCorp(db.api, corpId, (tx) => searchLibrary(tx, corpId, who, { q, limit: 50 }, now))).map(
      ({ title }) => title,
    )
  return { corpId, within, make, search }
}

test('who is shown a material: its own scope and its folder’s, down the departments; its dates; its state; nobody else', async () => {
  await using db = await freshDb()
  const { corpId, within, make, search } = await aLibrary(db)
  const [above, inside, below, beside] = [await within('1'), await within('2'), await within('3'), await within('4')]
  const east: MaterialScope = { kind: 'departments', departmentIds: ['2'] }
  const folderId = await inCorp(db.api, corpId, (tx) =>
    createFolder(tx, corpId, { name: '华东', scopeDepartments: ['2'] }, at),
  )
  await make({ title: '春茶 全体' })
  await make({ title: '春茶 华东', scope: east })
  await make({ title: '春茶 夹里', folderId })
  await make({ title: '春茶 一人', scope: { kind: 'person', staffId: below.staffId } })
  await make({ title: '春茶 明天起', validFrom: later(1).toISOString() })
  await make({ title: '春茶 到明天', validUntil: later(1).toISOString() })
  await make({ title: '春茶 草稿', publish: false })
  const gone = await make({ title: '春茶 下架' })
  await inCorp(db.api, corpId, (tx) => withdrawMaterials(tx, corpId, [gone], at))
  const shown = async (who: typeof above, now = at) =>
    (await search('春茶', who, now)).map((title) => title.slice(3)).sort()
  expect(await shown(above)).toEqual(['全体', '到明天'])
  expect(await shown(inside)).toEqual(['全体', '到明天', '华东', '夹里'])
  expect(await shown(below)).toEqual(['一人', '全体', '到明天', '华东', '夹里'])
  expect(await shown(beside)).toEqual(['全体', '到明天'])
  expect(await shown(above, later(1))).toEqual(['全体', '明天起']) // the very instant ends one and begins the other
  await inCorp(db.api, corpId, (tx) => editFolder(tx, corpId, folderId, { scopeDepartments: null }))
  expect(await shown(beside)).toContain('夹里')
  // The page of whoever only reads shows the same; whoever writes sees all but what is withdrawn.
  const page = async (who: { staffId: string | null; permissions: string[] }, query: object = {}) =>
    (
      await inCorp(db.api, corpId, async (tx) =>
        listMaterials(tx, corpId, MaterialQuery.parse(query), await readViewer(tx, corpId, who), at),
      )
    ).items.map(({ title, state }) => `${title.slice(3)} ${state}`)
  expect((await page(beside)).sort()).toEqual(['全体 live', '到明天 live', '夹里 live'])
  expect((await page(beside, { state: 'withdrawn' })).sort()).toEqual(['全体 live', '到明天 live', '夹里 live'])
  expect(await page(WRITER)).toHaveLength(7)
  expect(await page(WRITER, { state: 'withdrawn' })).toEqual(['下架 withdrawn'])
  expect(await page(WRITER, { state: 'planned' })).toEqual(['明天起 planned'])
})

test('a page after a page meets every material once, newest and most used first', async () => {
  await using db = await freshDb()
  const { corpId, make } = await aLibrary(db)
  const ids: string[] = []
  for (const n of [1, 2, 3, 4, 5]) ids.push(await make({ title: `茶 ${n}` }))
  await inCorp(db.api, corpId, (tx) =>
    tx
      .updateTable('material')
      .set({ uses: 3 })
      .where('corpId', '=', corpId)
      .where('materialId', '=', ids[1]!)
      .execute(),
  )
  for (const order of ['newest', 'used'] as const) {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await inCorp(db.api, corpId, async (tx) =>
        listMaterials(
          tx,
          corpId,
          MaterialQuery.parse({ limit: 2, order, cursor }),
          await readViewer(tx, corpId, WRITER),
          at,
        ),
      )
      seen.push(...page.items.map(({ materialId }) => materialId))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(order === 'used' ? [ids[1], ids[4], ids[3], ids[2], ids[0]] : [...ids].reverse())
  }
})

test('search finds what a plain reading finds, however it is written, of two characters and more', async () => {
  await using db = await freshDb()
  const { make, search } = await aLibrary(db)
  const SIGNS = ['茶', '葉', '叶', '岩', '礼', '禮', '盒', 'A', 'ａ', '1', ' ', '%', '_', '\\', '🍵']
  const written = fc
    .array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 6 })
    .map((signs) => signs.join('').trim() || '茶')
  const asked = fc.array(fc.constantFrom(...SIGNS), { minLength: 2, maxLength: 3 }).map((signs) => signs.join(''))
  const texts = fc
    .sample(written, { numRuns: 40, seed: 7 })
    .map((says, i) => ({ title: `${i} ${[...says].slice(0, 3).join('')}`, says }))
  for (const { title, says } of texts) await make({ title, says })
  const plainly = (q: string) =>
    texts
      .filter(({ title, says }) =>
        wordsOf(q).every((word) => `${fold(title)}\n${fold(says)}`.split('\n').some((part) => part.includes(word))),
      )
      .map(({ title }) => fold(title))
      .sort()
  const queries = fc
    .sample(asked, { numRuns: 120, seed: 11 })
    .filter((q) => wordsOf(q).some((word) => [...word].length > 1))
  expect(queries.length).toBeGreaterThan(20)
  let found = 0
  for (const q of queries) {
    const titles = (await search(q)).map(fold).sort()
    expect([q, titles]).toEqual([q, plainly(q)])
    found += titles.length
  }
  expect(found).toBeGreaterThan(20)
})

test('traditional, full-width and capital letters find each other; one character finds where titles begin', async () => {
  await using db = await freshDb()
  const { make, search } = await aLibrary(db)
  await make({ title: '茶葉禮盒 VIP' })
  await make({ title: '冬日暖茶', says: '茶叶礼盒随便选' })
  for (const q of ['茶叶', '茶葉', '禮盒 vip', 'ＶＩＰ']) expect((await search(q))[0]).toBe('茶葉禮盒 VIP')
  expect(await search('礼盒')).toEqual(['茶葉禮盒 VIP', '冬日暖茶']) // in the title before in the text
  expect(await search('茶')).toEqual(['茶葉禮盒 VIP'])
  expect(await search('冬')).toEqual(['冬日暖茶'])
  expect(await search('礼盒 咖啡')).toEqual([])
})

test('versions: a new one waits beside the live one, which staff keep sending; nobody approves his own; an old one is taken back as a new one', async () => {
  await using db = await freshDb()
  const { corpId, make } = await aLibrary(db)
  const run = <T>(work: Parameters<typeof inCorp<T>>[2]) => inCorp(db.api, corpId, work)
  const materialId = await make({ title: '一' })
  await run((tx) => saveSettings(tx, corpId, { asksApproval: true }))
  expect(
    await run((tx) => saveVersion(tx, corpId, materialId, { said: text('二'), basedOn: 1, publish: true }, WRITER, at)),
  ).toBe(2)
  const sent = async () => {
    const { title, version, state } = (await run((tx) => readMaterials(tx, corpId, [materialId], at))).get(materialId)!
    return `${title} ${version} ${state}`
  }
  expect(await sent()).toBe('一 1 live')
  const decide = (who: typeof WRITER, approve: boolean, version = 2) =>
    run((tx) => decideVersion(tx, corpId, materialId, { version, approve, reason: '价格不对' }, who, at))
  await expect(decide(WRITER, true)).rejects.toMatchObject({ code: 'content.own_work' })
  await decide(CHECKER, false)
  await expect(decide(CHECKER, true)).rejects.toMatchObject({ code: 'content.not_waiting' })
  // Sent again by a colleague: neither he nor the writer may decide.
  await run((tx) => publishMaterial(tx, corpId, materialId, CHECKER, at))
  await expect(decide(CHECKER, true)).rejects.toMatchObject({ code: 'content.own_work' })
  await expect(decide(WRITER, true)).rejects.toMatchObject({ code: 'content.own_work' })
  await decide({ ...CHECKER, accountId: '3', name: '许曼' }, true)
  expect(await sent()).toBe('二 2 live')
  await run((tx) => saveSettings(tx, corpId, { asksApproval: false }))
  await expect(
    run((tx) => saveVersion(tx, corpId, materialId, { said: text('三'), basedOn: 1, publish: true }, WRITER, at)),
  ).rejects.toMatchObject({ code: 'content.material_changed' })
  expect(await run((tx) => takeBack(tx, corpId, materialId, 1, WRITER, at))).toBe(3)
  expect(await sent()).toBe('一 3 live')
  const viewer = { staffId: null, departments: [], writes: true, accountId: '1', decides: true }
  const view = await run((tx) => readMaterial(tx, corpId, materialId, viewer, at))
  expect(view.versions.map(({ version, state, said, reason }) => [version, state, said.title, reason])).toEqual([
    [3, 'live', '一', ''],
    [2, 'replaced', '二', ''],
    [1, 'replaced', '一', ''],
  ])
  const seen = await run((tx) => readMaterial(tx, corpId, materialId, { ...viewer, writes: false }, at))
  expect(seen.versions.map(({ version }) => version)).toEqual([3])
})

test('labels are found from the moment they are put; dates out of order are refused whichever is changed', async () => {
  await using db = await freshDb()
  const { corpId, make, search } = await aLibrary(db)
  const materialId = await make({ title: '一', validUntil: later(5).toISOString() })
  const edit = (change: Parameters<typeof editMaterial>[3]) =>
    inCorp(db.api, corpId, (tx) => editMaterial(tx, corpId, materialId, change, at))
  await edit({ labels: ['中秋'] })
  expect(await search('中秋')).toEqual(['一'])
  await edit({ labels: [] })
  expect(await search('中秋')).toEqual([])
  await expect(edit({ validFrom: later(6).toISOString() })).rejects.toMatchObject({ code: 'content.wrong_dates' })
})

test('what is sent stands in the journal once, raises the counts once, and comes first where nothing is asked', async () => {
  await using db = await freshDb()
  const { corpId, make, within, search } = await aLibrary(db)
  const me = await within('2')
  const contactId = await aContact(db, corpId, { staffId: me.staffId })
  const [one, two] = [await make({ title: '先' }), await make({ title: '后' })]
  const send = (materialId: string, to: { contactId: string } | { chatId: string }, key: string) =>
    inCorp(db.api, corpId, (tx) =>
      recordSent(tx, corpId, { staffId: me.staffId, to, piece: { materialId }, version: 1, at, key }, at),
    )
  expect(await search('', me)).toEqual(['后', '先'])
  expect([await send(one, { contactId }, 'a'), await send(one, { contactId }, 'a')]).toEqual([true, false])
  expect([await send(one, { chatId: 'wr1' }, 'b'), await send(one, { chatId: 'wr1' }, 'b')]).toEqual([true, false])
  expect(await search('', me)).toEqual(['先', '后'])
  const rows = await db.owner
    .selectFrom('material')
    .select(['materialId', 'uses'])
    .where('corpId', '=', corpId)
    .orderBy('materialId')
    .execute()
  expect(rows).toEqual([
    { materialId: one, uses: 2 },
    { materialId: two, uses: 0 },
  ])
  const events = await db.owner
    .selectFrom('event')
    .select(['kind', 'props', 'staffId', 'trusted'])
    .where('corpId', '=', corpId)
    .execute()
  expect(events).toEqual([
    {
      kind: 'content.sent',
      staffId: me.staffId,
      trusted: true,
      props: { piece: 'material', pieceId: one, kind: 'text', title: '先', version: 1 },
    },
  ])
})
