import { expect, test } from 'vitest'
import { aSignedApp } from '../../../test/signed-app.ts'
import { aContact, aContext, aCorp, aStaff, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'

/** The server with a clock that is wound by hand, and short calls. */
async function aWound(db: TestDb) {
  let now = at
  const work = aContext(db, { clock: { now: () => now } })
  const there = await aSignedApp(db, { work })
  return {
    signedIn: there.signedIn,
    wind: (hours: number) => {
      now = new Date(at.getTime() + hours * 3_600_000)
    },
    async call(cookie: string, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) {
      const answer = await there.app.inject({ method, url: `/api${url}`, headers: { cookie }, payload })
      return { status: answer.statusCode, body: answer.statusCode === 204 ? undefined : answer.json() }
    },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await work[Symbol.asyncDispose]()
    },
  }
}

test('a note stands in the timeline as it reads now; its author mends it for 24 hours, nobody else ever', async () => {
  await using db = await freshDb()
  await using there = await aWound(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId, { name: '艾米' })
  const contactId = await aContact(db, corpId, { staffId: amy })
  const [hers, boss] = [await there.signedIn(corpId, 'staff', amy), await there.signedIn(corpId, 'admin')]
  const made = await there.call(hers, 'POST', `/contacts/${contactId}/notes`, { text: '  想要冷泡，\n不要糖  ' })
  expect(made.status).toBe(201)
  const url = `/contacts/${contactId}/notes/${made.body.noteId}`
  const shown = async (cookie: string) =>
    (await there.call(cookie, 'GET', `/contacts/${contactId}/timeline?kinds=note.added`)).body.items[0].props
  expect(await shown(hers)).toMatchObject({ text: '想要冷泡，\n不要糖', by: 'staff', edited: false })
  expect([(await shown(hers)).editableUntil, (await shown(boss)).editableUntil]).toEqual([
    '2026-11-21T02:00:00.000Z',
    null,
  ])

  expect((await there.call(boss, 'PATCH', url, { text: '改' })).body.code).toBe('contacts.note_closed')
  there.wind(23)
  expect((await there.call(hers, 'PATCH', url, { text: '想要热泡' })).status).toBe(204)
  expect(await shown(boss)).toMatchObject({ text: '想要热泡', edited: true })
  there.wind(24)
  expect((await there.call(hers, 'PATCH', url, { text: '又改' })).body.code).toBe('contacts.note_closed')
  expect((await shown(hers)).editableUntil).toBe(null)
  const kinds = (await there.call(boss, 'GET', `/contacts/${contactId}/timeline`)).body.items.map(
    (item: { kind: string; props: { from?: string } }) => [item.kind, item.props.from],
  )
  expect(kinds).toEqual([
    ['note.edited', '想要冷泡，\n不要糖'],
    ['note.added', undefined],
  ])
  for (const text of ['   ', '字'.repeat(2_001), 'a\0b'])
    expect((await there.call(hers, 'POST', `/contacts/${contactId}/notes`, { text })).status).toBe(400)
})

test('a note is read where its author’s customers are read: not by a colleague of another department, nor another corp', async () => {
  await using db = await freshDb()
  await using there = await aWound(db)
  const corpId = await aCorp(db)
  const [amy, bob] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: amy })
  const hersAlone = await aContact(db, corpId, { staffId: amy })
  await inCorp(db.api, corpId, (tx) =>
    tx.insertInto('follow').values({ corpId, contactId, staffId: bob, addedAt: at, updatedAt: at }).execute(),
  )
  const [hers, his] = [await there.signedIn(corpId, 'staff', amy), await there.signedIn(corpId, 'staff', bob)]
  const office = await there.signedIn(corpId, 'operator')
  const foreign = await there.signedIn(await aCorp(db), 'admin')
  await there.call(hers, 'POST', `/contacts/${contactId}/notes`, { text: '艾米写的' })
  await there.call(office, 'POST', `/contacts/${contactId}/notes`, { text: '总部写的' })
  const read = async (cookie: string) =>
    (await there.call(cookie, 'GET', `/contacts/${contactId}/timeline`)).body.items
      ?.map((item: { props: { text: string } }) => item.props.text)
      .sort()
  expect(await read(hers)).toEqual(['总部写的', '艾米写的'])
  expect(await read(his)).toEqual(['总部写的'])
  expect(await read(foreign)).toBeUndefined()
  expect((await there.call(his, 'POST', `/contacts/${hersAlone}/notes`, { text: '偷看' })).status).toBe(404)
  expect((await there.call(foreign, 'POST', `/contacts/${contactId}/notes`, { text: '偷看' })).status).toBe(404)
})

