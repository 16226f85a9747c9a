import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { appendEvents, type NewEvent, readTimeline } from './journal.ts'

const day = (n: number) => new Date(Date.UTC(2026, 10, n))
const fact = (contactId: string, n: number, key = `k${n}`): NewEvent => ({
  contactId,
  at: day(n),
  kind: 'contact.edited',
  source: 'console',
  props: { n },
  key,
})

test('the same fact told twice, in one batch, in two, or by two writers at once, is one line', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId)
  const append = (events: NewEvent[]) => inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, events, day(20)))
  expect(await append([fact(contactId, 1), fact(contactId, 1), fact(contactId, 2)])).toHaveLength(2)
  const racing = await Promise.all(Array.from({ length: 8 }, () => append([fact(contactId, 2), fact(contactId, 3)])))
  expect(racing.flat().map((e) => e.key)).toEqual(['k3'])
})

test('the same key in two corps is two facts', async () => {
  await using db = await freshDb()
  for (const corpId of [await aCorp(db), await aCorp(db)]) {
    const contactId = await aContact(db, corpId)
    expect(await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, [fact(contactId, 1)], day(20)))).toHaveLength(
      1,
    )
  }
})

test('a timeline pages newest first without gaps or repeats, across ties and months, and shows one person only', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [contactId, other] = [await aContact(db, corpId), await aContact(db, corpId)]
  const facts = Array.from({ length: 25 }, (_, i) => ({
    ...fact(contactId, -40 + 5 * Math.floor(i / 3), `f${i}`),
    props: { i },
  }))
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, [...facts, fact(other, 3)], day(20)))
  const seen: number[] = []
  let before: string | undefined
  do {
    const page = await inCorp(db.api, corpId, (tx) =>
      readTimeline(tx, corpId, { contactIds: [contactId], limit: 4, before }),
    )
    seen.push(...page.items.map((item) => Number(item.props.i)))
    before = page.nextCursor ?? undefined
  } while (before)
  expect(seen.length).toBe(25)
  expect(new Set(seen).size).toBe(25)
  const at = (i: number) => facts[i]!.at.getTime()
  expect(seen.every((i, n) => n === 0 || at(seen[n - 1]!) >= at(i))).toBe(true)
})

test('a staff member’s feed holds only the customers he follows', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [mine, theirs] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const [a, b] = [await aContact(db, corpId, { staffId: mine }), await aContact(db, corpId, { staffId: theirs })]
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, [fact(a, 1, 'a'), fact(b, 2, 'b')], day(20)))
  const { items } = await inCorp(db.api, corpId, (tx) => readTimeline(tx, corpId, { limit: 10, scope: [mine] }))
  expect(items.map((i) => i.contactId)).toEqual([a])
})

test('AC-05: a colleague’s remarks and tags on a shared customer are not in a staff member’s timeline; what happened is', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [mine, theirs] = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const contactId = await aContact(db, corpId, { staffId: mine })
  const told = (['contact.added', 'contact.edited', 'tag.added', 'tag.removed', 'contact.lost'] as const).flatMap(
    (kind) => [mine, theirs, null].map((staffId) => ({ ...fact(contactId, 1, `${kind} ${staffId}`), kind, staffId })),
  )
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, told, day(20)))
  const read = async (staffId?: string) => {
    const scope = staffId === undefined ? staffId : [staffId]
    const { items } = await inCorp(db.api, corpId, (tx) =>
      readTimeline(tx, corpId, { contactIds: [contactId], limit: 50, scope }),
    )
    return items.map((item) => `${item.kind} ${item.staffId}`).sort()
  }
  const noted = [`contact.edited ${theirs}`, `tag.added ${theirs}`, `tag.removed ${theirs}`]
  expect(await read(mine)).toEqual(
    told
      .map((t) => t.key)
      .filter((key) => !noted.includes(key))
      .sort(),
  )
  expect(await read()).toEqual(told.map((t) => t.key).sort())
})

test('a forged cursor starts from the top instead of failing', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId)
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, [fact(contactId, 1)], day(20)))
  for (const before of ["' or 1=1 --", '2026-99-99T00:00:00.000Z_x', '0']) {
    expect(
      (await inCorp(db.api, corpId, (tx) => readTimeline(tx, corpId, { contactIds: [contactId], limit: 5, before })))
        .items,
    ).toHaveLength(1)
  }
})

test('the corp’s feed tells what WeCom and people did; what pages collect stands on the person’s own timeline alone', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  const factOf = (kind: NewEvent['kind'], source: NewEvent['source']): NewEvent => ({
    contactId,
    at: day(1),
    kind,
    source,
    props: {},
    key: `${kind} ${source}`,
    ...(source === 'tracker' ? { trusted: false } : {}),
  })
  const facts = [
    factOf('contact.added', 'callback'),
    factOf('page.viewed', 'tracker'),
    factOf('cart.added', 'api'),
    factOf('contact.merged', 'system'),
  ]
  const read = async (query: { contactIds?: string[] }) =>
    inCorp(db.api, corpId, async (tx) => (await readTimeline(tx, corpId, { ...query, limit: 9 })).items)
  await inCorp(db.api, corpId, (tx) => appendEvents(tx, corpId, facts, day(1)))
  expect((await read({})).map(({ kind }) => kind)).toEqual(['contact.added'])
  const own = await read({ contactIds: [contactId] })
  expect(own.map(({ kind, trusted }) => `${kind} ${trusted}`).sort()).toEqual([
    'cart.added true',
    'contact.added true',
    'contact.merged true',
    'page.viewed false',
  ])
})
