import { sql } from 'kysely'
import { spread } from './demo-visits.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { startWorkCard } from './modules/tasks/cards.ts'
import { NewTask, NewWorkCard } from './modules/tasks/schema.ts'
import { addTask, endTask } from './modules/tasks/service.ts'
import { inCorp, type Tx } from './platform/db.ts'
import { shanghaiDay } from './platform/shanghai.ts'

const HOUR_MS = 3_600_000
const BOSS = {
  ...{ accountId: '0', name: '周岚', staffId: null, scope: undefined, permissions: ['tasks.write', 'tasks.assign'] },
  ...{ mayBulk: true, mayMove: false, mayAssign: true },
}
/** Customers whose members have something to do, and those of a card. */
const [FOLLOWED, ASKED] = [24, 60]
const THINGS = [
  ['问清口味，补一个标签', '上次说怕苦，问问喜欢花香还是果香。'],
  ['回访春茶小样', '三天前取的小样，问问冷泡喝着怎么样。'],
  ['邀请进店友群', '常来的客人，进群能先知道新茶。'],
  ['约周末到店试饮', '想给爸妈买，带他尝尝熟普。'],
  ['跟进公司下午茶订单', '说要二十份，等他定日期。'],
] as const

/** What is to be done in the demo company: some done, some late, one card handed out to many. */
export async function giveDemoTasks(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  await inCorp(work.db, corpId, async (tx) => {
    const customers = await readCustomers(tx, corpId)
    for (const [nr, { contactId, staffId }] of customers.slice(0, FOLLOWED).entries()) {
      const [title, note] = THINGS[nr % THINGS.length]!
      const asked = new Date(now.getTime() - (20 + spread(41, nr) * 60) * HOUR_MS)
      const due = new Date(asked.getTime() + (6 + Math.floor(spread(42, nr) * 110)) * HOUR_MS)
      const task = NewTask.parse({ contactId, staffId, title, note, dueAt: onTheHour(due), remindMinutes: null })
      const taskId = await addTask(tx, corpId, task, BOSS, asked)
      if (due < now && nr % 4 > 0)
        await endTask(tx, corpId, taskId, { as: 'done', outcome: '聊过了，约好再来' }, BOSS, due)
    }
    const card = NewWorkCard.parse({
      title: '请老客尝今年的桂花乌龙',
      note: '只问想不想尝，不催单。说不方便的，今年就不再问。',
      say: '今年的桂花乌龙焙好了，给您留了一小包，下次到店喝杯热的？',
      coupon: '到店试饮一杯',
      dueAt: `${shanghaiDay(new Date(now.getTime() + 72 * HOUR_MS))}T18:00:00+08:00`,
      remindMinutes: 60,
      contactIds: customers.slice(FOLLOWED, FOLLOWED + ASKED).map((one) => one.contactId),
    })
    await startWorkCard(tx, corpId, card, BOSS, now)
  })
}

const onTheHour = (at: Date) => `${shanghaiDay(at)}T${String((at.getUTCHours() + 8) % 24).padStart(2, '0')}:00:00+08:00`

/** Customers who buy, each with who has followed longest. */
async function readCustomers(tx: Tx, corpId: string): Promise<{ contactId: string; staffId: string }[]> {
  const { rows } = await sql<{ contactId: string; staffId: string }>`
    select c.contact_id, f.staff_id from contact c
    join lateral (select staff_id from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.lost_at is null order by f.added_at limit 1) f on true
    where c.corp_id = ${corpId}::bigint and c.merged_into is null
      and exists (select from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.state = 'paid')
    order by md5(c.contact_id::text) limit ${FOLLOWED + ASKED}`.execute(tx)
  return rows
}
