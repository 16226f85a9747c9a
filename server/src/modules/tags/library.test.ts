import { readXml } from '@siyu/wecom/xml'
import { expect, test } from 'vitest'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { callbackHandlers } from './callbacks.ts'
import { jobs } from './jobs.ts'
import { pushTagGroup } from './push-group.ts'
import { readTagLibrary } from './read-tags.ts'
import {
  createTag,
  createTagGroup,
  deleteTag,
  deleteTagGroup,
  editTagGroup,
  orderTagGroups,
  renameTag,
} from './service.ts'
import { syncTagLibrary } from './sync-library.ts'

interface WecomGroup {
  group_id: string
  group_name: string
  tag: { id: string; name: string }[]
}

const inWecom = async (corp: SimulatedCorp): Promise<WecomGroup[]> =>
  ((await corp.world.api('externalcontact/get_corp_tag_list')) as { tag_group: WecomGroup[] }).tag_group
const namesInWecom = async (corp: SimulatedCorp) =>
  (await inWecom(corp)).map((g) => [g.group_name, g.tag.map((t) => t.name)])
const library = async (db: TestDb, corpId: string) =>
  (await inCorp(db.api, corpId, (tx) => readTagLibrary(tx, corpId))).groups
const names = async (db: TestDb, corpId: string) =>
  (await library(db, corpId)).map((g) => [g.name, g.tags.map((t) => t.name)])
const make = (db: TestDb, corpId: string, name: string, tags: string[]) =>
  inCorp(db.api, corpId, (tx) => createTagGroup(tx, corpId, { name, tags }, at))

const hear = async (corp: SimulatedCorp, kind: string, fields: Record<string, string>) => {
  const xml = `<xml>${Object.entries(fields)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')}</xml>`
  const apply = await callbackHandlers[`change_external_tag.${kind}`]!(corp.context, corp.corpId, {
    inboxId: '1',
    kind,
    fields: readXml(xml),
    createdAt: at,
    receivedAt: at,
  })
  await inCorp(corp.context.db, corp.corpId, apply)
}

test('the library is read from WeCom: groups and tags in its order, renames and deletions followed, a second reading changes nothing', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await corp.world.act({ type: 'tags_create', groupName: '口味', names: ['不要糖', '少冰'], order: 1 })
  await corp.world.act({ type: 'tags_create', groupName: '门店', names: ['静安寺'], order: 5 })
  await syncTagLibrary(corp.context, corp.corpId)
  expect(await names(db, corp.corpId)).toEqual([
    ['门店', ['静安寺']],
    ['口味', ['不要糖', '少冰']],
  ])

  const rows = () =>
    inCorp(db.api, corp.corpId, (tx) =>
      tx
        .selectFrom('tag')
        .select((eb) => ['tagId', eb.ref('xmin' as never).as('xmin')])
        .where('corpId', '=', corp.corpId)
        .orderBy('tagId')
        .execute(),
    )
  const before = await rows()
  await syncTagLibrary(corp.context, corp.corpId)
  expect(await rows()).toEqual(before)

  const [shop, taste] = await inWecom(corp)
  await corp.world.act({ type: 'tag_edit', id: taste!.tag[0]!.id, name: '无糖' })
  await corp.world.act({ type: 'tags_shuffle', groupId: taste!.group_id, ids: [taste!.tag[1]!.id, taste!.tag[0]!.id] })
  await corp.world.act({ type: 'tags_delete', ids: [shop!.group_id] })
  await syncTagLibrary(corp.context, corp.corpId)
  expect(await names(db, corp.corpId)).toEqual([['口味', ['少冰', '无糖']]])
})

