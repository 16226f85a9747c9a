import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContactWorld, type ContactWorld, contactHooks, readGraph, readTruth } from '../../../test/contact-world.ts'
import { aCorp, freshDb, type TestDb } from '../../../test/world.ts'
import { inCorp } from '../../platform/db.ts'
import { crons, makeContactJobs } from './jobs.ts'
import { listRuns, startSync } from './sync-runs.ts'

const [syncJob] = makeContactJobs(contactHooks)
const SIZE = { customers: 300, followersEach: 1, staff: 2 }

const run = (
  { context, corpId }: ContactWorld,
  syncRunId: string,
  given: { last?: boolean; signal?: AbortSignal } = {},
) =>
  syncJob.run(
    context,
    { corpId, syncRunId },
    { number: 1, last: given.last ?? false, signal: given.signal ?? new AbortController().signal },
  )
const begin = ({ context, corpId }: ContactWorld) => startSync(context.db, corpId, 'full', context.clock.now())
const newest = async ({ context, corpId }: ContactWorld) =>
  (await inCorp(context.db, corpId, (tx) => listRuns(tx, corpId)))[0]!
const failures = async (db: TestDb) => {
  const { rows } = await sql<{ cause: string; resolved: boolean; replay: unknown }>`
    select cause, resolved_at is not null as resolved, replay from lane_failure where lane = 'customers' order by 1`.execute(
    db.owner,
  )
  return rows
}
const refusing = (errcode: number) => (api: string) =>
  api === 'externalcontact/batch/get_by_user' ? { errcode, errmsg: 'refused' } : undefined

test('a sync WeCom refuses ends as failed with its cause; its replay begins a new one, and that closes the failure', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  there.line.before = refusing(48002)
  const syncRunId = await begin(there)
  await run(there, syncRunId)
  expect(await newest(there)).toMatchObject({ state: 'failed', cause: 'wecom.48002' })
  expect(await failures(db)).toEqual([
    {
      cause: 'wecom.48002',
      resolved: false,
      replay: { job: 'contacts.sync', payload: { corpId: there.corpId, syncRunId } },
    },
  ])
  there.line.before = undefined
  await run(there, syncRunId) // as a replay does: with the payload of the run that failed
  const { syncRunId: again } = await newest(there)
  expect(again).not.toBe(syncRunId)
  await run(there, again)
  expect(await newest(there)).toMatchObject({ state: 'finished', cause: null })
  expect(await failures(db)).toMatchObject([{ cause: 'wecom.48002', resolved: true }])
  expect(await readGraph(db, there.corpId)).toEqual(await readTruth(there))
})

test('what may pass is tried again by the queue, from the same run; the last try ends it', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const hooks = { ...contactHooks, afterEvents: () => Promise.reject(new Error('the disk is full')) }
  const [failing] = makeContactJobs(hooks)
  const syncRunId = await begin(there)
  const attempt = (last: boolean) =>
    failing!.run(
      there.context,
      { corpId: there.corpId, syncRunId },
      { number: 1, last, signal: new AbortController().signal },
    )
  await expect(attempt(false)).rejects.toThrow('the disk is full')
  expect(await newest(there)).toMatchObject({ syncRunId, state: 'running', rowsRead: 0 })
  expect(await readGraph(db, there.corpId)).toEqual([])
  await attempt(true)
  expect(await newest(there)).toMatchObject({ syncRunId, state: 'failed', cause: 'sync.failed' })
})

test('a process that ends in the middle of a sync reports no failure; the next one goes on', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const end = new AbortController()
  there.line.before = (api) => {
    if (api === 'externalcontact/batch/get_by_user') end.abort()
    return undefined
  }
  const syncRunId = await begin(there)
  await expect(run(there, syncRunId, { signal: end.signal })).rejects.toThrow()
  there.line.before = undefined
  expect(await failures(db)).toEqual([])
  expect((await newest(there)).state).toBe('running')
  await run(there, syncRunId)
  expect(await newest(there)).toMatchObject({ syncRunId, state: 'finished' })
})

test('CB-14: the reconciler begins a run in every corp, and leaves one that runs alone', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db, { generate: SIZE })
  const other = await aCorp(db)
  const syncRunId = await begin(there)
  const [reconcile] = crons
  await reconcile!.run(there.context)
  await reconcile!.run(there.context)
  expect(await inCorp(db.api, there.corpId, (tx) => listRuns(tx, there.corpId))).toMatchObject([
    { syncRunId, kind: 'full' },
  ])
  expect(await inCorp(db.api, other, (tx) => listRuns(tx, other))).toMatchObject([
    { kind: 'reconcile', state: 'running' },
  ])
})
