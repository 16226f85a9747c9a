import { expect, test } from 'vitest'
import { aContactWorld } from '../../../test/contact-world.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { countTimeline, readTimeline } from '../events/journal.ts'
import { memberAccess } from '../staff/access.ts'
import { ROLES, type ScopeKind } from '../staff/schema.ts'
import { findMember } from '../staff/view-as.ts'
import { whoSees } from '../staff/who-sees.ts'
import { tellMentionsJob } from './mentions.ts'
import { addNote, editNote, readNow } from './notes.ts'
import { keepVisible } from './pick-contacts.ts'

const once = { number: 1, last: false, signal: new AbortController().signal }

async function departments(db: TestDb, corpId: string) {
  const rows = [
    ['1', '总部', null],
    ['2', '华东', '1'],
    ['3', '华南', '1'],
    ['4', '静安店', '2'],
  ] as const
  await db.owner
    .insertInto('department')
    .values(rows.map(([departmentId, name, parentId]) => ({ corpId, departmentId, name, parentId })))
    .execute()
}

let accounts = 0
async function grant(
  db: TestDb,
  corpId: string,
  staffId: string,
  given: { role: string; roleId?: string | null; scopeKind?: ScopeKind | null; scopeDepartments?: string[] },
) {
  const { accountId } = await db.owner
    .insertInto('account')
    .values({ name: `账号${++accounts}`, createdAt: new Date() })
    .returning('accountId')
    .executeTakeFirstOrThrow()
  await db.owner
    .insertInto('accountCorp')
    .values({ accountId, corpId, staffId, roleId: null, scopeKind: null, scopeDepartments: [], ...given })
    .execute()
}

/** amy follows 林晚, and so does Bob; cat is a stranger to her; all with phones in a simulated WeCom. */
async function aHouse(db: TestDb) {
  const there = await aContactWorld(db)
  const { corpId, world, context } = there
  const [amy, bob, cat] = (await Promise.all([
    aStaff(db, corpId, { userid: 'amy', name: '王明' }),
    aStaff(db, corpId, { userid: 'Bob', name: '鲍勃' }),
    aStaff(db, corpId, { userid: 'cat', name: '王明明' }),
  ])) as [string, string, string]
  const contactId = await aContact(db, corpId, { name: '林晚', staffId: amy })
  await db.owner
    .insertInto('follow')
    .values({ corpId, contactId, staffId: bob, remark: '林女士', addedAt: new Date(), updatedAt: new Date() })
    .execute()
  const author = { accountId: '7', name: '王明', staffId: amy, scope: [amy] }
  const within = <T>(work: (tx: Parameters<typeof addNote>[0]) => Promise<T>) => inCorp(db.api, corpId, work)
  return {
    there,
    ...there,
    ids: { amy, bob, cat },
    contactId,
    within,
    write: (text: string, mentions: string[]) =>
      within((tx) => addNote(tx, corpId, contactId, { text, mentions }, author, new Date())),
    mend: (noteId: string, text: string, mentions: string[]) =>
      within((tx) => editNote(tx, corpId, { contactId, noteId }, { text, mentions }, author, new Date())),
    tell: () => tellMentionsJob.run(context, { corpId }, once),
    async phones() {
      const { effects } = await world.control<{
        effects: { kind: string; userid: string; content: { text: { content: string } } }[]
      }>('GET', `/corps/${world.corp.corpid}/effects`)
      return effects
        .filter((effect) => effect.kind === 'app_message')
        .map((effect) => ({ userid: effect.userid, text: effect.content.text.content }))
    },
  }
}

test('a colleague named in a note gets one message at his phone in WeCom, and none for the same note mended', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  const { bob, amy } = house.ids
  const { noteId } = await house.write('喜欢白茶，@鲍勃 周末记得问', [bob, amy]) // amy picked herself, and took it out again
  await house.mend(noteId, '喜欢白茶和<红茶>\n，@鲍勃 周末记得问', [bob])
  await house.tell()
  expect(await house.phones()).toEqual([
    {
      userid: 'Bob',
      text: expect.stringMatching(
        new RegExp(
          `^王明在「林女士」的跟进记录里提到了你：喜欢白茶和 红茶 ，@鲍勃 周末记得问\\n打开看看：.+/contacts/${house.contactId}$`,
        ),
      ),
    },
  ])
  await house.mend(noteId, '还是@鲍勃', [bob])
  await house.mend(noteId, '谁也不提了', [])
  await house.mend(noteId, '又想起@鲍勃', [bob])
  await house.tell()
  expect(await house.phones()).toHaveLength(1)
  const [item] = await house.within((tx) =>
    readNow(
      tx,
      house.corpId,
      [{ kind: 'note.added', contactId: house.contactId, props: { noteId } } as never],
      '7',
      new Date(),
    ),
  )
  expect(item!.props.mentions).toEqual([{ staffId: bob, name: '鲍勃' }])
})

