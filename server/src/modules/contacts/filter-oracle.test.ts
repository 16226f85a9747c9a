import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aCorp, aGroup, aStaff, aTag, at, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { noteActive } from '../events/last-active.ts'
import { ensureFlow } from '../stages/flows.ts'
import { readStages } from '../stages/read-book.ts'
import { countContacts, listContacts } from './list-contacts.ts'
import { countFollows, listFollows } from './list-follows.ts'
import { ContactListQuery } from './schema.ts'
import { refreshContacts } from './service.ts'

const FILTERS = 500
const CONTACTS = 300
/** Staff nobody here knows: a scope of many is read another way than one of few. */
const STRANGERS = Array.from({ length: 60 }, (_, i) => String(900_000 + i))

interface Follow {
  staffId: string
  remark: string
  state: string | null
  lost: boolean
  tagIds: string[]
}
interface Person {
  contactId: string
  name: string
  gender: number
  kind: number
  addedAt: number
  follows: Follow[]
  stageId: string | undefined
  /** Day of the month he last did something. */
  activeOn: number | undefined
  /** By their place: the groups he sits in. */
  groups: number[]
}
/** What a filter asks, in plain arrays; `query` is the same as the address bar holds it. */
interface Asked {
  tagsAll: string[]
  tagsAny: string[][]
  tagsNone: string[]
  staffIds: string[]
  state: 'all' | 'following' | 'lost'
  q: string
  channelState: string
  gender: number | undefined
  shared: boolean | undefined
  stageIds: string[]
  noStage: boolean
  activeFrom: number | undefined
  activeTo: number | undefined
  groupsAny: string[]
  groupsAll: string[]
  groupsNone: string[]
}

/** A group and whose it is: it counts for whoever may see its owner's customers. */
interface Group {
  groupChatId: string
  ownerId: string
}

function makeRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  const some = <T>(from: readonly T[], chance: number) => from.filter(() => next() < chance)
  return { next, below, some, one: <T>(from: readonly T[]): T => from[below(from.length)]! }
}
type Random = ReturnType<typeof makeRandom>

/** Word for word what a filter means, one person at a time. */
function matches(person: Person, asked: Asked, scope: Scope, groups: Group[]): boolean {
  const own = person.follows.filter((f) => !scope || scope.includes(f.staffId))
  const lost = person.follows.every((f) => f.lost)
  const counts = (f: Follow) => asked.state === 'all' || (asked.state === 'lost' ? f.lost : !f.lost)
  const tags = new Set(own.flatMap((f) => f.tagIds))
  const texts = [person.name, ...own.map((f) => f.remark)].map((text) => text.toLowerCase())
  return (
    (asked.state === 'all' || lost === (asked.state === 'lost')) &&
    own.some(counts) &&
    (asked.staffIds.length === 0 || own.some((f) => counts(f) && asked.staffIds.includes(f.staffId))) &&
    asked.tagsAll.every((id) => tags.has(id)) &&
    asked.tagsAny.every((group) => group.some((id) => tags.has(id))) &&
    !asked.tagsNone.some((id) => tags.has(id)) &&
    (asked.q === '' || texts.some((text) => text.includes(asked.q.toLowerCase()))) &&
    (asked.channelState === '' || own.some((f) => f.state === asked.channelState)) &&
    (asked.gender === undefined || person.gender === asked.gender) &&
    stands(person, asked) &&
    sits(person, asked, scope, groups) &&
    (asked.shared === undefined || !asked.shared || person.follows.filter((f) => !f.lost).length > 1)
  )
}

const stands = ({ stageId, activeOn = 0 }: Person, { stageIds, noStage, activeFrom, activeTo }: Asked): boolean =>
  activeOn >= (activeFrom ?? 0) &&
  activeOn <= (activeTo ?? 31) &&
  (stageIds.length === 0 || (stageId !== undefined && stageIds.includes(stageId))) &&
  (!noStage || stageId === undefined)

function sits(person: Person, { groupsAny, groupsAll, groupsNone }: Asked, scope: Scope, groups: Group[]): boolean {
  const seen = person.groups.map((place) => groups[place]!).filter(({ ownerId }) => !scope || scope.includes(ownerId))
  const ids = seen.map((group) => group.groupChatId)
  return (
    (groupsAny.length === 0 || groupsAny.some((id) => ids.includes(id))) &&
    groupsAll.every((id) => ids.includes(id)) &&
    !groupsNone.some((id) => ids.includes(id))
  )
}

