import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { PERMISSIONS } from './permissions.ts'

async function aHouse(db: TestDb) {
  const corpId = await aCorp(db)
  const there = await aSignedApp(db)
  const ask = async (cookie: string, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) => {
    const reply = await there.app.inject({ method, url, headers: { cookie }, ...(payload ? { payload } : {}) })
    return {
      status: reply.statusCode,
      code: reply.body ? reply.json().code : undefined,
      body: reply.body ? reply.json() : undefined,
    }
  }
  const owner = await there.signedIn(corpId, 'owner')
  const admin = await there.signedIn(corpId, 'admin')
  const aRole = async (name: string, permissions: string[], scopeKind = 'own') =>
    (await ask(owner, 'POST', '/api/roles', { name, permissions, scopeKind })).body.roleId as string
  const give = (cookie: string, staffId: string, access: object) =>
    ask(cookie, 'PUT', `/api/staff/${staffId}/access`, access)
  return { corpId, there, ask, owner, admin, aRole, give, [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() }
}

test('a role of the corp’s own lets in exactly where it says, from the next request on, and no longer once it is changed', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, ask } = house
  const roleId = await house.aRole('客服', ['contacts.read', 'tags.read'], 'all')
  const [amy, bob] = [await aStaff(db, corpId, { name: '艾米' }), await aStaff(db, corpId)]
  await aContact(db, corpId, { staffId: bob })
  const cookie = await house.there.signedIn(corpId, 'staff', amy)
  expect((await ask(cookie, 'GET', '/api/contacts')).body.items).toEqual([])
  expect((await house.give(house.owner, amy, { role: 'custom', roleId })).status).toBe(204)
  expect((await ask(cookie, 'GET', '/api/contacts')).body.items).toHaveLength(1)
  expect((await ask(cookie, 'GET', '/api/session')).body).toMatchObject({
    role: 'custom',
    roleName: '客服',
    permissions: ['contacts.read', 'tags.read', 'session'],
  })
  expect((await ask(cookie, 'GET', '/api/staff')).status).toBe(403)
  await ask(house.owner, 'PUT', `/api/roles/${roleId}`, { name: '客服', permissions: ['staff.read'], scopeKind: 'own' })
  expect([(await ask(cookie, 'GET', '/api/contacts')).status, (await ask(cookie, 'GET', '/api/staff')).status]).toEqual(
    [403, 200],
  )
  expect((await ask(house.owner, 'DELETE', `/api/roles/${roleId}`)).code).toBe('staff.role_in_use')
  await house.give(house.owner, amy, { role: 'staff' })
  expect((await ask(house.owner, 'DELETE', `/api/roles/${roleId}`)).status).toBe(204)
  const { roles } = (await ask(house.owner, 'GET', '/api/roles')).body
  expect(roles.map((r: { role: string }) => r.role)).toEqual([
    'owner',
    'admin',
    'operator',
    'manager',
    'staff',
    'auditor',
  ])
  const actions = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('auditLog').select('action').where('corpId', '=', corpId).orderBy('line').execute(),
  )
  expect(actions.map((line) => line.action)).toEqual([
    'role.create',
    'staff.set_access',
    'role.edit',
    'staff.set_access',
    'role.delete',
  ])
})

test('nobody gives or takes what he does not hold: an administrator makes and unmakes no owner, and a small role grants nothing bigger', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, ask, give } = house
  const [boss, amy, clerk] = [await aStaff(db, corpId), await aStaff(db, corpId), await aStaff(db, corpId)]
  expect((await give(house.admin, amy, { role: 'owner' })).code).toBe('staff.not_yours_to_give')
  expect((await give(house.owner, boss, { role: 'owner' })).status).toBe(204)
  expect((await give(house.admin, boss, { role: 'staff' })).code).toBe('staff.not_yours_to_give')
  expect((await give(house.admin, amy, { role: 'operator' })).status).toBe(204)
  // A role that may grant, and little else.
  const roleId = await house.aRole('人事', ['staff.read', 'staff.write', 'roles.write', 'tags.read'])
  const hr = await house.there.signedIn(corpId, 'staff', clerk)
  expect((await give(house.owner, clerk, { role: 'custom', roleId })).status).toBe(204)
  expect((await give(hr, amy, { role: 'staff' })).code).toBe('staff.not_yours_to_give')
  expect((await give(hr, clerk, { role: 'owner' })).code).toBe('staff.own_role')
  const made = await ask(hr, 'POST', '/api/roles', { name: '越权', permissions: ['contacts.export'] })
  expect(made.code).toBe('staff.not_yours_to_give')
  expect(
    (await ask(hr, 'PUT', `/api/roles/${roleId}`, { name: '人事', permissions: ['staff.write', 'corps.write'] })).code,
  ).toBe('staff.not_yours_to_give')
  expect((await ask(hr, 'POST', '/api/roles', { name: '看标签', permissions: ['tags.read'] })).status).toBe(201)
})

