import { expect, test } from 'vitest'
import { aSimulatedCorp, type SimulatedCorp } from '../../../test/simulated-corp.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb } from '../../../test/world.ts'
import { standingClock } from '../../platform/clock.ts'
import { inCorp } from '../../platform/db.ts'
import { editContactTags } from './edit-contact-tags.ts'
import { crons, jobs } from './jobs.ts'
import { addTags, removeTags } from './tag-pairs.ts'

const byRule = { source: 'rule' as const, reason: { channelCodeId: '7' }, now: at }

/** A tag that exists in the simulated WeCom and here. */
async function aSharedTag(
  corp: SimulatedCorp,
  db: Parameters<typeof aTag>[0],
  name: string,
): Promise<{ tagId: string; wecomTagId: string }> {
  const made = (await corp.world.api('externalcontact/add_corp_tag', { group_name: '测试', tag: [{ name }] })) as {
    tag_group: { tag: { id: string }[] }
  }
  const wecomTagId = made.tag_group.tag[0]!.id
  return { tagId: await aTag(db, corp.corpId, { name, wecomTagId }), wecomTagId }
}

async function tagsInWecom(corp: SimulatedCorp, externalUserid: string): Promise<string[]> {
  const { follow_user } = (await corp.world.apiGet('externalcontact/get', { external_userid: externalUserid })) as {
    follow_user: { userid: string; tags: { tag_name: string }[] }[]
  }
  return follow_user.flatMap((follow) => follow.tags.map((tag) => tag.tag_name)).sort()
}

const marks = async (corp: SimulatedCorp) =>
  (
    await corp.world.control<{ effects: { kind: string; content: unknown }[] }>(
      'GET',
      `/corps/${corp.world.corp.corpid}/effects`,
    )
  ).effects.filter((e) => e.kind === 'mark_tag')

test('tags put on and taken off reach WeCom in one call for the pair, and are journaled once with who and why', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId: staffId } = corp
  const { contactId, externalUserid } = await corp.aFriend()
  const [vip, old] = [await aSharedTag(corp, db, '常客'), await aSharedTag(corp, db, '新客')]
  await inCorp(db.api, corpId, (tx) => addTags(tx, corpId, [{ contactId, staffId, tagId: old.tagId }], byRule))
  await corp.work(jobs)
  expect(await tagsInWecom(corp, externalUserid)).toEqual(['新客'])

  const now = new Date(at.getTime() + 60_000)
  await inCorp(db.api, corpId, async (tx) => {
    await addTags(tx, corpId, [{ contactId, staffId, tagId: vip.tagId }], { ...byRule, now })
    await addTags(tx, corpId, [{ contactId, staffId, tagId: vip.tagId }], { ...byRule, now })
    await removeTags(tx, corpId, [{ contactId, staffId, tagId: old.tagId }], {
      source: 'staff',
      reason: { by: '周岚' },
      now,
    })
  })
  await corp.work(jobs)
  expect(await tagsInWecom(corp, externalUserid)).toEqual(['常客'])
  expect((await marks(corp)).map((m) => m.content)).toEqual([
    { add: [old.wecomTagId], remove: [] },
    { add: [vip.wecomTagId], remove: [old.wecomTagId] },
  ])
  const events = await inCorp(db.api, corpId, (tx) =>
    tx
      .selectFrom('event')
      .select(['kind', 'source', 'props'])
      .where('corpId', '=', corpId)
      .orderBy('at')
      .orderBy('kind')
      .execute(),
  )
  expect(events).toEqual([
    {
      kind: 'tag.added',
      source: 'system',
      props: { channelCodeId: '7', tagId: old.tagId, name: '新客', source: 'rule' },
    },
    {
      kind: 'tag.added',
      source: 'system',
      props: { channelCodeId: '7', tagId: vip.tagId, name: '常客', source: 'rule' },
    },
    { kind: 'tag.removed', source: 'console', props: { by: '周岚', tagId: old.tagId, name: '新客', source: 'staff' } },
  ])
})

