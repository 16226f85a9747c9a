import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, aTag, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import { appendEvents, type NewEvent } from '../events/journal.ts'
import { ensureFacts, foldEvents } from '../facts/count.ts'
import type { Deed, PropFilter } from '../facts/schema.ts'
import { toSql } from './compile.ts'
import { evaluate, type FieldValue, type References, spanMs } from './evaluate.ts'
import { holdsAt } from './intervals.ts'
import { needsOf, readPersons } from './persons.ts'
import { type Node, Rule, type Span } from './schema.ts'

const NOW = new Date('2026-11-23T04:00:00Z')
const HOUR = 3_600_000
const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR)

/** What somebody has done and is, as plainly as it can be written down. */
interface Life {
  contactId: string
  deeds: { kind: string; at: Date; trusted: boolean; props: Record<string, unknown> }[]
  tagIds: string[]
  staffIds: string[]
  states: readonly string[]
  addedAt: Date
  lost: boolean
  gender: number
  fields: Record<string, FieldValue>
}

/** The meaning of a rule, read off a life at an instant: no counts, no intervals, no SQL. */
function holds(node: Node, life: Life, refs: References, at: Date): boolean {
  return node.not !== holdsPlain(node, life, refs, at)
}

function holdsPlain(node: Node, life: Life, refs: References, at: Date): boolean {
  const did = (deed: Deed, within?: Span) =>
    life.deeds.filter(
      (one) =>
        one.kind === deed.kind &&
        (one.trusted || deed.untrusted) &&
        deed.where.every((asked) => fits(asked, one.props[asked.prop])) &&
        (!within || one.at.getTime() > at.getTime() - spanMs(within)),
    )
  const passed = (
    since: Date | undefined,
    { olderThan, newerThan }: { olderThan?: Span | undefined; newerThan?: Span | undefined },
  ) => {
    if (!since) return false
    const age = at.getTime() - since.getTime()
    return (!olderThan || age >= spanMs(olderThan)) && (!newerThan || age < spanMs(newerThan))
  }
  const sorted = (deed: Deed) =>
    did(deed)
      .map((one) => one.at.getTime())
      .sort((a, b) => a - b)
  switch (node.is) {
    case 'all':
      return node.of.every((part) => holds(part, life, refs, at))
    case 'any':
      return node.of.some((part) => holds(part, life, refs, at))
    case 'did': {
      const times = did(node.deed, node.within).length
      const least = node.atLeast ?? (node.atMost === undefined ? 1 : 0)
      return times >= least && times <= (node.atMost ?? Infinity)
    }
    case 'total': {
      const sum = did(node.deed, node.within).reduce((all, one) => all + Number(one.props[node.amount] ?? 0), 0)
      return sum >= (node.atLeast ?? -Infinity) && sum <= (node.atMost ?? Infinity)
    }
    case 'when': {
      const time = sorted(node.deed).at(node.which === 'last' ? -1 : 0)
      return passed(time === undefined ? undefined : new Date(time), node)
    }
    case 'sequence':
      return sorted(node.deed).some((one) =>
        sorted(node.next).some((next) => one < next && next - one <= spanMs(node.within)),
      )
    case 'tags':
      return (
        (node.any?.some((id) => life.tagIds.includes(id)) ?? true) &&
        (node.all?.every((id) => life.tagIds.includes(id)) ?? true)
      )
    case 'staff':
      return node.ids.some((id) => life.staffIds.includes(id))
    case 'channels':
      return node.ids.some((id) => (refs.states.get(id) ?? []).some((state) => life.states.includes(state)))
    case 'added':
      return passed(life.addedAt, node)
    case 'lost':
      return life.lost
    case 'gender':
      return node.values.includes(life.gender)
    case 'field': {
      const value = life.fields[node.fieldId]
      if (value === undefined) return false
      if (node.op === 'filled') return true
      if (node.op === 'is') return [value].flat().some((one) => node.values.includes(one))
      if (node.op === 'contains')
        return typeof value === 'string' && node.values.some((one) => value.includes(String(one)))
      const bound = node.values[0]!
      return typeof value === typeof bound && (node.op === 'atLeast' ? value >= bound : value <= bound)
    }
    case 'anniversary': {
      const day = life.fields[node.fieldId]
      if (typeof day !== 'string') return false
      for (let ahead = node.from; ahead <= node.to; ahead++) {
        const that = addDays(shanghaiDay(at), ahead)
        const leap = new Date(`${that.slice(0, 4)}-02-29T00:00:00Z`).getUTCDate() === 29
        if (that.slice(5) === (day.slice(5) === '02-29' && !leap ? '02-28' : day.slice(5))) return true
      }
      return false
    }
    case 'segment':
      return refs.rules.has(node.segmentId) && holds(refs.rules.get(node.segmentId)!, life, refs, at)
  }
}

