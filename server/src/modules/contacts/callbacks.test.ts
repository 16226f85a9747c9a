import { readXml } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  aContactWorld,
  type ContactWorld,
  callbacksOf,
  contactHooks,
  readGraph,
  readTruth,
} from '../../../test/contact-world.ts'
import { seeded, shuffled } from '../../../test/random.ts'
import { freshDb, type TestDb } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import type { ReceivedCallback } from '../events/callback.ts'
import { applyContacts, type FollowTold } from './apply-contacts.ts'
import { makeContactCallbacks } from './callbacks.ts'
import { runSync } from './sync.ts'
import { startSync } from './sync-runs.ts'

const PERMUTATIONS = 200
const SEED = 2026
const handlers = makeContactCallbacks(contactHooks)
const NEVER = new AbortController().signal
const HOUR = 3_600_000

/** As the dispatcher: what holds is read first, then written in one transaction. */
async function handle({ context, corpId }: ContactWorld, callback: ReceivedCallback) {
  const apply = await handlers[callback.kind]!(context, corpId, callback)
  await inCorp(context.db, corpId, apply)
}

async function sync({ context, corpId }: ContactWorld) {
  const syncRunId = await startSync(context.db, corpId, 'full', context.clock.now())
  await runSync(context, { corpId, syncRunId }, contactHooks, NEVER)
}

/** Follows that ended included, by the names of the outside: two runs give different ids of ours. */
async function readEnd(db: TestDb) {
  const { rows: follows } = await sql`
    select i.value, s.userid, f.remark, f.description, f.added_at, f.lost_at, f.lost_by, f.state, c.name, c.followers, c.first_added_at, c.last_added_at, c.lost_at as contact_lost_at,
      array(select t.name from follow_tag ft join tag t using (corp_id, tag_id) where ft.contact_id = f.contact_id and ft.staff_id = f.staff_id order by 1) as tags
    from follow f join contact c using (corp_id, contact_id) join staff s using (corp_id, staff_id) join contact_identity i on i.contact_id = f.contact_id and i.kind = 'external_userid'
    order by 1, 2`.execute(db.owner)
  // A friendship that ended twice before we asked was ended, for the journal, by whichever we were told of first.
  const { rows: journal } = await sql`
    select i.value, s.userid, e.kind, case when e.kind <> 'contact.lost' then e.at end as at, case when e.kind <> 'contact.lost' then e.props - 'tagId' end as props
    from event e join staff s using (corp_id, staff_id) join contact_identity i on i.contact_id = e.contact_id and i.kind = 'external_userid' order by 1, 2, 3, 4, 5`.execute(
    db.owner,
  )
  return { follows, journal }
}

test('CB-13: adds, edits, deletes and re-adds told in 200 orders, some twice, end in WeCom’s truth and one journal', {
  timeout: 240_000,
}, async () => {
  await using db = await freshDb()
  const clock = standingClock(new Date(Date.now() + 24 * HOUR))
  await using there = await aContactWorld(db, { clock })
  const { world, corpId, context } = there
  await using heard = await callbacksOf(there)
  const person = async (name: string) =>
    (await world.act<{ externalUserid: string }>({ type: 'new_customer', name })).externalUserid
  const act = async (type: string, userid: string, externalUserid: string, more = {}) => {
    await world.control('POST', '/clock', { jumpSeconds: 60 })
    await world.act({ type, userid, externalUserid, ...more })
  }
  await world.api('externalcontact/add_corp_tag', { group_name: '口味', tag: [{ name: '爱冷泡' }] })
  const id = await tagIdOf(there)
  const [lin, chen, wu, zhou] = [await person('林晚'), await person('陈屿'), await person('吴桐'), await person('周岚')]
  for (const [userid, who] of [
    ['amy', lin],
    ['Bob', lin],
    ['amy', chen],
    ['cat', zhou],
  ] as const)
    await act('add', userid, who, { state: 'a1' })
  await sync(there) // known here before anything is told
  const base = await readTold(there, [lin, chen, zhou])
  const known = (await heard.all(4)).length

  await act('customer_deletes', 'amy', lin) // and comes back
  await act('add', 'amy', lin, { state: 'b2' })
  await act('staff_deletes', 'Bob', lin) // and comes back, and goes again
  await act('add', 'Bob', lin, { state: 'b2' })
  await act('customer_deletes', 'Bob', lin)
  await act('staff_edits', 'amy', chen, { remark: '陈·静安', addTags: [id] })
  await act('staff_edits', 'amy', chen, { remark: '陈屿·静安', description: '爱冷泡' })
  await act('add', 'cat', wu, { state: 'b2' }) // new to us
  await act('staff_edits', 'cat', wu, { remark: '吴·新客', addTags: [id] })
  await act('add', 'amy', wu) // new, and gone before we asked
  await act('customer_deletes', 'amy', wu)
  await act('staff_edits', 'cat', zhou, { remark: '周·走' }) // edited, then gone
  await act('customer_deletes', 'cat', zhou)
  const told = (await heard.all(known + 13)).slice(known)
  const truth = await readTruth(there)
  expect(truth.map((row) => [row.userid, row.remark]).sort()).toEqual([
    ['amy', '林晚'],
    ['amy', '陈屿·静安'],
    ['cat', '吴·新客'],
  ])

  const random = seeded(SEED)
  let first: Awaited<ReturnType<typeof readEnd>> | undefined
  for (let round = 0; round < PERMUTATIONS; round++) {
    for (const table of ['contact', 'contact_identity', 'event'])
      await sql`delete from ${sql.table(table)}`.execute(db.owner)
    await inCorp(db.api, corpId, (tx) =>
      applyContacts(
        tx,
        corpId,
        context.vault,
        base,
        { source: 'sync', now: new Date(0), askedAt: new Date(0) },
        contactHooks,
      ),
    )
    const twice = told.filter(() => random() < 0.3)
    const order = shuffled([...told, ...twice], random)
    for (const callback of order) await handle(there, callback)
    const end = await readEnd(db)
    const named = `round ${round}: ${order.map((c) => c.inboxId).join(' ')}`
    expect(await readGraph(db, corpId), named).toEqual(truth)
    first ??= end
    expect(end, named).toEqual(first)
  }
  expect(first!.follows).toHaveLength(5)
  const kinds = (first!.journal as { kind: string }[]).map((line) => line.kind).sort()
  expect(kinds).toEqual([
    ...Array.from({ length: 6 }, () => 'contact.added'), // four known before, one again, one new
    'contact.edited',
    'contact.lost',
    'contact.lost',
    'tag.added',
  ])
})

