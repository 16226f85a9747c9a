import { sql } from 'kysely'
import { autoTagDemoCompany } from './demo-auto-tags.ts'
import { giveDemoBroadcasts } from './demo-broadcasts.ts'
import { stockDemoLibrary } from './demo-content.ts'
import { askDemoCustomers } from './demo-forms.ts'
import { gatherDemoGroups } from './demo-groups.ts'
import { giveDemoJourneys } from './demo-journeys.ts'
import { joinDemoMembers, sellDemoTea } from './demo-orders.ts'
import { readDemoPieces, ruleDemoReadings } from './demo-radar.ts'
import { replyToDemoMembers } from './demo-replies.ts'
import { segmentDemoCompany } from './demo-segments.ts'
import { stageDemoCompany } from './demo-stages.ts'
import { giveDemoTasks } from './demo-tasks.ts'
import { visitDemoShop } from './demo-visits.ts'
import { adoptChannelCodes } from './modules/channels/adopt-codes.ts'
import type { NewPlacement } from './modules/channels/placements/schema.ts'
import { createPlacements } from './modules/channels/placements/service.ts'
import { editChannelCode } from './modules/channels/service.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { askToCountLife } from './modules/reports/activation/life.ts'
import { saveModel } from './modules/segments/rfm/save-model.ts'
import { START } from './modules/segments/rfm/start.ts'
import { ensureStaffAccount } from './modules/staff/accounts.ts'
import { inCorp } from './platform/db.ts'

/** What the demo company's operators have set up on its codes: tags by name, and the first words. Codes are found by their state. */
const CODES: Readonly<Record<string, { tags: string[]; remark?: string; text: string }>> = {
  'cxl-table-07': {
    tags: ['桌贴', '春熙路店'],
    text: '{客户昵称}您好，我是春熙路店的{成员姓名}。今天的春茶刚到，想喝清爽的可以先看看这篇。有事直接说，平时我不打扰您。',
  },
  'poster-all': {
    tags: ['海报'],
    text: '{客户昵称}您好，我是见山茶事的{成员姓名}。看到哪款想试，告诉我，到店先给您泡一小杯。',
  },
  'parcel-03': { tags: ['包裹卡'], text: '{客户昵称}您好，茶收到了吗？我是{成员姓名}，冲泡有不顺手的地方随时问我。' },
  'badge-zhouxiaoman': {
    tags: ['春熙路店'],
    text: '{客户昵称}您好，我是{成员姓名}，刚才在店里见过。想起要什么，发我一句就好。',
  },
  'yll-table': {
    tags: ['桌贴', '玉林路店'],
    text: '{客户昵称}您好，我是玉林路店的{成员姓名}。要加水、要换茶，在这里说一声就行。',
  },
  'jsl-counter': {
    tags: ['建设路店'],
    text: '{客户昵称}您好，我是建设路店的{成员姓名}。下次来先发我一句，给您留位置。',
  },
  'tzl-delivery': {
    tags: ['桐梓林店'],
    text: '{客户昵称}您好，我是桐梓林店的{成员姓名}。这单口味有想调整的，告诉我，下次照着做。',
  },
  'tfsj-office': {
    tags: ['写字楼试饮', '天府三街店'],
    text: '{客户昵称}您好，谢谢您来试饮。我是{成员姓名}，下午茶拼单可以找我。',
  },
  'dj-market': {
    tags: ['东郊店'],
    text: '{客户昵称}您好，我是东郊店的{成员姓名}。市集下周末还在，来了找我，送您一小杯新茶。',
  },
  'oa-menu': { tags: ['公众号'], text: '{客户昵称}您好，我是见山茶事的{成员姓名}，公众号里没说清楚的，都可以问我。' },
  'xhs-2026': {
    tags: ['小红书'],
    text: '{客户昵称}您好，我是{成员姓名}。笔记里那款还有货，到店报暗号「见山」，给您冲一壶。',
  },
}
/** Where its store codes lie, and what hangs where and cost how much. */
const GROUPS: Readonly<Record<string, string>> = {
  'cxl-table-07': '门店',
  'yll-table': '门店',
  'jsl-counter': '门店',
  'tzl-delivery': '外卖与包裹',
  'parcel-03': '外卖与包裹',
  'oa-menu': '线上',
  'xhs-2026': '线上',
}
const ROSTERED = 'yll-table'
const PLACEMENTS: NewPlacement[] = [
  { name: '收银台台卡', kind: 'print', costFen: 32_000, startsOn: null, endsOn: null },
  { name: '外卖随单卡', kind: 'parcel', costFen: 117_600, startsOn: null, endsOn: null },
  { name: '店员工牌', kind: 'badge', costFen: 9_600, startsOn: null, endsOn: null },
]
/** Its teas cost about a hundred yuan, and people come back every few weeks. */
const CUTS = { r: [14, 35, 75, 150], f: [1, 2, 3, 5], m: [15_000, 40_000, 110_000, 220_000] }
/** Who runs it: they administer the console when they sign in by scanning. */
const ADMINISTRATORS = ['zhoulan', 'chenyu']
const DEFAULT_TEXT = '{客户昵称}您好，我是见山茶事的{成员姓名}，很高兴认识您。想喝什么随时问我，平时我不打扰您。'