test('whoever is named reads the note, and nothing else his colleague noted', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  const { bob, cat } = house.ids
  const named = await house.write('请@鲍勃 看看', [bob])
  await house.write('自己记的', [])
  const read = (scope: string[] | undefined) =>
    house.within(async (tx) => {
      const query = { contactIds: [house.contactId], scope }
      const { items } = await readTimeline(tx, house.corpId, {
        ...query,
        limit: 9,
        kinds: ['note.added', 'note.edited'],
      })
      expect(await countTimeline(tx, house.corpId, { ...query, most: 9 })).toBe(items.length)
      return items.map(({ props }) => props.text)
    })
  expect(await read([bob])).toEqual(['请@鲍勃 看看'])
  await house.mend(named.noteId, '请@鲍勃 快看', [bob])
  expect(await read([bob])).toHaveLength(2)
  expect(await read([cat])).toEqual([])
  expect(await read(undefined)).toHaveLength(3)
})

test('taken out before he was told, he is told nothing; a second note is news of its own', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  const { bob } = house.ids
  const { noteId } = await house.write('@鲍勃 看看', [bob])
  await house.mend(noteId, '不用看了', [])
  await house.tell()
  expect(await house.phones()).toEqual([])
  await house.write('@鲍勃 一', [bob])
  await house.write('@鲍勃 二', [bob])
  await house.tell()
  const [letter, ...more] = await house.phones()
  expect(more).toEqual([])
  expect(letter!.text.split('\n').slice(0, 2)).toEqual([
    '王明在「林女士」的跟进记录里提到了你：@鲍勃 一',
    '王明在「林女士」的跟进记录里提到了你：@鲍勃 二',
  ])
})

test('whoever may not see the customer is refused by name, and nothing is written', async () => {
  await using db = await freshDb()
  const house = await aHouse(db)
  await using _ = house.there
  const { bob, cat } = house.ids
  await expect(house.write('@王明明 @鲍勃', [cat, bob])).rejects.toThrow('王明明看不到这位客户')
  expect(await db.owner.selectFrom('contactNote').select('noteId').execute()).toEqual([])
  // Picked and taken out again: nobody is named.
  expect((await house.write('没有提谁', [cat])).mentioned).toEqual([])
  const other = await aCorp(db)
  const theirs = await aStaff(db, other, { name: '外人' })
  expect((await house.write('@外人', [theirs])).mentioned).toEqual([])
  await house.tell()
  expect(await house.phones()).toEqual([])
})

test('who is offered is who may open the customer himself: every role, scope and place in the departments, tried both ways', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await departments(db, corpId)
  const { roleId } = await db.owner
    .insertInto('role')
    .values({ corpId, name: '片区', permissions: ['contacts.read'], scopeKind: 'departments', createdAt: new Date() })
    .returning('roleId')
    .executeTakeFirstOrThrow()
  const { roleId: blindRole } = await db.owner
    .insertInto('role')
    .values({ corpId, name: '标签员', permissions: ['tags.read'], scopeKind: 'all', createdAt: new Date() })
    .returning('roleId')
    .executeTakeFirstOrThrow()
  const places = ['1', '2', '3', '4']
  const grants = [
    ...ROLES.filter((role) => role !== 'owner').map((role) => ({ role })),
    { role: 'custom', roleId },
    { role: 'custom', roleId: blindRole },
    { role: 'staff', scopeKind: 'departments' as const },
    { role: 'staff', scopeKind: 'tree' as const, scopeDepartments: ['2'] },
    undefined,
  ]
  const members: string[] = []
  for (const [i, given] of [...grants, ...grants].entries()) {
    const departmentId = places[i % places.length]!
    const staffId = await aStaff(db, corpId, { name: `成员${i}`, departmentId })
    await db.owner
      .insertInto('staffDepartment')
      .values({ corpId, staffId, departmentId })
      .onConflict((c) => c.doNothing())
      .execute()
    if (given) await grant(db, corpId, staffId, given)
    members.push(staffId)
  }
  let [seen, hidden] = [0, 0]
  for (const follower of members.filter((_, i) => i % 3 === 0)) {
    const contactId = await aContact(db, corpId, { staffId: follower })
    const offered = await inCorp(db.api, corpId, (tx) => whoSees(tx, corpId, contactId, { limit: 100 }))
    const ids = new Set(offered.map(({ staffId }) => staffId))
    for (const staffId of members) {
      const member = (await inCorp(db.api, corpId, (tx) => findMember(tx, corpId, staffId)))!
      const { scope, permissions } = await memberAccess(db.api, corpId, member)
      const opens =
        permissions.includes('contacts.read') &&
        (await inCorp(db.api, corpId, (tx) => keepVisible(tx, corpId, [contactId], scope))).length > 0
      expect(ids.has(staffId), `${staffId} of ${contactId}`).toBe(opens)
      if (opens) seen++
      else hidden++
    }
  }
  console.info(`${seen + hidden} pairs: ${seen} see the customer, ${hidden} do not`)
  expect(Math.min(seen, hidden)).toBeGreaterThan(15)
})
