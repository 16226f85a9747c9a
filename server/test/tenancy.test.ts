import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { recordAudit } from '../src/modules/staff/audit.ts'
import { inCorp } from '../src/platform/db.ts'
import { aContact, aCorp, aStaff, freshDb } from './world.ts'

/** Tables with a corp_id and no policy, each with its reason. A table added to neither side fails here. */
const WITHOUT_POLICY: Record<string, string> = {
  auto_tag_due: 'local queue, claimed over all corps; ids alone',
  corp: 'a callback or a sign-in finds its corp before it has one',
  wecom_token: 'local: one row is locked across processes while a token is refreshed',
  account_corp: 'which corps a person may enter is asked before one is entered',
  session: 'a cookie is looked up before its corp is known',
  mobile_session: 'a cookie is looked up before its corp is known',
  mobile_sign_in: 'an OAuth answer is looked up before its corp is known',
  sign_in_state: 'an OAuth answer is looked up before its corp is known',
  api_key: 'a key is looked up before its corp is known; hashes alone',
  callback_inbox: 'local queue, claimed over all corps; bodies are sealed',
  roster_turn: 'local queue, claimed over all corps; ids and instants alone',
  welcome_task: 'local queue, claimed over all corps; codes are sealed',
  radar_token: 'a link is opened before its corp is known; marks alone',
  form_token: 'a link is opened before its corp is known; marks alone',
  landing: 'a short link is opened before its corp is known',
  contact_change: 'local queue, claimed over all corps; ids alone',
  segment_clock: 'local queue, claimed over all corps; instants and the newest flip alone',
  segment_follower: 'local queue: how far each follower has read the flips',
}

test('AC-06: every table that carries a corp has forced row-level security, or stands in the list with its reason', async () => {
  await using db = await freshDb()
  const { rows } = await sql<{ name: string; secured: boolean }>`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid) as secured
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'corp_id'
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`.execute(
    db.owner,
  )
  expect(rows.filter((r) => !r.secured).map((r) => r.name)).toEqual(Object.keys(WITHOUT_POLICY).sort())
  const secured = rows.filter((r) => r.secured).length
  console.info(
    `${rows.length} tables carry a corp: ${secured} secured, ${rows.length - secured} listed with their reason`,
  )
  expect(secured).toBeGreaterThan(15)
})

test('AC-06: partitions of the journal cannot be read around its policy', async () => {
  await using db = await freshDb()
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relispartition and relkind = 'r' and has_table_privilege('siyu_app', oid, 'select')`.execute(
    db.owner,
  )
  expect(rows).toEqual([])
})

test('AC-06: the serving role owns no table and does not bypass row-level security', async () => {
  await using db = await freshDb()
  const {
    rows: [role],
  } = await sql<{ user: string; bypass: boolean; owns: number }>`
    select current_user as user, (select rolbypassrls or rolsuper from pg_roles where rolname = current_user) as bypass,
      (select count(*)::int from pg_class where relowner = (select oid from pg_roles where rolname = current_user)) as owns`.execute(
    db.api,
  )
  expect(role).toEqual({ user: 'siyu_app', bypass: false, owns: 0 })
})

test('AC-06: without a tenant nothing is seen; 2 000 switches through one pool never show another corp’s rows', async () => {
  await using db = await freshDb()
  const corps = [await aCorp(db), await aCorp(db), await aCorp(db)]
  for (const corpId of corps) await aContact(db, corpId, { staffId: await aStaff(db, corpId) })
  expect(await db.api.selectFrom('contact').select('corpId').execute()).toEqual([])

  const seen = await Promise.all(
    Array.from({ length: 2_000 }, async (_, i) => {
      const corpId = corps[i % 3]!
      const rows = await inCorp(db.api, corpId, (tx) => tx.selectFrom('contact').select('corpId').execute()) // no where: the policy alone
      return rows.length === 1 && rows[0]!.corpId === corpId
    }),
  )
  expect(seen.every(Boolean)).toBe(true)
  expect(await db.api.selectFrom('follow').select('corpId').execute()).toEqual([])
})

test('AC-06: a row of another corp can be neither written nor claimed', async () => {
  await using db = await freshDb()
  const [ours, theirs] = [await aCorp(db), await aCorp(db)]
  const theirContact = await aContact(db, theirs, { name: '他们的' })
  await expect(
    inCorp(db.api, ours, (tx) =>
      tx.insertInto('contact').values({ corpId: theirs, createdAt: new Date(), updatedAt: new Date() }).execute(),
    ),
  ).rejects.toThrow(/row-level security/)
  const touched = await inCorp(db.api, ours, (tx) =>
    tx.updateTable('contact').set({ name: '改名' }).where('contactId', '=', theirContact).executeTakeFirst(),
  )
  expect(touched.numUpdatedRows).toBe(0n)
})

test('LG-02: the serving role can add to the audit log and never change or remove a line', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const actor = { accountId: '1', corpId, name: '周岚', ip: '127.0.0.1', requestId: 'r' }
  await inCorp(db.api, corpId, (tx) =>
    recordAudit(tx, actor, { action: 'tag.create', kind: 'tag', id: '1', detail: {}, at: new Date() }),
  )
  await expect(
    inCorp(db.api, corpId, (tx) =>
      tx.updateTable('auditLog').set({ actor: '别人' }).where('corpId', '=', corpId).execute(),
    ),
  ).rejects.toThrow(/permission denied/)
  await expect(
    inCorp(db.api, corpId, (tx) => tx.deleteFrom('auditLog').where('corpId', '=', corpId).execute()),
  ).rejects.toThrow(/permission denied/)
})

/**
 * contact_identity and order_key say whose something is: they are asked before a contact is known. A task is a member’s,
 * for a customer or for none. A link and a reading stand before anybody has said who reads. A mention is a note’s, which
 * goes where a merge takes it: whoever was told stays told.
 */
test('scale.md 1: the key of every table about a contact starts with corp_id and holds contact_id', async () => {
  await using db = await freshDb()
  const { rows } = await sql<{ name: string; columns: string[] }>`
    select c.relname as name, array_agg(k.attname::text order by u.ord) as columns
    from pg_constraint p join pg_class c on c.oid = p.conrelid, unnest(p.conkey) with ordinality u(attnum, ord), pg_attribute k
    where p.contype = 'p' and not c.relispartition and k.attrelid = c.oid and k.attnum = u.attnum
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'contact_id')
      and c.relname not in ('contact_identity', 'order_key', 'task', 'radar_link', 'radar_view', 'radar_notice', 'note_mention')
    group by 1 order by 1`.execute(db.owner)
  for (const { name, columns } of rows)
    expect([name, columns[0], columns.includes('contact_id')]).toEqual([name, 'corp_id', true])
  expect(rows.length).toBeGreaterThan(4)
})
