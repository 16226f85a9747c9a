import { sql } from 'kysely'
import { anOrder } from './demo-orders.ts'
import { pick, spread } from './demo-visits.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { appendEvents } from './modules/events/journal.ts'
import { scoreGroups } from './modules/groups/score.ts'
import { syncGroups } from './modules/groups/sync.ts'
import { tellLeft } from './modules/groups/tell.ts'
import { putOrders } from './modules/orders/put-orders.ts'
import { Rule } from './modules/segments/schema.ts'
import { createSegment } from './modules/segments/service.ts'
import { inCorp } from './platform/db.ts'

const DAY_MS = 86_400_000
/** Of a group's size, so many have come and gone. */
const SHARE_GONE = 0.16
/** Of whom sits in a group so many buy, each so often at most; customers of orders are counted from here. */
const [SHARE_BUYING, ORDERS_MOST, FROM_NR] = [0.4, 5, 5_000]
const HOW = ['self', 'self', 'self', 'removed'] as const

interface Group {
  groupChatId: string
  name: string
  ownerId: string
  createdAt: Date
  outsiders: number
}

/** Reads the demo company's groups, and tells who had left them before anybody looked: WeCom knows of nobody who is gone. */
export async function gatherDemoGroups(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const attempt = { number: 1, last: false, signal: new AbortController().signal }
  await syncGroups.run(work, { corpId, since: now.toISOString() }, attempt)
  await sellToGroups(work, corpId, now)
  await inCorp(work.db, corpId, async (tx) => {
    const { rows: groups } = await sql<Group>`
      select group_chat_id, name, owner_id, created_at, outsiders from group_chat where corp_id = ${corpId}::bigint order by created_at, group_chat_id`.execute(
      tx,
    )
    const { rows: people } = await sql<{ groupChatId: string; userid: string; contactId: string }>`
      select g.group_chat_id, i.value as userid, c.contact_id from group_chat g
      join contact c on c.corp_id = ${corpId}::bigint and c.staff_ids @> array[g.owner_id]
      join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
      where g.corp_id = ${corpId}::bigint and not exists (select from group_member m where m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.userid = i.value)
      order by g.group_chat_id, c.contact_id`.execute(tx)
    const ofGroup = Map.groupBy(people, (one) => one.groupChatId)
    const gone = groups.flatMap((group, nr) => gonePast(group, nr, ofGroup.get(group.groupChatId) ?? [], now))
    const { rows: stays } = await sql<{ groupChatId: string; stayId: string; userid: string }>`
      insert into group_member (corp_id, group_chat_id, userid, name, nickname, joined_at, is_rough, scene, told, left_at, left_by)
      select ${corpId}::bigint, group_chat_id, userid, '', '', joined_at, false, 3, true, left_at, left_by
      from jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) as g(group_chat_id bigint, userid text, joined_at timestamptz, left_at timestamptz, left_by text)
      returning group_chat_id, stay_id, userid`.execute(tx)
    const known = new Map(gone.map((one) => [`${one.group_chat_id} ${one.userid}`, one]))
    await appendEvents(
      tx,
      corpId,
      stays.map((stay) => {
        const { contactId, joined_at, name, ownerId } = known.get(`${stay.groupChatId} ${stay.userid}`)!
        return {
          contactId,
          at: new Date(joined_at),
          kind: 'group.joined' as const,
          source: 'sync' as const,
          staffId: ownerId,
          props: { groupChatId: stay.groupChatId, name, way: 'code' },
          key: `group.joined ${stay.stayId}`,
        }
      }),
      now,
    )
    await tellLeft(tx, corpId, stays, { source: 'sync', now })
    await scoreGroups(tx, corpId, now)
    const store = groups.filter((group) => group.name.endsWith('茶友群')).map((group) => group.groupChatId)
    if (store.length === 0) return
    const rule = {
      is: 'all',
      of: [
        { is: 'group', ids: store },
        { is: 'did', deed: { kind: 'order.paid' }, atMost: 0, within: { n: 60, unit: 'day' } },
        { is: 'lost', not: true },
      ],
    }
    const segment = { name: '在茶友群、60 天没下单', note: '群里还在，店里没来', rule: Rule.parse(rule) }
    await createSegment(tx, corpId, segment, { name: '周岚', scope: undefined }, now)
  })
}

/** Groups that are alive buy; the one that is long over does not. */
async function sellToGroups(work: WorkContext, corpId: string, now: Date): Promise<void> {
  await inCorp(work.db, corpId, async (tx) => {
    const { rows } = await sql<{ userid: string }>`
      select distinct m.userid from group_chat g join group_member m on m.corp_id = ${corpId}::bigint and m.group_chat_id = g.group_chat_id and m.left_at is null and m.staff_id is null
      join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = m.userid
      where g.corp_id = ${corpId}::bigint and g.name not like '2025%' and not exists (select from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = i.contact_id) order by m.userid`.execute(
      tx,
    )
    const orders = rows.flatMap(({ userid }, i) =>
      spread(31, i) < SHARE_BUYING
        ? Array.from({ length: 1 + Math.floor(spread(32, i) ** 2 * ORDERS_MOST) }, (_, n) =>
            anOrder(userid, FROM_NR + i, n, now),
          )
        : [],
    )
    await putOrders(tx, corpId, work.vault, orders, { source: 'import', now })
  })
}

/** Some came and went over the group's life, more of them of late. */
function gonePast(
  { groupChatId, name, ownerId, createdAt, outsiders }: Group,
  nr: number,
  people: readonly { userid: string; contactId: string }[],
  now: Date,
) {
  const age = now.getTime() - createdAt.getTime()
  const number = Math.min(people.length, Math.ceil(outsiders * SHARE_GONE))
  return people.slice(0, number).map(({ userid, contactId }, i) => {
    const left = now.getTime() - 3_600_000 - spread(nr, i, 1) ** 2 * Math.min(age * 0.8, 150 * DAY_MS)
    const joined = createdAt.getTime() + spread(nr, i, 2) * (left - createdAt.getTime())
    return {
      group_chat_id: groupChatId,
      userid,
      contactId,
      name,
      ownerId,
      joined_at: new Date(joined).toISOString(),
      left_at: new Date(left).toISOString(),
      left_by: pick(HOW, nr, i, 3),
    }
  })
}
