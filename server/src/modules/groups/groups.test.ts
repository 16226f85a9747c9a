import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Json } from '../../../../simulator/test/world.ts'
import { aContactWorld, type ContactWorld, callbacksOf, contactHooks } from '../../../test/contact-world.ts'
import { seeded, shuffled } from '../../../test/random.ts'
import { aContact, aCorp, aGroup, aStaff, at, freshDb, type TestDb } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { runSync } from '../contacts/sync.ts'
import { startSync } from '../contacts/sync-runs.ts'
import type { ReceivedCallback } from '../events/callback.ts'
import { applyGroups, type GroupTold } from './apply-groups.ts'
import { callbackHandlers } from './callbacks.ts'
import { readGroup } from './read-again.ts'
import { syncGroups } from './sync.ts'

const ROUNDS = 90
const SEED = 2026
const HOUR = 3_600_000
const attempt = { number: 1, last: false, signal: new AbortController().signal }

interface Sitting {
  chatId: string
  name: string
  owner: string
  notice: string
  members: string[]
}

/** What WeCom holds, by the simulator's own word. */
async function readTruth({ world }: ContactWorld): Promise<Sitting[]> {
  const text = await (await fetch(`${world.sim.url}/control/corps/${world.corp.corpid}/truth`)).text()
  const groups = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Json)
    .filter((line) => line.kind === 'group')
  return groups
    .map((g) => ({
      chatId: g.chatId as string,
      name: g.name as string,
      owner: g.owner as string,
      notice: g.notice as string,
      members: (g.members as Json[])
        .map((m) => {
          const id = m.type === 1 ? (m.id as string).toLowerCase() : (m.id as string)
          return `${id} ${m.joinTime} ${m.joinScene} ${m.name} by ${m.invitor ?? ''} with ${m.state ?? ''}`
        })
        .sort(),
    }))
    .sort((a, b) => (a.chatId < b.chatId ? -1 : 1))
}

/** What stands in our tables. */
async function readStanding(db: TestDb): Promise<Sitting[]> {
  const { rows } = await sql<Sitting>`
    select g.chat_id, g.name, s.userid as owner, g.notice, array(
      select m.userid || ' ' || extract(epoch from m.joined_at)::bigint || ' ' || m.scene || ' ' || m.name || ' by ' || coalesce(v.userid, '') || ' with ' || coalesce(m.state, '')
      from group_member m left join staff v on v.staff_id = m.invitor_id where m.group_chat_id = g.group_chat_id and m.left_at is null) as members
    from group_chat g join staff s on s.staff_id = g.owner_id where g.gone_at is null order by g.chat_id collate "C"`.execute(
    db.owner,
  )
  return rows.map((row) => ({ ...row, members: row.members.toSorted() }))
}

/** Everything that must hold between stays, counts and the journal, whatever was heard in whatever order. */
async function readFaults(db: TestDb): Promise<unknown[]> {
  const { rows } = await sql`
    select 'counts' as fault, g.name as what from group_chat g where array[g.members, g.outsiders] is distinct from (
      select array[count(*)::int, (count(*) filter (where staff_id is null))::int] from group_member m where m.group_chat_id = g.group_chat_id and m.left_at is null)
    union all select 'an open stay of a customer that his journal does not know', m.userid from group_member m join contact_identity i on i.kind = 'external_userid' and i.value = m.userid
      where m.left_at is null and m.staff_id is null and not exists (select from event e where e.contact_id = i.contact_id and e.kind = 'group.joined' and e.props->>'groupChatId' = m.group_chat_id::text and e.at between m.joined_at - interval '60 seconds' and m.joined_at + interval '60 seconds')
    union all select 'a stay that was told and whose end was not', m.userid from group_member m join contact_identity i on i.kind = 'external_userid' and i.value = m.userid
      where m.left_at is not null and m.told and not exists (select from event e where e.contact_id = i.contact_id and e.kind = 'group.left' and e.props->>'groupChatId' = m.group_chat_id::text)
    union all select 'told twice', kind || ' ' || props::text from event where kind like 'group.%' group by contact_id, kind, at, props having count(*) > 1
    union all select 'a stay that ends before it begins', userid from group_member where left_at < joined_at
    union all select 'two stays at once', a.userid from group_member a join group_member b on a.group_chat_id = b.group_chat_id and a.userid = b.userid and a.stay_id < b.stay_id
      where tstzrange(a.joined_at, coalesce(a.left_at, 'infinity')) && tstzrange(b.joined_at, coalesce(b.left_at, 'infinity'))`.execute(
    db.owner,
  )
  return rows
}

