import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { anActor } from '../../../../test/actor.ts'
import { aForm, republish } from '../../../../test/form-house.ts'
import { nasty, pdf, picture } from '../../../../test/nasty-files.ts'
import { aMaterial } from '../../../../test/radar-house.ts'
import { aWholeApp } from '../../../../test/whole-app.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb, testVault } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readTimeline } from '../../events/journal.ts'
import { findLink } from './links.ts'
import { listAnswers } from './read-answers.ts'
import { readStats } from './stats.ts'
import { takeAnswer } from './take-answer.ts'
import { readThanks } from './thanks.ts'
import { newVisit, sealVisit } from './visit.ts'

const FIELDS = [
  { key: 'taste', kind: 'choice', label: '怎么喝', options: ['热泡', '冷泡'] },
  { key: 'story', kind: 'long_text', label: '说说' },
  { key: 'secret', kind: 'text', label: '地址', isPrivate: true },
  { key: 'phone', kind: 'phone', label: '手机号' },
  { key: 'proof', kind: 'file', label: '附件' },
]
const LIMITS = { total: null, perPerson: null, opensAt: null, closesAt: null }

/** A phone of its own: a cookie, an address, an opening of the page a minute ago. */
async function aPhone(db: TestDb, token: string) {
  const cookie = randomBytes(16).toString('base64url')
  const device = createHash('sha256').update(cookie).digest().subarray(0, 16).toString('base64url')
  const link = (await findLink(db.api, token))!
  const visit = newVisit(link, Date.now() - 60_000)
  return {
    visit,
    headers: { cookie: `siyu_d=${cookie}`, 'user-agent': 'MicroMessenger/8.0' },
    sealed: sealVisit(testVault, visit, device),
  }
}

test('IO-04: more than fifty nasty files by the form’s own way in: none is taken, nothing is kept, and a good one is', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const { tokens } = await aForm(db, corpId, { content: { fields: FIELDS, limits: LIMITS } })
  const upload = async (bytes: Buffer, type = 'application/octet-stream') => {
    const { headers, sealed } = await aPhone(db, tokens[0]!)
    return there.app.inject({
      method: 'POST',
      url: '/api/m/forms/files',
      headers: { ...headers, 'content-type': type, 'x-form-visit': sealed, 'x-form-field': 'proof' },
      payload: bytes,
    })
  }
  const all = await nasty()
  expect(all.length).toBeGreaterThanOrEqual(50)
  const taken: string[] = []
  for (const [i, [name, bytes]] of all.entries())
    for (const type of ['application/octet-stream', i % 2 ? 'image/png' : 'application/pdf']) {
      const answer = await upload(bytes, type)
      if (answer.statusCode < 400 || answer.statusCode >= 500)
        taken.push(`${i} ${name} as ${type}: ${answer.statusCode}`)
    }
  expect(taken).toEqual([])
  expect(await db.owner.selectFrom('formFile').selectAll().execute()).toEqual([])
  expect(existsSync(join(there.work.dataDir, 'forms'))).toBe(false)
  for (const [bytes, type] of [
    [await picture(), 'image/png'],
    [await picture('jpeg'), 'image/jpeg'],
    [pdf(), 'application/pdf'],
  ] as const)
    expect((await upload(bytes, type)).statusCode).toBe(201)
  console.info(`${all.length * 2} nasty uploads: 0 taken`)
}, 60_000)

test('PV: nothing anybody answers stands in a log, at any level: not when it is taken, refused, or when we break', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  let logged = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk)
      done()
    },
  })
  await using there = await aWholeApp(db, { log: pino({ level: 'trace' }, sink) })
  const staffId = await aStaff(db, corpId)
  const { formId, tokens } = await aForm(db, corpId, {
    staffIds: [staffId],
    content: { fields: FIELDS, limits: LIMITS },
  })
  const canary = (nr: number) => `金丝雀${nr}甲乙丙`
  const phone = '13987650412'
  const post = async (answers: object, given: { cookie?: string } = {}) => {
    const one = await aPhone(db, tokens[0]!)
    const answer = await there.app.inject({
      method: 'POST',
      url: '/api/m/forms/answers',
      headers: { ...one.headers, ...given },
      payload: { visit: one.sealed, answers, consents: [] },
    })
    return answer.statusCode
  }
  const good = { taste: '热泡', story: canary(1), secret: canary(2), phone }
  expect(await post(good)).toBe(200)
  expect(await post({ ...good, taste: canary(3) })).toBe(422)
  expect(await post({ ...good, phone: `${canary(4)}${phone}` })).toBe(422)
  expect(await post({ ...good, story: { deep: canary(5) } })).toBe(400)
  expect(await post(good, { cookie: '' })).toBe(403)
  const one = await aPhone(db, tokens[0]!)
  await there.app.inject({
    method: 'POST',
    url: '/api/m/forms/files',
    headers: { ...one.headers, 'content-type': 'application/pdf', 'x-form-visit': one.sealed, 'x-form-field': 'proof' },
    payload: pdf(`/Title (${Buffer.from('CANARYPDF').toString('latin1')}) `),
  })
  // The database refuses a row, and would tell the whole of it.
  await sql`alter table form_answer add constraint broken check (seconds < 0) not valid`.execute(db.owner)
  expect(await post({ ...good, story: canary(6) })).toBe(500)
  await sql`alter table form_answer drop constraint broken`.execute(db.owner)
  await sql`alter table form_answer alter column answers type text using answers::text`.execute(db.owner)
  await post({ ...good, story: canary(7) })
  expect(logged).toContain('/api/m/forms/answers')
  for (let nr = 1; nr <= 7; nr++) expect(logged, canary(nr)).not.toContain(canary(nr))
  for (const word of [phone, 'CANARYPDF', '热泡']) expect(logged, word).not.toContain(word)
  expect(formId).toBeTruthy()
}, 60_000)

