import { readXml } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContactWorld } from '../../../test/contact-world.ts'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { callbackHandlers } from './callbacks.ts'
import { syncAddressBook } from './directory.ts'
import { makeStaffJobs } from './jobs.ts'
import { ensureStaff, findStaffIds } from './service.ts'

const readStaff = async (db: TestDb, corpId: string) =>
  (
    await sql<{ userid: string; name: string; left: boolean; follows: boolean; departments: string[] }>`
      select s.userid, s.name, s.left_at is not null as left, s.follows,
        array(select d.department_id::text from staff_department d where d.staff_id = s.staff_id order by d.department_id) as departments
      from staff s where s.corp_id = ${corpId} order by lower(s.userid)`.execute(db.owner)
  ).rows

const versions = async (db: TestDb) =>
  (
    await sql<{ v: string }>`
      select 'd ' || t.xmin || t::text as v from department t union all select 's ' || t.xmin || t::text from staff t
      union all select 'm ' || t.xmin || t::text from staff_department t order by 1`.execute(db.owner)
  ).rows.map((row) => row.v)

const here = { left: false, follows: true, departments: ['1'] }

/** What WeCom calls us with. */
const hear = async ({ context, corpId }: SimulatedCorp, change: string, fields: string) => {
  const apply = await callbackHandlers[`change_contact.${change}`]!(context, corpId, {
    fields: readXml(`<xml>${fields}</xml>`),
  })
  await inCorp(context.db, corpId, apply)
}

test('departments and members become WeCom’s; the next reading writes no row', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  const theirs = await aCorp(db)
  await aStaff(db, theirs, { userid: 'amy', name: '别家的艾米' })
  await there.world.act({ type: 'department_add', name: '静安寺店' })
  await there.world.act({ type: 'member_move', userid: 'Bob', departmentIds: [1, 2] })
  const result = await syncAddressBook(there.context, there.corpId)
  expect(result).toMatchObject({ departments: 2, staff: 3 })
  expect(await readStaff(db, there.corpId)).toEqual([
    { ...here, userid: 'amy', name: 'AMY' },
    { ...here, userid: 'Bob', name: 'BOB', departments: ['1', '2'] },
    { ...here, userid: 'cat', name: 'CAT' },
  ])
  expect(await readStaff(db, theirs)).toEqual([{ ...here, userid: 'amy', name: '别家的艾米', departments: [] }])

  const before = await versions(db)
  expect((await syncAddressBook(there.context, there.corpId)).changed).toBe(0)
  expect(await versions(db)).toEqual(before)
})

test('who is not listed any more has left and keeps his row; who comes back is the same member', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await syncAddressBook(there.context, there.corpId)
  const ids = () => inCorp(db.api, there.corpId, (tx) => findStaffIds(tx, there.corpId, ['amy', 'BOB', 'cat']))
  const before = await ids()
  await there.world.act({ type: 'member_remove', userid: 'cat' })
  await syncAddressBook(there.context, there.corpId)
  expect((await readStaff(db, there.corpId)).at(-1)).toEqual({
    userid: 'cat',
    name: 'CAT',
    left: true,
    follows: false,
    departments: [],
  })
  await there.world.act({ type: 'member_add', userid: 'Cat', name: '凯特' })
  await syncAddressBook(there.context, there.corpId)
  expect((await readStaff(db, there.corpId)).at(-1)).toEqual({ ...here, userid: 'Cat', name: '凯特' })
  expect(await ids()).toEqual(before)
})

test('a member learnt of while the address book was being read is not declared gone by the older answer', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await syncAddressBook(there.context, there.corpId)
  let overtaken = false
  there.line.after = async (api) => {
    if (api !== 'user/list' || overtaken) return
    overtaken = true
    await there.world.act({ type: 'member_add', userid: 'dan', name: 'DAN' })
    await syncAddressBook(there.context, there.corpId) // a callback's re-read, done before this answer arrives
  }
  await syncAddressBook(there.context, there.corpId)
  expect(overtaken).toBe(true)
  expect((await readStaff(db, there.corpId)).at(-1)).toEqual({ ...here, userid: 'dan', name: 'DAN' })
})

