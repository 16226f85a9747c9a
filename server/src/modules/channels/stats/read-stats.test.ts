import { expect, test } from 'vitest'
import { aContact, aCorp, aStaff, freshDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { createPlacements } from '../placements/service.ts'
import { NewChannelCode } from '../schema.ts'
import { createChannelCode } from '../service.ts'
import { readChannelStats } from './read-stats.ts'

const NOW = new Date('2026-11-20T12:00:00+08:00')
const at = (text: string) => new Date(`2026-11-${text}:00+08:00`)

test('who stayed 1, 7 and 30 days is told of those who came long enough ago alone; hours are Shanghai’s; placements and other corps are told apart', async () => {
  await using db = await freshDb()
  const [corpId, theirs] = [await aCorp(db), await aCorp(db)]
  const [staffId, theirStaff] = [await aStaff(db, corpId), await aStaff(db, theirs)]
  const made = { createdBy: '1', now: NOW }
  const id = await inCorp(db.api, corpId, (tx) =>
    createChannelCode(tx, corpId, NewChannelCode.parse({ name: '店', staffIds: [staffId] }), made),
  )
  const [place] = await inCorp(db.api, corpId, (tx) =>
    createPlacements(tx, corpId, id, [{ name: '台卡', kind: 'print', costFen: 0, startsOn: null, endsOn: null }], made),
  )
  const states = await inCorp(db.api, corpId, (tx) =>
    tx.selectFrom('channelCode').select(['channelCodeId', 'state']).where('corpId', '=', corpId).execute(),
  )
  const [own, counter] = [id, place!].map((code) => states.find((row) => row.channelCodeId === code)!.state)
  const came = (addedAt: Date, lostAt: Date | null = null, state = own!) =>
    aContact(db, corpId, { staffId, state, addedAt, lostAt })
  await came(at('01T09:30')) // stayed: Sunday, nine
  await came(at('02T09:59'), at('03T09:58')) // a minute short of a day
  await came(at('02T10:00'), at('03T10:00')) // a day to the minute
  await came(at('12T23:30'), null, counter) // by the placement; eight days ago
  await came(at('20T11:00')) // today: nobody knows yet
  await aContact(db, theirs, { staffId: theirStaff, state: own!, addedAt: at('01T09:30') })

  const stats = await inCorp(db.api, corpId, (tx) =>
    readChannelStats(tx, corpId, id, { from: '2026-11-01', to: '2026-11-20' }, NOW),
  )
  expect(stats.retention).toEqual([
    { days: 1, of: 4, kept: 3 },
    { days: 7, of: 4, kept: 2 },
    { days: 30, of: 0, kept: 0 },
  ])
  const hours = stats.heat.flatMap((row, day) => row.flatMap((adds, hour) => (adds > 0 ? [[day + 1, hour, adds]] : [])))
  expect(hours).toEqual([
    [1, 9, 1],
    [1, 10, 1],
    [4, 23, 1],
    [5, 11, 1],
    [7, 9, 1],
  ])
  const ofPlace = await inCorp(db.api, corpId, (tx) =>
    readChannelStats(tx, corpId, place!, { from: '2026-11-01', to: '2026-11-20' }, NOW),
  )
  expect(ofPlace.retention.map(({ of }) => of)).toEqual([1, 1, 0])
})
