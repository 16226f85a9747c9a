import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aContext, aCorp, aStaff, freshDb, type TestDb, testLog, testVault } from '../../../test/world.ts'
import { inCorp, openPools } from '../../platform/db.ts'
import { createListener } from '../../platform/listen.ts'
import { type CallbackHandler, text } from './callback.ts'
import { startDispatcher } from './dispatcher.ts'
import { createIntake, type Incoming } from './intake.ts'
import { appendEvents } from './journal.ts'

const xml = (subject: string, n: number, kind = 'e') =>
  `<xml><CreateTime>${1_700_000_000 + n}</CreateTime><Event>${kind}</Event><ExternalUserID>${subject}</ExternalUserID><N>${n}</N></xml>`
const incoming = (corpId: string, subject: string, n: number, kind = 'e'): Incoming => ({
  corpId,
  plain: xml(subject, n, kind),
  receivedAt: new Date(),
})

async function run(
  db: TestDb,
  handlers: Record<string, CallbackHandler>,
  rows: Incoming[],
  until: () => Promise<boolean> | boolean,
) {
  const pools = openPools(db.url, { api: 1, intake: 2, work: 2 })
  const intake = createIntake(pools.intake, testVault)
  await using context = aContext(db)
  const listener = await createListener(db.url, testLog)
  const dispatchers = [startDispatcher(context, handlers, listener), startDispatcher(context, handlers, listener)] // as two processes would
  await Promise.all(rows.map((row) => intake.store(row)))
  for (let i = 0; i < 400 && !(await until()); i++) await new Promise((done) => setTimeout(done, 25))
  await Promise.all(dispatchers.map((d) => d.stop()))
  await listener.stop()
  await intake.stop()
  await pools.stop()
}

const states = async (db: TestDb) =>
  (
    await sql<{
      state: string
      n: number
    }>`select state, count(*)::int as n from callback_inbox group by 1 order by 1`.execute(db.owner)
  ).rows

test('each callback is worked through once, and one subject’s in the order they came, with two dispatchers racing', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const seen = new Map<string, number[]>()
  const handler: CallbackHandler = async (_context, _corpId, callback) => {
    const subject = text(callback, 'ExternalUserID')
    await new Promise((done) => setTimeout(done, Math.random() * 4))
    return async () => void seen.set(subject, [...(seen.get(subject) ?? []), Number(text(callback, 'N'))])
  }
  const rows = Array.from({ length: 300 }, (_, i) => incoming(corpId, `wm${i % 20}`, i))
  await run(db, { e: handler }, rows, () => [...seen.values()].flat().length >= 300)
  expect([...seen.values()].flat().length).toBe(300)
  for (const [subject, order] of seen) expect([subject, order]).toEqual([subject, [...order].sort((a, b) => a - b)])
  expect(await states(db)).toEqual([{ state: 'done', n: 300 }])
})

test('the effect and the done mark commit together: a handler whose write fails leaves neither', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const contactId = await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  let tries = 0
  const handler: CallbackHandler = async () => async (tx) => {
    await appendEvents(
      tx,
      corpId,
      [
        {
          contactId,
          at: new Date('2026-11-20T00:00:00Z'),
          kind: 'contact.edited',
          source: 'callback',
          props: {},
          key: `try ${tries}`,
        },
      ],
      new Date(),
    )
    if (tries++ === 0) throw new Error('the power went out here')
  }
  await run(db, { e: handler }, [incoming(corpId, 'wm1', 1)], async () => (await states(db))[0]?.state === 'done')
  expect(tries).toBe(2)
  const rows = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('event').select('kind').where('corpId', '=', corpId).execute(),
  )
  expect(rows).toEqual([{ kind: 'contact.edited' }])
})

test('CB-17: a kind without a handler is kept and counted, not failed', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await run(
    db,
    {},
    [incoming(corpId, 'wm1', 1, 'from_the_future')],
    async () => (await states(db))[0]?.state === 'unknown_kind',
  )
  expect(await states(db)).toEqual([{ state: 'unknown_kind', n: 1 }])
})

test('K-08: a poisonous callback is put aside after five tries with its reason; the next of its subject goes on', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await sql`create function hurry() returns trigger language plpgsql as 'begin new.not_before := null; return new; end'`.execute(
    db.owner,
  )
  await sql`create trigger hurry before update on callback_inbox for each row execute function hurry()`.execute(
    db.owner,
  ) // no back-off in this test
  let poison = 0
  let good = 0
  const handler: CallbackHandler = async (_context, _corpId, callback) => {
    if (text(callback, 'N') === '1') {
      poison++
      throw new Error('boom')
    }
    return async () => void good++
  }
  await run(db, { e: handler }, [incoming(corpId, 'wm1', 1), incoming(corpId, 'wm1', 2)], () => good === 1)
  expect([poison, good]).toEqual([5, 1])
  expect(await states(db)).toEqual([
    { state: 'dead', n: 1 },
    { state: 'done', n: 1 },
  ])
  const failures = await inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('laneFailure')
      .select(['lane', 'cause', 'replay'])
      .where('corpId', '=', corpId)
      .where('subject', 'like', 'e %')
      .execute(),
  )
  expect(failures).toMatchObject([
    { lane: 'callbacks', cause: 'callback.failed', replay: { job: 'events.replay-callback' } },
  ])
})

test('WeCom’s trouble is waited out: an unreachable platform never makes a callback dead', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  await sql`create function hurry() returns trigger language plpgsql as 'begin new.not_before := null; return new; end'`.execute(
    db.owner,
  )
  await sql`create trigger hurry before update on callback_inbox for each row execute function hurry()`.execute(
    db.owner,
  )
  let tries = 0
  const handler: CallbackHandler = async () => {
    if (++tries <= 12)
      throw new WecomError({ api: 'externalcontact/get', errcode: -1, errmsg: 'system busy', outcome: 'retryable' })
    return async () => {}
  }
  await run(db, { e: handler }, [incoming(corpId, 'wm1', 1)], async () => (await states(db))[0]?.state === 'done')
  expect(tries).toBe(13)
})

test('K-09: a worker whose lease ended while it was away leaves no effect', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const effects: string[] = []
  let first = true
  const handler: CallbackHandler = async () => {
    const mine = first ? 'slow' : 'quick'
    if (first) {
      first = false
      await sql`update callback_inbox set lease_until = clock_timestamp() - interval '1 second'`.execute(db.owner) // as if it had slept past it
      await new Promise((done) => setTimeout(done, 1_500))
    }
    return async () => void effects.push(mine)
  }
  await run(
    db,
    { e: handler },
    [incoming(corpId, 'wm1', 1)],
    async () => effects.length > 0 && (await states(db))[0]?.state === 'done',
  )
  await new Promise((done) => setTimeout(done, 1_700))
  expect(effects).toEqual(['quick'])
})
