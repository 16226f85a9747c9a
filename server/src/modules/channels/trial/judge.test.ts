import { expect, test } from 'vitest'
import { difference, judge, PEOPLE_MIN, type Share, sampleRatio } from './judge.ts'
import { variantOf } from './variant.ts'

/** Park and Miller's generator: the same run everywhere. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
const MEASURES = 3

test('who is told what is the same on every machine and each time, and follows the weights within chance', () => {
  // Worked out apart from our code: the first 48 bits of sha256("12 wmA") and so on, times the sum of the weights.
  expect(['wmA', 'wmB', 'wmC', 'wmD', 'wmE', 'wmF'].map((id) => variantOf('12', id, [1, 1]))).toEqual([
    0, 1, 0, 1, 0, 1,
  ])
  for (const weights of [
    [1, 1],
    [70, 30],
    [1, 1, 1],
    [10, 20, 30, 40],
  ]) {
    const counts = weights.map(() => 0)
    for (let nr = 0; nr < 20_000; nr++) counts[variantOf('7', `wm${nr}`, weights)]!++
    expect(sampleRatio(counts, weights).skewed).toBe(false)
    // The nearest wrong rule, all alike, is caught where the weights are not.
    if (new Set(weights).size > 1)
      expect(
        sampleRatio(
          counts,
          weights.map(() => 1),
        ).skewed,
      ).toBe(true)
  }
})

test('another code splits the same people otherwise: two trials do not lean on each other', () => {
  const people = Array.from({ length: 10_000 }, (_, nr) => `wm${nr}`)
  const both = people.filter((id) => variantOf('1', id, [1, 1]) === 1 && variantOf('2', id, [1, 1]) === 1).length
  expect(both).toBeGreaterThan(2_300)
  expect(both).toBeLessThan(2_700)
})

test('a planted bias of the split is found, one of chance is not', () => {
  expect(sampleRatio([600, 400], [1, 1])).toMatchObject({ skewed: true })
  expect(sampleRatio([520, 480], [1, 1])).toMatchObject({ skewed: false })
  expect(sampleRatio([700, 300], [70, 30])).toMatchObject({ p: expect.closeTo(1), skewed: false })
  expect(sampleRatio([0, 0], [1, 1])).toEqual({ p: 1, skewed: false })
  // Tables of the chi-square distribution: 3.841, 5.991 and 7.815 leave five per cent above them.
  const at = (chi: number, degrees: number) => {
    const weights = Array.from({ length: degrees + 1 }, () => 1)
    const n = 1_000_000
    const off = Math.sqrt((chi * n) / 2)
    return sampleRatio(
      weights.map((_, nr) => n + (nr === 0 ? off : nr === 1 ? -off : 0)),
      weights,
    ).p
  }
  for (const [chi, degrees] of [
    [3.841, 1],
    [5.991, 2],
    [7.815, 3],
  ] as const)
    expect(at(chi, degrees)).toBeCloseTo(0.05, 3)
})

test('of fair splits of 200 people looked at after every tenth of them, nearly none is called a winner', () => {
  const random = seeded(42)
  const RUNS = 2_000
  let called = 0
  for (let run = 0; run < RUNS; run++) {
    const shares: Share[] = [
      { of: 0, yes: 0 },
      { of: 0, yes: 0 },
    ]
    const chance = 0.5 + 0.4 * random()
    let winner = false
    for (let nr = 1; nr <= 400; nr++) {
      const share = shares[random() < 0.5 ? 0 : 1]!
      share.of++
      if (random() < chance) share.yes++
      if (nr % 10 === 0) winner ||= judge(shares, MEASURES, false).state === 'winner'
    }
    if (winner) called++
  }
  // One of three measures may err in a sixtieth of all trials; a plain 95 % interval errs here in one of seven.
  expect(called / RUNS).toBeLessThan(0.05 / MEASURES)
  for (const half of [80, 90, 100])
    expect(
      judge(
        [
          { of: 100, yes: half },
          { of: 100, yes: half - 5 },
        ],
        MEASURES,
        false,
      ).state,
    ).toBe('unknown')
})

test('a planted difference is found once there are people enough, and not before', () => {
  const shares = (of: number): Share[] => [
    { of, yes: of * 0.7 },
    { of, yes: of * 0.85 },
  ]
  expect(judge(shares(40), MEASURES, false).state).toBe('unknown')
  expect(judge(shares(PEOPLE_MIN), MEASURES, false).state).toBe('unknown')
  expect(judge(shares(800), MEASURES, false)).toMatchObject({ state: 'winner', best: 1 })
  expect(judge(shares(800), MEASURES, true)).toMatchObject({ state: 'skewed', best: null })
  // Of three, one better than the first alone has not won.
  expect(judge([...shares(800), { of: 800, yes: 672 }], MEASURES, false).state).toBe('unknown')
})

test('alike for long enough is said to be alike', () => {
  const shares = (of: number): Share[] => [
    { of, yes: of * 0.9 },
    { of, yes: of * 0.902 },
  ]
  expect(judge(shares(300), MEASURES, false).state).toBe('unknown')
  expect(judge(shares(20_000), MEASURES, false).state).toBe('same')
})

test('the bounds hold the true difference whenever one looks', () => {
  const random = seeded(7)
  let missed = 0
  const RUNS = 400
  for (let run = 0; run < RUNS; run++) {
    const [a, b]: [Share, Share] = [
      { of: 0, yes: 0 },
      { of: 0, yes: 0 },
    ]
    let out = false
    for (let nr = 1; nr <= 2_000; nr++) {
      const [share, chance] = nr % 2 === 0 ? ([a, 0.8] as const) : ([b, 0.9] as const)
      share.of++
      if (random() < chance) share.yes++
      if (nr < 200 || nr % 25 !== 0) continue
      const { from, to } = difference(a, b, 0.05)
      out ||= from > 0.1 || to < 0.1
    }
    if (out) missed++
  }
  expect(missed / RUNS).toBeLessThan(0.05)
})