/** As the dispatcher: what holds is read first, then written in one transaction. */
async function handle({ context, corpId }: ContactWorld, callback: ReceivedCallback) {
  const apply = await callbackHandlers[callback.kind]!(context, corpId, callback)
  await inCorp(context.db, corpId, apply)
}

/** A second later than anything before. */
const sync = ({ context, corpId }: ContactWorld) => {
  const clock = context.clock as ReturnType<typeof standingClock>
  clock.move(1_000)
  return syncGroups.run(context, { corpId, since: clock.now().toISOString() }, attempt)
}

async function syncContacts({ context, corpId }: ContactWorld) {
  const syncRunId = await startSync(context.db, corpId, 'full', context.clock.now())
  await runSync(context, { corpId, syncRunId }, contactHooks, attempt.signal)
}

/** What was left to be read a little later is read. Returns how many groups that were. */
async function readLater(db: TestDb, { context, corpId }: ContactWorld): Promise<number> {
  const { rows } = await sql<{ chatId: string }>`
    delete from graphile_worker._private_jobs j using graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = 'groups.read' returning j.payload->>'chatId' as chat_id`.execute(
    db.owner,
  )
  const chatIds = [...new Set(rows.map((row) => row.chatId))]
  for (const chatId of chatIds) await readGroup.run(context, { corpId, chatId }, attempt)
  return chatIds.length
}

/** Two groups of the corp, customers and a stranger, and a busy hour; `told` is what WeCom called back about it. */
async function aBusyHour(db: TestDb) {
  const clock = standingClock(new Date(Date.now() + 24 * HOUR))
  const there = await aContactWorld(db, { clock })
  const heard = await callbacksOf(there, 'change_external_chat')
  const { world, corpId, context } = there
  const person = async (name: string) =>
    (await world.act<{ externalUserid: string }>({ type: 'new_customer', name })).externalUserid
  const act = async (type: string, more: Json) => {
    await world.control('POST', '/clock', { jumpSeconds: 90 })
    return world.act<{ chatId: string }>({ type, ...more })
  }
  const [lin, chen, wu, zhou] = [await person('林晚'), await person('陈屿'), await person('吴桐'), await person('周岚')]
  for (const [userid, externalUserid] of [
    ['amy', lin],
    ['Bob', chen],
    ['amy', wu],
  ] as const)
    await act('add', { userid, externalUserid })
  const tea = await act('group_create', { name: '茶友群', owner: 'amy', memberIds: ['Bob', lin, chen] })
  const old = await act('group_create', { name: '旧群', owner: 'Bob', memberIds: [lin, wu] })
  await syncContacts(there)
  await sync(there)
  const wecom = await context.wecom(corpId)
  const base = await Promise.all(
    [tea, old].map(
      async ({ chatId }): Promise<GroupTold> => ({ chat: await wecom.groupChat.get(chatId), askedAt: new Date(0) }),
    ),
  )
  const seen = (await heard.all(2)).length

  const [teaId, oldId] = [tea.chatId, old.chatId]
  await act('group_join', { chatId: teaId, id: wu, state: 'g1' })
  await act('group_leave', { chatId: teaId, id: lin })
  await act('group_join', { chatId: teaId, id: zhou, scene: 1, invitor: 'amy' }) // a stranger
  await act('group_leave', { chatId: teaId, id: chen, removed: true })
  await act('group_join', { chatId: teaId, id: lin, scene: 2 }) // comes back
  await act('group_edit', { chatId: teaId, name: '茶友一群', notice: '周六品茶' })
  await act('group_leave', { chatId: teaId, id: wu }) // came and went
  await act('group_edit', { chatId: teaId, owner: 'Bob' })
  await act('group_join', { chatId: teaId, id: 'cat', scene: 1, invitor: 'Bob' }) // a colleague
  await act('group_leave', { chatId: oldId, id: wu })
  const fresh = await act('group_create', { name: '新群', owner: 'cat', memberIds: [chen] })
  await act('group_join', { chatId: fresh.chatId, id: lin })
  await act('group_dismiss', { chatId: oldId })
  const told = (await heard.all(seen + 14)).slice(seen)
  return {
    there,
    told,
    base,
    ids: { lin, chen, wu, zhou },
    async [Symbol.asyncDispose]() {
      await heard[Symbol.asyncDispose]()
      await there[Symbol.asyncDispose]()
    },
  }
}

