import { sql } from 'kysely'
import { pick, spread } from './demo-visits.ts'
import { makeLinks } from './modules/content/forms/links.ts'
import { noteVisit } from './modules/content/forms/note-visit.ts'
import { FormContent } from './modules/content/forms/schema.ts'
import { takeAnswer } from './modules/content/forms/take-answer.ts'
import { newVisit } from './modules/content/forms/visit.ts'
import { createForm, publishForm, saveDraft } from './modules/content/forms/write-form.ts'
import type { Actor, WorkContext } from './modules/corps/context.ts'
import { inCorp, type Tx } from './platform/db.ts'

const HOUR_MS = 3_600_000
const QUIET = { opened: false, submitted: false }
const [ASKED, DAYS] = [36, 21]

const TASTING = {
  title: '新茶试饮登记',
  intro: '几道题，半分钟。到店时按您的口味先泡好。',
  action: '登记',
  fields: [
    {
      key: 'tea',
      kind: 'choices',
      label: '想尝哪几款',
      hint: '最多三款',
      required: true,
      max: 3,
      options: ['明前龙井', '桂花乌龙', '茉莉白毫', '正山小种', '熟普'],
    },
    { key: 'way', kind: 'choice', label: '平时怎么喝茶', required: true, options: ['热泡', '冷泡', '奶茶'] },
    {
      key: 'sugar',
      kind: 'choice',
      label: '奶茶几分糖',
      options: ['不加糖', '三分', '五分', '七分'],
      when: { field: 'way', is: ['奶茶'] },
    },
    { key: 'day', kind: 'date', label: '哪天方便来', hint: '不确定可以空着' },
    { key: 'call', kind: 'text', label: '怎么称呼您', isPrivate: true, max: 12 },
    { key: 'phone', kind: 'phone', label: '手机号', hint: '只用来通知您取小样' },
  ],
  consents: [
    { purpose: 'profile', text: '同意把以上口味记到我的客户资料，下次按口味备茶' },
    { purpose: 'phone', text: '同意用这个手机号认出我' },
  ],
  privacy: '答案只给见山茶事看，不转给别人。想删除，随时告诉店员，当天处理。',
  limits: { total: 200, perPerson: 1, opensAt: null, closesAt: null },
  thanks: { words: '登记好了，到店报名字就行。', addStaff: true, channelCodeId: null, materialId: null },
}
const VISIT = {
  title: '到店满意度',
  intro: '今天喝得怎么样，想听您说说。',
  action: '交给我们',
  fields: [
    { key: 'score', kind: 'rating', label: '今天给几颗星', required: true },
    { key: 'good', kind: 'choices', label: '哪里让您满意', options: ['茶好喝', '店员懂茶', '环境安静', '上茶快'] },
    { key: 'again', kind: 'choice', label: '还会再来吗', required: true, options: ['会', '看情况', '不会'] },
    {
      key: 'why',
      kind: 'long_text',
      label: '哪里没做好，请您直说',
      when: { field: 'again', is: ['看情况', '不会'] },
      max: 200,
    },
  ],
  consents: [{ purpose: 'profile', text: '同意把这次的评价记到我的客户资料，方便回访' }],
  privacy: '评价只给店长看，用来改进。想删除，随时告诉店员。',
  limits: { total: null, perPerson: null, opensAt: null, closesAt: null },
  thanks: { words: '谢谢您，下次来给您泡一杯新茶。', addStaff: true, channelCodeId: null, materialId: null },
}
const WHYS = ['周末人多，等了二十分钟', '桂花乌龙有点淡', '空调有点冷', '想要小一点的座位，安静些']

interface Guest {
  externalUserid: string
  staffId: string
}