/** The same of one relation: only what this member wrote and set counts, and losing him is being lost. */
const pairMatches = (person: Person, f: Follow, asked: Asked, scope: Scope, groups: Group[]): boolean =>
  (!scope || scope.includes(f.staffId)) &&
  (asked.state === 'all' || f.lost === (asked.state === 'lost')) &&
  (asked.staffIds.length === 0 || asked.staffIds.includes(f.staffId)) &&
  asked.tagsAll.every((id) => f.tagIds.includes(id)) &&
  asked.tagsAny.every((group) => group.some((id) => f.tagIds.includes(id))) &&
  !asked.tagsNone.some((id) => f.tagIds.includes(id)) &&
  (asked.q === '' || [person.name, f.remark].some((text) => text.toLowerCase().includes(asked.q.toLowerCase()))) &&
  (asked.channelState === '' || f.state === asked.channelState) &&
  (asked.gender === undefined || person.gender === asked.gender) &&
  stands(person, asked) &&
  sits(person, asked, scope, groups) &&
  (!asked.shared || person.follows.filter((one) => !one.lost).length > 1)

test(`${FILTERS} random filters, as seen by all, by one and by several staff, find exactly whom a reading of every customer finds`, async () => {
  await using db = await freshDb()
  const [corpId, other] = [await aCorp(db), await aCorp(db)]
  const random = makeRandom(20_261_123)
  const staffIds = await Promise.all(Array.from({ length: 6 }, () => aStaff(db, corpId)))
  const tagIds = await Promise.all(Array.from({ length: 7 }, () => aTag(db, corpId)))
  const stages = await makeStages(db, corpId)
  const people = await makePeople(db, corpId, random, staffIds, tagIds, stages)
  const groups = await makeGroups(db, corpId, staffIds, people)
  const theirs = await makeStages(db, other)
  await makePeople(db, other, random, await Promise.all([aStaff(db, other)]), [await aTag(db, other)], theirs)

  const wrong: unknown[] = []
  let found = 0
  for (let i = 0; i < FILTERS; i++) {
    const asked = makeFilter(random, staffIds, tagIds, stages, groups)
    const scope: Scope = random.one([
      undefined,
      undefined,
      random.some(staffIds, 0.2),
      random.some(staffIds, 0.6),
      [...random.some(staffIds, 0.3), ...STRANGERS],
    ])
    const expected = people
      .filter((person) => matches(person, asked, scope, groups))
      .toSorted((a, b) => b.addedAt - a.addedAt || (BigInt(b.contactId) > BigInt(a.contactId) ? 1 : -1))
      .map((person) => person.contactId)
    const got = await readAll(db, corpId, toQuery(asked, stages), scope)
    found += expected.length > 0 ? 1 : 0
    const same =
      asked.state === 'lost'
        ? got.ids.toSorted().join() === expected.toSorted().join()
        : got.ids.join() === expected.join()
    if (!same || got.total !== expected.length) wrong.push({ asked, scope, expected, got })

    if (i % 2 > 0) continue
    const pairs = people
      .flatMap((person) =>
        person.follows.filter((f) => pairMatches(person, f, asked, scope, groups)).map((f) => ({ person, f })),
      )
      .toSorted(
        (a, b) =>
          b.person.addedAt - a.person.addedAt ||
          Number(b.person.contactId) - Number(a.person.contactId) ||
          Number(b.f.staffId) - Number(a.f.staffId),
      )
      .map(({ person, f }) => `${person.contactId} of ${f.staffId}`)
    const gotPairs = await readAllFollows(db, corpId, toQuery(asked, stages), scope)
    if (gotPairs.pairs.join() !== pairs.join() || gotPairs.total !== pairs.length)
      wrong.push({ asked, scope, pairs, gotPairs })
  }
  expect(wrong).toEqual([])
  expect(found).toBeGreaterThan(FILTERS / 4) // filters that find nobody prove little
}, 150_000)

function toQuery(asked: Asked, { flowId }: Stages): Record<string, string> {
  return Object.fromEntries(
    Object.entries({
      tagsAll: asked.tagsAll.join(),
      tagsAny: asked.tagsAny.map((group) => group.join()).join(';'),
      tagsNone: asked.tagsNone.join(),
      staffIds: asked.staffIds.join(),
      state: asked.state,
      q: asked.q,
      channelState: asked.channelState,
      gender: asked.gender === undefined ? '' : String(asked.gender),
      shared: asked.shared === undefined ? '' : String(asked.shared),
      stageIds: asked.stageIds.join(),
      noStageOf: asked.noStage ? flowId : '',
      activeFrom: dayOf(asked.activeFrom),
      activeTo: dayOf(asked.activeTo),
      groupsAny: asked.groupsAny.join(),
      groupsAll: asked.groupsAll.join(),
      groupsNone: asked.groupsNone.join(),
    }).filter(([, value]) => value !== ''),
  )
}