test('two groups that swapped their names in WeCom are read without stumbling over the unique name', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await corp.world.act({ type: 'tags_create', groupName: '东区', names: ['甲'] })
  await corp.world.act({ type: 'tags_create', groupName: '西区', names: ['乙'] })
  await syncTagLibrary(corp.context, corp.corpId)
  const [east, west] = await inWecom(corp)
  await corp.world.act({ type: 'tag_edit', id: east!.group_id, name: '过渡' })
  await corp.world.act({ type: 'tag_edit', id: west!.group_id, name: '东区' })
  await corp.world.act({ type: 'tag_edit', id: east!.group_id, name: '西区' })
  await syncTagLibrary(corp.context, corp.corpId)
  expect(await names(db, corp.corpId)).toEqual([
    ['西区', ['甲']],
    ['东区', ['乙']],
  ])
})

test('callbacks re-read what they name; a deleted group takes its tags off customers without a word about them', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { group_id: id, tag } = await corp.world
    .act<WecomGroup & { id: string }>({ type: 'tags_create', groupName: '口味', names: ['不要糖'] })
    .then(async () => (await inWecom(corp))[0]!)
  await hear(corp, 'create', { Id: id, TagType: 'tag_group' })
  await hear(corp, 'create', { Id: tag[0]!.id, TagType: 'tag' })
  expect(await names(db, corp.corpId)).toEqual([['口味', ['不要糖']]])

  await corp.world.act({ type: 'tag_edit', id: tag[0]!.id, name: '无糖' })
  await hear(corp, 'update', { Id: tag[0]!.id, TagType: 'tag' })
  const tagId = (await library(db, corp.corpId))[0]!.tags[0]!.tagId
  expect(await names(db, corp.corpId)).toEqual([['口味', ['无糖']]])
  const contactId = await aContact(db, corp.corpId, { staffId: corp.amyId })
  await inCorp(db.api, corp.corpId, (tx) =>
    tx
      .insertInto('followTag')
      .values({
        corpId: corp.corpId,
        contactId,
        staffId: corp.amyId,
        tagId,
        source: 'wecom',
        addedAt: at,
        pushedAt: at,
      })
      .execute(),
  )

  await corp.world.act({ type: 'tags_delete', ids: [id] })
  await hear(corp, 'delete', { Id: id, TagType: 'tag_group' })
  expect(await names(db, corp.corpId)).toEqual([])
  await corp.work(jobs)
  expect(
    await inCorp(db.api, corp.corpId, (tx) =>
      tx.selectFrom('followTag').selectAll().where('corpId', '=', corp.corpId).execute(),
    ),
  ).toEqual([])
})

test('the deletion of a group’s last tag takes the group along, also when only the tag’s event is heard', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await corp.world.act({ type: 'tags_create', groupName: '口味', names: ['不要糖'] })
  await syncTagLibrary(corp.context, corp.corpId)
  const id = (await inWecom(corp))[0]!.tag[0]!.id
  await corp.world.act({ type: 'tags_delete', ids: [id] })
  await hear(corp, 'delete', { Id: id, TagType: 'tag' })
  expect(await library(db, corp.corpId)).toEqual([])
})

test('a group made here appears in WeCom with its tags in order, and counts as there only then', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const made = await make(db, corp.corpId, '门店', ['静安寺', '五角场'])
  expect(made.tags.map((t) => [t.name, t.inWecom])).toEqual([
    ['静安寺', false],
    ['五角场', false],
  ])
  await corp.work(jobs)
  expect(await namesInWecom(corp)).toEqual([['门店', ['静安寺', '五角场']]])
  expect((await library(db, corp.corpId)).flatMap((g) => [g.inWecom, ...g.tags.map((t) => t.inWecom)])).toEqual([
    true,
    true,
    true,
  ])
})

