import { staffNameOf } from '../world/known.ts'
import type { Message, Staff } from '../world/records.ts'
import { requireContactMember } from './customers.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body } from './params.ts'

/** path/92132, 2026-11. */
const ASKED_MAX = 100
const DAYS_MAX = 30
const KEPT_DAYS = 180
const DAY_S = 86_400
const CHINA_OFFSET_S = 8 * 3_600
/** WeCom only says that yesterday is the last day there is; that it takes some hours to be counted is our guess. */
const COUNTED_AFTER_S = 3 * 3_600

/** When the day of an instant began in Shanghai. */
const dayOf = (at: number) => Math.floor((at + CHINA_OFFSET_S) / DAY_S) * DAY_S - CHINA_OFFSET_S

/** A row for each day that has been counted: of one member, or of all that were named together. */
function behaviorData(call: Call): Body {
  const { body, world } = call
  const [from, to] = [dayOf(body.start_time as number), dayOf(body.end_time as number)]
  const now = world.clock.seconds()
  if (from > to || (to - from) / DAY_S >= DAYS_MAX) fail(40058, `时间跨度 1–${DAYS_MAX} 天`)
  if (from < dayOf(now) - KEPT_DAYS * DAY_S) fail(40058, `最多查 ${KEPT_DAYS} 天前`)
  const chats = membersAsked(call).flatMap(({ userid }) => call.corp.conversationsOfStaff(userid))
  const days = new Map<number, readonly Message[][]>()
  for (let day = from; day <= to && day + DAY_S + COUNTED_AFTER_S <= now; day += DAY_S)
    days.set(
      day,
      chats.map((chat) => chat.filter(({ at }) => dayOf(at) === day)).filter((chat) => chat.length > 0),
    )
  const applied = (day: number) =>
    membersAsked(call)
      .flatMap(({ userid }) => call.corp.followsOfStaff(userid))
      .filter(({ createtime, userid, operUserid }) => operUserid === userid && dayOf(createtime) === day).length
  return {
    behavior_data: [...days].map(([day, said]) => ({ stat_time: day, ...countDay(said), new_apply_cnt: applied(day) })),
  }
}

function membersAsked({ corp, body, ...call }: Call): Staff[] {
  const [userids, parties] = [(body.userid ?? []) as string[], (body.partyid ?? []) as number[]]
  if (userids.length + parties.length === 0) fail(40063, '要有 userid 或 partyid')
  const named = userids.map((userid) => requireContactMember({ corp, body, ...call }, userid))
  const ofParties = corp.membersOfDepartments(parties).filter((staff) => staff.mayContact)
  return [...new Map([...named, ...ofParties].map((staff) => [staff.userid, staff])).values()]
}

/** One day of some chats. A welcome an app sent is not something the member said. */
function countDay(chats: readonly (readonly Message[])[]): Body {
  const spoken = chats.map((chat) => chat.filter(({ from, welcome }) => from !== 'system' && !welcome))
  const noted = (what: Message['note']) => chats.flat().filter(({ note }) => note === what).length
  const bySide = (chat: readonly Message[]) => chat.filter(({ from }) => from === 'staff')
  const opened = spoken.filter((chat) => chat[0]?.from === 'customer')
  const waits = opened.flatMap((chat) => {
    const answer = chat.find(({ from }) => from === 'staff')
    return answer ? [answer.at - chat[0]!.at] : []
  })
  return {
    chat_cnt: spoken.filter((chat) => bySide(chat).length > 0).length,
    message_cnt: spoken.reduce((n, chat) => n + bySide(chat).length, 0),
    ...(opened.length > 0 ? { reply_percentage: Math.round((waits.length / opened.length) * 10_000) / 100 } : {}),
    ...(waits.length > 0
      ? { avg_reply_time: Math.round(waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 60) }
      : {}),
    negative_feedback_cnt: noted('customer_left'),
    new_contact_cnt: noted('added'),
  }
}

export const behaviorEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/get_user_behavior_data',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'userid', is: 'texts', itemsMax: ASKED_MAX, bad: 40032 },
      { at: 'partyid', is: 'ints', itemsMax: ASKED_MAX },
      { at: 'start_time', is: 'int', need: 40058, min: 0 },
      { at: 'end_time', is: 'int', need: 40058, min: 0 },
    ],
    handle: behaviorData,
    say: ({ corp, body }, reply) => {
      const [first = ''] = (body.userid as string[] | undefined) ?? []
      const days = (reply?.behavior_data as unknown[] | undefined)?.length
      return `读取${first ? staffNameOf(corp, first) : '部门'}的联系客户统计${days === undefined ? '' : ` ${days} 天`}`
    },
  },
]