test('who stands in the visible range by himself, in no department we may list, is read alone; unreadable, he is kept', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await syncAddressBook(there.context, there.corpId)
  there.line.before = (api) => (api === 'user/list' ? { errcode: 0, userlist: [] } : undefined)
  expect((await syncAddressBook(there.context, there.corpId)).changed).toBe(0)
  there.line.before = (api) =>
    api === 'user/list'
      ? { errcode: 0, userlist: [] }
      : api === 'user/get'
        ? { errcode: 60011, errmsg: 'x' }
        : undefined
  await syncAddressBook(there.context, there.corpId)
  expect((await readStaff(db, there.corpId)).map((s) => [s.name, s.left])).toEqual([
    ['AMY', false],
    ['BOB', false],
    ['CAT', false],
  ])
})

test('userids are one person whatever their case; two writers of new ones at once agree', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const known = await aStaff(db, ours, { userid: 'ZhouLan' })
  const names = ['zhoulan', 'ChenYu', 'chenyu', 'linwan']
  const found = await Promise.all(
    Array.from({ length: 6 }, () => inCorp(db.api, ours, (tx) => ensureStaff(tx, ours, names, new Date()))),
  )
  expect(found[0]!.get('zhoulan')).toBe(known)
  expect([...found[0]!.keys()].sort()).toEqual(['chenyu', 'linwan', 'zhoulan'])
  for (const other of found) expect(other).toEqual(found[0])
  expect(await readStaff(db, ours)).toHaveLength(3)
  expect(await inCorp(db.api, theirs, (tx) => findStaffIds(tx, theirs, names))).toEqual(new Map())
})

test('a burst of changes shares one re-read, and it brings what WeCom says by then', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await there.world.act({ type: 'member_add', userid: 'dan', name: 'DAN' })
  await hear(there, 'create_user', '<UserID>dan</UserID>')
  await there.world.act({ type: 'member_remove', userid: 'dan' })
  await hear(there, 'delete_user', '<UserID>dan</UserID>')
  await hear(there, 'update_party', '<Id>1</Id>')
  const queued = await sql<{ n: number }>`select count(*)::int as n from graphile_worker.jobs`.execute(db.owner)
  expect(queued.rows).toEqual([{ n: 1 }])
  await sql`update graphile_worker._private_jobs set run_at = now()`.execute(db.owner)
  await there.work(makeStaffJobs(async () => undefined))
  expect((await readStaff(db, there.corpId)).map((s) => s.userid)).toEqual(['amy', 'Bob', 'cat'])
})

test('a changed userid is the same member: his customers and his row stay his', async () => {
  await using db = await freshDb()
  await using there = await aSimulatedCorp(db)
  await hear(there, 'update_user', '<UserID>AMY</UserID><NewUserID>amy.lin</NewUserID>')
  expect(await readStaff(db, there.corpId)).toMatchObject([{ userid: 'amy.lin', name: '艾米' }])
  await aStaff(db, there.corpId, { userid: 'taken' })
  await hear(there, 'update_user', '<UserID>amy.lin</UserID><NewUserID>taken</NewUserID>')
  expect((await readStaff(db, there.corpId)).map((s) => s.userid)).toEqual(['amy.lin', 'taken'])
})

test('a refused address book changes nothing, opens a failure that can be replayed, and closes it once it works', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await syncAddressBook(there.context, there.corpId)
  const before = await versions(db)
  there.line.before = (api) =>
    api === 'department/list'
      ? { errcode: 60011, errmsg: 'no privilege to access/modify contact/party/agent' }
      : undefined
  await expect(syncAddressBook(there.context, there.corpId)).rejects.toMatchObject({ errcode: 60011 })
  expect(await versions(db)).toEqual(before)
  const open = async () =>
    (
      await sql<{ cause: string; replay: unknown }>`
        select cause, replay from lane_failure where lane = 'address_book' and resolved_at is null`.execute(db.owner)
    ).rows
  const replay = { job: 'staff.sync-address-book', payload: { corpId: there.corpId } }
  expect(await open()).toEqual([{ cause: 'wecom.60011', replay }])
  there.line.before = undefined
  await syncAddressBook(there.context, there.corpId)
  expect(await open()).toEqual([])
})