test('a push that died after WeCom had made the tags finds them again and makes no second ones', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { tagGroupId } = await make(db, corp.corpId, '门店', ['静安寺', '五角场'])
  await pushTagGroup(corp.context, corp.corpId, tagGroupId)
  const before = await inWecom(corp)
  // As after a death between WeCom’s answer and our commit: nothing of it is known here.
  await inCorp(db.api, corp.corpId, async (tx) => {
    await tx.updateTable('tagGroup').set({ wecomGroupId: null }).where('corpId', '=', corp.corpId).execute()
    await tx.updateTable('tag').set({ wecomTagId: null }).where('corpId', '=', corp.corpId).execute()
  })
  await pushTagGroup(corp.context, corp.corpId, tagGroupId)
  expect(await inWecom(corp)).toEqual(before)
  const ids = await inCorp(db.api, corp.corpId, (tx) =>
    tx.selectFrom('tag').select('wecomTagId').where('corpId', '=', corp.corpId).orderBy('tagId').execute(),
  )
  expect(ids.map((t) => t.wecomTagId)).toEqual(before[0]!.tag.map((t) => t.id))
})

test('an answer that never came leads to no second tag either', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { tagGroupId } = await make(db, corp.corpId, '门店', ['静安寺'])
  await corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'timeout-after', ms: 200, match: 'externalcontact/add_corp_tag', count: 1 }],
  })
  await expect(pushTagGroup(corp.context, corp.corpId, tagGroupId)).rejects.toMatchObject({ outcome: 'unknown' })
  await pushTagGroup(corp.context, corp.corpId, tagGroupId)
  expect(await namesInWecom(corp)).toEqual([['门店', ['静安寺']]])
})

test('renames, deletions and additions of a group reach WeCom together; a new tag may take the name of a deleted one', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const {
    tagGroupId,
    tags: [a, b],
  } = await make(db, corpId, '门店', ['静安寺', '五角场'])
  await corp.work(jobs)
  await inCorp(db.api, corpId, async (tx) => {
    await editTagGroup(tx, corpId, tagGroupId, { name: '来店' }, at)
    await deleteTag(tx, corpId, b!.tagId, at)
    await createTag(tx, corpId, { tagGroupId, name: '五角场' }, at)
    await renameTag(tx, corpId, a!.tagId, '静安寺店', at)
  })
  await corp.work(jobs)
  expect(await namesInWecom(corp)).toEqual([['来店', ['静安寺店', '五角场']]])
  expect((await inWecom(corp))[0]!.tag).toHaveLength(2)
  await inCorp(db.api, corpId, (tx) => deleteTagGroup(tx, corpId, tagGroupId, at))
  await corp.work(jobs)
  expect(await inWecom(corp)).toEqual([])
  expect(await library(db, corpId)).toEqual([])
})

test('WeCom refuses changes to tags others made: it is shown as a failure and the library goes back to WeCom’s truth', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  await corp.world.act({ type: 'tags_create', groupName: '口味', names: ['不要糖', '少冰'] })
  await syncTagLibrary(corp.context, corpId)
  const [taste] = await library(db, corpId)
  await inCorp(db.api, corpId, async (tx) => {
    await renameTag(tx, corpId, taste!.tags[0]!.tagId, '无糖', at)
    await deleteTag(tx, corpId, taste!.tags[1]!.tagId, at)
  })
  expect(await names(db, corpId)).toEqual([['口味', ['无糖']]])
  await corp.work(jobs)
  expect(await names(db, corpId)).toEqual([['口味', ['不要糖', '少冰']]])
  const failures = await inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('laneFailure')
      .select(['lane', 'cause', 'subject'])
      .where('corpId', '=', corpId)
      .where('lane', '=', 'tags')
      .orderBy('subject')
      .execute(),
  )
  expect(failures).toEqual([
    { lane: 'tags', cause: 'tags.not_ours', subject: '少冰' },
    { lane: 'tags', cause: 'tags.not_ours', subject: '无糖' },
  ])
})

