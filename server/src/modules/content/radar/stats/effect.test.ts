import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aMaterial } from '../../../../../test/radar-house.ts'
import { aContact, aCorp, aStaff, freshDb, type TestDb } from '../../../../../test/world.ts'
import { inCorp } from '../../../../platform/db.ts'
import { appendEvents, type NewEvent } from '../../../events/journal.ts'
import { readEffect } from './effect.ts'

const DAY = 24 * 3_600_000
const NOW = new Date('2026-11-24T04:00:00Z')
const daysAgo = (days: number, minutes = 0) => new Date(NOW.getTime() - days * DAY + minutes * 60_000)

async function tell(db: TestDb, corpId: string, events: Omit<NewEvent, 'source' | 'key'>[]) {
  await inCorp(db.api, corpId, (tx) =>
    appendEvents(
      tx,
      corpId,
      events.map((event, i) => ({ ...event, source: 'system', key: `${event.kind} ${event.at.toISOString()} ${i}` })),
      NOW,
    ),
  )
}

let orderNo = 0
const pay = (
  db: TestDb,
  corpId: string,
  contactId: string,
  at: Date,
  given: { fen: number; refunded?: number; state?: string },
) =>
  sql`insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, refunded_fen, source, updated_at)
    values (${corpId}::bigint, ${contactId}::bigint, 'own', ${`E${++orderNo}`}, ${given.state ?? 'paid'}, ${at}::timestamptz, ${at}::timestamptz, ${given.fen}, ${given.refunded ?? 0}, 'api', ${at}::timestamptz)`.execute(
    db.owner,
  )

/**
 * Worked by hand. 周 sent the piece to 林 (twice), 陈, 苏 and 何; 唐 sent it to 林 and 高.
 *   林 by 周 (10 days ago):  opened after 1 day, read 50 %, tagged after 2, paid ¥100 after 6.9 days      → opened read tagged ordered
 *   陈 by 周 (10 days ago):  opened after 6.9, read 49 %, paid ¥300 after 7 days and a minute             → opened
 *   苏 by 周 (9 days ago):   opened another piece, tagged an hour before, order all given back            → nothing
 *   何 by 周 (3 days ago):   wrote to us, opened as a browser nobody named                                → replied
 *   林 by 唐 (8 days ago):   her reading of 9 days ago came before; the order of 3.1 days ago after       → tagged no (8.0 ago is before) ordered
 *   高 by 唐 (40 days ago):  outside of thirty days                                                       → not there
 */
test('effect: sent, opened, read, replied, tagged, ordered within seven days, by piece and by member, as worked by hand', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  const [zhou, tang] = [await aStaff(db, corpId, { name: '周小满' }), await aStaff(db, corpId, { name: '唐糖' })]
  const [piece, other] = [await aMaterial(db, corpId), await aMaterial(db, corpId, { title: '冷泡茶' })]
  const [lin, chen, su, he, gao] = (await Promise.all(
    ['林', '陈', '苏', '何', '高'].map((name) => aContact(db, corpId, { name, staffId: zhou })),
  )) as [string, string, string, string, string]
  const of = (pieceId: string) => ({ piece: 'material', pieceId, kind: 'article', title: '' })
  const sent = (contactId: string, staffId: string, at: Date): Parameters<typeof tell>[2][number] => ({
    contactId,
    staffId,
    at,
    kind: 'content.sent',
    props: of(piece),
  })
  await tell(db, corpId, [
    sent(lin, zhou, daysAgo(10)),
    sent(lin, zhou, daysAgo(5)),
    sent(chen, zhou, daysAgo(10)),
    sent(su, zhou, daysAgo(9)),
    sent(he, zhou, daysAgo(3)),
    sent(lin, tang, daysAgo(8, -1)),
    sent(gao, tang, daysAgo(40)),
    { contactId: lin, at: daysAgo(9), kind: 'content.opened', props: of(piece) },
    { contactId: lin, at: daysAgo(9, 1), kind: 'content.read', props: { ...of(piece), seconds: 40, depth: 50 } },
    { contactId: lin, at: daysAgo(8, -2), kind: 'tag.added', props: { tagId: '1', name: '' } },
    { contactId: chen, at: daysAgo(3, -60), kind: 'content.opened', props: of(piece) },
    { contactId: chen, at: daysAgo(3, -59), kind: 'content.read', props: { ...of(piece), seconds: 9, depth: 49 } },
    { contactId: su, at: daysAgo(8), kind: 'content.opened', props: of(other) },
    { contactId: su, at: daysAgo(9, -60), kind: 'tag.added', props: { tagId: '1', name: '' } },
    { contactId: he, at: daysAgo(2), kind: 'message.sent', props: {} },
    { contactId: he, at: daysAgo(2), kind: 'content.opened', trusted: false, props: of(piece) },
    { contactId: gao, at: daysAgo(39), kind: 'content.opened', props: of(piece) },
  ])
  await pay(db, corpId, lin, daysAgo(3, -120), { fen: 10_000 })
  await pay(db, corpId, chen, daysAgo(3, 1), { fen: 30_000 })
  await pay(db, corpId, su, daysAgo(8), { fen: 5_000, refunded: 5_000 })
  await pay(db, corpId, su, daysAgo(8), { fen: 5_000, state: 'closed' })
  const effect = (days: number, scope?: string[]) =>
    inCorp(db.api, corpId, (tx) => readEffect(tx, corpId, { days }, scope, NOW))

  expect(await effect(30)).toEqual({
    items: [
      {
        piece: 'material',
        pieceId: piece,
        title: '春茶怎么选',
        kind: 'article',
        sent: 6,
        people: 5, // 林 once with each member
        opened: 2,
        read: 1,
        tagged: 1,
        replied: 1,
        ordered: 2, // 林, once for each who sent it to her
        amountFen: 20_000,
        best: [
          { staffId: tang, name: '唐糖', people: 1, ordered: 1 },
          { staffId: zhou, name: '周小满', people: 4, ordered: 1 },
        ],
      },
    ],
    afterDays: 7,
    readDepth: 50,
    hearsReplies: true,
  })
  const [ofZhou] = (await effect(30, [zhou])).items
  expect(ofZhou).toMatchObject({
    sent: 5,
    people: 4,
    opened: 2,
    read: 1,
    tagged: 1,
    replied: 1,
    ordered: 1,
    amountFen: 10_000,
  })
  const [ofTang] = (await effect(30, [tang])).items
  expect(ofTang).toMatchObject({ sent: 1, people: 1, opened: 0, read: 0, tagged: 0, replied: 0, ordered: 1 })
  expect((await effect(90, [tang])).items[0]).toMatchObject({ sent: 2, people: 2, opened: 1 })
  expect((await effect(30, [])).items).toEqual([])
})

test('where nothing tells us what customers write, nobody is said not to have replied', async () => {
  await using db = await freshDb()
  const corpId = await aCorp(db)
  expect(await inCorp(db.api, corpId, (tx) => readEffect(tx, corpId, { days: 30 }, undefined, NOW))).toMatchObject({
    items: [],
    hearsReplies: false,
  })
})
