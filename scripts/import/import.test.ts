import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ensureFirstAdmin, grantCorp } from '../../server/src/modules/staff/sign-in.ts'
import { aKey } from '../../server/test/open-api.ts'
import { aWholeApp } from '../../server/test/whole-app.ts'
import { aContact, aCorp, aStaff, at, freshDb } from '../../server/test/world.ts'
import { startSimulator } from '../../simulator/src/simulator.ts'
import { findLoadedCorp, readSimulatedMembers } from './members.ts'

const run = promisify(execFile)
const PASSWORD = 'import-password-1'

/** Three users; the same tea looked at twice in another second, one row of another's, a header and a broken line. */
const CSV = `user,item,category,behaviour,time
1,100,7,pv,1511658000
1,100,7,pv,1511658001
1,100,7,fav,1511658002
25,100,7,pv,1511658000
25,200,8,cart,1511658100
25,200,8,buy,1511658200
9,300,9,pv,1511658000
9,300,9,pv,1511658000
9,300,9,like,1511658000
`

/** Siyu over HTTP beside a simulator that was loaded with users 1 and 25 of the file, who are customers here. */
async function aLoadedCorp() {
  const db = await freshDb()
  const folder = mkdtempSync(join(tmpdir(), 'siyu-import-'))
  const sim = await startSimulator()
  await fetch(`${sim.url}/control/load?name=users`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: '1\n25\n',
  })
  const wecomCorpid = await findLoadedCorp(sim.url, 'users')
  const corpId = await aCorp(db, { wecomCorpid })
  const staffId = await aStaff(db, corpId)
  const customers = new Map<string, string>()
  for await (const { member, externalUserid } of readSimulatedMembers(sim.url, wecomCorpid))
    customers.set(member, await aContact(db, corpId, { externalUserid, staffId }))
  const there = await aWholeApp(db, { wecomBaseUrl: sim.url })
  await ensureFirstAdmin(db.api, { login: 'admin', password: PASSWORD, now: at })
  const { accountId } = await db.api
    .selectFrom('account')
    .select('accountId')
    .where('login', '=', 'admin')
    .executeTakeFirstOrThrow()
  await grantCorp(db.api, { accountId, corpId, role: 'owner' })
  const url = await there.app.listen({ host: '127.0.0.1', port: 0 })
  const file = join(folder, 'users.csv.gz')
  writeFileSync(file, gzipSync(CSV))
  return {
    db,
    corpId,
    customers,
    folder,
    async importing(args: string[], env: Record<string, string> = {}) {
      const settings = { SIYU_URL: url, SIYU_SIM_PORT: new URL(sim.url).port, SIYU_KEY: '', SIYU_ADMIN_PASSWORD: '' }
      const command = [join(import.meta.dirname, 'main.ts'), 'taobao', file, ...args]
      const { stdout } = await run(process.execPath, command, { env: { ...process.env, ...settings, ...env } })
      return stdout.trim().split('\n').slice(-6)
    },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await sim.stop()
      await db[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

test('a file imported twice is in the journals of whose member numbers it has once, line by line accounted for', async () => {
  await using corp = await aLoadedCorp()
  const said = (news: number[], olds: number[]) => [
    '读了 10 行，3 位用户，其中 2 位是客户；看不懂 2 行',
    `会员号  新增 ${news[0]}，已有 ${olds[0]}`,
    `pv → product.viewed  新增 ${news[1]}，已有 ${olds[1]}`,
    `cart → cart.added  新增 ${news[2]}，已有 ${olds[2]}`,
    `fav → favourite.added  新增 ${news[3]}，已有 ${olds[3]}`,
    `buy → product.bought  新增 ${news[4]}，已有 ${olds[4]}`,
  ]
  const env = { SIYU_ADMIN_PASSWORD: PASSWORD }
  expect(await corp.importing([], env)).toEqual(said([2, 4, 1, 1, 1], [0, 1, 0, 0, 0]))
  expect(await corp.importing([], env)).toEqual(said([0, 0, 0, 0, 0], [2, 5, 1, 1, 1]))

  const { rows } = await sql<{ contactId: string; kind: string; count: number }>`
    select contact_id, kind, count(*)::int as count from event where source = 'import' and trusted group by 1, 2`.execute(
    corp.db.owner,
  )
  const of = (member: string) =>
    rows
      .filter(({ contactId }) => contactId === corp.customers.get(member))
      .map(({ kind, count }) => `${kind} ${count}`)
      .sort()
  expect(of('1')).toEqual(['favourite.added 1', 'product.viewed 2'])
  expect(of('25')).toEqual(['cart.added 1', 'product.bought 1', 'product.viewed 1'])
  const { rows: when } = await sql<{ at: Date; props: object }>`
    select at, props from event where kind = 'product.bought'`.execute(corp.db.owner)
  expect(when).toEqual([{ at: new Date(1_511_658_200_000), props: { productNo: '200', category: '8' } }])
  // The keys it made hold no longer.
  const { rows: keys } = await sql<{ open: number; made: number }>`
    select count(*)::int as made, count(*) filter (where revoked_at is null)::int as open from api_key`.execute(
    corp.db.owner,
  )
  expect(keys).toEqual([{ made: 2, open: 0 }])
})

test('without a simulator a table says whose the member numbers are, and a key says of which company', async () => {
  await using corp = await aLoadedCorp()
  const { key } = await aKey(corp.db, corp.corpId, 'server')
  const table = join(corp.folder, 'members.csv')
  writeFileSync(table, '会员号,external_userid\n9,wmNINE\n')
  const said = await corp.importing(['--members', table], { SIYU_KEY: key })
  expect(said.slice(0, 3)).toEqual([
    '读了 10 行，3 位用户，其中 1 位是客户；看不懂 2 行',
    '会员号  新增 1，已有 0',
    'pv → product.viewed  新增 4，已有 1',
  ])
  await expect(corp.importing(['--members', table])).rejects.toThrow('SIYU_KEY')
  await expect(corp.importing([], { SIYU_KEY: `sk_${'x'.repeat(43)}` })).rejects.toThrow('openapi.key_needed')
  await expect(corp.importing(['--name', 'nobody'], { SIYU_KEY: key })).rejects.toThrow('npm run sim -- load')
})
