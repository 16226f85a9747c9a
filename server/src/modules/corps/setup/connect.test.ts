import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCompanyToConnect, stepOf } from '../../../../test/set-up-corp.ts'
import { freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'

type Company = Awaited<ReturnType<typeof aCompanyToConnect>>

/** What WeCom refuses, how the simulator is brought to it, and what its administrator is told to do. */
const REFUSALS: readonly {
  name: string
  make(company: Company): unknown
  given?: { agentId?: number; appSecret?: string }
  answer: [status: number, code: string]
  says: RegExp
}[] = [
  {
    name: 'a secret that is not the app’s',
    make: () => undefined,
    given: { appSecret: 'y'.repeat(43) },
    answer: [422, 'corps.secret_wrong'],
    says: /40001.*「查看」/,
  },
  {
    name: 'an agentid of another app',
    make: () => undefined,
    given: { agentId: 1000099 },
    answer: [422, 'corps.agent_not_of_app'],
    says: /301002.*同一个应用页/,
  },
  {
    name: 'an app that was switched off',
    make: (company) => company.faults({ where: 'api', kind: '50003', match: 'agent/get' }),
    answer: [422, 'corps.app_disabled'],
    says: /50003.*启用/,
  },
  {
    name: 'a line that breaks',
    make: (company) => company.faults({ where: 'api', kind: 'reset', match: 'agent/get' }),
    answer: [502, 'corps.wecom_unreachable'],
    says: /qyapi\.weixin\.qq\.com/,
  },
  {
    name: 'a proxy that answers with a page of its own',
    make: (company) => company.faults({ where: 'api', kind: 'html', match: 'gettoken' }),
    answer: [502, 'corps.wecom_unreachable'],
    says: /连不上/,
  },
  {
    name: 'no answer at all',
    make: (company) => company.faults({ where: 'api', kind: 'timeout-before', match: 'agent/get' }),
    answer: [502, 'corps.wecom_timeout'],
    says: /6 秒/,
  },
  {
    name: 'a platform that is busy',
    make: (company) => company.faults({ where: 'api', kind: 'busy', match: 'agent/get' }),
    answer: [502, 'corps.wecom_unreachable'],
    says: /繁忙/,
  },
]

test.each(REFUSALS)(
  'a new corp with $name is told why and what to do, and nothing of it is kept',
  async (refusal) => {
    await using db = await freshDb()
    await using company = await aCompanyToConnect(db)
    await refusal.make(company)
    const { status, code, message } = await company.connect(refusal.given)
    expect([status, code]).toEqual(refusal.answer)
    expect(message).toMatch(refusal.says)
    expect(message).toContain('没有保存任何内容')
    expect(await company.corps()).toEqual([])
    await company.faults()
    expect((await company.connect()).status).toBe(201)
  },
  20_000,
)

test('the corp id is checked before anything secret is asked for', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  expect(await company.checkCorpid('ww00000000000000aa')).toMatchObject({ status: 422, code: 'corps.corpid_unknown' })
  expect(await company.checkCorpid(company.good.wecomCorpid)).toMatchObject({ status: 204 })
  await company.connect()
  const again = await company.checkCorpid(company.good.wecomCorpid)
  expect([again.code, again.message]).toEqual(['corps.already_connected', expect.stringContaining('测试企业')])
})

test('a certificate that is not WeCom’s is refused, and said to be one', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  company.there.work.wecomBaseUrl = company.world.sim.url.replace('http:', 'https:') // no TLS is spoken there
  expect(await company.connect()).toMatchObject({ status: 502, code: 'corps.certificate_refused' })
})

test('a server not yet let in connects all the same, and is told the address to enter; then the rest follows by itself', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  await company.options({ trustedIps: ['203.0.113.9'] })
  const corp = await company.connected()
  const before = await corp.setup()
  expect(before.egressIp).toBe('127.0.0.1')
  expect(['app', 'contacts', 'ip', 'sync'].map((step) => stepOf(before, step))).toEqual([
    'waiting ip',
    'waiting ip',
    'refused ip',
    'todo',
  ])
  await company.options({ trustedIps: ['203.0.113.9', '127.0.0.1'] })
  await company.world.act({ type: 'member_add', userid: 'dan', name: 'DAN' })
  const after = await corp.check()
  expect(['corp', 'app', 'contacts', 'ip', 'sync'].map((step) => stepOf(after, step))).toEqual([
    'done',
    'done',
    'done',
    'done',
    'waiting',
  ])
  expect(after.egressIp).toBe('127.0.0.1')
  await db.owner.updateTable('syncRun').set({ state: 'finished' }).where('corpId', '=', corp.corpId).execute()
  expect(stepOf(await corp.check(), 'sync')).toBe('done') // there is one first sync
})

