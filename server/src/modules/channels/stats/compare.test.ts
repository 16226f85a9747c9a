import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, aTag, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { readCsv } from '../../../platform/tables/read-csv.ts'
import { hearContactEvents } from '../hear-contacts.ts'
import { countScan } from '../landing/count-scan.ts'
import { createPlacements } from '../placements/service.ts'
import { ComparisonQuery, NewChannelCode, StatsFileQuery } from '../schema.ts'
import { createChannelCode } from '../service.ts'
import { compareCodes } from './compare.ts'
import { writeStats } from './export.ts'
import { readChannelStats } from './read-stats.ts'

const NOW = new Date('2026-11-20T12:00:00+08:00')
const PERIOD = { from: '2026-11-11', to: '2026-11-20' }
const day = (n: number, hour = 10) =>
  new Date(`2026-11-${`${n}`.padStart(2, '0')}T${`${hour}`.padStart(2, '0')}:00:00+08:00`)

async function aShop(db: TestDb, corpId: string, staffId: string) {
  const made = { createdBy: '1', now: NOW }
  const code = (name: string, groupName = '') =>
    inCorp(db.api, corpId, (tx) =>
      createChannelCode(tx, corpId, NewChannelCode.parse({ name, staffIds: [staffId], groupName }), made),
    )
  /** Who came by a code on a day, and perhaps left: counted by day and kept as a follow, as callbacks do it. */
  const came = async (channelCodeId: string, on: Date, left: Date | null = null) => {
    const { rows } = await sql<{
      state: string
    }>`select state from channel_code where channel_code_id = ${channelCodeId}`.execute(db.owner)
    const { state } = rows[0]!
    const contactId = await aContact(db, corpId, { staffId, state, addedAt: on, lostAt: left })
    const fact = (kind: 'contact.added' | 'contact.lost', at: Date) => ({
      contactId,
      staffId,
      kind,
      at,
      props: { state },
    })
    await inCorp(db.api, corpId, (tx) =>
      hearContactEvents(tx, corpId, [fact('contact.added', on), ...(left ? [fact('contact.lost', left)] : [])], NOW),
    )
    return contactId
  }
  const hang = async (of: string, name: string, costFen: number, endsOn: string | null = null) =>
    (
      await inCorp(db.api, corpId, (tx) =>
        createPlacements(tx, corpId, of, [{ name, kind: 'print', costFen, startsOn: null, endsOn }], made),
      )
    )[0]!
  return { code, came, hang }
}

