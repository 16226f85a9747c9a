import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  aContactWorld,
  type ContactWorld,
  contactHooks,
  readGraph,
  readTruth,
  readVersions,
} from '../../../test/contact-world.ts'
import { aCorp, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { SyncRunning } from './errors.ts'
import { runSync } from './sync.ts'
import { cancelSync, endRun, listRuns, startSync } from './sync-runs.ts'

const SIZE = { customers: 1_500, followersEach: 2, staff: 12 }
const NEVER = new AbortController().signal

const begin = ({ context, corpId }: ContactWorld) => startSync(context.db, corpId, 'full', context.clock.now())
const go = ({ context, corpId }: ContactWorld, syncRunId: string, signal = NEVER) =>
  runSync(context, { corpId, syncRunId }, contactHooks, signal)
const sync = async (there: ContactWorld) => go(there, await begin(there))
const newest = async ({ context, corpId }: ContactWorld) =>
  (await inCorp(context.db, corpId, (tx) => listRuns(tx, corpId)))[0]!
const countEvents = async (db: TestDb, kind: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from event where kind = ${kind}`.execute(db.owner)).rows[0]!.n

test('a sync brings exactly what WeCom holds, with tags, journaled once; the next one writes no row', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  await sync(there)
  const graph = await readGraph(db, there.corpId)
  expect(graph).toHaveLength(3_000)
  expect(graph).toEqual(await readTruth(there))
  expect(graph.some((row) => row.tags.length > 0)).toBe(true)
  expect(await countEvents(db, 'contact.added')).toBe(3_000)
  expect(await newest(there)).toMatchObject({
    state: 'finished',
    step: 'customers',
    done: 12,
    total: 12,
    rowsRead: 3_000,
    changes: { written: 3_000, lost: 0 },
  })

  const before = await readVersions(db)
  await sync(there)
  expect(await readVersions(db)).toEqual(before)
  expect(await newest(there)).toMatchObject({ state: 'finished', rowsRead: 3_000, changes: { written: 0, lost: 0 } })
})

test('a sync cut off between any two pages and begun again ends as one that was not, from where it stood', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const syncRunId = await begin(there)
  for (const cutAt of [1, 9, 18, 28]) {
    const cut = new AbortController()
    let seen = 0
    there.line.before = (api) => {
      if (api !== 'externalcontact/batch/get_by_user') return undefined
      if (++seen === cutAt) cut.abort()
      return undefined
    }
    await go(there, syncRunId, cut.signal).catch(() => undefined)
    expect(cut.signal.aborted).toBe(true)
    expect((await newest(there)).state).toBe('running')
  }
  there.line.before = undefined
  const { done } = await newest(there)
  let pages = 0
  there.line.after = (api) => void (api === 'externalcontact/batch/get_by_user' && pages++)
  await go(there, syncRunId)
  expect({ done, pages }).toEqual({ done: 10, pages: 5 }) // the first ten members are not read again
  expect(await readGraph(db, there.corpId)).toEqual(await readTruth(there))
  expect(await countEvents(db, 'contact.added')).toBe(3_000)
  expect(await countEvents(db, 'contact.lost')).toBe(0)
  expect(await newest(there)).toMatchObject({ syncRunId, state: 'finished' })
})

test('a cancelled sync stops at its next write and is not finished by anybody', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const syncRunId = await begin(there)
  there.line.before = async (api) => {
    if (api !== 'externalcontact/batch/get_by_user') return undefined
    await inCorp(there.context.db, there.corpId, (tx) => cancelSync(tx, there.corpId, new Date()))
    return undefined
  }
  await go(there, syncRunId)
  await go(there, syncRunId)
  expect(await readGraph(db, there.corpId)).toEqual([])
  expect(await newest(there)).toMatchObject({ syncRunId, state: 'cancelled', rowsRead: 0 })
  expect(
    await endRun(there.context.db, { corpId: there.corpId, syncRunId }, 'finished', there.context.clock.now()),
  ).toBe(false)
})

test('one sync runs in a corp, however many are asked for at once; another corp is not kept waiting', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  const other = await aCorp(db)
  const asked = await Promise.allSettled(Array.from({ length: 8 }, () => begin(there)))
  expect(asked.filter((a) => a.status === 'fulfilled')).toHaveLength(1)
  for (const a of asked) if (a.status === 'rejected') expect(a.reason).toBeInstanceOf(SyncRunning)
  await expect(startSync(db.api, other, 'full', new Date())).resolves.toMatch(/^\d+$/)
})

test('a run whose process fell silent is taken over with its cursor; one that still beats is not', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const syncRunId = await begin(there)
  const cut = new AbortController()
  let seen = 0
  there.line.before = (api) => {
    if (api === 'externalcontact/batch/get_by_user' && ++seen === 28) cut.abort()
    return undefined
  }
  await go(there, syncRunId, cut.signal).catch(() => undefined)
  there.line.before = undefined
  const silentFor = (minutes: number) =>
    sql`update sync_run set beat_at = now() - ${minutes} * interval '1 minute'`.execute(db.owner)
  await silentFor(2)
  await expect(begin(there)).rejects.toBeInstanceOf(SyncRunning)
  await silentFor(4)
  expect(await begin(there)).toBe(syncRunId)
  expect((await newest(there)).done).toBe(10)
  await go(there, syncRunId)
  expect(await readGraph(db, there.corpId)).toEqual(await readTruth(there))
})
