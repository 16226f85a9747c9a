import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkAnswers } from './check-answers.ts'
import { FormContent, FormField } from './schema.ts'
import { type Answers, visibleFields } from './visible-fields.ts'
import { findFault } from './write-form.ts'

const field = (given: object) => FormField.parse({ label: '题', key: 'a', kind: 'text', ...given })
const OPTIONS = ['甲', '乙', '丙']

/** Chains of choices, each hanging on one before it or on none. */
const aForm = fc
  .array(
    fc.record({
      kind: fc.constantFrom('choice' as const, 'choices' as const),
      required: fc.boolean(),
      on: fc.option(fc.nat(20), { nil: undefined }),
      is: fc.uniqueArray(fc.constantFrom(...OPTIONS), { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((drawn) =>
    drawn.map(({ kind, required, on, is }, nr) =>
      field({
        key: `q${nr}`,
        label: `题${nr}`,
        kind,
        required,
        options: OPTIONS,
        when: on === undefined || nr === 0 ? null : { field: `q${on % nr}`, is },
      }),
    ),
  )
const someAnswers = fc.dictionary(
  fc.integer({ min: 0, max: 9 }).map((nr) => `q${nr}`),
  fc.oneof(fc.constantFrom(...OPTIONS), fc.uniqueArray(fc.constantFrom(...OPTIONS), { maxLength: 3 })),
)

/** Said plainly: a field is seen if all it hangs on, up to the top, was seen and chosen. */
function sees(fields: readonly FormField[], answers: Answers, key: string): boolean {
  const one = fields.find((other) => other.key === key)
  if (!one) return false
  if (!one.when) return true
  const { field: on, is } = one.when
  const said = answers[on]
  const chosen = Array.isArray(said) ? said : [said]
  return sees(fields, answers, on) && is.some((option) => chosen.includes(option))
}

test('what the page shows is what the server takes: hidden answers are dropped, and only what was seen can be missing', () => {
  let refused = 0
  fc.assert(
    fc.property(aForm, someAnswers, (fields, drawn) => {
      // Of the right shape for its field, so that only visibility decides.
      const answers: Answers = Object.fromEntries(
        Object.entries(drawn).map(([key, value]) => {
          const isMany = fields.find((one) => one.key === key)?.kind === 'choices'
          return [key, isMany ? [value].flat() : ([value].flat()[0] ?? '')]
        }),
      )
      const seen = fields.filter(({ key }) => sees(fields, answers, key)).map(({ key }) => key)
      expect(visibleFields({ fields }, answers).map(({ key }) => key)).toEqual(seen)
      const missing = fields.find(({ key, required }) => required && seen.includes(key) && !answers[key]?.toString())
      if (missing) {
        refused++
        expect(() => checkAnswers({ fields }, answers)).toThrow(`「${missing.label}」还没选`)
      } else {
        const kept = checkAnswers({ fields }, answers)
        expect(Object.keys(kept).sort()).toEqual(seen.filter((key) => answers[key]?.toString()).sort())
      }
    }),
    { numRuns: 2_000 },
  )
  expect(refused).toBeGreaterThan(100)
})

test('answers are refused that their field cannot hold, and good ones come out as they are kept', () => {
  const bad: [object, unknown][] = [
    [{}, 7],
    [{}, ['x']],
    [{}, '字'.repeat(101)],
    [{ kind: 'long_text' }, '字'.repeat(1_001)],
    [{ min: 3 }, '二字'],
    [{ kind: 'choice', options: OPTIONS }, '丁'],
    [{ kind: 'choice', options: OPTIONS }, ['甲']],
    [{ kind: 'choices', options: OPTIONS }, ['甲', '丁']],
    [{ kind: 'choices', options: OPTIONS, max: 1 }, ['甲', '乙']],
    [{ kind: 'choices', options: OPTIONS, min: 2 }, ['甲', '甲']],
    [{ kind: 'number' }, '7'],
    [{ kind: 'number' }, 1e300],
    [{ kind: 'number', max: 5 }, 5.1],
    [{ kind: 'rating' }, 0],
    [{ kind: 'rating' }, 6],
    [{ kind: 'rating' }, 4.5],
    [{ kind: 'date' }, '2026-02-30'],
    [{ kind: 'date' }, '0000-01-01'],
    [{ kind: 'date' }, 'today'],
    [{ kind: 'phone' }, '12345678901'],
    [{ kind: 'phone' }, '1381234567'],
    [{ kind: 'phone' }, '138123456789'],
    [{ kind: 'phone' }, "13812345678' or 1=1"],
    [{ kind: 'region' }, '火星'],
    [{ kind: 'region' }, `四川省 ${'城'.repeat(21)}`],
    [{ kind: 'file' }, '../../etc/passwd'],
    [{ kind: 'file' }, ['../../etc/passwd']],
    [{ kind: 'file' }, ['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000001']],
  ]
  for (const [given, value] of bad)
    expect(
      () => checkAnswers({ fields: [field(given)] }, { a: value as string }),
      JSON.stringify([given, value]),
    ).toThrow('「题」')
  const good: [object, unknown, unknown][] = [
    [{}, '  茶 ', '茶'],
    [{ kind: 'choices', options: OPTIONS }, ['丙', '甲', '甲'], ['甲', '丙']],
    [{ kind: 'phone' }, '+86 138-1234 5678', '13812345678'],
    [{ kind: 'region' }, '四川省 成都市', '四川省 成都市'],
    [{ kind: 'date' }, '2026-02-28', '2026-02-28'],
    [{ kind: 'number', min: 0, max: 5 }, 5, 5],
    [{ kind: 'rating' }, 5, 5],
    [{}, '   ', undefined],
  ]
  for (const [given, value, kept] of good)
    expect(checkAnswers({ fields: [field(given)] }, { a: value as string, b: '没有这道题', __proto__x: 1 })).toEqual(
      kept === undefined ? {} : { a: kept },
    )
})

test('a form that could never work is not published, and says which field is wrong', () => {
  const fault = (fields: object[], more: object = {}) => findFault(FormContent.parse({ title: '表', fields, ...more }))
  const choice = { key: 'c', kind: 'choice', label: '选', options: ['甲', '乙'] }
  expect(fault([])).toContain('一道题也没有')
  expect(fault([{ ...choice, options: ['甲'] }])).toContain('「选」')
  expect(fault([choice, { ...choice, label: '再选' }])).toContain('「再选」')
  expect(fault([{ key: 'x', kind: 'text', label: '先', when: { field: 'c', is: ['甲'] } }, choice])).toContain('「先」')
  expect(fault([choice, { key: 'x', kind: 'text', label: '后', when: { field: 'c', is: ['丁'] } }])).toContain('「后」')
  expect(fault([{ ...choice, into: { to: 'field', contactFieldId: '1' } }])).toContain('同意')
  const profile = { consents: [{ purpose: 'profile', text: '记到客户资料' }] }
  expect(
    fault([{ key: 'p', kind: 'phone', label: '电话', into: { to: 'field', contactFieldId: '1' } }], profile),
  ).toContain('私密')
  expect(fault([choice], { consents: [{ purpose: 'phone', text: '用手机号认出' }] })).toContain('手机号')
  expect(
    fault([choice, { key: 'x', kind: 'text', label: '后', when: { field: 'c', is: ['甲'] } }], profile),
  ).toBeUndefined()
})
