import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aSimulatedCorp } from '../../../../test/simulated-corp.ts'
import { aContact, aCorp, aStaff, aTag, at, freshDb, type TestDb, testLog } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { createListener } from '../../../platform/listen.ts'
import { sha256 } from '../../../platform/secrets.ts'
import { welcomePlace } from '../../events/intake.ts'
import { readBatch } from '../batches/read-batches.ts'
import { NewCodeBatch } from '../batches/schema.ts'
import { startBatch } from '../batches/start-batch.ts'
import { NewChannelCode } from '../schema.ts'
import { createChannelCode, editChannelCode } from '../service.ts'
import { startWelcomeLane } from '../welcome-lane.ts'
import { readTrial } from './read-trial.ts'
import { variantOf } from './variant.ts'

const TEXTS = ['甲：你好', '乙：您好', '丙：欢迎'] as const
const WEIGHTS = [50, 30, 20]
const variants = TEXTS.map((text, nr) => ({ weight: WEIGHTS[nr]!, welcome: { text, attachments: [] } }))
const DAY_MS = 86_400_000

async function aTriedCode(db: TestDb, corpId: string, staffId: string) {
  const code = NewChannelCode.parse({ name: '店', staffIds: [staffId], welcomeVariants: variants })
  const id = await inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, code, { createdBy: '1', now: at }))
  const { rows } = await sql<{ state: string }>`select state from channel_code where channel_code_id = ${id}`.execute(
    db.owner,
  )
  return { id, state: rows[0]!.state }
}
const read = (db: TestDb, corpId: string, id: string, now: Date) =>
  inCorp(db.api, corpId, (tx) => readTrial(tx, corpId, id, now))

test('each new friend is told the one wording that is his, once, and counted for it', async () => {
  await using db = await freshDb()
  await using corp = await aSimulatedCorp(db)
  const { corpId } = corp
  const { id, state } = await aTriedCode(db, corpId, corp.amyId)
  const listener = await createListener(db.url, testLog)
  const lane = startWelcomeLane(corp.context, { listener })
  const told: string[] = []
  for (let nr = 0; nr < 12; nr++) {
    const { externalUserid } = await corp.world.act<{ externalUserid: string }>({
      type: 'new_customer',
      name: `客${nr}`,
    })
    const met = await corp.world.act<{ welcomeCode: string }>({ type: 'add', userid: 'amy', externalUserid, state })
    const hash = sha256(met.welcomeCode)
    await sql`insert into welcome_task (corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at, deadline_at)
      values (${corpId}, ${hash}, ${corp.context.vault.seal(met.welcomeCode, welcomePlace(corpId, hash))}, ${externalUserid}, 'amy', ${state},
        clock_timestamp(), clock_timestamp() + interval '18 seconds')`.execute(db.api)
    await lane.idle()
    told.push(TEXTS[variantOf(id, externalUserid, WEIGHTS)]!)
  }
  await lane.stop()
  await listener.stop()
  const { effects } = await corp.world.control<{ effects: { kind: string; content: { text: string } }[] }>(
    'GET',
    `/corps/${corp.world.corp.corpid}/effects`,
  )
  expect(effects.filter((e) => e.kind === 'welcome').map((e) => e.content.text)).toEqual(told)
  const trial = await read(db, corpId, id, corp.context.clock.now())
  expect(trial!.variants.map(({ people, sent }) => [people, sent])).toEqual(
    TEXTS.map((text) => told.filter((one) => one === text).length).map((n) => [n, n]),
  )
})