/** Two forms of the tea shop, with what some of its customers answered in the last weeks. */
export async function askDemoCustomers(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const guests = await inCorp(work.db, corpId, (tx) => readGuests(tx, corpId))
  const staffIds = [...new Set(guests.map(({ staffId }) => staffId))].slice(0, 6)
  for (const [nr, given] of [TASTING, VISIT].entries()) {
    const content = FormContent.parse({ ...given, tell: QUIET })
    const { formId, links } = await inCorp(work.db, corpId, async (tx) => {
      const begun = new Date(now.getTime() - DAYS * 24 * HOUR_MS)
      const made = await createForm(tx, boss(corpId), { content }, begun)
      await publishForm(tx, boss(corpId), made, begun)
      await makeLinks(tx, work.vault, corpId, made, { placement: '收银台立牌', staffIds: [] }, begun)
      await makeLinks(tx, work.vault, corpId, made, { placement: '聊天里发', staffIds }, begun)
      return { formId: made, links: await readLinks(tx, corpId, made) }
    })
    const came = guests
      .map((guest, of) => ({ guest, of, hours: 1 + Math.floor(spread(61, nr, of) * DAYS * 24) }))
      .sort((one, other) => other.hours - one.hours)
    for (const { guest, of, hours } of came) {
      const at = new Date(now.getTime() - hours * HOUR_MS)
      const own = links.find(({ staffId }) => staffId === guest.staffId)
      const link = own && spread(62, nr, of) < 0.7 ? own : links.find(({ staffId }) => staffId === null)!
      await answer({ ...work, clock: { now: () => at } }, corpId, { ...guest, linkId: link.linkId }, [nr, of])
    }
    // From now on members are told.
    await inCorp(work.db, corpId, async (tx) => {
      const { rows } = await sql<{ materialId: string }>`
        select material_id from material where corp_id = ${corpId}::bigint and kind = 'article' and live_version is not null and withdrawn_at is null order by material_id limit 1`.execute(
        tx,
      )
      const thanks = { ...content.thanks, materialId: rows[0]?.materialId ?? null }
      const loud = { ...content, thanks, tell: { opened: nr === 0, submitted: true } }
      await saveDraft(tx, boss(corpId), formId, { revision: 1, content: FormContent.parse(loud) }, now)
      await publishForm(tx, boss(corpId), formId, now)
    })
  }
}

/** Somebody opens the form; most begin, and most of those finish. */
async function answer(
  work: WorkContext,
  corpId: string,
  { externalUserid, linkId }: { externalUserid: string; linkId: string },
  [form, of]: [number, number],
): Promise<void> {
  const realMs = Date.now()
  const visit = newVisit({ corpId, linkId, version: 1 }, realMs - Math.round(14_000 + spread(63, form, of) * 60_000))
  const filler = { device: `demo ${of}`, ip: 'demo', openid: null, externalUserid }
  await noteVisit(work, visit, filler, 'opened', realMs)
  if (spread(64, form, of) > 0.86) return
  await noteVisit(work, visit, filler, 'started', realMs)
  if (spread(65, form, of) > 0.88) return
  const consents = spread(66, form, of) < 0.8 ? (['profile'] as const) : []
  await takeAnswer(
    work,
    visit,
    filler,
    { answers: (form === 0 ? tasting : visiting)(of), consents: [...consents] },
    realMs,
  )
}

function tasting(of: number) {
  const teas = TASTING.fields[0]!.options!.filter((_, nr) => spread(67, of, nr) < 0.42).slice(0, 3)
  const way = pick(['热泡', '热泡', '冷泡', '奶茶'], 68, of)
  return {
    tea: teas.length > 0 ? teas : ['桂花乌龙'],
    way,
    ...(way === '奶茶' ? { sugar: pick(['三分', '三分', '五分', '不加糖'], 69, of) } : {}),
    ...(spread(70, of) < 0.6 ? { call: pick(['林女士', '陈先生', '小周', '老李', '苏苏', '王姐'], 71, of) } : {}),
    ...(spread(72, of) < 0.4 ? { phone: `139${String(10_000_000 + of * 7_919).slice(-8)}` } : {}),
  }
}

function visiting(of: number) {
  const score = pick([5, 5, 5, 4, 4, 3], 73, of)
  const again = score >= 4 ? '会' : pick(['看情况', '看情况', '不会'], 74, of)
  return {
    score,
    good: VISIT.fields[1]!.options!.filter((_, nr) => spread(75, of, nr) < 0.5),
    again,
    ...(again === '会' ? {} : { why: pick(WHYS, 76, of) }),
  }
}

const readLinks = (tx: Tx, corpId: string, formId: string) =>
  tx
    .selectFrom('formLink')
    .select(['linkId', 'staffId'])
    .where('corpId', '=', corpId)
    .where('formId', '=', formId)
    .execute()

/** Customers who buy, each with who has followed longest. */
async function readGuests(tx: Tx, corpId: string): Promise<Guest[]> {
  const { rows } = await sql<Guest>`
    select i.value as external_userid, f.staff_id from contact c
    join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
    join lateral (select staff_id from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.lost_at is null order by f.added_at limit 1) f on true
    where c.corp_id = ${corpId}::bigint and c.merged_into is null
      and exists (select from customer_order o where o.corp_id = ${corpId}::bigint and o.contact_id = c.contact_id and o.state = 'paid')
    order by md5(c.contact_id::text || 'form') limit ${ASKED}`.execute(tx)
  return rows
}

const boss = (corpId: string): Actor => ({
  ...{ accountId: '0', corpId, role: 'owner', roleName: null, permissions: [], staffId: null, scope: undefined },
  ...{ viewing: null, factorMissing: false, name: '周岚', ip: '127.0.0.1', requestId: 'demo' },
})
