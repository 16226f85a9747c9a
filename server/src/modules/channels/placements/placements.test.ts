import { expect, test } from 'vitest'
import { aCorp, aStaff, at, freshDb, type TestDb } from '../../../../test/world.ts'
import { inCorp } from '../../../platform/db.ts'
import { hearContactEvents } from '../hear-contacts.ts'
import { countScan } from '../landing/count-scan.ts'
import { readChannelCode } from '../list-codes.ts'
import { NewChannelCode } from '../schema.ts'
import { createChannelCode } from '../service.ts'
import { readChannelStats } from '../stats/read-stats.ts'
import { NewPlacement } from './schema.ts'
import { createPlacements, editPlacement, listPlacements } from './service.ts'

const PUBLIC = 'https://siyu.example.com'
const DAY_MS = 24 * 3_600_000

async function aHungCode(db: TestDb) {
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const code = NewChannelCode.parse({ name: '静安寺店', staffIds: [staffId] })
  const id = await inCorp(db.api, corpId, (tx) => createChannelCode(tx, corpId, code, { createdBy: '1', now: at }))
  const hang = (...placements: object[]) =>
    inCorp(db.api, corpId, (tx) =>
      createPlacements(
        tx,
        corpId,
        id,
        placements.map((it) => NewPlacement.parse({ kind: 'print', ...it })),
        {
          createdBy: '1',
          now: at,
        },
      ),
    )
  const came = async (channelCodeId: string, n: number, when = at) => {
    const { state } = await inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('channelCode')
        .select('state')
        .where('corpId', '=', corpId)
        .where('channelCodeId', '=', channelCodeId)
        .executeTakeFirstOrThrow(),
    )
    const facts = Array.from({ length: n }, (_, nr) => ({
      contactId: String(nr + 1),
      staffId,
      kind: 'contact.added' as const,
      at: when,
      props: { state },
    }))
    await inCorp(db.api, corpId, (tx) => hearContactEvents(tx, corpId, facts, when))
  }
  const list = () => inCorp(db.api, corpId, (tx) => listPlacements(tx, corpId, id, at, PUBLIC))
  return { corpId, id, hang, came, list }
}

test('each place counts its own scans and adds and what one customer cost; the code sums them all', async () => {
  await using db = await freshDb()
  const { corpId, id, hang, came, list } = await aHungCode(db)
  const [counter, parcel] = await hang(
    { name: '台卡', costFen: 1_000 },
    { name: '随单卡', kind: 'parcel', costFen: 5_000 },
  )
  await countScan(db.api, corpId, counter!, 'someone', at)
  await countScan(db.api, corpId, counter!, 'another', at)
  await came(id, 5)
  await came(counter!, 3)
  await came(parcel!, 1)
  const found = await list()
  expect(found.items.map(({ name, scans, adds, cpaFen }) => [name, scans, adds, cpaFen])).toEqual([
    ['台卡', 2, 3, 333],
    ['随单卡', 0, 1, 5_000],
  ])
  expect([found.own.adds, found.cpaFen]).toEqual([5, 1_500])
  expect(found.items[0]!.sparkline.at(-1)).toBe(3)
  const stats = await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, id, {}, at))
  expect([stats.totals.scans, stats.totals.adds]).toEqual([2, 9])
  expect((await inCorp(db.api, corpId, (tx) => readChannelStats(tx, corpId, parcel!, {}, at))).totals.adds).toBe(1)
})

test('a place with dates counts what came between them alone; with nobody added there is no cost per customer', async () => {
  await using db = await freshDb()
  const { hang, came, list } = await aHungCode(db)
  const [ad] = await hang({ name: '广告', kind: 'ad', costFen: 8_000, startsOn: '2026-11-19', endsOn: '2026-11-20' })
  expect((await list()).items[0]!.cpaFen).toBeNull()
  await came(ad!, 1, new Date(at.getTime() - 2 * DAY_MS))
  await came(ad!, 2, at)
  await came(ad!, 4, new Date(at.getTime() + DAY_MS))
  expect((await list()).items.map(({ adds, cpaFen, startsOn, endsOn }) => [adds, cpaFen, startsOn, endsOn])).toEqual([
    [2, 4_000, '2026-11-19', '2026-11-20'],
  ])
})

test('a place is no code to be edited or hung further, and another corp’s is unknown', async () => {
  await using db = await freshDb()
  const ours = await aHungCode(db)
  const theirs = await aHungCode(db)
  const [place] = await ours.hang({ name: '台卡' })
  const edit = { name: '新名', kind: 'wifi' as const, costFen: 1, startsOn: null, endsOn: null }
  const inside = <T>(corpId: string, work: (tx: Parameters<Parameters<typeof inCorp>[2]>[0]) => Promise<T>) =>
    inCorp(db.api, corpId, work)
  await inside(ours.corpId, (tx) => editPlacement(tx, ours.corpId, place!, edit, at))
  expect((await ours.list()).items[0]).toMatchObject({ name: '新名', kind: 'wifi', costFen: 1 })
  for (const refused of [
    () => inside(theirs.corpId, (tx) => editPlacement(tx, theirs.corpId, place!, edit, at)),
    () => inside(theirs.corpId, (tx) => listPlacements(tx, theirs.corpId, ours.id, at, PUBLIC)),
    () => inside(ours.corpId, (tx) => editPlacement(tx, ours.corpId, ours.id, edit, at)),
    () => inside(ours.corpId, (tx) => createPlacements(tx, ours.corpId, place!, [edit], { createdBy: '1', now: at })),
    () =>
      inside(ours.corpId, (tx) => createPlacements(tx, ours.corpId, theirs.id, [edit], { createdBy: '1', now: at })),
    () => inside(theirs.corpId, (tx) => readChannelCode(tx, theirs.corpId, place!, PUBLIC)),
  ])
    await expect(refused()).rejects.toMatchObject({ status: 404 })
  expect(NewPlacement.safeParse({ ...edit, startsOn: '2026-11-20', endsOn: '2026-11-19' }).success).toBe(false)
})
