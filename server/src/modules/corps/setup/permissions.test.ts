import { expect, test } from 'vitest'
import { aCompanyToConnect } from '../../../../test/set-up-corp.ts'
import { freshDb, testLog } from '../../../../test/world.ts'
import { createHealth } from '../health.ts'
import { FEATURES, type PermissionsView } from '../schema.ts'

const refused = ({ features }: PermissionsView) =>
  features.filter(({ state }) => state === 'refused').map(({ feature }) => feature)
const grantsRefused = ({ grants }: PermissionsView) =>
  grants.filter(({ state }) => state === 'refused').map(({ grant, refusal }) => `${grant} ${refusal}`)

const off = (kind: string, match: string) => ({ where: 'api', kind, match })

/** What an administrator has not granted; what goes red with it, each feature once by hand and no other. */
const MATRIX: readonly [name: string, rule: object, grants: string[], features: (typeof FEATURES)[number][]][] = [
  ['the address book', off('60011', 'department/*'), ['directory range'], ['directory', 'customers']],
  [
    'customer contact',
    off('48002', 'externalcontact/get_follow_user_list'),
    ['contacts permission'],
    ['directory', 'customers', 'changes', 'codes', 'welcome'],
  ],
  ['tags', off('48002', 'externalcontact/get_corp_tag_list'), ['tags permission'], ['customers', 'tags']],
  ['contact ways', off('84074', 'externalcontact/list_contact_way'), ['codes contact_range'], ['codes']],
  ['the app itself', off('301002', 'agent/get'), ['agent agent'], ['tags', 'sign_in']],
  ['being let in', off('60020', '*'), ['connection ip'], [...FEATURES]],
  ['an enabled app', off('50003', '*'), ['connection disabled'], [...FEATURES]],
  ['a line', off('reset', '*'), ['connection network'], [...FEATURES]],
]

test('without each grant exactly the features that need it go red, and they heal with it', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  await corp.saveReceiver()
  await corp.check()
  expect(refused(await corp.permissions())).toEqual([])
  for (const [name, rule, grants, features] of MATRIX) {
    await company.faults(rule as Record<string, unknown>)
    await corp.check()
    const view = await corp.permissions()
    expect([name, grantsRefused(view), refused(view)]).toEqual([name, grants, features])
    await company.faults()
    await corp.check()
    expect([name, refused(await corp.permissions())]).toEqual([name, []])
  }
}, 30_000)

test('the whole of customer contact in one: what WeCom’s console grants with a single tick', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  await company.faults(off('48002', 'externalcontact/*'))
  await corp.check()
  const view = await corp.permissions()
  expect(grantsRefused(view)).toEqual(['contacts permission', 'tags permission', 'codes permission'])
  expect(refused(view)).toEqual(['directory', 'customers', 'changes', 'tags', 'codes', 'welcome'])
})

test('what cannot be asked without effect is untried until it really happened, and dated by that', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const stateOf = async (name: string) => {
    const { state, refusal, at } = (await corp.permissions()).grants.find(({ grant }) => grant === name)!
    return [state, refusal, at !== null]
  }
  for (const name of ['callback', 'welcome', 'login'])
    expect([name, ...(await stateOf(name))]).toEqual([name, 'untried', null, false])
  const health = createHealth({ db: db.api, clock: company.there.work.clock, log: testLog })
  health.success(corp.corpId, 'welcome')
  await health.flush()
  expect(await stateOf('welcome')).toEqual(['granted', null, true])
  const failure = { cause: 'wecom.48002', subject: 'x', detail: {} }
  await health.failure(corp.corpId, 'welcome', { ...failure, cause: 'wecom.41050' }) // too late: nobody's permission
  expect(await stateOf('welcome')).toEqual(['granted', null, true])
  await health.failure(corp.corpId, 'welcome', failure)
  expect(await stateOf('welcome')).toEqual(['refused', 'permission', true])
  await health.stop()
})

test('nobody allowed to have customers is no success', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  for (const userid of ['amy', 'Bob', 'cat']) await company.world.act({ type: 'member_remove', userid })
  const corp = await company.connected()
  expect(grantsRefused(await corp.permissions())).toEqual(['contacts nobody'])
})
