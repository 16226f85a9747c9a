import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { holds, type Life } from '../../../test/lives.ts'
import { joinMember } from '../../../test/persons.ts'
import { anyRule } from '../../../test/rules.ts'
import { aContact, aCorp, aGroup, aStaff, aTag, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { dayStart } from '../../platform/shanghai.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { ensureFacts } from '../facts/count.ts'
import { ensureFlow } from '../stages/flows.ts'
import { readStages } from '../stages/read-book.ts'
import { toSql } from './compile.ts'
import { evaluate, type FieldValue, type References } from './evaluate.ts'
import { holdsAt } from './intervals.ts'
import { needsOf, readPersons } from './persons.ts'

const NOW = new Date('2026-11-23T04:00:00Z')
const HOUR = 3_600_000
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR)

/** A few lives full of ties and edges: deeds on the hour, some at once, one person with more than a fact keeps. */
async function aTown(db: TestDb, corpId: string) {
  const tags = [await aTag(db, corpId), await aTag(db, corpId), await aTag(db, corpId)]
  const staff = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const fields = await inCorp(db.api, corpId, (tx) =>
    tx
      .insertInto('contactField')
      .values(
        ['text', 'number', 'date', 'choices'].map((kind, i) => ({
          corpId,
          name: kind,
          kind,
          options: [],
          sortOrder: i,
          createdAt: NOW,
        })),
      )
      .returning('contactFieldId')
      .execute(),
  )
  const stages = await inCorp(db.api, corpId, async (tx) => {
    await ensureFlow(tx, corpId, NOW)
    return readStages(tx, corpId)
  })
  const [text, number, date, choices] = fields.map((field) => field.contactFieldId) as [string, string, string, string]
  const some = fc.sample(
    fc.record({
      deeds: fc.array(
        fc.record({
          kind: fc.constantFrom('product.viewed', 'product.bought'),
          at: fc.integer({ min: 0, max: 200 }).map(ago),
          trusted: fc.boolean(),
          props: fc.record({
            name: fc.constantFrom('红茶', '绿茶', 3),
            amountFen: fc.constantFrom(100, 250, -50),
            kinds: fc.constantFrom(['茶'], ['茶', '杯'], []),
          }),
        }),
        { maxLength: 24, size: 'max' },
      ),
      tagIds: fc.subarray(tags),
      states: fc.constantFrom(['s1'], ['s2'], []),
      addedAt: fc.integer({ min: 0, max: 200 }).map(ago),
      lost: fc.boolean(),
      gender: fc.integer({ min: 0, max: 2 }),
      sat: fc.subarray([0, 1, 2]),
      left: fc.subarray([0, 1, 2]),
      stages: fc.array(
        fc.record({
          stageId: fc.constantFrom(...stages.map((stage) => stage.stageId)),
          since: fc.integer({ min: 0, max: 200 }).map(ago),
        }),
        { maxLength: 1 },
      ),
      memberships: fc.array(
        fc.record({ level: fc.constantFrom('金卡', '银卡', null), points: fc.constantFrom(0, 50, 100) }),
        { maxLength: 2 },
      ),
      staffId: fc.constantFrom(...staff),
      fields: fc.record(
        {
          [text]: fc.constantFrom('金卡会员', '银卡'),
          [number]: fc.integer({ min: 0, max: 3 }),
          [date]: fc.constantFrom('1990-02-29', '1990-11-24', '2001-12-01', '1980-11-20', '1999-02-28'),
          [choices]: fc.constantFrom(['茶', '杯'], ['茶']),
        },
        { requiredKeys: [] },
      ),
    }),
    { numRuns: 14, seed: 5 },
  )
  const lives: Life[] = []
  for (const [i, one] of some.entries()) {
    const contactId = await aContact(db, corpId, {
      staffId: one.staffId,
      externalUserid: `wm${i}`,
      addedAt: one.addedAt,
      lostAt: one.lost ? NOW : null,
      ...(one.states[0] ? { state: one.states[0] } : {}),
    })
    lives.push({
      ...one,
      contactId,
      staffIds: one.lost ? [] : [one.staffId],
      fields: one.fields as Record<string, FieldValue>,
      groupIds: [],
    })
  }
  // Somebody who left a group, perhaps to come again, and somebody of the same name in a group of others.
  const groups: string[] = []
  for (const place of [0, 1, 2]) {
    const those = (has: (one: (typeof some)[number]) => boolean) =>
      some.flatMap((one, i) => (has(one) ? [`wm${i}`] : []))
    const sat = those((one) => one.sat.includes(place)).map((userid) => ({ userid, joinedAt: ago(3) }))
    const left = those((one) => one.left.includes(place)).map((userid) => ({
      userid,
      joinedAt: ago(9),
      leftAt: ago(5),
    }))
    const groupChatId = await aGroup(db, corpId, { ownerId: staff[0]!, sat: [...sat, ...left] })
    for (const [i, one] of some.entries()) if (one.sat.includes(place)) lives[i]!.groupIds.push(groupChatId)
    groups.push(groupChatId)
  }
  await inCorp(db.api, corpId, async (tx) => {
    for (const { contactId, tagIds, gender, memberships, fields: held, stages: stays } of lives) {
      await joinMember(tx, corpId, contactId, memberships)
      for (const { stageId, since } of stays)
        await tx
          .insertInto('stageStay')
          .values({ corpId, contactId, flowId: stages[0]!.flowId, stageId, since, way: 'hand' })
          .execute()
      await sql`update contact set tag_ids = ${tagIds}::bigint[], gender = ${gender} where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint`.execute(
        tx,
      )
      for (const [contactFieldId, value] of Object.entries(held))
        await tx
          .insertInto('contactFieldValue')
          .values({ corpId, contactId, contactFieldId, value: JSON.stringify(value), updatedAt: NOW })
          .execute()
    }
  })
  const kinds = ['product.viewed', 'product.bought']
  const stageIds = stages.slice(0, 3).map((stage) => stage.stageId)
  return {
    lives,
    kinds,
    tags,
    staff,
    stages: stageIds,
    groups: groups.slice(0, 2),
    codes: ['91', '92'],
    fields: { text, number, date, choices },
  }
}