test('a tag of a customer who is no friend any more is kept with a note and not pushed for ever', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId: staffId } = corp
  const { contactId, externalUserid } = await corp.aFriend()
  const { tagId } = await aSharedTag(corp, db, '常客')
  await corp.world.act({ type: 'customer_deletes', userid: 'amy', externalUserid })
  await inCorp(db.api, corpId, (tx) => addTags(tx, corpId, [{ contactId, staffId, tagId }], byRule))
  await corp.work(jobs)
  const held = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('followTag').select(['reason', 'pushedAt']).where('corpId', '=', corpId).execute(),
  )
  expect(held).toEqual([{ reason: { channelCodeId: '7', notInWecom: 'wecom.84061' }, pushedAt: at }])
})

test('a pair WeCom is busy with is left waiting, the others go through, and the next run brings it', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId: staffId } = corp
  const friends = [
    await corp.aFriend({ name: '甲' }),
    await corp.aFriend({ name: '乙' }),
    await corp.aFriend({ name: '丙' }),
  ]
  const { tagId } = await aSharedTag(corp, db, '常客')
  await corp.world.control('PUT', '/faults', {
    rules: [{ where: 'api', kind: 'busy', match: 'externalcontact/mark_tag', count: 1 }],
  })
  await inCorp(db.api, corpId, (tx) =>
    addTags(
      tx,
      corpId,
      friends.map(({ contactId }) => ({ contactId, staffId, tagId })),
      byRule,
    ),
  )
  await corp.work(jobs)
  const waiting = () =>
    inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('followTag')
        .select('contactId')
        .where('corpId', '=', corpId)
        .where('pushedAt', 'is', null)
        .execute(),
    )
  expect(await waiting()).toHaveLength(1)
  await crons[0]!.run(corp.context)
  await corp.work(jobs)
  expect(await waiting()).toEqual([])
  for (const friend of friends) expect(await tagsInWecom(corp, friend.externalUserid)).toEqual(['常客'])
})

test('a staff member may tag only his own pairs; the manager tags them all; a stranger’s customer and tag are not found', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db, { clock: standingClock(at) })
  const { corpId, amyId } = corp
  const bob = await aStaff(db, corpId, { userid: 'Bob', name: '鲍勃' })
  const contactId = await aContact(db, corpId, { staffId: amyId })
  await inCorp(db.api, corpId, (tx) =>
    tx.insertInto('follow').values({ corpId, contactId, staffId: bob, addedAt: at, updatedAt: at }).execute(),
  )
  const tagId = await aTag(db, corpId, { wecomTagId: 'et1' })
  const edit = (
    scope: string | undefined,
    given: Partial<{ add: string[]; remove: string[]; staffId: string }>,
    contact = contactId,
  ) =>
    inCorp(db.api, corpId, (tx) =>
      editContactTags(
        tx,
        corpId,
        contact,
        { add: [], remove: [], ...given },
        { scope: scope === undefined ? scope : [scope], by: '周岚', now: at },
      ),
    )
  expect((await edit(bob, { add: [tagId] })).map((t) => t.staffId)).toEqual([bob])
  expect((await edit(undefined, { add: [tagId] })).map((t) => t.staffId).sort()).toEqual([amyId, bob].sort())
  expect(
    (await edit(undefined, { remove: [tagId], staffId: bob })).map((t) => [t.staffId, t.source, t.reason]),
  ).toEqual([[amyId, 'staff', { by: '周岚' }]])
  await expect(edit(bob, { add: [tagId], staffId: amyId })).rejects.toMatchObject({ code: 'tags.not_followed' })

  const theirs = await aCorp(db)
  const theirTag = await aTag(db, theirs)
  const theirContact = await aContact(db, theirs, { staffId: await aStaff(db, theirs) })
  await expect(edit(undefined, { add: [theirTag] })).rejects.toMatchObject({ status: 404 })
  await expect(edit(undefined, { add: [tagId] }, theirContact)).rejects.toMatchObject({ status: 404 })
})
