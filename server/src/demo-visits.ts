import { sql } from 'kysely'
import type { WorkContext } from './modules/corps/context.ts'
import { collect } from './modules/openapi/collect/collect.ts'
import type { ApiKey } from './modules/openapi/keys.ts'
import { inCorp } from './platform/db.ts'

const SHOP = 'https://shop.jianshan.example'
export const TEAS = [
  { productNo: 'JS-01', name: '蒙顶甘露 50 克', category: '绿茶', priceFen: 12_800 },
  { productNo: 'JS-02', name: '碧潭飘雪 100 克', category: '花茶', priceFen: 9_800 },
  { productNo: 'JS-03', name: '武夷大红袍 80 克', category: '乌龙', priceFen: 23_800 },
  { productNo: 'JS-04', name: '凤凰单丛 鸭屎香', category: '乌龙', priceFen: 16_800 },
  { productNo: 'JS-05', name: '老白茶饼 350 克', category: '白茶', priceFen: 32_000 },
  { productNo: 'JS-06', name: '盖碗 手绘竹', category: '茶具', priceFen: 8_600 },
  { productNo: 'JS-07', name: '鲜橙冷泡茶 6 瓶', category: '水果', priceFen: 6_900 },
] as const
const WORDS = ['春茶', '送礼', '盖碗', '老白茶', '小包装'] as const
const [CUSTOMERS, STRANGERS, DOUBTS, BATCH] = [260, 60, 5, 500]
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]

type Item = Record<string, unknown>

/** The same number for the same things, spread evenly: the demo looks the same each time. */
export const spread = (...of: number[]) => {
  const mixed = of.reduce((hash, n) => Math.imul(hash ^ n, 0x9e3779b1) ^ (hash >>> 15), 0x2545f491)
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
}
export const pick = <T>(all: readonly T[], ...of: number[]): T => all[Math.floor(spread(...of) * all.length)]!

/** What customers of the demo company, and people nobody knows yet, have done in its online shop in the last days. */
export async function visitDemoShop(work: WorkContext, corpId: string): Promise<void> {
  const now = work.clock.now()
  const { rows } = await inCorp(work.db, corpId, (tx) =>
    sql<{ externalUserid: string }>`
      select i.value as external_userid from contact c join contact_identity i on i.corp_id = ${corpId}::bigint and i.contact_id = c.contact_id and i.kind = 'external_userid'
      where c.corp_id = ${corpId}::bigint and c.followers > 0 order by c.contact_id desc limit ${CUSTOMERS}`.execute(
      tx,
    ),
  )
  const customers = rows.flatMap(({ externalUserid }, nr) =>
    visits(nr, { ids: { external_userid: externalUserid } }, now, 25),
  )
  const strangers = Array.from({ length: STRANGERS }, (_, nr) =>
    visits(CUSTOMERS + nr, { device: `demo-${nr}` }, now, 6),
  ).flat()
  await tell(work, corpId, 'server', customers, now)
  await tell(work, corpId, 'web', strangers, now)
  await tell(
    work,
    corpId,
    'server',
    rows.flatMap(({ externalUserid }, nr) => lives(nr, externalUserid, now)),
    now,
  )
  await tell(
    work,
    corpId,
    'server',
    rows.slice(0, DOUBTS).map(({ externalUserid }, nr) => ({
      type: 'identify',
      messageId: `demo-number-${nr}`,
      at: now.toISOString(),
      ids: { external_userid: externalUserid, phone: numberOf(nr) },
    })),
    now,
  )
  // Somebody at home types a customer's number into the form of the shop: he may be that customer, or not.
  await tell(
    work,
    corpId,
    'web',
    rows.slice(0, DOUBTS).map((_, nr) => ({
      type: 'track',
      event: 'form.submitted',
      messageId: `demo-form-${nr}`,
      at: new Date(now.getTime() - (nr + 1) * 40 * MINUTE_MS).toISOString(),
      device: `demo-${nr}`,
      ids: { phone: numberOf(nr) },
      properties: { form: 'tasting', title: '品鉴会报名' },
    })),
    now,
  )
  // Others sign in, and what they had looked at as strangers is theirs.
  await tell(
    work,
    corpId,
    'server',
    rows.slice(DOUBTS, DOUBTS + 6).map(({ externalUserid }, nr) => ({
      type: 'identify',
      messageId: `demo-sign-in-${nr}`,
      at: now.toISOString(),
      device: `demo-${DOUBTS + nr}`,
      ids: { external_userid: externalUserid },
    })),
    now,
  )
}