/** As it was before the hour. */
async function turnBack(db: TestDb, { corpId, context }: ContactWorld, base: readonly GroupTold[]) {
  await sql`delete from group_chat`.execute(db.owner)
  await sql`delete from event where kind like 'group.%'`.execute(db.owner)
  await inCorp(context.db, corpId, (tx) => applyGroups(tx, corpId, base, { source: 'sync', now: new Date(0) }))
}

test(`what groups tell, heard in ${ROUNDS} orders, some of it twice, some never, some while WeCom still answers as it was, ends in WeCom's truth`, {
  timeout: 240_000,
}, async () => {
  await using db = await freshDb()
  await using hour = await aBusyHour(db)
  const { there, told, base } = hour
  const truth = await readTruth(there)
  expect(truth.map((group) => [group.name, group.owner, group.members.length])).toEqual(
    expect.arrayContaining([
      ['茶友一群', 'Bob', 5],
      ['新群', 'cat', 3],
    ]),
  )
  const random = seeded(SEED)
  const old = new Map(base.map(({ chat }) => [chat.chat_id, chat]))
  let [asked, later] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    await turnBack(db, there, base)
    const isLossy = round % 3 === 1
    const lags = round % 3 === 2
    const kept = told.filter(() => !isLossy || random() < 0.6)
    const order = shuffled([...kept, ...kept.filter(() => random() < 0.3)], random)
    there.line.before = (api, body) => {
      if (api !== 'externalcontact/groupchat/get') return undefined
      asked++
      const chat = old.get(body.chat_id as string)
      return lags && chat && random() < 0.5 ? { errcode: 0, errmsg: 'ok', group_chat: chat } : undefined
    }
    for (const callback of order) await handle(there, callback)
    delete there.line.before
    later += await readLater(db, there)
    if (isLossy) await sync(there)
    const named = `round ${round}: ${order.map((c) => c.inboxId).join(' ')}`
    expect(await readStanding(db), named).toEqual(truth)
    expect(await readFaults(db), named).toEqual([])
  }
  expect(later).toBeGreaterThan(ROUNDS)
  expect(asked).toBeGreaterThan(ROUNDS)
})

test('heard as they happen, changes of members are done without asking WeCom, and names are read a little later', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { clock: standingClock(new Date(Date.now() + 24 * HOUR)) })
  await using heard = await callbacksOf(there, 'change_external_chat')
  const { world } = there
  const { externalUserid: lin } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
  const { externalUserid: chen } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name: '陈屿' })
  await world.act({ type: 'add', userid: 'amy', externalUserid: lin })
  await syncContacts(there)
  let [asked, known] = [0, 0]
  there.line.before = (api) => void (api === 'externalcontact/groupchat/get' && asked++)
  const live = async (type: string, more: Json) => {
    await world.control('POST', '/clock', { jumpSeconds: 90 })
    const done = await world.act<{ chatId: string }>({ type, ...more })
    const callback = (await heard.all(++known)).at(-1)!
    await handle(there, callback)
    return { ...done, at: callback.createdAt }
  }
  const { chatId } = await live('group_create', { name: '茶友群', owner: 'amy', memberIds: [chen] })
  expect(asked).toBe(1)
  const came = await live('group_join', { chatId, id: lin, state: 'g1' })
  await live('group_leave', { chatId, id: chen, removed: true })
  const left = await live('group_leave', { chatId, id: lin })
  await live('group_join', { chatId, id: chen, scene: 1, invitor: 'amy' })
  expect(asked).toBe(1)
  expect(await readLater(db, there)).toBe(1)
  expect(asked).toBe(2)
  expect(await readStanding(db)).toEqual(await readTruth(there))
  const { rows } = await sql`
    select e.kind, e.at, e.props->>'way' as way, e.props->>'by' as by, e.trusted from event e where e.kind like 'group.%' order by e.at`.execute(
    db.owner,
  )
  // Of the stranger nothing is told.
  expect(rows).toEqual([
    { kind: 'group.joined', at: came.at, way: 'code', by: null, trusted: true },
    { kind: 'group.left', at: left.at, way: null, by: 'self', trusted: true },
  ])
})

