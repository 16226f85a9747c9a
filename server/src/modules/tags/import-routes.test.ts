import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { contactHooks } from '../../../test/contact-world.ts'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aContext, aCorp, aStaff, aTag, at, freshDb, type TestDb, testVault } from '../../../test/world.ts'
import { bulkWorks } from '../../bulk-works.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { readCsv } from '../../platform/tables/read-csv.ts'
import { loseFollows } from '../contacts/lose-follows.ts'
import { makeRunBulk } from './bulk-job.ts'
import { registerImportRoutes } from './import-routes.ts'
import { crons } from './jobs.ts'

const runBulk = makeRunBulk(bulkWorks)

/** 客户ID,标签 in GBK, as Excel on a Chinese Windows saves it; worked out apart from our code. */
const GBK_HEAD = Buffer.from('bfcdbba74944 2c b1eac7a9 0d0a'.replaceAll(' ', ''), 'hex')
/** 常客 */
const GBK_VIP = Buffer.from('b3a3bfcd', 'hex')

async function aDesk(db: TestDb) {
  const work = aContext(db, { clock: standingClock(at) })
  const deps = { db: db.api, work, demo: false, adminLogin: 'admin' }
  const there = await aSignedApp(db, { work, before: (app) => registerImportRoutes(app, deps) })
  return {
    there,
    work,
    async bring(cookie: string, file: string | Buffer) {
      const payload = { fileName: '名单.csv', content: Buffer.from(file).toString('base64') }
      const answer = await there.app.inject({ method: 'POST', url: '/api/imports', headers: { cookie }, payload })
      return { status: answer.statusCode, body: answer.json() }
    },
    async rejected(cookie: string, bulkRunId: string) {
      const answer = await there.app.inject({ url: `/api/imports/${bulkRunId}/rejected.csv`, headers: { cookie } })
      return answer.statusCode === 200 ? readCsv(answer.body.replace('\uFEFF', '')) : answer.statusCode
    },
    run: (corpId: string, bulkRunId: string) =>
      runBulk.run(work, { corpId, bulkRunId }, { number: 1, last: false, signal: new AbortController().signal }),
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await work[Symbol.asyncDispose]()
    },
  }
}

const aField = (db: TestDb, corpId: string, name: string, kind: string, options: string[] = []) =>
  inCorp(db.api, corpId, async (tx) => {
    const row = { corpId, name, kind, options, sortOrder: 1, createdAt: at }
    return (await tx.insertInto('contactField').values(row).returning('contactFieldId').executeTakeFirstOrThrow())
      .contactFieldId
  })

const setMobile = (db: TestDb, corpId: string, contactId: string, mobile: string) =>
  inCorp(db.api, corpId, (tx) =>
    sql`update follow set mobiles_mark = ${testVault.fingerprint(JSON.stringify([mobile]))} where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint`.execute(
      tx,
    ),
  )

const stateOf = (db: TestDb, corpId: string) =>
  inCorp(db.api, corpId, async (tx) => ({
    tags: (await tx.selectFrom('followTag').select(['contactId', 'tagId']).where('corpId', '=', corpId).execute())
      .map((row) => `${row.contactId} ${row.tagId}`)
      .sort(),
    values: (
      await tx.selectFrom('contactFieldValue').select(['contactId', 'value']).where('corpId', '=', corpId).execute()
    )
      .map((row) => `${row.contactId} ${JSON.stringify(row.value)}`)
      .sort(),
    run: await tx
      .selectFrom('bulkRun')
      .select(['state', 'total', 'done', 'changed', 'skipped'])
      .where('corpId', '=', corpId)
      .orderBy('bulkRunId', 'desc')
      .executeTakeFirst(),
  }))

