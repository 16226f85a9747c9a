import { expect, test } from 'vitest'
import { shareRuns } from './share-runs.ts'

/** Runs that wait until they are let go. */
function held<T>() {
  const runs: T[][] = []
  const gates: (() => void)[] = []
  return {
    runs,
    run: async (batch: T[]) => {
      runs.push(batch)
      await new Promise<void>((go) => gates.push(go))
      return batch.map((one) => (one === ('bad' as T) ? new Error('alone') : `did ${one}`))
    },
    async letGo() {
      await new Promise((done) => setImmediate(done))
      gates.shift()!()
      await new Promise((done) => setImmediate(done))
    },
  }
}

test('what arrives while runs are under way shares the next, in order, up to its weight; what weighs more goes alone', async () => {
  const { runs, run, letGo } = held<string>()
  const shared = shareRuns(run, { weightMax: 3, inFlightMax: 1, weigh: (one) => one.length })
  const all = ['a', 'b'].map(shared.add)
  await new Promise((done) => setImmediate(done))
  all.push(...['c', 'dd', 'e', 'ffff'].map(shared.add))
  for (let i = 0; i < 4; i++) await letGo()
  expect(await Promise.all(all)).toEqual(['did a', 'did b', 'did c', 'did dd', 'did e', 'did ffff'])
  expect(runs).toEqual([['a', 'b'], ['c', 'dd'], ['e'], ['ffff']])
})

test('one that fails alone fails nobody else; a run that breaks fails those it took and no later ones', async () => {
  const { run, letGo } = held<string>()
  const shared = shareRuns(run, { weightMax: 10, inFlightMax: 1 })
  const both = Promise.allSettled([shared.add('good'), shared.add('bad')])
  await letGo()
  expect(await both).toEqual([
    { status: 'fulfilled', value: 'did good' },
    { status: 'rejected', reason: new Error('alone') },
  ])

  let breaks = true
  const breaking = shareRuns<string, string>(
    async (batch) => {
      if (breaks) throw new Error('broken')
      return batch
    },
    { weightMax: 10, inFlightMax: 1 },
  )
  await expect(Promise.all([breaking.add('x'), breaking.add('y')])).rejects.toThrow('broken')
  breaks = false
  expect(await breaking.add('z')).toBe('z')
})

test('stopping waits for all that was taken', async () => {
  let ended = 0
  const shared = shareRuns<number, number>(
    async (batch) => {
      await new Promise((done) => setTimeout(done, 5))
      ended += batch.length
      return batch
    },
    { weightMax: 2, inFlightMax: 2 },
  )
  const all = Array.from({ length: 9 }, (_, i) => shared.add(i))
  await shared.stop()
  expect(ended).toBe(9)
  await Promise.all(all)
})