/** A day of the month in which everybody here lives. */
const dayOf = (day: number | undefined) => (day ? `2026-11-${String(day).padStart(2, '0')}` : '')

async function readAll(db: TestDb, corpId: string, query: Record<string, string>, scope: Scope) {
  const ids: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const asked = ContactListQuery.parse({ ...query, limit: 37, ...(cursor ? { cursor } : {}) })
    const page = await inCorp(db.api, corpId, (tx) => listContacts(tx, corpId, asked, scope))
    ids.push(...page.items.map((row) => row.contactId))
    cursor = page.nextCursor
  }
  const { total } = await inCorp(db.api, corpId, (tx) =>
    countContacts(tx, corpId, ContactListQuery.parse(query), scope),
  )
  return { ids, total }
}

async function readAllFollows(db: TestDb, corpId: string, query: Record<string, string>, scope: Scope) {
  const pairs: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const asked = ContactListQuery.parse({ ...query, limit: 37, ...(cursor ? { cursor } : {}) })
    const page = await inCorp(db.api, corpId, (tx) => listFollows(tx, corpId, asked, scope))
    pairs.push(...page.items.map((row) => `${row.contactId} of ${row.staffId}`))
    cursor = page.nextCursor
  }
  const { total } = await inCorp(db.api, corpId, (tx) => countFollows(tx, corpId, ContactListQuery.parse(query), scope))
  return { pairs, total }
}

function makeFilter(
  random: Random,
  staffIds: string[],
  tagIds: string[],
  { stageIds }: Stages,
  groups: Group[],
): Asked {
  const perhaps = (chance: number) => random.next() < chance
  const groupIds = groups.map((group) => group.groupChatId)
  return {
    tagsAll: perhaps(0.4) ? random.some(tagIds, 0.25) : [],
    tagsAny: perhaps(0.4)
      ? Array.from({ length: 1 + random.below(2) }, () =>
          [random.one(tagIds), random.one(tagIds)].filter((v, i, a) => a.indexOf(v) === i),
        )
      : [],
    tagsNone: perhaps(0.3) ? random.some(tagIds, 0.2) : [],
    staffIds: perhaps(0.3) ? random.some(staffIds, 0.3) : [],
    state: random.one(['all', 'following', 'following', 'lost']),
    q: perhaps(0.3) ? random.one(['林', '林晚', 'VIP', 'vip', '晚秋', '%', '静安', 'A', '秋 林']) : '',
    channelState: perhaps(0.15) ? random.one(['c1', 'c2']) : '',
    gender: perhaps(0.15) ? random.below(3) : undefined,
    shared: perhaps(0.15) ? true : undefined,
    stageIds: perhaps(0.25) ? random.some(stageIds, 0.5) : [],
    noStage: perhaps(0.08),
    activeFrom: perhaps(0.2) ? 1 + random.below(9) : undefined,
    activeTo: perhaps(0.2) ? 1 + random.below(9) : undefined,
    groupsAny: perhaps(0.2) ? random.some(groupIds, 0.4) : [],
    groupsAll: perhaps(0.12) ? random.some(groupIds, 0.25) : [],
    groupsNone: perhaps(0.15) ? random.some(groupIds, 0.25) : [],
  }
}

/** Known to WeCom by his id; and in each group somebody who has left it, and a stranger. */
async function makeGroups(db: TestDb, corpId: string, staffIds: string[], people: Person[]): Promise<Group[]> {
  await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('contactIdentity')
      .values(
        people.map(({ contactId }) => ({
          corpId,
          kind: 'external_userid',
          value: `wm${contactId}`,
          contactId,
          createdAt: at,
        })),
      )
      .execute(),
  )
  const make = async (place: number): Promise<Group> => {
    const ownerId = staffIds[place]!
    const [inside, outside] = [true, false].map((is) =>
      people
        .filter((person) => person.groups.includes(place) === is)
        .map(({ contactId }) => ({ userid: `wm${contactId}` })),
    )
    const left = outside!.slice(0, 40).map((one) => ({ ...one, leftAt: new Date(at.getTime() + 1000) }))
    const sat = [...inside!, ...left, { userid: 'wmstranger' }, { userid: `u${place}`, staffId: ownerId }]
    return { ownerId, groupChatId: await aGroup(db, corpId, { ownerId, sat }) }
  }
  return Promise.all([0, 1, 2, 3, 4].map(make))
}