test('whoever becomes a customer while he sits in a group is told to have come into it when he did, once', async () => {
  await using db = await freshDb()
  await using hour = await aBusyHour(db)
  const { there, ids } = hour
  await sync(there)
  const joined = async () =>
    (
      await sql<{ at: Date; props: Json }>`
        select e.at, e.props from event e join contact_identity i on i.contact_id = e.contact_id where i.value = ${ids.zhou} and e.kind = 'group.joined'`.execute(
        db.owner,
      )
    ).rows
  expect(await joined()).toEqual([])
  await there.world.act({ type: 'add', userid: 'cat', externalUserid: ids.zhou })
  await syncContacts(there)
  const told = await joined()
  expect(told).toMatchObject([{ props: { name: '茶友一群', way: 'invited', by: expect.any(String) } }])
  const { rows } = await sql<{ joinedAt: Date }>`select joined_at from group_member where userid = ${ids.zhou}`.execute(
    db.owner,
  )
  expect(told[0]!.at).toEqual(rows[0]!.joinedAt)
  await syncContacts(there)
  await sync(there)
  expect(await joined()).toHaveLength(1)
})

test('a group whose owner has left stays as it was, and is nobody’s until WeCom names the next', async () => {
  await using db = await freshDb()
  await using hour = await aBusyHour(db)
  const { there } = hour
  await sync(there)
  const truth = await readTruth(there)
  await there.world.act({ type: 'member_remove', userid: 'cat' })
  await sync(there)
  const standing = await readStanding(db)
  expect(standing.map((group) => group.name)).toEqual(truth.map((group) => group.name))
  const orphans = async () =>
    (await sql<{ name: string }>`select name from group_chat where is_orphaned`.execute(db.owner)).rows.map(
      (row) => row.name,
    )
  expect(await orphans()).toEqual(['新群'])
  await there.world.act({
    type: 'group_edit',
    chatId: truth.find((group) => group.name === '新群')!.chatId,
    owner: 'amy',
  })
  await sync(there)
  expect(await orphans()).toEqual([])
  expect((await readStanding(db)).find((group) => group.name === '新群')!.owner).toBe('amy')
})

test('a callback that comes after WeCom was read says when he left and that he was removed', async () => {
  await using db = await freshDb()
  await using hour = await aBusyHour(db)
  const { there, told, base, ids } = hour
  await turnBack(db, there, base)
  await sync(there)
  const left = async () =>
    (
      await sql<{ leftAt: Date; leftBy: string }>`
        select m.left_at, m.left_by from group_member m join group_chat g using (group_chat_id) where m.userid = ${ids.chen} and g.name = '茶友一群' and left_at is not null`.execute(
        db.owner,
      )
    ).rows
  expect(await left()).toMatchObject([{ leftBy: 'unknown' }])
  for (const callback of told.toReversed()) await handle(there, callback)
  const removed = told.find(
    (callback) =>
      JSON.stringify(callback.fields).includes('QuitScene') && JSON.stringify(callback.fields).includes(ids.chen),
  )!
  expect(await left()).toEqual([{ leftBy: 'removed', leftAt: removed.createdAt }])
})

test('an answer asked for before what stands was learnt changes nothing, and one of another corp’s group neither', async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const ownerId = await aStaff(db, corpId, { userid: 'amy' })
  await aContact(db, corpId, { externalUserid: 'wm1', staffId: ownerId })
  await aGroup(db, other, { ownerId: await aStaff(db, other), chatId: 'wr1', sat: [{ userid: 'wm1' }] })
  const tell = (askedAt: number, version: string, userids: string[]) =>
    inCorp(db.api, corpId, (tx) =>
      applyGroups(
        tx,
        corpId,
        [
          {
            chat: {
              chat_id: 'wr1',
              name: `第 ${askedAt} 秒`,
              owner: 'AMY',
              create_time: at.getTime() / 1000,
              member_version: version,
              member_list: userids.map((userid) => ({
                userid,
                type: 2 as const,
                join_time: at.getTime() / 1000 + 1,
                join_scene: 3 as const,
              })),
            },
            askedAt: new Date(at.getTime() + askedAt * 1000),
          },
        ],
        { source: 'sync', now: new Date(at.getTime() + askedAt * 1000) },
      ),
    )
  const read = async () =>
    (await readStanding(db)).filter((group) => group.owner === 'amy').map((group) => [group.name, group.members.length])
  expect((await tell(20, 'a', ['wm1', 'wm2'])).size).toBe(1)
  expect((await tell(10, 'older', [])).size).toBe(0)
  expect((await tell(40, 'b', ['wm1'])).size).toBe(1)
  expect((await tell(45, 'a', ['wm1', 'wm2'])).size).toBe(0) // it lags: the version before, so soon after
  expect((await tell(60, 'a', ['wm1', 'wm2'])).size).toBe(1) // it really is so again
  expect(await read()).toEqual([['第 60 秒', 2]])
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from group_member where corp_id = ${other}::bigint and left_at is null`.execute(db.owner)
  expect(rows).toEqual([{ n: 1 }])
})