test('fields take what their kind allows, are filled in inside one’s scope, and every change is audited with what stood before', async () => {
  await using db = await freshDb()
  await using there = await aWound(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId: amy })
  const another = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  const [admin, hers] = [await there.signedIn(corpId, 'admin'), await there.signedIn(corpId, 'staff', amy)]
  const make = async (field: object) => (await there.call(admin, 'POST', '/contact-fields', field)).body.contactFieldId
  const [size, birthday, tea, likes] = [
    await make({ name: '杯量', kind: 'number' }),
    await make({ name: '生日', kind: 'date' }),
    await make({ name: '常喝', kind: 'choice', options: ['岩茶', '白茶'] }),
    await make({ name: '忌口', kind: 'choices', options: ['糖', '冰', '奶'] }),
  ]
  expect(await make({ name: '常喝', kind: 'text' })).toBeUndefined()
  const fill = (cookie: string, values: object, id = contactId) =>
    there.call(cookie, 'PUT', `/contacts/${id}/fields`, { values })
  const values = async () =>
    Object.fromEntries(
      (await there.call(hers, 'GET', `/contacts/${contactId}`)).body.fields.map(
        (field: { name: string; value: unknown }) => [field.name, field.value],
      ),
    )
  expect(
    (await fill(hers, { [size]: 3, [birthday]: '1990-02-28', [tea]: '岩茶', [likes]: ['糖', '奶', '糖'] })).status,
  ).toBe(204)
  expect(await values()).toEqual({ 杯量: 3, 生日: '1990-02-28', 常喝: '岩茶', 忌口: ['糖', '奶'] })
  for (const wrong of [{ [size]: '3' }, { [birthday]: '1990-02-30' }, { [tea]: '红茶' }, { [likes]: ['糖', '盐'] }]) {
    const refused = await fill(hers, { [size]: 9, ...wrong })
    expect([refused.status, refused.body.code]).toEqual([422, 'contacts.field_value_refused'])
  }
  expect((await values()).杯量).toBe(3)
  expect((await fill(hers, { [size]: 1 }, another)).status).toBe(404)
  expect((await fill(hers, { 999: 1 })).status).toBe(404)

  await there.call(admin, 'PATCH', `/contact-fields/${tea}`, { options: ['白茶'] })
  expect((await fill(hers, { [tea]: '岩茶', [size]: null })).status).toBe(204) // it left the list, not him
  expect(await values()).toEqual({ 杯量: null, 生日: '1990-02-28', 常喝: '岩茶', 忌口: ['糖', '奶'] })
  await there.call(admin, 'DELETE', `/contact-fields/${likes}`)
  expect(Object.keys(await values())).toEqual(['杯量', '生日', '常喝'])
  const lines = await inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('auditLog')
      .select('detail')
      .where('corpId', '=', corpId)
      .where('action', '=', 'contact.fields')
      .orderBy('line')
      .execute(),
  )
  expect(lines.map((line) => line.detail)).toEqual([
    {
      fields: {
        杯量: { from: null, to: 3 },
        生日: { from: null, to: '1990-02-28' },
        常喝: { from: null, to: '岩茶' },
        忌口: { from: null, to: ['糖', '奶'] },
      },
    },
    { fields: { 杯量: { from: 3, to: null } } },
  ])
})