test('a new order of groups and of tags reaches WeCom', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const [shop, taste] = [
    await make(db, corpId, '门店', ['静安寺', '五角场', '徐家汇']),
    await make(db, corpId, '口味', ['少冰']),
  ]
  await corp.work(jobs)
  await inCorp(db.api, corpId, async (tx) => {
    await orderTagGroups(tx, corpId, [taste.tagGroupId, shop.tagGroupId], at)
    const [a, b, c] = shop.tags.map((tag) => tag.tagId)
    await editTagGroup(tx, corpId, shop.tagGroupId, { tagIds: [c!, a!, b!] }, at)
  })
  await corp.work(jobs)
  const ordered = [
    ['口味', ['少冰']],
    ['门店', ['徐家汇', '静安寺', '五角场']],
  ]
  expect(await namesInWecom(corp)).toEqual(ordered)
  await syncTagLibrary(corp.context, corpId)
  expect(await names(db, corpId)).toEqual(ordered)
})

test('an edit that has not reached WeCom yet survives a reading of the library in between', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const {
    tags: [tag],
  } = await make(db, corpId, '门店', ['静安寺', '五角场'])
  await corp.work(jobs)
  await inCorp(db.api, corpId, (tx) => renameTag(tx, corpId, tag!.tagId, '静安寺店', at))
  await syncTagLibrary(corp.context, corpId)
  expect(await names(db, corpId)).toEqual([['门店', ['静安寺店', '五角场']]])
  await corp.work(jobs)
  expect(await namesInWecom(corp)).toEqual([['门店', ['静安寺店', '五角场']]])
})

test('a taken name is refused with 409, in this group and this corp only; another corp’s library is not found', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const { tagGroupId } = await make(db, ours, '门店', ['静安寺'])
  await expect(make(db, ours, '门店', ['五角场'])).rejects.toMatchObject({ code: 'tags.group_name_taken', status: 409 })
  await expect(make(db, ours, '口味', ['少冰', '少冰'])).rejects.toMatchObject({
    code: 'tags.names_repeat',
    status: 409,
  })
  await make(db, theirs, '门店', ['静安寺'])
  await make(db, ours, '区域', ['静安寺'])
  const add = (corpId: string, name: string) =>
    inCorp(db.api, corpId, (tx) => createTag(tx, corpId, { tagGroupId, name }, at))
  await expect(add(ours, '静安寺')).rejects.toMatchObject({ code: 'tags.name_taken', status: 409 })
  await expect(add(theirs, '五角场')).rejects.toMatchObject({ status: 404 })
  const theirTag = await aTag(db, theirs)
  await expect(inCorp(db.api, ours, (tx) => renameTag(tx, ours, theirTag, '改名', at))).rejects.toMatchObject({
    status: 404,
  })
  await expect(inCorp(db.api, ours, (tx) => deleteTag(tx, ours, theirTag, at))).rejects.toMatchObject({ status: 404 })
})

test('an order that does not name every tag of the group is refused; the customers of a tag are counted once each', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const {
    tagGroupId,
    tags: [a, b],
  } = await make(db, corpId, '门店', ['静安寺', '五角场'])
  const order = (tagIds: string[]) =>
    inCorp(db.api, corpId, (tx) => editTagGroup(tx, corpId, tagGroupId, { tagIds }, at))
  await expect(order([a!.tagId])).rejects.toMatchObject({ code: 'tags.order_outdated' })
  await order([b!.tagId, a!.tagId])
  expect(await names(db, corpId)).toEqual([['门店', ['五角场', '静安寺']]])

  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: amy })
  await inCorp(db.api, corpId, async (tx) => {
    await tx.insertInto('follow').values({ corpId, contactId, staffId: bob, addedAt: at, updatedAt: at }).execute()
    for (const staffId of [amy, bob])
      await tx
        .insertInto('followTag')
        .values({ corpId, contactId, staffId, tagId: a!.tagId, source: 'staff', addedAt: at })
        .execute()
  })
  expect((await library(db, corpId))[0]!.tags.map((t) => [t.name, t.contacts])).toEqual([
    ['五角场', 0],
    ['静安寺', 1],
  ])
})
