import { expect, test } from 'vitest'
import { aPhone } from '../../../test/phone.ts'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aContact, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { addNote } from '../contacts/notes.ts'
import { signPage } from '../corps/jssdk.ts'
import { appendEvents } from '../events/journal.ts'
import { addTags } from '../tags/tag-pairs.ts'

async function aDesk(db: TestDb, corp: SimulatedCorp) {
  const there = await aWholeApp(db, { wecomBaseUrl: corp.world.sim.url })
  const phone = aPhone(there)
  await phone.signIn(`/m/sidebar?corp=${corp.world.corp.corpid}`, 'amy')
  const cookie = `siyu_m=${phone.jar.get('siyu_m')}`
  const ask = async (method: string, path: string, body?: object) => {
    const { status, text, code } = await there.ask(method, `/api/m${path}`, cookie, body)
    return { status, code, text, json: text.startsWith('{') ? JSON.parse(text) : null }
  }
  return { there, phone, cookie, ask, [Symbol.asyncDispose]: () => there[Symbol.asyncDispose]() }
}

test('one answer tells who he is, what he carries, where he stands and what happened, however much there is, in 12 kB', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { corpId, amyId } = corp
  const { contactId, externalUserid } = await corp.aFriend({ name: '林晚' })
  const tags: string[] = []
  for (let nr = 0; nr < 30; nr++) tags.push(await aTag(db, corpId, { name: `标签${nr}` }))
  const author = { accountId: '1', name: '艾米', staffId: amyId, scope: undefined }
  await inCorp(db.api, corpId, async (tx) => {
    await addTags(
      tx,
      corpId,
      tags.map((tagId) => ({ contactId, staffId: amyId, tagId })),
      { source: 'staff', reason: { by: '艾米' }, now: at },
    )
    for (let nr = 0; nr < 6; nr++)
      await addNote(tx, corpId, contactId, { text: `${nr}${'长'.repeat(1_990)}`, mentions: [] }, author, new Date())
  })
  const { status, text, json } = await desk.ask('GET', `/sidebar/${externalUserid}`)
  expect(status).toBe(200)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12 * 1024)
  expect([json.is, json.name, json.tags.length, json.timeline.count, json.notes.length]).toEqual([
    'mine',
    '林晚',
    30,
    36,
    3,
  ])
  expect(json.tags[0]).toMatchObject({ source: 'staff', by: '艾米', mine: true })
})

test('of somebody else’s customer he hears who follows him and nothing more; of nobody’s, nothing', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const bobId = await aStaff(db, corp.corpId, { userid: 'Bob', name: '鲍勃' })
  await aContact(db, corp.corpId, {
    name: '别人的客户',
    externalUserid: 'wmTheirs',
    staffId: bobId,
    remark: '秘密备注',
  })
  const { status, json } = await desk.ask('GET', '/sidebar/wmTheirs')
  expect([status, json]).toEqual([200, { is: 'theirs', followers: ['鲍勃'] }])
  expect((await desk.ask('GET', '/sidebar/wmNobody')).status).toBe(404)
  for (const [method, path, body] of [
    ['GET', '/timeline', undefined],
    ['GET', '/orders', undefined],
    ['GET', '/sayings', undefined],
    ['POST', '/tags', { add: [] }],
    ['POST', '/notes', { text: '写' }],
    ['PUT', '/remark', { remark: '名' }],
    ['POST', '/tasks', { title: '事', dueAt: '2099-01-01T00:00:00Z' }],
    ['POST', '/outgoing', { piece: 'material', id: '1' }],
  ] as const)
    expect((await desk.ask(method, `/sidebar/wmTheirs${path}`, body)).status, path).toBe(404)
})

test('tags go on his own pair and come off again; a colleague’s pair of the same customer is left alone', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { corpId, amyId } = corp
  const { contactId, externalUserid } = await corp.aFriend()
  const bobId = await aStaff(db, corpId, { name: '鲍勃' })
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('follow')
      .values({ corpId, contactId, staffId: bobId, remark: '', addedAt: at, updatedAt: at })
      .execute(),
  )
  const [tagId, bobsId] = [await aTag(db, corpId, { name: '爱冷泡' }), await aTag(db, corpId, { name: '怕苦' })]
  await inCorp(db.api, corpId, (tx) =>
    addTags(tx, corpId, [{ contactId, staffId: bobId, tagId: bobsId }], {
      source: 'staff',
      reason: { by: '鲍勃' },
      now: at,
    }),
  )
  const held = async () =>
    (await db.owner.selectFrom('followTag').select(['staffId', 'tagId']).orderBy('tagId').execute()).map(
      (row) => `${row.staffId} ${row.tagId}`,
    )
  expect((await desk.ask('POST', `/sidebar/${externalUserid}/tags`, { add: [tagId, bobsId] })).status).toBe(204)
  expect(await held()).toEqual(
    [`${amyId} ${tagId}`, `${bobId} ${bobsId}`, `${amyId} ${bobsId}`].sort(
      (a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]),
    ),
  )
  await desk.ask('POST', `/sidebar/${externalUserid}/tags`, { remove: [tagId, bobsId] })
  expect(await held()).toEqual([`${bobId} ${bobsId}`])
})