test('rules mean the same in intervals, in SQL at an instant and read off a life; nobody who can be in is left out of a build', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const town = await aTown(db, corpId)
  const child = fc.sample(anyRule(town, []), { numRuns: 1, seed: 3 })[0]!
  const refs: References = {
    rules: new Map([['71', child]]),
    states: new Map([
      ['91', ['s1']],
      ['92', ['s2', 's3']],
    ]),
  }
  const events = town.lives.flatMap(({ contactId, deeds }) =>
    deeds.map(
      (deed, i): NewEvent => ({
        ...deed,
        kind: deed.kind as NewEvent['kind'],
        contactId,
        source: 'system',
        key: `${contactId} ${i}`,
      }),
    ),
  )
  const shuffled = fc.sample(fc.shuffledSubarray(events, { minLength: events.length }), { numRuns: 1, seed: 8 })[0]!
  let [rules, answers, counted] = [0, 0, 0]

  await fc.assert(
    fc.asyncProperty(
      anyRule(town, ['71', '72']),
      fc.nat({ max: shuffled.length }),
      fc.array(fc.integer({ min: 0, max: 260 }), { minLength: 2, maxLength: 2 }),
      async (rule, cut, hours) => {
        const rolled = new Error('rolled back')
        await inCorp(db.api, corpId, async (tx) => {
          const needs = needsOf([rule], refs)
          const specs = [...needs.facts.values()].map(({ spec }) => spec)
          const factIds = await ensureFacts(tx, corpId, specs, NOW)
          // Two batches in any order, and the first of them told twice.
          for (const batch of [shuffled.slice(0, cut), shuffled.slice(0, cut), shuffled.slice(cut)])
            await appendEvents(tx, corpId, batch, NOW)
          const persons = await readPersons(
            tx,
            corpId,
            town.lives.map((l) => l.contactId),
            needs,
            factIds,
            NOW,
          )
          const when = new Map(
            town.lives.map((l) => [l.contactId, evaluate(rule, persons.get(l.contactId)!, refs, NOW.getTime())]),
          )
          const ids = async (mode: 'at' | 'maybe' | 'always', at: Date, facts: typeof factIds) => {
            const { rows } = await sql<{ contactId: string }>`
            select contact_id from contact c where c.corp_id = ${corpId}::bigint and ${toSql(rule, mode, { corpId, now: at, refs, factIds: facts })}`.execute(
              tx,
            )
            return new Set(rows.map((row) => row.contactId))
          }
          const edges = [...when.values()].flat(2).filter((t) => Number.isFinite(t) && t >= NOW.getTime())
          const instants = [
            NOW,
            ...hours.map((h) => new Date(NOW.getTime() + h * HOUR)),
            ...edges.slice(0, 2).map((t) => new Date(t)),
            ...edges.slice(0, 1).map((t) => new Date(t - 1)),
          ]
          for (const at of instants) {
            const inSql = await ids('at', at, factIds)
            const inJournal = counted < 60 ? await ids('at', at, new Map()) : inSql
            for (const life of town.lives) {
              const truth = holds(rule, life, refs, at)
              const said = {
                truth,
                intervals: holdsAt(when.get(life.contactId)!, at.getTime()),
                sql: inSql.has(life.contactId),
                journal: inJournal.has(life.contactId),
              }
              expect(said, JSON.stringify({ rule, at, life })).toEqual({
                truth,
                intervals: truth,
                sql: truth,
                journal: truth,
              })
              answers++
            }
          }
          const [could, will] = [await ids('maybe', NOW, factIds), await ids('always', NOW, factIds)]
          for (const { contactId } of town.lives) {
            const ahead = when.get(contactId)!.filter(([, until]) => until > NOW.getTime())
            if (ahead.length > 0) expect(could.has(contactId), JSON.stringify(rule)).toBe(true)
            if (will.has(contactId)) expect(ahead.at(-1)?.[1], JSON.stringify(rule)).toBe(Infinity)
          }
          rules++
          counted++
          throw rolled
        }).catch((error) => {
          if (error !== rolled) throw error
        })
      },
    ),
    { numRuns: 150, endOnFailure: true },
  )
  console.info(
    `${rules} rules, ${answers} answers of ${town.lives.length} lives: the same in intervals, in SQL and read off the life`,
  )
  expect(town.lives.some((life) => life.deeds.length > 16)).toBe(true)
}, 120_000)

test('dayStart is what the anniversaries begin with', () => {
  expect(dayStart('2026-11-23').toISOString()).toBe('2026-11-22T16:00:00.000Z')
})