const numberOf = (nr: number) => `1398050${String(1200 + nr * 37).padStart(4, '0')}`

/** Evenings of the shop's own stream, the newest three days ago. */
const LIVES = ['冬日白茶开仓', '大红袍：一泡到八泡', '送长辈的茶怎么挑', '盖碗泡茶入门'] as const

/** What somebody watched of them: every third person some, a few of them nearly all. */
function lives(nr: number, externalUserid: string, now: Date): Item[] {
  if (spread(nr, 11) > 0.35) return []
  return LIVES.flatMap((title, place) => {
    if (spread(nr, 12, place) < 0.45) return []
    const minutes = 2 + Math.floor(spread(nr, 13, place) ** 2 * 75)
    const began = now.getTime() - (3 + place * 7) * DAY_MS + Math.floor(spread(nr, 14, place) * 20) * MINUTE_MS
    const left = new Date(began + minutes * MINUTE_MS).toISOString()
    return {
      type: 'track',
      event: 'live.watched',
      messageId: `demo-live-${nr}-${place}`,
      at: left,
      ids: { external_userid: externalUserid },
      properties: {
        liveId: `JSZB-${LIVES.length - place}`,
        title,
        minutes,
        joinedAt: new Date(began).toISOString(),
        leftAt: left,
        comments: Math.floor(spread(nr, 15, place) * 4),
        platform: '视频号',
      },
    }
  })
}

/** One person's walk through the shop: pages, perhaps a search, a few teas, perhaps one in the cart. */
function visits(nr: number, who: Item, now: Date, days: number): Item[] {
  const began = now.getTime() - (0.05 + spread(nr, 1) * days) * DAY_MS
  const steps = 2 + Math.floor(spread(nr, 2) * 5)
  return Array.from({ length: steps }, (_, step) => {
    const tea = pick(TEAS, nr, step, 3)
    const base = {
      ...who,
      messageId: `demo-visit-${nr}-${step}`,
      at: new Date(Math.min(began + step * 2 * MINUTE_MS, now.getTime())).toISOString(),
    }
    const { productNo, name, category, priceFen } = tea
    if (step === 0) return { ...base, type: 'page', properties: { url: `${SHOP}/`, title: '见山茶事 · 线上茶铺' } }
    if (step === 1 && spread(nr, 4) < 0.3)
      return { ...base, type: 'track', event: 'search.made', properties: { words: pick(WORDS, nr, 5), found: 4 } }
    if (step === steps - 1 && spread(nr, 6) < 0.35)
      return {
        ...base,
        type: 'track',
        event: 'cart.added',
        properties: { productNo, name, category, priceFen, number: 1 },
      }
    return { ...base, type: 'track', event: 'product.viewed', properties: { productNo, name, category, priceFen } }
  })
}

export async function tell(
  work: WorkContext,
  corpId: string,
  kind: ApiKey['kind'],
  items: Item[],
  now: Date,
): Promise<void> {
  const key: ApiKey = { corpId, keyId: '0', kind, allowedOrigins: [] }
  for (let from = 0; from < items.length; from += BATCH)
    await collect(work.db, work.vault, key.corpId, [
      { key, body: { batch: items.slice(from, from + BATCH) }, arrivedAt: now },
    ])
}