function fits({ op, values }: PropFilter, value: unknown): boolean {
  if (op === 'is') return [value].flat().some((one) => (values as unknown[]).includes(one))
  if (op === 'contains') return typeof value === 'string' && values.some((one) => value.includes(one))
  return typeof value === 'number' && (op === 'atLeast' ? value >= values[0]! : value <= values[0]!)
}

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
  for (const one of some) {
    const contactId = await aContact(db, corpId, {
      staffId: one.staffId,
      addedAt: one.addedAt,
      lostAt: one.lost ? NOW : null,
      ...(one.states[0] ? { state: one.states[0] } : {}),
    })
    lives.push({
      ...one,
      contactId,
      staffIds: one.lost ? [] : [one.staffId],
      fields: one.fields as Record<string, FieldValue>,
    })
  }
  await inCorp(db.api, corpId, async (tx) => {
    for (const { contactId, tagIds, gender, fields: held } of lives) {
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
  return { lives, tags, staff, fields: { text, number, date, choices } }
}

const spans = fc.oneof(
  fc.record({ n: fc.integer({ min: 1, max: 200 }), unit: fc.constant('hour' as const) }),
  fc.record({ n: fc.integer({ min: 1, max: 8 }), unit: fc.constant('day' as const) }),
)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })

function anyRule(town: Awaited<ReturnType<typeof aTown>>, withSegments = true): fc.Arbitrary<Rule> {
  const wheres = fc.constantFrom<PropFilter[]>(
    [],
    [],
    [{ prop: 'name', op: 'is', values: ['红茶', 3] }],
    [{ prop: 'name', op: 'contains', values: ['茶'] }],
    [{ prop: 'kinds', op: 'is', values: ['杯'] }],
    [{ prop: 'amountFen', op: 'atLeast', values: [100] }],
    [{ prop: 'missing', op: 'is', values: ['红茶'] }],
  )
  const deed = fc.record({
    kind: fc.constantFrom('product.viewed', 'product.bought'),
    where: wheres,
    untrusted: fc.boolean(),
  })
  const ids = (of: readonly string[]) => fc.subarray([...of], { minLength: 1 })
  const { text, number, date, choices } = town.fields
  const not = fc.boolean()
  const leaf = fc.oneof(
    fc.record({
      is: fc.constant('did'),
      not,
      deed,
      atLeast: maybe(fc.integer({ min: 1, max: 20 })),
      atMost: maybe(fc.integer({ min: 0, max: 20 })),
      within: maybe(spans),
    }),
    fc.record({
      is: fc.constant('total'),
      not,
      deed,
      amount: fc.constant('amountFen'),
      atLeast: maybe(fc.integer({ min: -100, max: 1_500 })),
      atMost: maybe(fc.integer({ min: -100, max: 1_500 })),
      within: maybe(spans),
    }),
    fc.record({
      is: fc.constant('when'),
      not,
      deed,
      which: fc.constantFrom('last', 'first'),
      olderThan: maybe(spans),
      newerThan: maybe(spans),
    }),
    fc.record({ is: fc.constant('sequence'), not, deed, next: deed, within: spans }),
    fc.record({ is: fc.constant('tags'), not, any: maybe(ids(town.tags)), all: maybe(ids(town.tags)) }),
    fc.record({ is: fc.constant('staff'), not, ids: ids(town.staff) }),
    fc.record({ is: fc.constant('channels'), not, ids: ids(['91', '92']) }),
    fc.record({ is: fc.constant('added'), not, olderThan: maybe(spans), newerThan: maybe(spans) }),
    fc.record({ is: fc.constant('lost'), not }),
    fc.record({ is: fc.constant('gender'), not, values: fc.subarray([0, 1, 2], { minLength: 1 }) }),
    fc.record({
      is: fc.constant('field'),
      not,
      fieldId: fc.constantFrom(text, number, date, choices),
      op: fc.constantFrom('filled', 'is', 'contains', 'atLeast', 'atMost'),
      values: fc.constantFrom<(string | number)[]>(['金卡会员', 2], [2], ['茶'], ['1990-11-24']),
    }),
    fc.record({
      is: fc.constant('anniversary'),
      not,
      fieldId: fc.constant(date),
      from: fc.integer({ min: 0, max: 5 }),
      to: fc.integer({ min: 0, max: 100 }),
    }),
    ...(withSegments ? [fc.record({ is: fc.constant('segment'), not, segmentId: fc.constantFrom('71', '72') })] : []),
  )
  const group = (of: fc.Arbitrary<unknown>) =>
    fc.record({ is: fc.constantFrom('all', 'any'), not, of: fc.array(of, { minLength: 1, maxLength: 3 }) })
  return group(fc.oneof(leaf, leaf, group(fc.oneof(leaf, group(leaf))))).map((rule) =>
    Rule.parse(JSON.parse(JSON.stringify(rule))),
  )
}

test('rules mean the same in intervals, in SQL at an instant and read off a life; nobody who can be in is left out of a build', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const town = await aTown(db, corpId)
  const child = fc.sample(anyRule(town, false), { numRuns: 1, seed: 3 })[0]!
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
      anyRule(town),
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
            await foldEvents(tx, corpId, await appendEvents(tx, corpId, batch, NOW))
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
