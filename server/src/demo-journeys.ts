import { sql } from 'kysely'
import type { WorkContext } from './modules/corps/context.ts'
import { enter, leave, tally } from './modules/journeys/people.ts'
import { readRunning } from './modules/journeys/running.ts'
import { Draft } from './modules/journeys/schema.ts'
import { createJourney, publish } from './modules/journeys/service.ts'
import { goOn } from './modules/journeys/step.ts'
import { readCalendar } from './modules/stages/read-book.ts'
import { inCorp, type Tx } from './platform/db.ts'
import { DAY_MS } from './platform/shanghai.ts'

const ASKER = { accountId: '0', name: '宋小满', scope: undefined }
const HOUR_MS = 3_600_000
const PUBLISHED_DAYS = 14
/** People come in by the half-day; nothing is asked of a member before a week is over. */
const STEP_HOURS = 12

const deed = (kind: string) => ({ kind, where: [], untrusted: false })
const days = (n: number) => ({ n, unit: 'day' as const })
const common = {
  again: { kind: 'never' as const },
  leaveOn: { reply: false, order: false, segmentId: null },
  workdays: true,
}

const NEWCOMERS = Draft.parse({
  ...common,
  name: '新好友七天',
  priority: 6,
  trigger: { kind: 'friend', staffIds: [], channelCodeIds: [] },
  goal: { deed: deed('order.paid'), within: days(30) },
  first: 'n1',
  steps: [
    { key: 'n1', kind: 'event', deed: deed('content.opened'), within: days(3), next: 'n2', otherwise: 'n5' },
    { key: 'n2', kind: 'wait', span: days(5), at: '10:30', workdays: true, next: 'n3' },
    {
      ...{ key: 'n3', kind: 'message', topic: '关怀', materialIds: [], within: days(2), next: 'n4' },
      text: '您上次看的那款茶，店里这周有试饮。哪天路过跟我说一声，我给您留一泡。',
    },
    { key: 'n4', kind: 'goal', name: '聊起来了', next: null },
    { key: 'n5', kind: 'wait', span: days(5), at: '10:30', workdays: true, next: 'n6' },
    {
      ...{ key: 'n6', kind: 'task', title: '问问新客的口味', due: days(2), next: null },
      note: '加好友一周了，还没看过我们发的内容。打个招呼，问清平时喝什么，补一个口味标签。',
    },
  ],
})
const READERS = Draft.parse({
  ...common,
  name: '看过内容，回访一次',
  priority: 4,
  again: { kind: 'after', span: days(30) },
  trigger: { kind: 'event', deed: deed('content.opened') },
  leaveOn: { reply: true, order: true, segmentId: null },
  goal: null,
  first: 'n1',
  steps: [
    { key: 'n1', kind: 'wait', span: days(7), at: '15:00', workdays: true, next: 'n2' },
    { key: 'n2', kind: 'split', arms: [{ name: '买过', next: 'n3', rule: bought() }], otherwise: 'n4' },
    { key: 'n3', kind: 'task', title: '问问老客喝得怎么样', note: '', due: days(2), next: null },
    { key: 'n4', kind: 'task', title: '请他来店里喝一泡', note: '', due: days(3), next: null },
  ],
})
const BIRTHDAY = Draft.parse({
  ...common,
  name: '生日前三天',
  priority: 7,
  again: { kind: 'after', span: days(300) },
  trigger: { kind: 'date', fieldId: '', days: -3, at: '10:00' },
  goal: null,
  first: 'n1',
  steps: [{ key: 'n1', kind: 'task', title: '准备一张手写卡', note: '', due: days(2), next: null }],
})

function bought() {
  return { is: 'all', not: false, of: [{ is: 'did', not: false, deed: deed('order.paid') }] }
}

/** Two journeys with people under way in them, and one still being written. */
export async function giveDemoJourneys(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const published = new Date(now.getTime() - PUBLISHED_DAYS * DAY_MS)
  await inCorp(work.db, corpId, async (tx) => {
    const newest = await newestFriends(tx, corpId)
    for (const draft of [READERS, NEWCOMERS, BIRTHDAY]) {
      const made = { requestKey: `demo ${draft.trigger.kind} ${draft.priority}`, draft }
      const { journeyId } = await createJourney(tx, corpId, made, ASKER, published)
      if (draft === BIRTHDAY) continue
      await publish(tx, corpId, journeyId, { revision: 1, people: 'stay' }, ASKER, published)
      await bringIn(tx, corpId, journeyId, draft === NEWCOMERS ? newest.slice(0, 120) : newest.slice(120, 190), now)
    }
  })
}

async function newestFriends(tx: Tx, corpId: string): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and followers > 0 and merged_into is null order by last_added_at desc, contact_id desc limit 190`.execute(
    tx,
  )
  return rows.map((row) => row.contactId)
}

/** The newest of them came in last; one in eight has reached the goal since. */
async function bringIn(tx: Tx, corpId: string, journeyId: string, people: readonly string[], now: Date): Promise<void> {
  const running = (await readRunning(tx, corpId)).find((one) => one.journeyId === journeyId)
  if (!running) return
  const turn = { tx, corpId, now, calendar: await readCalendar(tx, corpId) }
  const groups = Map.groupBy(people, (id) => Math.floor((people.indexOf(id) * 10) / people.length))
  for (const [group, ids] of [...groups].reverse()) {
    const at = new Date(now.getTime() - (group + 1) * STEP_HOURS * HOUR_MS)
    const entered = await enter(tx, corpId, running, ids, at)
    await tally(tx, corpId, journeyId, [{ step: '', port: 'in', people: entered.length }])
    await goOn(turn, running, [{ key: running.graph.first, contactIds: entered, at }])
    if (running.graph.goal)
      await leave(
        tx,
        corpId,
        running,
        entered.filter((_, nr) => nr % 8 === 3),
        'goal',
        new Date(now.getTime() - HOUR_MS),
      )
  }
}