test('an answer is erased: what he said, sent along and who he was are gone from table, disk, journal, lists and counts; that one came stays', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { externalUserid: 'wm-lin', staffId })
  const consents = [{ purpose: 'profile', text: '同意记到我的客户资料' }]
  const { formId, tokens } = await aForm(db, corpId, {
    staffIds: [staffId],
    content: { fields: FIELDS, consents, limits: { ...LIMITS, total: 2 } },
  })
  const work = { ...there.work, db: db.api }
  const filler = { device: 'd', ip: '10.0.0.1', openid: null, externalUserid: 'wm-lin' }
  const one = await aPhone(db, tokens[0]!)
  const upload = await there.app.inject({
    method: 'POST',
    url: '/api/m/forms/files',
    headers: { ...one.headers, 'content-type': 'application/pdf', 'x-form-visit': one.sealed, 'x-form-field': 'proof' },
    payload: pdf(),
  })
  const { fileId } = upload.json<{ fileId: string }>()
  const answers = { taste: '热泡', story: '独一无二的话', secret: '某路 1 号', phone: '13900000001', proof: [fileId] }
  await takeAnswer(work, one.visit, filler, { answers, consents: ['profile'] }, Date.now())
  const other = await aPhone(db, tokens[0]!)
  await takeAnswer(
    work,
    other.visit,
    { ...filler, device: 'e', externalUserid: null },
    { answers: { taste: '冷泡' }, consents: [] },
    Date.now(),
  )
  const list = () => inCorp(db.api, corpId, (tx) => listAnswers(tx, testVault, corpId, formId, { limit: 9 }, undefined))
  const lines = async () =>
    (
      await inCorp(db.api, corpId, (tx) => readTimeline(tx, corpId, { contactIds: [contactId], limit: 9 }))
    ).items.filter(({ kind }) => kind === 'form.submitted')
  const { answerId } = (await list()).items.find((row) => row.contactId === contactId)!
  expect(await lines()).toHaveLength(1)
  expect(readdirSync(join(there.work.dataDir, 'forms', corpId))).toHaveLength(1)

  const url = `/api/form-answers/${answerId}/erasure`
  const boss = await there.signedIn(corpId, 'admin')
  const elsewhere = await there.signedIn(await aCorp(db), 'owner')
  expect((await there.ask('POST', url, elsewhere, { reason: '看看' })).status).toBe(404)
  expect((await there.ask('POST', url, boss, { reason: '' })).status).toBe(400)
  expect((await there.ask('POST', url, boss, { reason: '客户来电要求' })).status).toBe(204)
  expect((await there.ask('POST', url, boss, { reason: '再来' })).status).toBe(404)

  const dump = JSON.stringify([
    (await sql`select * from form_answer`.execute(db.owner)).rows,
    (await sql`select * from event`.execute(db.owner)).rows,
    (await sql`select * from form_file`.execute(db.owner)).rows,
    (await sql`select * from audit_log`.execute(db.owner)).rows,
  ])
  for (const said of ['独一无二的话', '热泡', '某路', fileId]) expect(dump).not.toContain(said)
  expect(readdirSync(join(there.work.dataDir, 'forms', corpId))).toEqual([])
  expect(await lines()).toEqual([])
  expect((await list()).items.map(({ said }) => said[0]!.value)).toEqual(['冷泡'])
  const stats = await inCorp(db.api, corpId, (tx) => readStats(tx, there.work, corpId, formId, undefined))
  expect(stats.answers).toBe(1)
  expect(stats.links[0]).toMatchObject({ submitted: 2 })
  const audited = await db.owner
    .selectFrom('auditLog')
    .select(['action', 'detail'])
    .where('action', '=', 'form.erase')
    .execute()
  expect(audited).toEqual([{ action: 'form.erase', detail: { formId, reason: '客户来电要求', files: 1 } }])
  // It came, and was counted: the form is as full as before.
  const late = await aPhone(db, tokens[0]!)
  await expect(
    takeAnswer(
      work,
      late.visit,
      { ...filler, device: 'f', externalUserid: null },
      { answers: { taste: '冷泡' }, consents: [] },
      Date.now(),
    ),
  ).rejects.toThrow()
}, 60_000)

