import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { appendEvents } from '../../events/journal.ts'
import { searchLibrary } from '../search-library.ts'
import { recordSent } from '../sent.ts'
import { readSlotValues, renderText, shortName } from '../variables.ts'
import { createGroup, editGroup, type Library, listGroups, orderGroups, removeGroup } from './groups.ts'
import { listScripts } from './list-scripts.ts'
import { meantBy } from './rank.ts'
import { NewScript, ScriptQuery } from './schema.ts'
import { suggestScripts } from './suggest.ts'
import { createScript, orderScripts, removeScript, saveScript } from './write.ts'

const ME = { name: '周岚' }

async function aShelf(db: TestDb) {
  const corpId = await aCorp(db, { name: '见山茶事（成都）有限公司' })
  const run = <T>(work: Parameters<typeof inCorp<T>>[2]) => inCorp(db.api, corpId, work)
  await run((tx) =>
    tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '静安寺店', parentId: '1' },
      ])
      .execute(),
  )
  const staffId = await aStaff(db, corpId, { name: '陈屿' })
  await run((tx) => tx.insertInto('staffDepartment').values({ corpId, staffId, departmentId: '2' }).execute())
  const viewer = { staffId, departments: ['2', '1'], writes: false }
  const group = (library: Library, name: string, scopeDepartments: string[] | null = null) =>
    run((tx) => createGroup(tx, corpId, library, { name, scopeDepartments }, at))
  const say = (library: Library, scriptGroupId: string, title: string, says: string, more: object = {}) =>
    run((tx) =>
      createScript(
        tx,
        corpId,
        library,
        NewScript.parse({ scriptGroupId, title, parts: [{ type: 'text', text: says }], ...more }),
        ME,
        viewer,
        at,
      ),
    )
  return { corpId, run, staffId, viewer, group, say }
}

/** A flow with one stage, and a customer standing in it. */
async function standing(db: TestDb, corpId: string, contactId: string, name: string): Promise<string> {
  return inCorp(db.api, corpId, async (tx) => {
    const { flowId } = await tx
      .insertInto('stageFlow')
      .values({ corpId, name: '成交', sortOrder: 1, createdAt: at })
      .returning('flowId')
      .executeTakeFirstOrThrow()
    const gate = JSON.stringify({ fieldIds: [], tagIds: [], note: false })
    const { stageId } = await tx
      .insertInto('stage')
      .values({ corpId, flowId, name, color: 'grey', kind: 'open', sortOrder: 1, gate })
      .returning('stageId')
      .executeTakeFirstOrThrow()
    await tx.insertInto('stageStay').values({ corpId, contactId, flowId, stageId, since: at, way: 'hand' }).execute()
    return stageId
  })
}

test('a member sees the corp’s scripts for his departments and his own, never a colleague’s or another department’s', async () => {
  await using db = await freshDb()
  const { corpId, run, staffId, viewer, group, say } = await aShelf(db)
  const colleague = await aStaff(db, corpId)
  const here = await group('corp', '静安寺', ['2'])
  const there = await run((tx) =>
    tx.insertInto('department').values({ corpId, departmentId: '3', name: '徐汇', parentId: '1' }).execute(),
  ).then(() => group('corp', '徐汇', ['3']))
  const mine = await group({ staffId }, '我的')
  const theirs = await group({ staffId: colleague }, '我的') // the same name in another library
  await say('corp', here, '礼盒 本店', '礼盒到了')
  await say('corp', there, '礼盒 他店', '礼盒到了')
  await say({ staffId }, mine, '礼盒 自己', '礼盒到了')
  await say({ staffId: colleague }, theirs, '礼盒 同事', '礼盒到了')
  const actor = { staffId, permissions: ['content.read', 'content.own'] }
  const found = await run((tx) => searchLibrary(tx, corpId, actor, { q: '礼盒', limit: 20 }, at))
  expect(found.map(({ title, own }) => `${title} ${own}`).sort()).toEqual(['礼盒 本店 false', '礼盒 自己 true'])
  const list = async (library: Library) =>
    (await run((tx) => listScripts(tx, corpId, library, ScriptQuery.parse({}), viewer, at))).items.map(
      ({ title }) => title,
    )
  expect([await list('corp'), await list({ staffId })]).toEqual([['礼盒 本店'], ['礼盒 自己']])
  expect(
    (await run((tx) => listGroups(tx, corpId, 'corp', viewer))).map(({ name, scripts }) => `${name} ${scripts}`),
  ).toEqual(['静安寺 1'])
  // A colleague's group and script are as missing, whatever is done to them.
  await expect(say({ staffId }, theirs, '塞', '塞')).rejects.toMatchObject({ code: 'platform.not_found' })
  await expect(run((tx) => editGroup(tx, corpId, { staffId }, theirs, { name: '改' }))).rejects.toMatchObject({
    status: 404,
  })
  await expect(run((tx) => removeGroup(tx, corpId, { staffId }, here))).rejects.toMatchObject({ status: 404 })
})