interface Stages {
  flowId: string
  stageIds: string[]
}

async function makeStages(db: TestDb, corpId: string): Promise<Stages> {
  const stages = await inCorp(db.api, corpId, async (tx) => {
    await ensureFlow(tx, corpId, at)
    return readStages(tx, corpId)
  })
  return { flowId: stages[0]!.flowId, stageIds: stages.map((stage) => stage.stageId) }
}

async function makePeople(
  db: TestDb,
  corpId: string,
  random: Random,
  staffIds: string[],
  tagIds: string[],
  stages: Stages,
): Promise<Person[]> {
  const people = Array.from({ length: CONTACTS }, (_, i): Omit<Person, 'contactId'> => {
    const follows = random.some(staffIds, 0.4).map(
      (staffId): Follow => ({
        staffId,
        remark: random.one(['', '', '静安店VIP', '秋 林', '林晚秋']),
        state: random.one([null, null, 'c1', 'c2']),
        lost: random.next() < 0.3,
        tagIds: random.some(tagIds, 0.3),
      }),
    )
    const first: Follow = { staffId: staffIds[0]!, remark: '', state: null, lost: false, tagIds: [] }
    return {
      name: random.one(['林晚', '陈伯年', '苏晚秋', 'Amy', '100%纯茶']),
      gender: random.below(3),
      kind: 1 + random.below(2),
      addedAt: at.getTime() + (i % 50) * 1000,
      follows: follows.length > 0 ? follows : [first],
      stageId: random.one([undefined, undefined, ...stages.stageIds]),
      activeOn: random.one([undefined, 1 + random.below(9), 1 + random.below(9)]),
      groups: random.some([0, 1, 2, 3, 4], 0.35),
    }
  })
  return inCorp(db.api, corpId, async (tx) => {
    const { rows } = await sql<{ contactId: string }>`
      insert into contact (corp_id, name, gender, kind, created_at, updated_at)
      select ${corpId}::bigint, name, gender, kind, ${at}::timestamptz, ${at}::timestamptz
      from unnest(${people.map((p) => p.name)}::text[], ${people.map((p) => p.gender)}::smallint[], ${people.map((p) => p.kind)}::smallint[]) with ordinality as p(name, gender, kind, place) order by place
      returning contact_id`.execute(tx)
    const made = people.map((person, i): Person => ({ ...person, contactId: rows[i]!.contactId }))
    const follows = made.flatMap((p) => p.follows.map((f) => ({ ...f, contactId: p.contactId, addedAt: p.addedAt })))
    await tx
      .insertInto('follow')
      .values(
        follows.map((f) => ({
          corpId,
          contactId: f.contactId,
          staffId: f.staffId,
          remark: f.remark,
          state: f.state,
          addedAt: new Date(f.addedAt),
          lostAt: f.lost ? new Date(f.addedAt + 500) : null,
          updatedAt: at,
        })),
      )
      .execute()
    const tags = follows.flatMap((f) =>
      f.tagIds.map((tagId) => ({ corpId, contactId: f.contactId, staffId: f.staffId, tagId })),
    )
    await tx
      .insertInto('followTag')
      .values(tags.map((tag) => ({ ...tag, source: 'staff', addedAt: at })))
      .execute()
    const stays = made.flatMap(({ contactId, stageId }) => {
      const stay = { corpId, contactId, flowId: stages.flowId, since: at, way: 'hand' }
      const over = { ...stay, stageId: stages.stageIds[0]!, until: at }
      return stageId ? [over, { ...stay, stageId, until: null }] : [over]
    })
    await tx.insertInto('stageStay').values(stays).execute()
    // Each on his day from its first minute to its last, after something he did before.
    const deeds = made.flatMap(({ contactId, activeOn }, i) =>
      (activeOn ? [activeOn, Math.max(1, activeOn - 3)] : []).map((day) => ({
        contactId,
        kind: 'page.viewed',
        at: new Date(`${dayOf(day)}T${i % 2 ? '00:00:00' : '23:59:59'}+08:00`),
      })),
    )
    for (const some of [deeds, deeds.toReversed()]) await noteActive(tx, corpId, some)
    await refreshContacts(
      tx,
      corpId,
      made.map((p) => p.contactId),
      at,
    )
    return made
  })
}
