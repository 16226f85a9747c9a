import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { refreshContacts } from '../src/modules/contacts/service.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { createGateway } from '../src/modules/corps/gateway.ts'
import { createHealth, type Health } from '../src/modules/corps/health.ts'
import { createCorp } from '../src/modules/corps/service.ts'
import { type Clock, systemClock } from '../src/platform/clock.ts'
import { type Db, inCorp, kyselyOn, openPools } from '../src/platform/db.ts'
import { createLog, type Log } from '../src/platform/log.ts'
import { createVault, type Vault } from '../src/platform/secrets.ts'

export const testLog = createLog('error')
export const testVault: Vault = createVault(Buffer.alloc(32, 7))
export const at = new Date('2026-11-20T02:00:00Z')

export interface TestDb extends AsyncDisposable {
  /** Under the serving role, as the server runs. */
  api: Db
  url: string
  /** As the owner, for looking behind row-level security. */
  owner: Db
}

/** A database of its own, cloned from the migrated template in about a tenth of a second. */
export async function freshDb(): Promise<TestDb> {
  const base = inject('postgresUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: base.replace(/\/siyu$/, '/postgres') })
  await admin.connect()
  await admin.query(`create database ${name} template siyu_template`)
  const url = base.replace(/\/siyu$/, `/${name}`)
  const pools = openPools(url, { api: 6, intake: 2, work: 12 })
  const ownerPool = new pg.Pool({ connectionString: url, max: 2 })
  ownerPool.on('error', () => {}) // the database is dropped under its last idle connection
  return {
    api: pools.api,
    url,
    owner: kyselyOn(ownerPool),
    async [Symbol.asyncDispose]() {
      await pools.stop()
      await ownerPool.end()
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

let made = 0
const unique = () => `${++made}${randomBytes(3).toString('hex')}`

/** A corp with made-up credentials; returns its id. */
export async function aCorp(
  db: TestDb,
  given: { name?: string; wecomCorpid?: string; secret?: string } = {},
): Promise<string> {
  return createCorp(db.api, testVault, {
    name: given.name ?? `企业${unique()}`,
    wecomCorpid: given.wecomCorpid ?? `ww${randomBytes(8).toString('hex')}`,
    agentId: 1000002,
    simulated: true,
    now: at,
    setBy: '测试',
    credentials: { app_secret: given.secret ?? randomBytes(16).toString('hex') },
  })
}

export async function aStaff(
  db: TestDb,
  corpId: string,
  given: { userid?: string; name?: string; departmentId?: string } = {},
): Promise<string> {
  const userid = given.userid ?? `user${unique()}`
  return inCorp(db.api, corpId, async (tx) => {
    const { staffId } = await tx
      .insertInto('staff')
      .values({ corpId, userid, name: given.name ?? userid, follows: true, updatedAt: at })
      .returning('staffId')
      .executeTakeFirstOrThrow()
    return staffId
  })
}

export interface ContactGiven {
  name?: string
  externalUserid?: string
  addedAt?: Date
  staffId?: string
  state?: string
  remark?: string
  lostAt?: Date | null
}

/** A contact; with `staffId`, followed by that member. */
export async function aContact(db: TestDb, corpId: string, given: ContactGiven = {}): Promise<string> {
  const externalUserid = given.externalUserid ?? `wm${randomBytes(15).toString('hex')}`
  const addedAt = given.addedAt ?? at
  return inCorp(db.api, corpId, async (tx) => {
    const { contactId } = await tx
      .insertInto('contact')
      .values({
        corpId,
        name: given.name ?? '客户',
        firstAddedAt: addedAt,
        lastAddedAt: addedAt,
        followers: given.staffId ? 1 : 0,
        createdAt: at,
        updatedAt: at,
        lostAt: given.lostAt ?? null,
      })
      .returning('contactId')
      .executeTakeFirstOrThrow()
    await tx
      .insertInto('contactIdentity')
      .values({ corpId, kind: 'external_userid', value: externalUserid, contactId, createdAt: at })
      .execute()
    if (given.staffId) {
      await tx
        .insertInto('follow')
        .values({
          corpId,
          contactId,
          staffId: given.staffId,
          remark: given.remark ?? '',
          state: given.state ?? null,
          addedAt,
          lostAt: given.lostAt ?? null,
          updatedAt: at,
        })
        .execute()
      await refreshContacts(tx, corpId, [contactId], at)
    }
    return contactId
  })
}

export async function aTag(
  db: TestDb,
  corpId: string,
  given: { name?: string; group?: string; wecomTagId?: string } = {},
): Promise<string> {
  const group = given.group ?? '测试'
  return inCorp(db.api, corpId, async (tx) => {
    const { tagGroupId } = await tx
      .insertInto('tagGroup')
      .values({ corpId, name: group, createdAt: at })
      .onConflict((c) => c.columns(['corpId', 'name']).where('deletedAt', 'is', null).doUpdateSet({ name: group }))
      .returning('tagGroupId')
      .executeTakeFirstOrThrow()
    const { tagId } = await tx
      .insertInto('tag')
      .values({
        corpId,
        tagGroupId,
        name: given.name ?? `标签${unique()}`.slice(0, 30),
        wecomTagId: given.wecomTagId ?? null,
        createdAt: at,
      })
      .returning('tagId')
      .executeTakeFirstOrThrow()
    return tagId
  })
}

export interface SatGiven {
  userid: string
  staffId?: string
  name?: string
  joinedAt?: Date
  leftAt?: Date
}

/** A group with who sits in it, or sat: customers by their external_userid. */
export async function aGroup(
  db: TestDb,
  corpId: string,
  given: {
    ownerId: string
    name?: string
    chatId?: string
    version?: string
    createdAt?: Date
    sat?: readonly SatGiven[]
  },
): Promise<string> {
  const { sat = [] } = given
  const inside = sat.filter((one) => !one.leftAt)
  return inCorp(db.api, corpId, async (tx) => {
    const { groupChatId } = await tx
      .insertInto('groupChat')
      .values({
        corpId,
        chatId: given.chatId ?? `wr${randomBytes(15).toString('hex')}`,
        name: given.name ?? `群${unique()}`,
        ownerId: given.ownerId,
        adminIds: [],
        notice: '',
        createdAt: given.createdAt ?? at,
        memberVersion: given.version ?? 'v1',
        turnedAt: at,
        askedAt: at,
        members: inside.length,
        outsiders: inside.filter((one) => !one.staffId).length,
      })
      .returning('groupChatId')
      .executeTakeFirstOrThrow()
    if (sat.length > 0)
      await tx
        .insertInto('groupMember')
        .values(
          sat.map((one) => ({
            corpId,
            groupChatId,
            userid: one.userid,
            staffId: one.staffId ?? null,
            name: one.name ?? '',
            nickname: '',
            joinedAt: one.joinedAt ?? at,
            isRough: false,
            scene: 3,
            leftAt: one.leftAt ?? null,
            leftBy: one.leftAt ? 'self' : null,
          })),
        )
        .execute()
    return groupChatId
  })
}

/** What jobs and handlers work with, on a test database and against the WeCom (a simulator) at `wecomBaseUrl`. */
export function aContext(
  db: TestDb,
  given: { wecomBaseUrl?: string; publicUrl?: string; clock?: Clock; health?: Health; log?: Log } = {},
): WorkContext & AsyncDisposable {
  const clock = given.clock ?? systemClock
  const health = given.health ?? createHealth({ db: db.api, clock, log: testLog })
  const wecomBaseUrl = given.wecomBaseUrl ?? 'http://127.0.0.1:9'
  const dataDir = mkdtempSync(join(tmpdir(), 'siyu-data-'))
  return {
    db: db.api,
    clock,
    vault: testVault,
    log: given.log ?? testLog,
    health,
    dataDir,
    publicUrl: given.publicUrl ?? 'http://127.0.0.1:7700',
    wecomBaseUrl,
    wecom: createGateway({ db: db.api, vault: testVault, health, baseUrl: wecomBaseUrl }).client,
    async [Symbol.asyncDispose]() {
      await health.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