test('rows find their customer by id or number and are done; every other row comes back as it was, with the reason', async () => {
  await using db = await freshDb()
  await using desk = await aDesk(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId)
  const [vip, old] = [await aTag(db, corpId, { name: '常客' }), await aTag(db, corpId, { name: '新客' })]
  for (const group of ['甲', '乙']) await aTag(db, corpId, { name: '同名', group })
  await aField(db, corpId, '生日', 'date')
  await aField(db, corpId, '忌口', 'choices', ['糖', '冰'])
  const one = await aContact(db, corpId, { staffId: amy, externalUserid: 'wm1' })
  const two = await aContact(db, corpId, { staffId: amy, externalUserid: 'wm2' })
  const twins = [await aContact(db, corpId, { staffId: amy }), await aContact(db, corpId, { staffId: amy })]
  const gone = await aContact(db, corpId, { staffId: amy, externalUserid: 'wm5' })
  await setMobile(db, corpId, two, '13800000002')
  for (const id of twins) await setMobile(db, corpId, id, '13800000003')
  await inCorp(db.api, corpId, async (tx) => {
    const told = { source: 'callback' as const, now: at, askedAt: at }
    await loseFollows(tx, corpId, [{ contactId: gone, staffId: amy, by: 'customer', at }], told, contactHooks)
  })
  const foreign = await aCorp(db)
  await aContact(db, foreign, { staffId: await aStaff(db, foreign), externalUserid: 'wm9' })

  const admin = await desk.there.signedIn(corpId, 'admin')
  const { status, body } = await desk.bring(
    admin,
    [
      '客户ID,手机号,标签,去标签,生日,忌口',
      'wm1,,常客、甲/同名,新客,1990/2/8,"糖，冰"',
      ',+86 138-0000-0002,常客,,,',
      ',13800000003,常客,,,',
      ',13800000004,常客,,,',
      'wm9,,常客,,,',
      'wm1,,常客,,,',
      'wm2,,同名,,,',
      'wm2,,不在的,,,',
      'wm2,,,,2 月 8 日,',
      'wm2,,,,,"盐"',
      'wm2,,,,,',
      'wm2,,常客,常客,,',
      ',,常客,,,',
      'wm5,,常客,,,',
    ].join('\r\n'),
  )
  expect([status, body.accepted, body.rejected]).toEqual([202, 3, 11])
  await desk.run(corpId, body.bulkRunId)
  await desk.run(corpId, body.bulkRunId)
  const other = (
    await db.owner.selectFrom('tag').select('tagId').where('name', '=', '同名').orderBy('tagId').execute()
  )[0]
  const state = await stateOf(db, corpId)
  expect(state.tags).toEqual([`${one} ${vip}`, `${one} ${other?.tagId}`, `${two} ${vip}`].sort())
  expect(state.values).toEqual([`${one} "1990-02-08"`, `${one} ["糖","冰"]`])
  expect(state.run).toEqual({
    state: 'done',
    total: 3,
    done: 3,
    changed: 2,
    skipped: { rejected: 11, not_followed: 1 },
  })
  expect(old).not.toBe(vip)

  const back = await desk.rejected(admin, body.bulkRunId)
  expect(back).toEqual([
    ['客户ID', '手机号', '标签', '去标签', '生日', '忌口', '没导入的原因', '原来的行'],
    ['', '13800000003', '常客', '', '', '', '这个手机号对应 2 位客户，请改写客户ID', '4'],
    ['', '13800000004', '常客', '', '', '', '没有客户的备注里只写着这个手机号', '5'],
    ['wm9', '', '常客', '', '', '', '没有这位客户，或不归你看', '6'],
    ['wm1', '', '常客', '', '', '', '和第 2 行是同一位客户', '7'],
    ['wm2', '', '同名', '', '', '', '有 2 个标签叫「同名」，请写成「标签组/同名」', '8'],
    ['wm2', '', '不在的', '', '', '', '标签库里没有「不在的」，请先建好', '9'],
    ['wm2', '', '', '', '2 月 8 日', '', '「生日」要填日期，像 2026-11-23', '10'],
    ['wm2', '', '', '', '', '盐', '「忌口」要填这些里的：糖、冰', '11'],
    ['wm2', '', '', '', '', '', '没有写要改什么', '12'],
    ['wm2', '', '常客', '常客', '', '', '同一个标签又要打又要去', '13'],
    ['', '', '常客', '', '', '', '没有写客户ID，也没有写手机号', '14'],
  ])
  expect(await desk.rejected(await desk.there.signedIn(foreign, 'admin'), body.bulkRunId)).toBe(404)
})

test('a file in GBK is read like one in UTF-8; a workbook, an unknown column and a file without customers are refused whole', async () => {
  await using db = await freshDb()
  await using desk = await aDesk(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId)
  const vip = await aTag(db, corpId, { name: '常客' })
  const contactId = await aContact(db, corpId, { staffId: amy, externalUserid: 'wm1' })
  const admin = await desk.there.signedIn(corpId, 'admin')
  const gbk = await desk.bring(admin, Buffer.concat([GBK_HEAD, Buffer.from('wm1,'), GBK_VIP]))
  expect(gbk.body).toMatchObject({ accepted: 1, rejected: 0 })
  await desk.run(corpId, gbk.body.bulkRunId)
  expect((await stateOf(db, corpId)).tags).toEqual([`${contactId} ${vip}`])

  const code = async (file: string | Buffer) => (await desk.bring(admin, file)).body.code
  expect(await code(Buffer.from('504b0304140000000800', 'hex'))).toBe('platform.table_unreadable')
  expect(await code('客户ID,标签,积分\nwm1,常客,3')).toBe('tags.import_columns')
  expect(await code('标签\n常客')).toBe('tags.import_columns')
  expect(await code('客户ID\nwm1')).toBe('tags.import_columns')
  expect(await code(`客户ID,标签\n${'wm1,常客\n'.repeat(20_001)}`)).toBe('platform.table_too_large')
  const manager = await desk.there.signedIn(corpId, 'manager', amy)
  expect((await desk.bring(manager, '客户ID,标签\nwm1,常客')).status).toBe(403)
})

test('what a refused row said is kept sealed, and forgotten after a month', async () => {
  await using db = await freshDb()
  await using desk = await aDesk(db)
  const corpId = await aCorp(db)
  await aTag(db, corpId, { name: '常客' })
  const admin = await desk.there.signedIn(corpId, 'admin')
  const { body } = await desk.bring(admin, '手机号,标签\n13812345678,常客')
  await desk.run(corpId, body.bulkRunId)
  const rows = async () =>
    (await sql<{ text: string }>`select i::text as text from import_row i`.execute(db.owner)).rows
  expect((await rows()).length).toBe(1)
  expect((await rows())[0]!.text).not.toContain('13812345678')
  expect((await rows())[0]!.text).not.toContain(Buffer.from('13812345678').toString('hex'))
  const forget = crons.find((cron) => cron.name === 'tags.forget-imports')!
  const month = 30 * 86_400_000
  await forget.run({ ...desk.work, clock: standingClock(new Date(at.getTime() + month)) })
  expect((await rows()).length).toBe(1)
  await forget.run({ ...desk.work, clock: standingClock(new Date(at.getTime() + month + 1)) })
  expect((await rows()).length).toBe(0)
})