test('a long list of answers waits for somebody else, by the rules every export has; its rows carry its mark', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await using there = await aWholeApp(db)
  const { formId, tokens } = await aForm(db, corpId, { content: { fields: FIELDS, limits: LIMITS } })
  const work = { ...there.work, db: db.api }
  for (let nr = 0; nr < 4; nr++) {
    const { visit } = await aPhone(db, tokens[0]!)
    await takeAnswer(
      work,
      visit,
      { device: `d${nr}`, ip: '10.0.0.1', openid: null, externalUserid: null },
      { answers: { taste: '热泡' }, consents: [] },
      Date.now(),
    )
  }
  await db.owner.updateTable('corp').set({ exportApprovalAbove: 3 }).where('corpId', '=', corpId).execute()
  const [asks, lets] = [await there.signedIn(corpId, 'operator'), await there.signedIn(corpId, 'admin')]
  const file = `/api/forms/${formId}/answers.csv`
  expect(await there.ask('GET', file, asks)).toMatchObject({ status: 409, code: 'contacts.export_needs_approval' })
  const asked = await there.ask('POST', `/api/forms/${formId}/exports`, asks, { format: 'csv', reason: '到店回访' })
  expect(asked.status).toBe(201)
  const { contactExportId } = JSON.parse(asked.text) as { contactExportId: string }
  const taken = `/api/form-exports/${contactExportId}/file`
  expect((await there.ask('GET', taken, asks)).status).toBe(409)
  expect((await there.ask('GET', `/api/contact-exports/${contactExportId}/file`, asks)).status).toBe(404)
  const list = JSON.parse((await there.ask('GET', '/api/contact-exports', lets)).text) as object[]
  expect(list).toMatchObject([
    { form: { formId, title: '口味小卡' }, customers: 4, state: 'waiting', reason: '到店回访' },
  ])
  const decision = `/api/contact-exports/${contactExportId}/decision`
  expect((await there.ask('POST', decision, asks, { approve: true })).status).toBe(403)
  expect((await there.ask('POST', decision, lets, { approve: true })).status).toBe(204)
  expect((await there.ask('GET', taken, lets)).status).toBe(404) // his who asked for it
  const answer = await there.ask('GET', taken, asks)
  expect(answer.status).toBe(200)
  const rows = answer.text.trim().split('\r\n')
  expect(rows).toHaveLength(5)
  expect(rows.slice(1).every((row) => row.includes(`E${contactExportId}-`))).toBe(true)
  expect((await there.ask('GET', taken, asks)).status).toBe(409)
  await db.owner
    .updateTable('corp')
    .set({ exportApprovalAbove: 4, exportDailyMax: 100 })
    .where('corpId', '=', corpId)
    .execute()
  expect((await there.ask('GET', file, asks)).status).toBe(200)
}, 60_000)

test('what is to be read afterwards is a link of whoever gave him the form; of a shop’s own, of whoever follows him; else there is none', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [zhou, tang] = [await aStaff(db, corpId, { name: '周' }), await aStaff(db, corpId, { name: '唐' })]
  await aContact(db, corpId, { externalUserid: 'wm-lin', staffId: tang })
  const materialId = await aMaterial(db, corpId, { title: '春茶怎么选' })
  const content = { fields: FIELDS, thanks: { words: '谢谢您', addStaff: false, channelCodeId: null, materialId } }
  const own = await aForm(db, corpId, { staffIds: [zhou], content })
  const shop = await aForm(db, corpId, { content })
  await using there = await aWholeApp(db)
  const thanks = async (token: string, wm: string | null) =>
    readThanks({ ...there.work, db: db.api }, (await aPhone(db, token)).visit, wm)
  const whose = async (path: string) => {
    const { rows } = await sql<{ staffId: string; channel: string }>`
      select l.staff_id, l.channel from radar_token t join radar_link l on l.link_id = t.link_id where t.token_mark = ${createHash(
        'sha256',
      )
        .update(`radar ${path.slice(3)}`)
        .digest()
        .subarray(0, 16)}`.execute(db.owner)
    return rows[0]
  }
  const byZhou = await thanks(own.tokens[0]!, 'wm-lin')
  expect(byZhou.material).toEqual({ title: '春茶怎么选', path: expect.stringMatching(/^\/r\/[\w-]{22}$/) })
  expect(await whose(byZhou.material!.path)).toEqual({ staffId: zhou, channel: 'other' })
  expect(await whose((await thanks(shop.tokens[0]!, 'wm-lin')).material!.path)).toMatchObject({ staffId: tang })
  expect((await thanks(shop.tokens[0]!, null)).material).toBeNull()
  await db.owner.updateTable('material').set({ withdrawnAt: new Date() }).execute()
  expect((await thanks(own.tokens[0]!, 'wm-lin')).material).toBeNull()
  await expect(republish(db, corpId, own.formId, { ...content, title: '口味' })).rejects.toThrow('素材')
  expect(anActor(corpId).corpId).toBe(corpId)
})
