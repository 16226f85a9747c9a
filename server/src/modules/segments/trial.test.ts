import { expect, test } from 'vitest'
import { type Bug, trySegments } from '../../../test/segment-trial.ts'
import { aContext, aCorp, freshDb } from '../../../test/world.ts'

test('thousands of random events, orders, refunds, merges, edits, kills and leaps in time: every segment is what its rule says of every life', async () => {
  await using db = await freshDb()
  await using context = aContext(db)
  const found = await trySegments(context, await aCorp(db), { operations: 4_000, seed: 11 })
  console.info(
    `${found.operations} operations with ${found.kills} kills: ${found.answers} answers in ${found.checks} checks and ${found.flips} turns announced, 0 wrong`,
  )
  expect(found.answers).toBeGreaterThan(2_000)
  expect(found.flips).toBeGreaterThan(50)
  expect(found.kills).toBeGreaterThan(3)
}, 120_000)

test.each<Bug>(['window off by one', 'missed flip', 'stale edit', 'late event forgotten'])(
  'the trial finds a mistake made on purpose: %s',
  async (bug) => {
    await using db = await freshDb()
    await using context = aContext(db)
    await expect(trySegments(context, await aCorp(db), { operations: 20_000, seed: 11, bug })).rejects.toThrow(
      /segment/,
    )
  },
  120_000,
)