test('a corp keeps an owner, and who reads the log runs nothing it watches', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, ask, give } = house
  const [first, second] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  await give(house.owner, first, { role: 'owner' })
  await give(house.owner, second, { role: 'owner' })
  const asFirst = await house.there.signedIn(corpId, 'operator') // an account beside; its grant is not an owner's
  expect((await give(asFirst, second, { role: 'staff' })).status).toBe(403)
  expect((await give(house.owner, second, { role: 'staff' })).status).toBe(204)
  // The head-office owner stays; without him the last member cannot be demoted.
  await db.owner
    .deleteFrom('accountCorp')
    .where('corpId', '=', corpId)
    .where('staffId', 'is', null)
    .where('role', '=', 'owner')
    .execute()
  const successor = await house.there.signedIn(corpId, 'owner')
  await give(successor, first, { role: 'staff' })
  const { rows } = {
    rows: await db.api
      .selectFrom('accountCorp')
      .select('role')
      .where('corpId', '=', corpId)
      .where('role', '=', 'owner')
      .execute(),
  }
  expect(rows).toHaveLength(1)
  for (const watched of ['staff.write', 'roles.write', 'corps.write'])
    expect(
      (await ask(successor, 'POST', '/api/roles', { name: watched, permissions: ['audit.read', watched] })).code,
    ).toBe('staff.mixed_duties')
  expect(
    (await ask(successor, 'POST', '/api/roles', { name: '内审', permissions: ['audit.read', 'contacts.read'] })).status,
  ).toBe(201)
  expect((await ask(successor, 'POST', '/api/roles', { name: '内审', permissions: [] })).code).toBe(
    'staff.role_name_taken',
  )
  expect((await ask(successor, 'POST', '/api/roles', { name: '所有者', permissions: ['corps.own'] })).code).toBe(
    'staff.unknown_permission',
  )
})

test('the last owner stays one, even when two are demoted at the same moment', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, give } = house
  const people = await Promise.all([aStaff(db, corpId), aStaff(db, corpId), aStaff(db, corpId)])
  for (const staffId of people) expect((await give(house.owner, staffId, { role: 'owner' })).status).toBe(204)
  const cookies = await Promise.all(
    people.map(async (staffId) => {
      const { accountId } = await db.api
        .selectFrom('accountCorp')
        .select('accountId')
        .where('corpId', '=', corpId)
        .where('staffId', '=', staffId)
        .executeTakeFirstOrThrow()
      return house.there.signedInAs(accountId, corpId)
    }),
  )
  await db.owner.deleteFrom('accountCorp').where('corpId', '=', corpId).where('staffId', 'is', null).execute()
  // Each demotes the next, all at once.
  await Promise.all(people.map((_, nr) => give(cookies[nr]!, people[(nr + 1) % 3]!, { role: 'staff' })))
  const owners = await db.api
    .selectFrom('accountCorp')
    .select('staffId')
    .where('corpId', '=', corpId)
    .where('role', '=', 'owner')
    .execute()
  expect(owners.length).toBeGreaterThan(0)
})

test('a scope of chosen departments shows their customers alone, with those below only when it says so; another corp’s department and role are unknown', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, ask, give } = house
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '华东', parentId: '1' },
        { corpId, departmentId: '3', name: '静安寺店', parentId: '2' },
        { corpId, departmentId: '4', name: '华南', parentId: '1' },
      ])
      .execute(),
  )
  const [lead, east, shop, south] = await Promise.all(
    ['主管', '东', '店', '南'].map((name) => aStaff(db, corpId, { name })),
  )
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('staffDepartment')
      .values([
        { corpId, staffId: lead!, departmentId: '4' },
        { corpId, staffId: east!, departmentId: '2' },
        { corpId, staffId: shop!, departmentId: '3' },
        { corpId, staffId: south!, departmentId: '4' },
      ])
      .execute(),
  )
  for (const [staffId, name] of [
    [lead, '甲'],
    [east, '乙'],
    [shop, '丙'],
    [south, '丁'],
  ] as const)
    await aContact(db, corpId, { staffId, name })
  const cookie = await house.there.signedIn(corpId, 'manager', lead)
  const seen = async () =>
    (await ask(cookie, 'GET', '/api/contacts')).body.items
      .map((c: { name: string }) => c.name)
      .sort()
      .join('')
  const access = (scopeKind: string | null, scopeDepartments: string[] = []) =>
    give(house.owner, lead!, { role: 'manager', scopeKind, scopeDepartments })
  expect(await seen()).toBe('丁甲') // by his role: his own departments
  await access('tree', ['2'])
  expect(await seen()).toBe('丙乙甲')
  await access('departments', ['2'])
  expect(await seen()).toBe('乙甲')
  await access('own')
  expect(await seen()).toBe('甲')
  await access('all')
  expect(await seen()).toBe('丁丙乙甲')
  expect((await access('departments')).status).toBe(400)
  expect((await access('tree', ['99'])).status).toBe(404)

  const theirs = await aCorp(db)
  const theirOwner = await house.there.signedIn(theirs, 'owner')
  const theirRole = (await ask(theirOwner, 'POST', '/api/roles', { name: '他们的', permissions: ['tags.read'] })).body
    .roleId
  expect((await give(house.owner, lead!, { role: 'custom', roleId: theirRole })).status).toBe(404)
  expect((await ask(house.owner, 'PUT', `/api/roles/${theirRole}`, { name: '抢', permissions: [] })).status).toBe(404)
  expect((await ask(house.owner, 'DELETE', `/api/roles/${theirRole}`)).status).toBe(404)
  expect((await give(theirOwner, lead!, { role: 'owner' })).status).toBe(404)
  expect((await give(house.owner, lead!, { role: 'custom' })).status).toBe(400)
})

