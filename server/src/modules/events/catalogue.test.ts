import { expect, test } from 'vitest'
import { aWholeApp } from '../../../test/whole-app.ts'
import { aContact, aCorp, aStaff, freshDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { readCatalogue } from './catalogue.ts'
import { appendEvents } from './journal.ts'
import { EVENT_KINDS } from './schema.ts'

const LESSON = {
  kind: 'lesson.finished',
  title: '上完一课',
  properties: [{ name: 'score', title: '分数', type: 'number', required: true }],
}

async function aSchool() {
  const db = await freshDb()
  const there = await aWholeApp(db)
  const corpId = await aCorp(db)
  const owner = await there.signedIn(corpId, 'owner')
  return {
    db,
    there,
    corpId,
    async ask(method: string, url: string, body?: object, cookie = owner) {
      const { status, code, text } = await there.ask(method, url, cookie, body)
      return { status, code, body: text === '' ? undefined : JSON.parse(text) }
    },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await db[Symbol.asyncDispose]()
    },
  }
}

test('the catalogue holds every built-in kind and the corp’s own, with how each was used and the last as it came', async () => {
  await using school = await aSchool()
  const { db, corpId, ask } = school
  expect((await ask('POST', '/api/events/types', LESSON)).status).toBe(204)
  const staffId = await aStaff(db, corpId)
  const contactId = await aContact(db, corpId, { staffId })
  const now = Date.now()
  const viewed = (daysAgo: number, url: string) => ({
    contactId,
    at: new Date(now - daysAgo * 86_400_000),
    kind: 'page.viewed' as const,
    source: 'tracker' as const,
    trusted: false,
    props: { url },
    key: url,
  })
  const events = [viewed(6.9, 'b'), viewed(7.1, 'c'), viewed(1, 'a')]
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, events, new Date()))
  const { body } = await ask('GET', '/api/events/catalogue')
  const of = (kind: string) => body.find((one: { kind: string }) => one.kind === kind)
  expect(body.map(({ kind }: { kind: string }) => kind)).toEqual([...EVENT_KINDS, 'lesson.finished'])
  expect(of('page.viewed')).toMatchObject({
    own: false,
    collected: true,
    recent: { count: 2, isFloor: false },
    last: { contactId, trusted: false, props: { url: 'a' } },
  })
  expect(of('contact.added').collected).toBe(false)
  expect(of('lesson.finished')).toMatchObject({ own: true, collected: true, recent: { count: 0 }, last: null })
  // Whoever sees some customers is not shown what one of the others did.
  const member = await school.there.signedIn(corpId, 'staff', { staffId })
  const seen = (await ask('GET', '/api/events/catalogue', undefined, member)).body
  expect(seen.every(({ last }: { last: unknown }) => last === null)).toBe(true)
})

test('a name is taken once, by us before anybody; an archived kind is refused and can be taken again; another corp has none of it', async () => {
  await using school = await aSchool()
  const { db, corpId, ask } = school
  await ask('POST', '/api/events/types', LESSON)
  expect((await ask('POST', '/api/events/types', LESSON)).code).toBe('events.kind_taken')
  expect((await ask('POST', '/api/events/types', { ...LESSON, kind: 'page.viewed' })).code).toBe('events.kind_taken')
  const score = LESSON.properties[0]!
  for (const wrong of [
    { ...LESSON, kind: 'Lesson' },
    { ...LESSON, kind: 'a.b.c' },
    { ...LESSON, kind: '__proto__' },
    { ...LESSON, kind: 'x', properties: [score, score] },
    { ...LESSON, kind: 'x', properties: [{ ...score, name: '__proto__' }] },
    { ...LESSON, kind: 'x', properties: [{ ...score, name: 'constructor' }] },
  ])
    expect((await ask('POST', '/api/events/types', wrong)).status).toBe(400)
  const collected = async () =>
    (await inCorp(db.api, corpId, (tx) => readCatalogue(tx, corpId))).find(({ kind }) => kind === LESSON.kind)
      ?.collected
  await ask('DELETE', '/api/events/types/lesson.finished')
  expect(await collected()).toBe(false)
  await ask('PUT', '/api/events/types/lesson.finished', { title: '上完课', properties: [] })
  expect(await collected()).toBe(true)
  const stranger = await school.there.signedIn(await aCorp(db), 'owner')
  expect((await ask('DELETE', '/api/events/types/lesson.finished', undefined, stranger)).status).toBe(404)
  expect((await ask('GET', '/api/events/catalogue', undefined, stranger)).body).toHaveLength(EVENT_KINDS.length)
})
