import { expect, test } from 'vitest'
import { type Bug, tryAutoTags } from '../../../../test/auto-tag-trial.ts'
import { aContext, aCorp, freshDb } from '../../../../test/world.ts'

test.each([
  { keeps: false, operations: 300, seed: 5 },
  { keeps: true, operations: 150, seed: 8 },
])(
  'whatever happens in whatever order, every customer ends with the tags the rules give, asked plainly (kept once given: $keeps)',
  async (asked) => {
    await using db = await freshDb()
    await using context = aContext(db)
    const found = await tryAutoTags(context, await aCorp(db), asked)
    console.info(
      `${found.operations} operations with ${found.kills} kills and ${found.refused} tags taken off by hand: ${found.pairs} pairs in ${found.checks} checks, 0 wrong`,
    )
    expect(found.pairs).toBeGreaterThan(1_000)
    expect(found.kills).toBeGreaterThan(20)
    expect(found.refused).toBeGreaterThan(20)
  },
  120_000,
)

test.each<Bug>(['forgotten due', 'refusal forgotten', 'order ignored', 'hand taken for rule', 'put behind its back'])(
  'the trial finds a mistake made on purpose: %s',
  async (bug) => {
    await using db = await freshDb()
    await using context = aContext(db)
    await expect(tryAutoTags(context, await aCorp(db), { operations: 1_000, seed: 5, bug })).rejects.toThrow(/carries/)
  },
  120_000,
)
