import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aHouse, aMember } from '../../../test/whole-house.ts'
import { aContact, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { shanghaiDay } from '../../platform/shanghai.ts'
import { countStaffDays } from './count-days.ts'
import { spreadOf } from './workload.ts'

/** Two departments; `near` has 3 customers and 5 new ones today, `far` has 7 and 11. */
async function aTown(db: TestDb) {
  const { corpId } = await aHouse(db)
  const [near, far] = [await aMember(db, corpId, '2', '近'), await aMember(db, corpId, '3', '远')]
  const grow = async (staffId: string, customers: number, added: number) => {
    for (let i = 1; i < customers; i++) await aContact(db, corpId, { staffId })
    const fact = { contactId: '1', staffId, kind: 'contact.added' as const, at: new Date(), props: {} }
    await inCorp(db.api, corpId, (tx) => countStaffDays(tx, corpId, Array(added).fill(fact)))
    await sql`insert into staff_behavior (corp_id, on_day, staff_id, chats, messages, negative, applied, befriended)
      values (${corpId}::bigint, ${shanghaiDay(new Date())}::date - 1, ${staffId}::bigint, ${added * 100}, ${added * 1000}, 0, 0, 0)`.execute(
      db.owner,
    )
  }
  await grow(near.staffId, 3, 5)
  await grow(far.staffId, 7, 11)
  const there = await aWholeApp(db)
  const cookies = {
    owner: await there.signedIn(corpId, 'owner'),
    manager: await there.signedIn(corpId, 'manager', { staffId: near.staffId }),
    staff: await there.signedIn(corpId, 'staff', { staffId: far.staffId }),
  }
  return { corpId, near, far, there, cookies }
}

test('no list, total, line, file or calendar shows a manager or a member a number of somebody else’s', async () => {
  await using db = await freshDb()
  const { near, far, there, cookies } = await aTown(db)
  await using _ = there
  const read = async (url: string, cookie: string) => (await there.ask('GET', `/api/reports/${url}`, cookie)).text
  const json = async (url: string, cookie: string) => JSON.parse(await read(url, cookie))
  for (const [cookie, sees, customers, added] of [
    [cookies.owner, [near, far], 10, 16],
    [cookies.manager, [near], 3, 5],
    [cookies.staff, [far], 7, 11],
  ] as const) {
    const hidden = [near, far].filter((one) => !(sees as readonly object[]).includes(one))
    const stats = await json('staff', cookie)
    expect([stats.totals.customers, stats.totals.now.added, stats.totals.now.chats]).toEqual([
      customers,
      added,
      added * 100,
    ])
    const trend = await json('staff/trend', cookie)
    expect(trend.lines[0].added.at(-1)).toBe(added)
    expect((await json(`staff/trend?staffIds=${near.staffId},${far.staffId}`, cookie)).lines).toHaveLength(sees.length)
    const load = await json('workload', cookie)
    expect([
      load.customers,
      load.total,
      load.spread.reduce((n: number, bar: { staff: number }) => n + bar.staff, 0),
    ]).toEqual([customers, sees.length, sees.length])
    const licence = await json('licence', cookie)
    expect(licence.allowed.total).toBe(sees.length)
    const texts = await Promise.all(
      [
        'staff',
        'staff?departmentId=1',
        `staff?departmentId=${hidden[0] === far ? 3 : 2}`,
        'staff/export.csv',
        'workload',
        'workload?departmentId=1',
        'duty',
        'licence',
      ].map((url) => read(url, cookie)),
    )
    for (const text of texts) for (const { staffName } of hidden) expect(text).not.toContain(staffName)
    for (const { staffName } of sees) expect(texts[3]).toContain(staffName)
    for (const { staffId } of hidden)
      expect((await there.ask('GET', `/api/reports/staff/${staffId}/codes`, cookie)).status).toBe(404)
  }
  // Head office sees the departments, each as one; whoever sees a part of the root does not see the root.
  const names = async (cookie: string) =>
    (await json('staff', cookie)).departments.map(({ name, now }: { name: string; now: { added: number } }) => [
      name,
      now.added,
    ])
  expect(await names(cookies.owner)).toEqual([
    ['总部', 16],
    ['华东', 5],
    ['华南', 11],
  ])
  expect(await names(cookies.manager)).toEqual([['华东', 5]])
})

test('a file says what the page says, in its order, and that it was taken is written down', async () => {
  await using db = await freshDb()
  const { corpId, near, far, there, cookies } = await aTown(db)
  await using _ = there
  const { text } = await there.ask('GET', '/api/reports/staff/export.csv?sort=added&order=asc', cookies.owner)
  const lines = text.trim().split('\r\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toContain(`"${near.staffName}","华东","3","5","0"`)
  expect(lines[2]).toContain(`"${far.staffName}","华南","7","11","0"`)
  const xlsx = await there.ask('GET', '/api/reports/staff/export.xlsx', cookies.manager)
  expect([xlsx.status, xlsx.text.startsWith('PK')]).toEqual([200, true])
  const { rows } = await sql<{
    detail: object
  }>`select detail from audit_log where corp_id = ${corpId}::bigint and action = 'report.export' order by audit_id`.execute(
    db.owner,
  )
  expect(rows.map(({ detail }) => detail)).toMatchObject([
    { members: 2, format: 'csv' },
    { members: 1, format: 'xlsx' },
  ])
})

test('a period backwards or longer than a year is refused', async () => {
  await using db = await freshDb()
  const { there, cookies } = await aTown(db)
  await using _ = there
  for (const period of ['from=2026-02-02&to=2026-02-01', 'from=2024-01-01&to=2026-01-01'])
    expect((await there.ask('GET', `/api/reports/staff?${period}`, cookies.owner)).code).toBe('channels.stats_period')
})

test('who is near the figure and who is over it; the figure stops nobody and can be taken away', async () => {
  await using db = await freshDb()
  const { there, cookies } = await aTown(db)
  await using _ = there
  const read = async () => JSON.parse((await there.ask('GET', '/api/reports/workload', cookies.owner)).text)
  const set = (customersEach: number | null) =>
    there.ask('PUT', '/api/reports/workload/figure', cookies.owner, { customersEach })
  expect(await read()).toMatchObject({ customersEach: null, over: 0, near: 0 })
  await set(7)
  expect(await read()).toMatchObject({ customersEach: 7, over: 0, near: 1 })
  await set(6)
  expect(await read()).toMatchObject({ customersEach: 6, over: 1, near: 0 })
  await set(null)
  expect(await read()).toMatchObject({ customersEach: null, over: 0, near: 0 })
  expect((await there.ask('PUT', '/api/reports/workload/figure', cookies.manager, { customersEach: 9 })).status).toBe(
    403,
  )
})

test('bars hold everybody once, in round steps', () => {
  expect(spreadOf([])).toEqual([{ from: 0, to: 0, staff: 0 }])
  expect(spreadOf([0, 9, 10, 99])).toMatchObject([
    { from: 0, to: 9, staff: 2 },
    { from: 10, to: 19, staff: 1 },
    ...Array(7).fill({ staff: 0 }),
    { from: 90, to: 99, staff: 1 },
  ])
  for (const top of [1, 7, 100, 101, 999, 1_000, 20_345]) {
    const counts = Array.from({ length: 50 }, (_, i) => Math.floor((top * i) / 49))
    const bars = spreadOf(counts)
    expect(bars.length).toBeLessThanOrEqual(11)
    for (const { from, to, staff } of bars) expect(staff).toBe(counts.filter((n) => n >= from && n <= to).length)
    expect(bars.reduce((n, { staff }) => n + staff, 0)).toBe(50)
  }
})

test('the licence page names who stands behind codes without it, and whose customers nobody has', async () => {
  await using db = await freshDb()
  const { corpId, near, far, there, cookies } = await aTown(db)
  await using _ = there
  await sql`update staff set follows = false where staff_id = ${near.staffId}::bigint`.execute(db.owner)
  await sql`update staff set follows = false, left_at = now() where staff_id = ${far.staffId}::bigint`.execute(db.owner)
  const licence = JSON.parse((await there.ask('GET', '/api/reports/licence', cookies.owner)).text)
  expect(licence).toMatchObject({
    allowed: { total: 0 },
    missing: { total: 1, items: [{ staffId: near.staffId, codes: [{ channelCodeId: near.channelCodeId }] }] },
    left: { total: 1, items: [{ staffId: far.staffId, customers: 7 }] },
    leftCustomers: 7,
  })
  expect((await there.ask('POST', '/api/reports/licence/check', cookies.owner)).status).toBe(202)
  const { rows } = await sql<{
    n: number
  }>`select count(*)::int as n from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = 'staff.sync-address-book' and j.payload->>'corpId' = ${corpId}`.execute(db.owner)
  expect(rows[0]!.n).toBe(1)
})