test('side by side each has what was counted by hand: its placements, its own days, and cost over the places’ own dates', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const staffId = await aStaff(db, corpId, { name: '艾米' })
  const { code, came, hang } = await aShop(db, corpId, staffId)
  const [a, b, folded] = [await code('甲', '门店'), await code('乙', '门店'), await code('丙')]
  const counter = await hang(a, '台卡', 3_000, '2026-11-13')
  await came(a, day(12))
  await came(a, day(12), day(13, 9)) // lost within a day
  await came(counter, day(13), day(19)) // within seven
  await came(counter, day(14)) // after the place was taken down: not paid for
  await came(counter, day(1)) // before the period, paid for
  await came(b, day(20, 11)) // an hour ago: nobody knows yet
  await came(folded, day(15))
  await countScan(db.api, corpId, counter, 'v1', day(13))
  const theirStaff = await aStaff(db, theirs)
  const other = await aShop(db, theirs, theirStaff)
  await other.came(await other.code('别家', '门店'), day(12))

  const compare = (query: object) =>
    inCorp(db.api, corpId, (tx) => compareCodes(tx, corpId, ComparisonQuery.parse({ ...PERIOD, ...query }), NOW))
  const { subjects } = await compare({ codes: `${b},${a}`, groups: '门店' })
  expect(subjects.map(({ key }) => key)).toEqual([`code:${b}`, `code:${a}`, 'group:门店'])
  expect(subjects[1]).toEqual({
    key: `code:${a}`,
    name: '甲',
    isGroup: false,
    codes: 1,
    totals: { scans: 1, adds: 4, losses: 2, net: 2 },
    replied: null,
    retention: [
      { days: 1, of: 4, kept: 3 },
      { days: 7, of: 3, kept: 1 },
      { days: 30, of: 0, kept: 0 },
    ],
    costFen: 3_000,
    cpaFen: 1_500,
    adds: [0, 2, 1, 1, 0, 0, 0, 0, 0, 0],
  })
  expect(subjects[0]).toMatchObject({
    totals: { adds: 1, net: 1 },
    retention: [{ of: 0 }, { of: 0 }, { of: 0 }],
    cpaFen: null,
  })
  expect(subjects[2]).toMatchObject({
    codes: 2,
    totals: { scans: 1, adds: 5, losses: 2, net: 3 },
    cpaFen: 1_500,
    adds: [0, 2, 1, 1, 0, 0, 0, 0, 0, 1],
  })
  // One code alone in the statistics says the same.
  const alone = await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, a, PERIOD, NOW))
  expect([alone.totals, alone.retention]).toEqual([subjects[1]!.totals, subjects[1]!.retention])

  const foreign = await inCorp(db.api, theirs, (tx) =>
    tx.selectFrom('channelCode').select('channelCodeId').where('corpId', '=', theirs).executeTakeFirstOrThrow(),
  )
  await expect(compare({ codes: `${a},${foreign.channelCodeId}` })).rejects.toMatchObject({ status: 404 })
  expect(ComparisonQuery.safeParse({ codes: a }).success).toBe(false)
  expect(ComparisonQuery.safeParse({ codes: '1,2,3,4,5,6,7' }).success).toBe(false)
})

test('the funnel counts who was tagged by hand, not by the code itself', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const { code, came } = await aShop(db, corpId, staffId)
  const id = await code('甲')
  const [tagId, codesOwn] = [await aTag(db, corpId), await aTag(db, corpId)]
  await sql`insert into channel_code_tag (corp_id, channel_code_id, tag_id) values (${corpId}, ${id}, ${codesOwn})`.execute(
    db.owner,
  )
  const tag = (contactId: string, source: string, what = tagId) =>
    sql`insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at) values (${corpId}, ${contactId}, ${staffId}, ${what}, ${source}, ${NOW})`.execute(
      db.owner,
    )
  await tag(await came(id, day(12)), 'rule')
  await tag(await came(id, day(12), day(18)), 'wecom')
  await tag(await came(id, day(2)), 'staff') // before the period
  await tag(await came(id, day(13)), 'wecom', codesOwn) // by whoever made the code before us
  const { funnel } = await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, id, PERIOD, NOW))
  expect(funnel.map(({ step, count }) => [step, count])).toEqual([
    ['scans', 0],
    ['adds', 3],
    ['replied', null],
    ['tagged', 1],
    ['kept', 2],
  ])
})

test('the file has a line for each member, place and day, and adds up to the page; a name is never a formula', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId, { name: '=cmd()' })
  const { code, came, hang } = await aShop(db, corpId, staffId)
  const [a, b] = [await code('=1+1', '门店'), await code('乙')]
  const place = await hang(a, '台卡', 0)
  await came(a, day(12))
  await came(place, day(12), day(14))
  await came(b, day(13))
  await came(a, day(9)) // another period
  const lines = async (query: object) =>
    readCsv((await text(writeStats(db.api, corpId, { ...StatsFileQuery.parse(query), ...PERIOD }))).slice(1)).slice(1)
  expect(await lines({ groups: ['门店'] })).toEqual([
    ['2026-11-12', '门店', "'=1+1", '', "'=cmd()", '0', '1', '0', '1', ''],
    ['2026-11-12', '门店', "'=1+1", '台卡', "'=cmd()", '0', '1', '0', '1', ''],
    ['2026-11-14', '门店', "'=1+1", '台卡', "'=cmd()", '0', '0', '1', '-1', ''],
  ])
  expect((await lines({ codes: b })).map((line) => line[2])).toEqual(['乙'])
  expect(await lines({})).toHaveLength(4)
})
