import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Killed, killing } from '../../../../../test/killing.ts'
import { aMaterial, aRadarLink, aView } from '../../../../../test/radar-house.ts'
import { seeded } from '../../../../../test/random.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb, testVault } from '../../../../../test/world.ts'
import { inCorp } from '../../../../platform/db.ts'
import { shanghaiDay } from '../../../../platform/shanghai.ts'
import type { Identifier } from '../../../contacts/identifiers.ts'
import { facetsOf } from '../count.ts'
import { settleNamed, settleViews } from './settle.ts'
import { type Beat, takeBeats } from './take-beats.ts'
import type { ViewToken } from './view-token.ts'

const START = Date.parse('2026-11-20T02:00:00Z')
const DAY_MS = 24 * 3_600_000

function makeRandom(seed: number) {
  const next = seeded(seed)
  return {
    next,
    below: (n: number) => Math.floor(next() * n),
    pick: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
  }
}

/** A visit as it was: when the page was in sight, and where the reader stood, second by second. */
interface Visit {
  view: ViewToken
  person: number
  link: { linkId: string; materialId: string; staffId: string; channel: string }
  at: Date
  /** What the page said, in its order: all of it so far each time. */
  said: { n: number; seconds: number; depth: number; pages: number[]; afterMs: number }[]
}

function aVisit(random: ReturnType<typeof makeRandom>, base: Pick<Visit, 'view' | 'person' | 'link' | 'at'>): Visit {
  let [inSight, seconds, depth, saidAt, n] = [true, 0, random.below(30), 0, 0]
  const said: Visit['said'] = []
  const pages: number[] = []
  let page = 0
  const length = random.pick([1, 2, 3, 8, 20, 60, 140])
  for (let second = 1; second <= length; second++) {
    if (inSight) {
      seconds += 1
      if (random.next() < 0.2) page = random.below(6)
      while (pages.length <= page) pages.push(0)
      pages[page]! += 1
      if (random.next() < 0.3) depth = Math.min(100, depth + random.below(20))
    }
    if (random.next() < 0.08) inSight = !inSight
    if (seconds >= 2 && (n === 0 || second - saidAt >= 5 || second === length)) {
      said.push({ n: ++n, seconds, depth, pages: [...pages], afterMs: second * 1000 })
      saidAt = second
    }
  }
  return { ...base, said }
}

test('random visits, told in any order, twice, with gaps and kills: every sum is what a plain reading of the visits says', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const random = makeRandom(26)
  const staff = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const materials = [await aMaterial(db, corpId), await aMaterial(db, corpId, { title: '冷泡茶' })]
  const links: Visit['link'][] = []
  for (const materialId of materials)
    for (const staffId of staff)
      for (const channel of ['chat', 'group'] as const)
        links.push({
          materialId,
          staffId,
          channel,
          linkId: (await aRadarLink(db, corpId, { materialId, staffId, channel })).linkId,
        })
  const customers = await Promise.all(
    Array.from({ length: 12 }, async (_, i) => {
      const externalUserid = `wm${String(i).padStart(30, '0')}`
      return { externalUserid, contactId: await aContact(db, corpId, { externalUserid, staffId: staff[i % 2]! }) }
    }),
  )
  // Of every four people one has a browser that nobody has named.
  const people = Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? undefined : customers[i % 12]!))
  const idsOf = (person: number): Identifier[] =>
    people[person] ? [{ kind: 'external_userid', value: people[person].externalUserid, trust: 2 }] : []

  const visits = Array.from({ length: 160 }, (_, i) => {
    const person = random.below(people.length)
    const issuedMs = START + i * 700_000 + random.below(1_000)
    const link = random.pick(links)
    return aVisit(random, {
      view: aView(corpId, link.linkId, `device-of-${person}`, issuedMs),
      person,
      link,
      at: new Date(issuedMs),
    })
  })
  let kills = 0
  const heard = new Map<Visit, number>() // the newest beat that was delivered
  for (const group of Array.from({ length: 40 }, (_, i) => visits.slice(i * 4, i * 4 + 4))) {
    const now = new Date(Math.max(...group.map(({ at }) => at.getTime())) + 200_000)
    for (const visit of group) dayOf.set(visit, now)
    const deliveries = group.flatMap((visit) =>
      visit.said
        .filter(() => random.next() < 0.75)
        .flatMap((one) => Array.from({ length: 1 + random.below(2) }, () => ({ visit, one }))),
    )
    deliveries.sort(() => random.next() - 0.5)
    while (deliveries.length > 0) {
      const some = deliveries.splice(0, 1 + random.below(6))
      const beats = some.map(
        ({ visit, one }): Beat => ({
          view: visit.view,
          n: one.n,
          seconds: one.seconds,
          depth: one.depth,
          pages: one.pages,
          heardMs: visit.view.issuedMs + one.afterMs + random.below(30_000),
          ids: idsOf(visit.person),
        }),
      )
      if (random.next() < 0.15) {
        await expect(takeBeats({ db: killing(db.api), vault: testVault }, corpId, beats, now)).rejects.toThrow(Killed)
        kills += 1
      }
      const half = random.next() < 0.3 ? random.below(beats.length + 1) : beats.length
      await Promise.all(
        [beats.slice(0, half), beats.slice(half)].map((part) =>
          takeBeats({ db: db.api, vault: testVault }, corpId, part, now),
        ),
      )
      for (const { visit, one } of some) heard.set(visit, Math.max(heard.get(visit) ?? 0, one.n))
    }
    // Some leave at once, some are found silent; twice over, and at the same time.
    const gone = group.filter(() => random.next() < 0.5).map(({ view }) => view.viewId)
    await Promise.all([settleNamed(db.api, corpId, gone, now), settleNamed(db.api, corpId, gone, now)])
  }
  const silentSince = new Date(START + 400 * DAY_MS)
  await expect(
    inCorp(killing(db.api), corpId, (tx) => settleViews(tx, corpId, { silentSince }, silentSince)),
  ).rejects.toThrow(Killed)
  await inCorp(db.api, corpId, (tx) => settleViews(tx, corpId, { silentSince }, silentSince))
  await inCorp(db.api, corpId, (tx) => settleViews(tx, corpId, { silentSince }, silentSince))

  const expected = readPlainly([...heard].map(([visit, n]) => ({ visit, ...visit.said.find((one) => one.n === n)! })))
  const found = await readSums(db, corpId)
  expect(found).toEqual(expected)
  expect(kills).toBeGreaterThan(10)
  expect(heard.size).toBeGreaterThan(100)
  console.info(
    `${visits.length} visits, ${heard.size} of them counted, ${kills} kills: ${Object.keys(found).length} sums, 0 wrong`,
  )
}, 120_000)