test('a corp has at most fifty fields, in its own order, and another corp’s cannot be touched', async () => {
  await using db = await freshDb()
  await using there = await aWound(db)
  const admin = await there.signedIn(await aCorp(db), 'admin')
  const foreign = await there.signedIn(await aCorp(db), 'admin')
  const ids: string[] = []
  for (let n = 0; n < 50; n++)
    ids.push(
      (await there.call(admin, 'POST', '/contact-fields', { name: `字段${n}`, kind: 'text' })).body.contactFieldId,
    )
  const more = { name: '多一个', kind: 'text' }
  expect((await there.call(admin, 'POST', '/contact-fields', more)).body.code).toBe('contacts.too_many_fields')
  expect((await there.call(foreign, 'DELETE', `/contact-fields/${ids[0]}`)).status).toBe(404)
  expect((await there.call(foreign, 'PATCH', `/contact-fields/${ids[0]}`, { name: '我的' })).status).toBe(404)
  await there.call(foreign, 'PUT', '/contact-fields/order', { contactFieldIds: ids.toReversed() })
  const order = async () =>
    (await there.call(admin, 'GET', '/contact-fields')).body.map((f: { contactFieldId: string }) => f.contactFieldId)
  expect(await order()).toEqual(ids)
  await there.call(admin, 'PUT', '/contact-fields/order', { contactFieldIds: ids.toReversed() })
  expect(await order()).toEqual(ids.toReversed())
  await there.call(admin, 'DELETE', `/contact-fields/${ids[0]}`)
  expect((await there.call(admin, 'POST', '/contact-fields', { ...more, name: '字段0' })).status).toBe(201)
  const choice = { name: '选', kind: 'choice', options: [] }
  expect((await there.call(admin, 'POST', '/contact-fields', choice)).status).toBe(400)
})

test('customers are found by what stands in choice fields: any option of one field, every field asked for', async () => {
  await using db = await freshDb()
  await using there = await aWound(db)
  const corpId = await aCorp(db)
  const amy = await aStaff(db, corpId)
  const admin = await there.signedIn(corpId, 'admin')
  const make = async (name: string, kind: string) =>
    (await there.call(admin, 'POST', '/contact-fields', { name, kind, options: ['岩茶', '白茶', '茶'] })).body
      .contactFieldId
  const [one, several] = [await make('常喝', 'choice'), await make('也喝', 'choices')]
  const person = async (values: object) => {
    const contactId = await aContact(db, corpId, { staffId: amy })
    await there.call(admin, 'PUT', `/contacts/${contactId}/fields`, { values })
    return contactId
  }
  const rock = await person({ [one]: '岩茶', [several]: ['白茶', '茶'] })
  const white = await person({ [one]: '白茶', [several]: ['岩茶'] })
  await person({ [several]: ['茶'] })
  const found = async (fields: object) =>
    (await there.call(admin, 'GET', `/contacts?fields=${encodeURIComponent(JSON.stringify(fields))}`)).body.items
      ?.map((row: { contactId: string }) => row.contactId)
      .sort()
  expect(await found({ [one]: ['岩茶'] })).toEqual([rock])
  expect(await found({ [one]: ['岩茶', '白茶'] })).toEqual([rock, white].sort())
  expect(await found({ [one]: ['白茶', '岩茶'], [several]: ['白茶'] })).toEqual([rock])
  expect(await found({ [one]: ['茶'] })).toEqual([])
  for (const wrong of ['{', '{"x":["a"]}', '{"1":[]}', '{"1":"a"}'])
    expect((await there.call(admin, 'GET', `/contacts?fields=${encodeURIComponent(wrong)}`)).status).toBe(400)
  const saved = { name: '爱岩茶', filter: { fields: JSON.stringify({ [one]: ['岩茶'] }) } }
  expect((await there.call(admin, 'POST', '/contact-views', saved)).status).toBe(201)
})
