import type { Prng } from '../prng.ts'
import { PEOPLE, type Person, STORES, type Store, TAG_GROUPS, WAYS } from './company.ts'

export const DAY_S = 24 * 3600
/** Eighteen months of history. */
export const HISTORY_DAYS = 548
const CHINA_OFFSET_S = 8 * 3600

/** Shops open late; few people add a guide at night. Weight by hour of the day, Asia/Shanghai. */
const HOURS: readonly (readonly [number, number])[] = [
  [9, 3],
  [10, 7],
  [11, 9],
  [12, 12],
  [13, 9],
  [14, 12],
  [15, 13],
  [16, 10],
  [17, 9],
  [18, 11],
  [19, 12],
  [20, 9],
  [21, 5],
  [22, 2],
]

/** A moment of the past when somebody might have walked in: more of late, more at weekends, in opening hours. */
export function pastMoment(prng: Prng, now: number, daysMax = HISTORY_DAYS): number {
  for (;;) {
    // Square root: the company has grown, so most of its history is recent.
    const daysAgo = Math.floor((1 - Math.sqrt(prng.next())) * daysMax)
    const midnight = Math.floor((now + CHINA_OFFSET_S) / DAY_S - daysAgo) * DAY_S - CHINA_OFFSET_S
    const weekday = new Date((midnight + CHINA_OFFSET_S) * 1000).getUTCDay()
    if (weekday >= 1 && weekday <= 4 && prng.chance(0.35)) continue
    const at = openingTime(prng, midnight)
    if (at < now - 3600) return at
  }
}

function openingTime(prng: Prng, midnight: number): number {
  return midnight + prng.weighted(HOURS) * 3600 + prng.int(0, 3599)
}

/** Another visit, so many days later. */
export function laterVisit(prng: Prng, moment: number, days: number): number {
  const midnight = Math.floor((moment + CHINA_OFFSET_S) / DAY_S + days) * DAY_S - CHINA_OFFSET_S
  return openingTime(prng, midnight)
}

const PEOPLE_OF_STORE = new Map(STORES.map(({ id }) => [id, PEOPLE.filter((person) => person.department === id)]))

/** The guide who was on duty: the first of a store has been there longest and knows most people. */
export function guideOf(prng: Prng, store: Store): Person {
  const people = PEOPLE_OF_STORE.get(store.id)!
  return prng.weighted(people.map((person, at) => [person, people.length + 2 - at] as const))
}

/** How they met: by a code of this store or of all stores that existed then, or without a code. */
export function meetingWay(prng: Prng, store: Store, monthsAgo: number): { addWay: number; wayAt?: number } {
  if (!prng.chance(0.72)) {
    return {
      addWay: prng.weighted([
        [3, 5],
        [4, 4],
        [2, 4],
        [6, 2],
        [24, 3],
        [201, 2],
        [202, 1],
      ]),
    }
  }
  const open = WAYS.map((way, at) => ({ way, at })).filter(
    ({ way }) => way.madeMonthsAgo >= monthsAgo && (way.store === undefined || way.store === store.id),
  )
  return open.length === 0
    ? { addWay: 3 }
    : { addWay: 1, wayAt: prng.weighted(open.map(({ way, at }) => [at, way.weight] as const)) }
}

const SOURCE_TAGS: Record<string, string> = {
  'cxl-table-07': '桌贴',
  'yll-table': '桌贴',
  'jsl-counter': '海报',
  'poster-all': '海报',
  'parcel-03': '包裹卡',
  'oa-menu': '公众号',
  'xhs-2026': '小红书',
  'tfsj-office': '写字楼试饮',
}

const TASTES = TAG_GROUPS.find((group) => group.name === '口味偏好')!.tags

/** Names of the tags a guide has put on somebody by now: a few, not all groups, and more on those they know long. */
export function tagNamesFor(prng: Prng, store: Store, state: string | undefined, daysKnown: number): string[] {
  const names: string[] = []
  const source = SOURCE_TAGS[state ?? '']
  if (source && prng.chance(0.8)) names.push(source)
  if (prng.chance(0.75)) names.push(store.name)
  const level =
    daysKnown > 300
      ? prng.weighted([
          ['银叶会员', 4],
          ['金叶会员', 3],
          ['黑金会员', 1],
          ['', 4],
        ])
      : daysKnown > 60
        ? prng.weighted([
            ['银叶会员', 3],
            ['金叶会员', 1],
            ['新客', 2],
            ['', 5],
          ])
        : prng.weighted([
            ['新客', 5],
            ['', 5],
          ])
  if (level) names.push(level)
  if (prng.chance(0.55)) names.push(prng.pick(TASTES))
  if (prng.chance(0.12)) names.push(prng.pick(TASTES))
  if (prng.chance(0.3))
    names.push(
      prng.weighted([
        ['自饮', 6],
        ['送礼', 4],
        ['企业采购', 1],
        ['比价中', 2],
      ]),
    )
  if (prng.chance(0.1))
    names.push(
      prng.weighted([
        ['爱聊天', 3],
        ['少打扰', 3],
        ['需回访', 2],
        ['生日礼已送', 2],
      ]),
    )
  return [...new Set(names)]
}
