import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCorp, freshDb, type TestDb, testLog } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { NothingToReplay } from './errors.ts'
import { explainFailure } from './explain.ts'
import { createHealth, type Failure } from './health.ts'
import { readHealth, replayFailure } from './health-view.ts'

const noon = new Date('2026-11-20T04:10:00Z')

async function aHealth(db: TestDb) {
  const clock = standingClock(noon)
  const health = createHealth({ db: db.api, clock, log: testLog })
  const corpId = await aCorp(db)
  const view = async () => {
    await health.flush()
    return inCorp(db.api, corpId, (tx) => readHealth(tx, corpId, clock.now()))
  }
  const lane = async (name: string) => (await view()).lanes.find((l) => l.lane === name)!
  return { clock, health, corpId, view, lane }
}

const refused: Failure = { cause: 'wecom.60020', subject: 'connection', detail: { api: 'gettoken' } }

test('the same trouble twice is one open failure that counts; another subject is another', async () => {
  await using db = await freshDb()
  const { health, corpId, view } = await aHealth(db)
  await health.failure(corpId, 'tokens', refused)
  await health.failure(corpId, 'tokens', { ...refused, detail: { api: 'externalcontact/get' } })
  await health.failure(corpId, 'tokens', { ...refused, subject: 'other' })
  const { failures } = await view()
  expect(failures.map((f) => [f.subject, f.times, f.detail.api]).toSorted()).toEqual([
    ['connection', 2, 'externalcontact/get'],
    ['other', 1, 'gettoken'],
  ])
})

test('a lane is idle, then broken by a failure, slow while one is open after a success, and well once it is closed', async () => {
  await using db = await freshDb()
  const { clock, health, corpId, lane } = await aHealth(db)
  expect((await lane('welcome')).state).toBe('idle')
  health.success(corpId, 'welcome', 100)
  expect((await lane('welcome')).state).toBe('ok')
  clock.move(1_000)
  await health.failure(corpId, 'welcome', { ...refused, subject: 'a' })
  expect(await lane('welcome')).toMatchObject({ state: 'broken', openFailures: 1 })
  clock.move(1_000)
  health.success(corpId, 'welcome', 100)
  expect((await lane('welcome')).state).toBe('slow')
  await health.resolve(corpId, 'welcome')
  expect(await lane('welcome')).toMatchObject({ state: 'ok', openFailures: 0, lagMs: 100 })
})

test('a success later than five seconds is slow, and each half-hour keeps its worst', async () => {
  await using db = await freshDb()
  const { clock, health, corpId, lane } = await aHealth(db)
  health.success(corpId, 'callbacks', 5_001)
  expect(await lane('callbacks')).toMatchObject({ state: 'slow', lagMs: 5_001 })
  clock.move(1_800_000)
  health.success(corpId, 'callbacks', 10)
  const { ticks, state } = await lane('callbacks')
  expect([state, ticks.length, ticks.at(-2)?.state, ticks.at(-1)?.state, ticks.at(-3)?.state]).toEqual([
    'ok',
    48,
    'slow',
    'ok',
    'none',
  ])
})

test('trouble of one corp is not seen by another, and cannot be replayed from there', async () => {
  await using db = await freshDb()
  const { health, corpId, clock } = await aHealth(db)
  const theirs = await aCorp(db)
  await health.failure(corpId, 'callbacks', {
    ...refused,
    replay: { job: 'events.replay-callback', payload: { corpId, inboxId: '1' } },
  })
  const seen = await inCorp(db.api, theirs, (tx) => readHealth(tx, theirs, clock.now()))
  expect(seen.failures).toEqual([])
  const { failureId } = (await inCorp(db.api, corpId, (tx) => readHealth(tx, corpId, clock.now()))).failures[0]!
  await expect(inCorp(db.api, theirs, (tx) => replayFailure(tx, theirs, failureId, noon))).rejects.toMatchObject({
    status: 404,
  })
  await inCorp(db.api, corpId, (tx) => replayFailure(tx, corpId, failureId, noon))
  await expect(inCorp(db.api, corpId, (tx) => replayFailure(tx, corpId, failureId, noon))).rejects.toThrow(
    NothingToReplay,
  )
})

test('every cause the rooms name has words of its own', () => {
  const modules = join(import.meta.dirname, '..')
  const sources = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  const causes = new Set<string>()
  const refusals = new Set<string>()
  for (const name of sources) {
    const text = readFileSync(join(modules, name), 'utf8')
    for (const [, code] of text.matchAll(/domainError\(\s*'([a-z_.]+)'/g)) refusals.add(code!)
    for (const [, cause] of text.matchAll(/'((?:welcome|callback|sync|tags|channels)\.[a-z_]+)'/g)) causes.add(cause!)
  }
  const isCause = (word: string) =>
    !refusals.has(word) &&
    !/^(welcome\.(sent|failed|save_default|blocked)|tags\.(read|write|[a-z]+-[a-z-]+|push|learn|bulk)|channels\.(read|write|[a-z]+-[a-z-]+|scanned|push)|sync\.(start|cancel))$/.test(
      word,
    )
  const missing = [...causes].filter(isCause).filter((cause) => explainFailure('callbacks', cause).meaning === cause)
  expect(missing).toEqual([])
  expect([...causes].filter(isCause).length).toBeGreaterThan(5)
})

test('WeCom’s own refusals are told in Chinese, with the step an administrator must take', () => {
  const words = explainFailure('address_book', 'wecom.60020')
  expect(words.title).toBe('企业微信不认识这台服务器')
  expect(words.steps.join()).toContain('企业可信 IP')
  for (const errcode of [40001, 48002, 45009, -1, 84061]) {
    const { title, steps } = explainFailure('customers', `wecom.${errcode}`)
    expect([/[\u4e00-\u9fff]/.test(title), steps.length > 0]).toEqual([true, true])
  }
})