test('suggested are tags his newest friends carry by people’s hands, and not those rules or codes put', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { corpId, amyId } = corp
  const { contactId, externalUserid } = await corp.aFriend()
  const [often, once, ruled, held] = [
    await aTag(db, corpId, { name: '常打' }),
    await aTag(db, corpId, { name: '打过' }),
    await aTag(db, corpId, { name: '规则打' }),
    await aTag(db, corpId, { name: '已有' }),
  ]
  const others = [await aContact(db, corpId, { staffId: amyId }), await aContact(db, corpId, { staffId: amyId })]
  const pair = (id: string, tagId: string) => ({ contactId: id, staffId: amyId, tagId })
  await inCorp(db.api, corpId, async (tx) => {
    const byHand = { source: 'staff', reason: { by: '艾米' }, now: at } as const
    await addTags(
      tx,
      corpId,
      [
        ...others.map((id) => pair(id, often)),
        pair(others[0]!, once),
        ...others.map((id) => pair(id, held)),
        pair(contactId, held),
      ],
      byHand,
    )
    await addTags(
      tx,
      corpId,
      others.map((id) => pair(id, ruled)),
      { source: 'rule', reason: {}, now: at },
    )
  })
  const { json } = await desk.ask('GET', `/sidebar/${externalUserid}`)
  expect(json.suggestedTags.map((tag: { name: string; customers: number }) => [tag.name, tag.customers])).toEqual([
    ['常打', 2],
    ['打过', 1],
  ])
})

test('a remark is changed in WeCom and here, told in the timeline, and taken back by the word it had', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { externalUserid } = await corp.aFriend()
  const first = await desk.ask('PUT', `/sidebar/${externalUserid}/remark`, { remark: '林小姐 爱冷泡' })
  expect([first.status, first.json.before]).toEqual([200, ''])
  const inWecom = async () => {
    const { follow_user } = (await corp.world.apiGet('externalcontact/get', { external_userid: externalUserid })) as {
      follow_user: { remark: string }[]
    }
    return follow_user[0]!.remark
  }
  expect(await inWecom()).toBe('林小姐 爱冷泡')
  const { json } = await desk.ask('GET', `/sidebar/${externalUserid}`)
  expect([json.pair.remark, json.timeline.items[0].kind]).toEqual(['林小姐 爱冷泡', 'contact.edited'])
  expect((await desk.ask('PUT', `/sidebar/${externalUserid}/remark`, { remark: '二' })).json.before).toBe(
    '林小姐 爱冷泡',
  )
  await corp.world.act({ type: 'staff_deletes', userid: 'amy', externalUserid })
  expect((await desk.ask('PUT', `/sidebar/${externalUserid}/remark`, { remark: '三' })).code).toBe(
    'contacts.remark_refused',
  )
})

test('PB-20: a thousand pages signed at once ask WeCom for each ticket once; no page of others is signed', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  // Opening the page signed it already: the tickets are forgotten here, so that a thousand find none.
  await db.owner.deleteFrom('wecomToken').where('tokenKey', 'like', '%ticket%').execute()
  await using fresh = await aWholeApp(db, { wecomBaseUrl: corp.world.sim.url })
  const calls = () =>
    corp.world.sim.world.wire
      .list({ limit: 5_000 })
      .filter(({ api }) => /ticket/.test(api))
      .map(({ api }) => api)
  const before = calls().length
  const url = `${desk.there.work.publicUrl}/m/sidebar?corp=ww1#top`
  const signed = await Promise.all(
    Array.from({ length: 1_000 }, () => signPage(fresh.work, corp.corpId, url.split('#')[0]!, new Date())),
  )
  expect(new Set(signed.map(({ nonceStr }) => nonceStr)).size).toBe(1_000)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fresh.ask('GET', `/api/m/jssdk?url=${encodeURIComponent(url)}`, desk.cookie)),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(
    calls()
      .slice(0, calls().length - before)
      .sort(),
  ).toEqual(['get_jsapi_ticket', 'ticket/get'])
  // What was signed is what the client will check.
  const shown = JSON.parse(answers[0]!.text)
  const { corpid, agentId } = corp.world.corp
  const verify = (more: object) =>
    corp.world.control('POST', `/corps/${corpid}/native/verify`, {
      kind: 'agent',
      corpid,
      agentId,
      url: url.split('#')[0],
      timestamp: String(shown.timestamp),
      nonceStr: shown.nonceStr,
      signature: shown.agent,
      ...more,
    })
  expect(await verify({})).toMatchObject({ errCode: 0 })
  expect(await verify({ kind: 'corp', signature: shown.corp })).toMatchObject({ errCode: 0 })
  expect(await verify({ signature: shown.corp })).toMatchObject({ errCode: 40093 })
  expect(await verify({ url: `${url.split('#')[0]}&x=1` })).toMatchObject({ errCode: 40093 })
  for (const foreign of [
    'https://evil.example/m/sidebar',
    `${desk.there.work.publicUrl}/contacts`,
    `${desk.there.work.publicUrl}@evil.example/m/`,
    'http://127.0.0.1:7701/m/sidebar',
    `${desk.there.work.publicUrl}/m/../contacts`,
    'javascript:alert(1)',
    '//evil.example/m/',
  ])
    expect((await fresh.ask('GET', `/api/m/jssdk?url=${encodeURIComponent(foreign)}`, desk.cookie)).code, foreign).toBe(
      'sidebar.page_not_ours',
    )
}, 60_000)