test('a deletion told after a sync had already missed the friend says by whom and when, and is no second loss', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await using heard = await callbacksOf(there)
  const { externalUserid } = await there.world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
  await there.world.act({ type: 'add', userid: 'amy', externalUserid })
  await sync(there)
  await there.world.act({ type: 'customer_deletes', userid: 'amy', externalUserid })
  const [, deleted] = await heard.all(2)
  await sync(there)
  const lostBy = async () =>
    (
      await sql<{
        lostBy: string
        lostAt: Date
        of: Date
      }>`select f.lost_by, f.lost_at, c.lost_at as of from follow f join contact c using (corp_id, contact_id)`.execute(
        db.owner,
      )
    ).rows
  expect(await lostBy()).toMatchObject([{ lostBy: 'unknown' }])
  await handle(there, deleted!)
  expect(await lostBy()).toEqual([{ lostBy: 'customer', lostAt: deleted!.createdAt, of: deleted!.createdAt }])
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from event where kind = 'contact.lost'`.execute(
    db.owner,
  )
  expect(rows).toEqual([{ n: 1 }])
})

test('callbacks of one customer handled all at once, by as many workers, end as one after another', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await using heard = await callbacksOf(there)
  const { externalUserid } = await there.world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
  for (const userid of ['amy', 'Bob', 'cat']) await there.world.act({ type: 'add', userid, externalUserid })
  await there.world.act({ type: 'staff_edits', userid: 'amy', externalUserid, remark: '林晚·静安' })
  await there.world.act({ type: 'customer_deletes', userid: 'cat', externalUserid })
  const told = await heard.all(5)
  await Promise.all([...told, ...told].map((callback) => handle(there, callback)))
  expect(await readGraph(db, there.corpId)).toEqual(await readTruth(there))
  const { rows } = await sql<{ contacts: number; followers: number; added: number }>`
    select (select count(*)::int from contact) as contacts, (select followers from contact) as followers, (select count(*)::int from event where kind = 'contact.added') as added`.execute(
    db.owner,
  )
  expect(rows).toEqual([{ contacts: 1, followers: 2, added: 2 }])
})

test('a callback about somebody of another corp, or without a name, changes nothing', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  const callback = (fields: string): ReceivedCallback => ({
    inboxId: '1',
    kind: 'change_external_contact.del_follow_user',
    fields: readXml(`<xml>${fields}</xml>`),
    createdAt: new Date(),
    receivedAt: new Date(),
  })
  await handle(there, callback('<UserID>amy</UserID><ExternalUserID>wmofanothercorp</ExternalUserID>'))
  await handle(there, callback('<UserID>amy</UserID>'))
  expect(await readEnd(db)).toEqual({ follows: [], journal: [] })
})

test('a failure of WeCom’s leaves the callback to be tried again: nothing is taken for a loss', async () => {
  await using db = await freshDb()
  await using there = await aContactWorld(db)
  await using heard = await callbacksOf(there)
  const { externalUserid } = await there.world.act<{ externalUserid: string }>({ type: 'new_customer', name: '林晚' })
  await there.world.act({ type: 'add', userid: 'amy', externalUserid })
  const [added] = await heard.all(1)
  await handle(there, added!)
  there.line.before = (api) => (api === 'externalcontact/get' ? { errcode: 48002, errmsg: 'api forbidden' } : undefined)
  await expect(handle(there, { ...added!, kind: 'change_external_contact.del_follow_user' })).rejects.toMatchObject({
    errcode: 48002,
  })
  expect(await readGraph(db, there.corpId)).toEqual(await readTruth(there))
})

async function tagIdOf({ world }: ContactWorld): Promise<string> {
  const { tag_group: groups } = await world.api('externalcontact/get_corp_tag_list')
  return (groups as { tag: { id: string }[] }[])[0]!.tag[0]!.id
}

/** What WeCom says of these customers now, as a page of it would be applied. */
async function readTold({ context, corpId }: ContactWorld, externalUserids: string[]): Promise<FollowTold[]> {
  const wecom = await context.wecom(corpId)
  const told: FollowTold[] = []
  for (const externalUserid of externalUserids)
    for await (const page of wecom.customer.followerPages(externalUserid))
      told.push(...page.follow_user.map((follow) => ({ contact: page.external_contact, follow, tagWecomIds: [] })))
  return told
}
