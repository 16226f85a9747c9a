import fc from 'fast-check'
import type { PropFilter } from '../src/modules/facts/schema.ts'
import { Rule } from '../src/modules/segments/schema.ts'

/** What rules over it can name. */
export interface Town {
  kinds: readonly string[]
  tags: readonly string[]
  staff: readonly string[]
  codes: readonly string[]
  stages: readonly string[]
  groups: readonly string[]
  fields: { text: string; number: string; date: string; choices: string }
}

const spans = fc.oneof(
  fc.record({ n: fc.integer({ min: 1, max: 200 }), unit: fc.constant('hour' as const) }),
  fc.record({ n: fc.integer({ min: 1, max: 8 }), unit: fc.constant('day' as const) }),
)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })

/** Any rule over a town, often with several conditions on one fact and groups within groups. */
export function anyRule(town: Town, segmentIds: readonly string[]): fc.Arbitrary<Rule> {
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
    kind: fc.constantFrom(...town.kinds),
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
      average: maybe(fc.boolean()),
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
    fc.record({ is: fc.constant('channels'), not, ids: ids(town.codes) }),
    fc.record({ is: fc.constant('added'), not, olderThan: maybe(spans), newerThan: maybe(spans) }),
    fc.record({ is: fc.constant('lost'), not }),
    fc.record({
      is: fc.constant('stage'),
      not,
      ids: ids(town.stages),
      olderThan: maybe(spans),
      newerThan: maybe(spans),
    }),
    fc.record({ is: fc.constant('group'), not, ids: ids(town.groups) }),
    fc.record({ is: fc.constant('gender'), not, values: fc.subarray([0, 1, 2], { minLength: 1 }) }),
    fc.record({
      is: fc.constant('member'),
      not,
      levels: maybe(fc.subarray(['金卡', '银卡', '铜卡'], { minLength: 1 })),
      atLeast: maybe(fc.integer({ min: -10, max: 120 })),
      atMost: maybe(fc.integer({ min: -10, max: 120 })),
    }),
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
    ...(segmentIds.length > 0
      ? [fc.record({ is: fc.constant('segment'), not, segmentId: fc.constantFrom(...segmentIds) })]
      : []),
  )
  const group = (of: fc.Arbitrary<unknown>) =>
    fc.record({ is: fc.constantFrom('all', 'any'), not, of: fc.array(of, { minLength: 1, maxLength: 3 }) })
  return group(fc.oneof(leaf, leaf, group(fc.oneof(leaf, group(leaf))))).map((rule) =>
    Rule.parse(JSON.parse(JSON.stringify(rule))),
  )
}