/** Everything kept of a corp's connection, to the byte. */
async function kept(db: TestDb, corpId: string) {
  const { rows } = await sql`
    select c.agent_id, k.kind, k.sealed, k.ending, k.set_by, k.updated_at from corp c join corp_credential k using (corp_id)
    where corp_id = ${corpId}::bigint order by kind`.execute(db.owner)
  return rows
}

const MENDING: typeof REFUSALS = [
  ...REFUSALS,
  {
    name: 'an address that is not trusted',
    make: (company) => company.options({ trustedIps: ['203.0.113.9'] }),
    answer: [422, 'corps.ip_not_trusted'],
    says: /把 127\.0\.0\.1 加进去/,
  },
  {
    name: 'an app that may not read customers',
    make: (company) => company.faults({ where: 'api', kind: '48002', match: 'externalcontact/*' }),
    answer: [422, 'corps.permission_missing'],
    says: /可调用接口的应用/,
  },
]

test.each(MENDING)(
  '$name replaces nothing: the old credentials stay and work',
  async (refusal) => {
    await using db = await freshDb()
    await using company = await aCompanyToConnect(db)
    const corp = await company.connected()
    const before = await kept(db, corp.corpId)
    await refusal.make(company)
    const { agentId, appSecret } = { ...company.good, ...refusal.given }
    const { status, code, message } = await corp.replace(agentId, appSecret)
    expect([status, code]).toEqual(refusal.answer)
    expect(message).toMatch(refusal.says)
    expect(message).toContain('已在用的凭证照常工作')
    expect(await kept(db, corp.corpId)).toEqual(before)
    await company.faults()
    await company.options({ trustedIps: [] })
    const client = await company.there.work.wecom(corp.corpId)
    expect(await client.customer.followUsers()).toContain('amy')
  },
  20_000,
)

test('a process killed between the check and the end of saving leaves both halves of the old credentials', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const before = await kept(db, corp.corpId)
  await sql`create function die() returns trigger language plpgsql security definer as $$
    begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`.execute(db.owner)
  await sql`create trigger die before insert on audit_log for each row execute function die()`.execute(db.owner)
  const { secret } = await company.world.control<{ secret: string }>(
    'POST',
    `/corps/${company.world.corp.corpid}/reset-secret`,
  )
  expect((await corp.replace(company.good.agentId, secret)).status).toBe(500)
  expect(await kept(db, corp.corpId)).toEqual(before)
  await sql`drop trigger die on audit_log`.execute(db.owner)
  expect((await corp.replace(company.good.agentId, secret)).status).toBe(200)
})

test('a secret that was reset in WeCom is replaced by the new one, which is told by its end and never shown', async () => {
  await using db = await freshDb()
  await using company = await aCompanyToConnect(db)
  const corp = await company.connected()
  const { secret } = await company.world.control<{ secret: string }>(
    'POST',
    `/corps/${company.world.corp.corpid}/reset-secret`,
  )
  expect(stepOf(await corp.check(), 'app')).toBe('refused secret')
  const replaced = await corp.replace(company.good.agentId, secret)
  expect(replaced.status).toBe(200)
  const setup = await corp.setup()
  expect(setup.credentials.find(({ kind }) => kind === 'app_secret')).toMatchObject({
    ending: secret.slice(-4),
    setBy: 'owner',
  })
  expect(stepOf(setup, 'app')).toBe('done')
  expect(JSON.stringify([setup, replaced.json, await corp.permissions()])).not.toContain(secret.slice(0, -4))
  const lines = await inCorp(db.api, corp.corpId, (tx) =>
    tx.selectFrom('auditLog').select(['action', 'detail']).where('corpId', '=', corp.corpId).orderBy('line').execute(),
  )
  expect(lines.map(({ action }) => action)).toEqual(['corp.connect', 'corp.replace_credentials'])
  expect(JSON.stringify(lines)).not.toContain(secret.slice(0, -4))
})