/** Sums by hand: loops over what was heard of each visit. */
function readPlainly(
  all: readonly { visit: Visit; seconds: number; depth: number; pages: number[] }[],
): Record<string, unknown> {
  const sums: Record<
    string,
    { opens: number; people: Set<number>; seconds: number; depth: number; pages: number[]; ends: number[] }
  > = {}
  const add = (key: string, person: number, seconds: number, depth: number, pages: number[], ends = false) => {
    sums[key] ??= { opens: 0, people: new Set(), seconds: 0, depth: 0, pages: [], ends: [] }
    const sum = sums[key]
    sum.opens += 1
    sum.people.add(person)
    sum.seconds += seconds
    sum.depth = Math.max(sum.depth, depth)
    for (const [i, spent] of pages.entries()) {
      sum.pages[i] = (sum.pages[i] ?? 0) + spent
      if (ends) sum.ends[i] = (sum.ends[i] ?? 0) + (i === pages.length - 1 ? 1 : 0)
    }
  }
  // Persons 3, 7, 11 and 15 are browsers; of the others the customers are numbered as they come.
  const personOf = (n: number) => (n % 4 === 3 ? 100 + n : n % 12)
  for (const { visit, seconds, depth, pages } of all) {
    const person = personOf(visit.person)
    const { materialId } = visit.link
    add(`reader ${materialId} ${person}`, person, seconds, depth, pages)
    for (const facet of facetsOf(visit.link)) {
      add(`sum ${materialId} ${facet}`, person, seconds, 0, pages, true)
      add(`day ${materialId} ${facet} ${shanghaiDay(dayOf.get(visit)!)}`, person, seconds, 0, [])
    }
  }
  return Object.fromEntries(
    Object.entries(sums)
      .map(([key, { people, ...sum }]) => [key, { ...sum, people: people.size }])
      .sort(),
  )
}
/** On whose day it is counted: that of the clock when it was first heard. */
const dayOf = new Map<Visit, Date>()

async function readSums(db: TestDb, corpId: string): Promise<Record<string, unknown>> {
  return inCorp(db.api, corpId, async (tx) => {
    const { rows } = await sql<{
      key: string
      opens: number
      people: number
      seconds: number
      depth: number
      pages: number[]
      ends: number[]
    }>`
      with named as (
        select contact_id, case when max(value) filter (where kind = 'external_userid') is not null then substring(max(value) filter (where kind = 'external_userid') from 3)::int else 100 + substring(max(value) from 'device-of-(\\d+)')::int end as person
        from contact_identity where corp_id = ${corpId}::bigint group by 1
      )
      select 'reader ' || material_id || ' ' || n.person as key, opens, 1 as people, seconds::int as seconds, depth::int as depth, pages, '{}'::int[] as ends from radar_reader r join named n using (contact_id) where r.corp_id = ${corpId}::bigint
      union all select 'sum ' || material_id || ' ' || facet, opens, people, seconds::int, 0, pages, page_ends from radar_sum where corp_id = ${corpId}::bigint
      union all select 'day ' || material_id || ' ' || facet || ' ' || on_day, opens, people, seconds::int, 0, '{}', '{}' from radar_day where corp_id = ${corpId}::bigint`.execute(
      tx,
    )
    return Object.fromEntries(rows.map(({ key, ...sum }) => [key, sum]).sort())
  })
}