test('figures are those of the wording that stands, of people who came long enough ago, told or not; tags by the code itself are none', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const staffId = await aStaff(db, corpId)
  const { id, state } = await aTriedCode(db, corpId, staffId)
  const tagId = await aTag(db, corpId)
  const now = new Date(at.getTime() + 10 * DAY_MS)
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const came = async (variant: number, days: number, more: { lost?: number; outcome?: string; tag?: string } = {}) => {
    const contactId = await aContact(db, corpId, {
      staffId,
      state,
      addedAt: ago(days),
      lostAt: more.lost === undefined ? null : ago(more.lost),
    })
    await sql`insert into welcome_trial (corp_id, channel_code_id, since, contact_id, staff_id, variant, outcome, at)
      values (${corpId}, ${id}, ${at}, ${contactId}, ${staffId}, ${variant}, ${more.outcome ?? 'sent'}, ${ago(days)})`.execute(
      db.owner,
    )
    if (more.tag)
      await sql`insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at) values (${corpId}, ${contactId}, ${staffId}, ${tagId}, ${more.tag}, ${now})`.execute(
        db.owner,
      )
  }
  await came(0, 8, { tag: 'staff' })
  await came(0, 8, { lost: 2, outcome: 'refused' }) // stayed six days; was never told
  await came(0, 3, { lost: 2.5, tag: 'rule' })
  await came(0, 0.5)
  await came(1, 7)
  const trial = (await read(db, corpId, id, now))!
  expect(trial.variants.map(({ people, sent }) => [people, sent])).toEqual([
    [4, 3],
    [1, 1],
    [0, 0],
  ])
  expect(
    trial.measures.map(({ measure, shares }) => [measure, ...shares.map(({ of, yes }) => `${yes}/${of}`)]),
  ).toEqual([
    ['kept1', '2/3', '1/1', '0/0'],
    ['kept7', '1/2', '1/1', '0/0'],
    ['tagged', '1/3', '0/1', '0/0'],
  ])
  expect(trial.measures.every(({ state: said }) => said === 'unknown')).toBe(true)

  const edit = (welcomeVariants: typeof variants) =>
    inCorp(db.api, corpId, (tx) => editChannelCode(tx, corpId, id, { welcomeVariants }, now))
  await edit(variants)
  expect((await read(db, corpId, id, now))!.variants[0]!.people).toBe(4)
  await edit(variants.map((one) => ({ ...one, weight: 1 })))
  expect(await read(db, corpId, id, now)).toMatchObject({
    since: now.toISOString(),
    variants: [{ people: 0 }, { people: 0 }, { people: 0 }],
  })
  await edit([])
  expect(await read(db, corpId, id, now)).toBeNull()
  await expect(read(db, theirs, id, now)).rejects.toMatchObject({ status: 404 })
})

test('codes of one batch that say the same are one trial, until one of them says something else', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const people = [await aStaff(db, corpId), await aStaff(db, corpId)]
  const now = new Date(at.getTime() + 10 * DAY_MS)
  const batch = NewCodeBatch.parse({ staffIds: people, activity: '五周年', welcomeVariants: variants })
  const { codeBatchId } = await inCorp(db.api, corpId, (tx) =>
    startBatch(tx, corpId, batch, { accountId: '1', actor: '周岚', now: at }),
  )
  const { people: codes } = await inCorp(db.api, corpId, (tx) => readBatch(tx, corpId, codeBatchId))
  const alone = await aTriedCode(db, corpId, people[0]!)
  for (const channelCodeId of [...codes.map((code) => code.channelCodeId), alone.id]) {
    const contactId = await aContact(db, corpId, { staffId: people[0]! })
    await sql`insert into welcome_trial (corp_id, channel_code_id, since, contact_id, staff_id, variant, outcome, at)
      values (${corpId}, ${channelCodeId}, ${at}, ${contactId}, ${people[0]}, 0, 'sent', ${at})`.execute(db.owner)
  }
  const [first, second] = codes.map((code) => code.channelCodeId)
  expect(await read(db, corpId, first!, now)).toMatchObject({ codes: 2, variants: [{ people: 2 }, {}, {}] })
  expect(await read(db, corpId, alone.id, now)).toMatchObject({ codes: 1, variants: [{ people: 1 }, {}, {}] })
  await inCorp(db.api, corpId, (tx) =>
    editChannelCode(tx, corpId, second!, { welcomeVariants: variants.slice(0, 2) }, now),
  )
  expect(await read(db, corpId, first!, now)).toMatchObject({ codes: 1, variants: [{ people: 1 }, {}, {}] })
})