/** Dresses the demo company once its customers are read: its printed codes become channel codes with tags and welcomes. */
export async function dressDemoCompany(work: WorkContext, corpId: string): Promise<void> {
  if ((await adoptChannelCodes(work, corpId)) === 0) return
  const now = work.clock.now()
  await letAdministratorsIn(work, corpId, now)
  await visitDemoShop(work, corpId)
  await replyToDemoMembers(work, corpId)
  await sellDemoTea(work, corpId)
  await joinDemoMembers(work, corpId)
  await rosterStore(work, corpId, now)
  await segmentDemoCompany(work, corpId)
  await stageDemoCompany(work, corpId)
  await gatherDemoGroups(work, corpId)
  await giveDemoTasks(work, corpId)
  await giveDemoBroadcasts(work, corpId)
  await giveDemoJourneys(work, corpId)
  await stockDemoLibrary(work, corpId)
  await ruleDemoReadings(work, corpId)
  await askDemoCustomers(work, corpId)
  await inCorp(work.db, corpId, async (tx) => {
    await saveModel(tx, corpId, { ...START, cuts: CUTS }, { name: '周岚', scope: undefined }, now)
    await askToCountLife(tx, corpId)
  })
  await autoTagDemoCompany(work, corpId)
  await readDemoPieces(work, corpId)
  await inCorp(work.db, corpId, async (tx) => {
    const groups = Object.entries(GROUPS)
    await sql`update channel_code c set group_name = g.name from unnest(${groups.map(([state]) => state)}::text[], ${groups.map(([, name]) => name)}::text[]) as g(state, name)
      where c.corp_id = ${corpId}::bigint and c.state = g.state`.execute(tx)
    const welcome = (text: string) => JSON.stringify({ text, attachments: [] })
    const codes = Object.entries(CODES)
    await sql`update channel_code c set welcome = g.welcome, updated_at = ${now}::timestamptz
      from unnest(${codes.map(([state]) => state)}::text[], ${codes.map(([, code]) => welcome(code.text))}::jsonb[]) as g(state, welcome)
      where c.corp_id = ${corpId}::bigint and c.state = g.state and c.welcome is null`.execute(tx)
    const pairs = codes.flatMap(([state, { tags }]) => tags.map((tag) => ({ state, tag })))
    await sql`insert into channel_code_tag (corp_id, channel_code_id, tag_id)
      select ${corpId}::bigint, c.channel_code_id, t.tag_id from unnest(${pairs.map((p) => p.state)}::text[], ${pairs.map((p) => p.tag)}::text[]) as g(state, tag)
      join channel_code c on c.corp_id = ${corpId}::bigint and c.state = g.state join tag t on t.corp_id = ${corpId}::bigint and t.name = g.tag and t.deleted_at is null
      on conflict do nothing`.execute(tx)
    await tx
      .updateTable('corp')
      .set({ defaultWelcome: welcome(DEFAULT_TEXT) })
      .where('corpId', '=', corpId)
      .where('defaultWelcome', 'is', null)
      .execute()
  })
}

/** One store's code runs a roster and hangs in three places. */
async function rosterStore(work: WorkContext, corpId: string, now: Date): Promise<void> {
  await inCorp(work.db, corpId, async (tx) => {
    const { rows } = await sql<{ channelCodeId: string; staffIds: string[] }>`
      select c.channel_code_id, array(select cs.staff_id from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = c.channel_code_id order by cs.staff_id) as staff_ids
      from channel_code c where c.corp_id = ${corpId}::bigint and c.state = ${ROSTERED}`.execute(tx)
    const [code] = rows
    const [first, second, third] = code?.staffIds ?? []
    if (!code || !first || !second) return
    const roster = {
      week: [
        { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '15:00', staffIds: [first] },
        { weekdays: [1, 2, 4, 5, 6, 7], from: '15:00', to: '22:00', staffIds: [second] },
        { weekdays: [3], from: '15:00', to: '21:00', staffIds: [second] },
        { weekdays: [6, 7], from: '09:00', to: '18:00', staffIds: [third ?? first] },
      ],
      days: [],
      backupIds: [first],
      dailyCap: 40,
      caps: [],
      autoAccept: null,
    }
    await editChannelCode(tx, corpId, code.channelCodeId, { roster }, now)
    await createPlacements(tx, corpId, code.channelCodeId, PLACEMENTS, { createdBy: null, now })
  })
}

async function letAdministratorsIn(work: WorkContext, corpId: string, now: Date): Promise<void> {
  for (const userid of ADMINISTRATORS) {
    // two
    const account = await ensureStaffAccount(work.db, corpId, userid, now)
    if (typeof account === 'string') continue // not a member of this company
    await work.db
      .updateTable('accountCorp')
      .set({ role: 'admin' })
      .where('accountId', '=', account.accountId)
      .where('corpId', '=', corpId)
      .execute()
  }
}