test('a piece is made ready for the client in the customer’s words, and noted once however often the client says so', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { corpId, amyId } = corp
  const { contactId, externalUserid } = await corp.aFriend({ name: '林晚' })
  const { scriptId } = await inCorp(db.api, corpId, async (tx) => {
    const { scriptGroupId } = await tx
      .insertInto('scriptGroup')
      .values({ corpId, name: '口味', sortOrder: 1, createdAt: at })
      .returning('scriptGroupId')
      .executeTakeFirstOrThrow()
    return tx
      .insertInto('script')
      .values({
        corpId,
        scriptGroupId,
        title: '冷泡',
        sortOrder: 1,
        parts: JSON.stringify([
          { type: 'text', text: '{客户昵称}，几乎不苦。' },
          { type: 'text', text: '我是{成员姓名}。' },
        ]),
        keywords: [],
        stageIds: [],
        fileIds: [],
        isQuick: true,
        words: '冷泡',
        titleFolded: '冷泡',
        grams: [],
        createdBy: '某',
        createdAt: at,
        updatedAt: at,
      })
      .returning('scriptId')
      .executeTakeFirstOrThrow()
  })
  const suggested = await desk.ask('GET', `/sidebar/${externalUserid}/sayings`)
  expect(suggested.json.items.map((one: { text: string }) => one.text)).toEqual(['林晚，几乎不苦。\n我是艾米。'])
  const piece = { piece: 'script', id: scriptId }
  const { json: outgoing } = await desk.ask('POST', `/sidebar/${externalUserid}/outgoing`, piece)
  expect(outgoing.messages).toEqual([
    { msgtype: 'text', text: { content: '林晚，几乎不苦。' } },
    { msgtype: 'text', text: { content: '我是艾米。' } },
  ])
  const events = async () =>
    db.owner
      .selectFrom('event')
      .select(['kind', 'staffId', 'props'])
      .where('contactId', '=', contactId)
      .where('kind', '=', 'content.sent')
      .execute()
  expect(await events()).toEqual([]) // made ready is not sent
  const sent = { ...piece, version: outgoing.version, key: outgoing.key, at: outgoing.at }
  expect((await desk.ask('POST', `/sidebar/${externalUserid}/sent`, sent)).json).toEqual({ isNew: true })
  expect((await desk.ask('POST', `/sidebar/${externalUserid}/sent`, sent)).json).toEqual({ isNew: false })
  for (const wrong of ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])
    expect((await desk.ask('POST', `/sidebar/${externalUserid}/sent`, { ...sent, at: wrong })).code).toBe(
      'sidebar.sent_too_late',
    )
  expect(await events()).toMatchObject([{ staffId: amyId, props: { title: '冷泡', piece: 'script' } }])
})

test('what a colleague noted in private stays his, in the lines and in their count', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  await using desk = await aDesk(db, corp)
  const { corpId, amyId } = corp
  const { contactId, externalUserid } = await corp.aFriend()
  const bobId = await aStaff(db, corpId, { name: '鲍勃' })
  const event = (kind: 'note.added' | 'order.paid', staffId: string | null, key: string) => ({
    contactId,
    staffId,
    at,
    kind,
    source: 'console' as const,
    props: { noteId: '1', text: key },
    key,
  })
  await inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      [
        event('note.added', bobId, '鲍勃写的'),
        event('note.added', amyId, '艾米写的'),
        event('order.paid', null, '付款'),
      ],
      at,
    ),
  )
  const { json, text } = await desk.ask('GET', `/sidebar/${externalUserid}`)
  expect([json.timeline.count, text.includes('鲍勃写的')]).toEqual([2, false])
})