test('nobody lets another, or himself, see customers he does not: neither by a member’s scope nor by widening a role', async () => {
  await using db = await freshDb()
  await using house = await aHouse(db)
  const { corpId, ask, give } = house
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('department')
      .values([
        { corpId, departmentId: '1', name: '总部', parentId: null },
        { corpId, departmentId: '2', name: '华东', parentId: '1' },
        { corpId, departmentId: '3', name: '静安寺店', parentId: '2' },
        { corpId, departmentId: '4', name: '华南', parentId: '1' },
      ])
      .execute(),
  )
  const [lead, shop, south, mate] = [
    await aStaff(db, corpId),
    await aStaff(db, corpId),
    await aStaff(db, corpId),
    await aStaff(db, corpId),
  ]
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('staffDepartment')
      .values([
        { corpId, staffId: lead, departmentId: '2' },
        { corpId, staffId: shop, departmentId: '3' },
        { corpId, staffId: south, departmentId: '4' },
        { corpId, staffId: mate, departmentId: '4' },
      ])
      .execute(),
  )
  const words = [...PERMISSIONS.manager.filter((word) => word !== 'session'), 'staff.write', 'roles.write']
  const roleId = await house.aRole('片区人事', words, 'tree')
  const cookie = await house.there.signedIn(corpId, 'staff', lead)
  expect((await give(house.owner, lead, { role: 'custom', roleId })).status).toBe(204)

  const tooWide = 'staff.wider_than_yours'
  for (const access of [
    { role: 'staff', scopeKind: 'all' },
    { role: 'staff', scopeKind: 'tree', scopeDepartments: ['1'] },
    { role: 'staff', scopeKind: 'departments', scopeDepartments: ['2', '4'] },
  ])
    expect((await give(cookie, shop, access)).code).toBe(tooWide)
  expect((await give(cookie, shop, { role: 'staff' })).status).toBe(204)
  // South's manager would see colleagues' customers of a department that is not his who asks.
  expect((await give(cookie, south, { role: 'manager' })).code).toBe(tooWide)
  const widened = await ask(cookie, 'PUT', `/api/roles/${roleId}`, {
    name: '片区人事',
    permissions: words,
    scopeKind: 'all',
  })
  expect(widened.code).toBe(tooWide)

  // What he sees he may let others see; their own customers everybody keeps, and what somebody had may stay.
  expect((await give(cookie, shop, { role: 'manager', scopeKind: 'tree', scopeDepartments: ['2'] })).status).toBe(204)
  expect((await give(cookie, south, { role: 'staff' })).status).toBe(204)
  expect((await give(house.owner, south, { role: 'staff', scopeKind: 'all' })).status).toBe(204)
  expect((await give(cookie, south, { role: 'manager', scopeKind: 'all' })).status).toBe(204)
  expect((await give(cookie, south, { role: 'staff', scopeKind: 'own' })).status).toBe(204)
  expect((await give(cookie, south, { role: 'staff', scopeKind: 'all' })).code).toBe(tooWide)
  const narrowed = { name: '片区人事', permissions: words, scopeKind: 'own' }
  expect((await ask(cookie, 'PUT', `/api/roles/${roleId}`, narrowed)).status).toBe(200)
  expect((await ask(cookie, 'PUT', `/api/roles/${roleId}`, { ...narrowed, scopeKind: 'tree' })).code).toBe(tooWide)
})