test('order is as people gave it, of a group in full or not at all; a group goes only when it is empty; a name is one’s own library’s once', async () => {
  await using db = await freshDb()
  const { corpId, run, viewer, group, say } = await aShelf(db)
  const [one, two] = [await group('corp', '一'), await group('corp', '二')]
  await expect(group('corp', '一')).rejects.toMatchObject({ code: 'content.group_taken' })
  const ids = [
    await say('corp', one, '甲', '甲'),
    await say('corp', one, '乙', '乙'),
    await say('corp', one, '丙', '丙'),
  ]
  const order = (given: string[]) => run((tx) => orderScripts(tx, corpId, 'corp', one, given))
  await order([ids[2]!, ids[0]!, ids[1]!])
  await expect(order([ids[0]!, ids[1]!])).rejects.toMatchObject({ code: 'content.other_order' })
  await run((tx) => orderGroups(tx, corpId, 'corp', [two, one]))
  await say('corp', two, '丁', '丁')
  const titles: string[] = []
  let cursor: string | undefined
  do {
    const page = await run((tx) => listScripts(tx, corpId, 'corp', ScriptQuery.parse({ limit: 2, cursor }), viewer, at))
    titles.push(...page.items.map(({ title }) => title))
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(titles).toEqual(['丁', '丙', '甲', '乙'])
  await expect(run((tx) => removeGroup(tx, corpId, 'corp', one))).rejects.toMatchObject({ code: 'content.group_full' })
  for (const id of ids) await run((tx) => removeScript(tx, corpId, 'corp', id, at))
  await run((tx) => removeGroup(tx, corpId, 'corp', one))
  const moved = NewScript.parse({ scriptGroupId: two, title: '丁', parts: [{ type: 'text', text: '{客户姓名}' }] })
  const [last] = (await run((tx) => listScripts(tx, corpId, 'corp', ScriptQuery.parse({}), viewer, at))).items
  await expect(run((tx) => saveScript(tx, corpId, 'corp', last!.scriptId, moved, viewer, at))).rejects.toMatchObject({
    code: 'content.unknown_variable',
  })
})

test('suggestions say why: what he said before where he stands, before habit; rare words before common ones; what does not fit is not there', async () => {
  await using db = await freshDb()
  const { corpId, run, staffId, group, say } = await aShelf(db)
  const contactId = await aContact(db, corpId, { staffId })
  const stageId = await standing(db, corpId, contactId, '意向')
  const groupId = await group('corp', '日常')
  const actor = { staffId, permissions: ['content.read'] }
  await say('corp', groupId, '礼盒价格', '岩茶礼盒 298 元，含提袋', { keywords: ['多少钱', '礼盒'] })
  await say('corp', groupId, '怎么冲泡', '水温 95 度，岩茶快进快出', { keywords: ['泡茶', '冲泡'] })
  await say('corp', groupId, '邀约到店', '周末来坐坐', { stageIds: [stageId] })
  await say('corp', groupId, '早上好', '早上好', { isQuick: true })
  const often = await say('corp', groupId, '门店地址', '静安寺店在三楼')
  await say('corp', groupId, '谁也不说', '从没用过的')
  await run((tx) =>
    recordSent(
      tx,
      corpId,
      {
        staffId,
        to: { chatId: 'wr1' },
        piece: { scriptId: often },
        version: 1,
        at: new Date(at.getTime() - 40 * 86_400_000),
        key: 'k',
      },
      at,
    ),
  )
  const suggest = async (said?: string) => {
    const { items, said: by } = await run((tx) => suggestScripts(tx, corpId, actor, contactId, { said, limit: 10 }, at))
    return {
      by,
      items: items.map(
        ({ title, reasons }) =>
          `${title}: ${reasons.map(({ code, words, stage }) => [code, ...words, ...(stage ? [stage] : [])].join(' ')).join(', ')}`,
      ),
    }
  }
  const asked = await suggest('你们岩茶礼盒多少钱一盒呀')
  expect(asked.items[0]).toMatch(/^礼盒价格: said 多少钱 礼盒/)
  expect(asked.items[1]).toBe('邀约到店: stage 意向')
  expect(asked.items[2]).toMatch(/^怎么冲泡: said 岩茶/)
  expect(asked.items.some((line) => line.startsWith('谁也不说'))).toBe(false)
  // Nothing known of what he said: by where he stands, then what is at hand and what is said often.
  expect(await suggest()).toEqual({ by: null, items: ['邀约到店: stage 意向', '早上好: quick', '门店地址: often'] })
  // His last words count where somebody we believe told us; a page's word does not.
  const told = (words: string, trusted: boolean, minutes: number) =>
    run((tx) =>
      appendEvents(
        tx,
        corpId,
        [
          {
            contactId,
            at: new Date(at.getTime() - minutes * 60_000),
            kind: 'message.sent',
            source: 'api',
            trusted,
            props: { words },
            key: words,
          },
        ],
        at,
      ),
    )
  await told('想学泡茶', true, 10)
  await told('礼盒多少钱', false, 5)
  const heard = await suggest()
  expect([heard.by, heard.items[0]]).toEqual(['想学泡茶', '怎么冲泡: said 泡茶'])
})

test('words that mean something are heard, those that do not are not', () => {
  expect(meantBy('请问你们的岩茶礼盒多少钱呀？谢谢')).toEqual(expect.arrayContaining(['岩茶', '礼盒']))
  expect(meantBy('你好，请问在吗')).toEqual([])
  expect(meantBy('禮盒')).toEqual(['礼盒'])
})

test('slots are filled in one pass, with the way the customer likes to be called where the corp keeps it; a chat of many is called nobody’s name', async () => {
  await using db = await freshDb()
  const { corpId, run, staffId } = await aShelf(db)
  const contactId = await aContact(db, corpId, { staffId, name: '{企业名称}' })
  const fill = async (to: { contactId?: string }) =>
    renderText(
      '{客户称呼}您好，{企业简称}{部门}的{成员姓名}，{客户昵称}{别的}',
      await run((tx) => readSlotValues(tx, corpId, { staffId, ...to })),
    )
  expect(await fill({ contactId })).toBe('{企业名称}您好，见山茶事静安寺店的陈屿，{企业名称}{别的}')
  expect(await fill({})).toBe('大家您好，见山茶事静安寺店的陈屿，大家{别的}')
  await run(async (tx) => {
    const { contactFieldId } = await tx
      .insertInto('contactField')
      .values({ corpId, name: '称呼', kind: 'text', sortOrder: 1, createdAt: at })
      .returning('contactFieldId')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('contactFieldValue')
      .values({ corpId, contactId, contactFieldId, value: JSON.stringify('棠姐'), updatedAt: at })
      .execute()
  })
  expect(await fill({ contactId })).toContain('棠姐您好')
  expect([shortName('某某集团股份有限公司'), shortName('有限公司'), shortName('见山')]).toEqual([
    '某某',
    '有限公司',
    '见山',
  ])
})
