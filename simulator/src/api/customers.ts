import { nameOf, staffNameOf } from '../world/known.ts'
import type { Follow } from '../world/records.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import { customerView, followInfoView, followUserView } from './follow-view.ts'
import type { Body } from './params.ts'

/** path/92994, 2026-11: `limit` above the maximum is clamped, absent means 50. */
const BATCH_LIMIT_MAX = 100
const BATCH_LIMIT_DEFAULT = 50
const BATCH_USERS_MAX = 100
/** Followers on one page of `externalcontact/get` (path/92114, 2026-11). */
const FOLLOWERS_PER_PAGE = 500

const USERID = { at: 'userid', is: 'text', need: 40003 } as const
const EXTERNAL_USERID = { at: 'external_userid', is: 'text', need: 41035 } as const

/** A member the app sees and who may use customer contact. */
export function requireContactMember({ corp }: Call, userid: string) {
  const staff = corp.findStaff(userid) ?? fail(60111)
  if (!staff.mayContact) fail(84074)
  return staff
}

export function requirePair(call: Call, userid: string, externalUserid: string): Follow {
  requireContactMember(call, userid)
  if (!call.corp.customers.has(externalUserid)) fail(40096)
  return call.corp.findFollow(userid, externalUserid) ?? fail(84061)
}

function getCustomer({ corp, query, publicUrl, world }: Call): Body {
  const externalUserid = query.external_userid!
  const customer = corp.customers.get(externalUserid) ?? fail(40096)
  const follows = corp.followsOfCustomer(externalUserid)
  if (follows.length === 0) fail(84061)
  const wireMs = world.clock.wireMs()
  const from = readCursor('followers', query.cursor, wireMs)?.[0] ?? 0
  const to = from + FOLLOWERS_PER_PAGE
  return {
    external_contact: customerView(customer, publicUrl),
    follow_user: follows.slice(from, to).map((follow) => followUserView(corp, follow)),
    next_cursor: to < follows.length ? writeCursor('followers', [to], wireMs) : undefined,
  }
}

/**
 * A page of relations: the members in the given order, each one's customers in the order of adding. The cursor names the
 * last row given, not a count, so what is added or deleted between two pages neither repeats nor hides others.
 */
function getByUser(call: Call): Body {
  const { corp, body, publicUrl, world } = call
  const userids = body.userid_list as string[]
  if (userids.length === 0) fail(40031)
  for (const userid of userids) requireContactMember(call, userid)
  const limit = Math.min((body.limit as number | undefined) || BATCH_LIMIT_DEFAULT, BATCH_LIMIT_MAX)
  const wireMs = world.clock.wireMs()
  let [at, afterSeq] = (readCursor('by_user', body.cursor, wireMs) as [number, number] | undefined) ?? [0, 0]
  const list: Body[] = []
  let more = false
  for (; at < userids.length; at++, afterSeq = 0) {
    const follows = corp.followsOfStaff(userids[at]!)
    let next = firstAfter(follows, afterSeq)
    for (; next < follows.length && list.length < limit; next++) {
      const follow = follows[next]!
      const customer = corp.customers.get(follow.externalUserid)!
      list.push({ external_contact: customerView(customer, publicUrl), follow_info: followInfoView(follow) })
      afterSeq = follow.seq
    }
    more = next < follows.length
    if (more) break
  }
  return {
    external_contact_list: list,
    next_cursor: more ? writeCursor('by_user', [at, afterSeq], wireMs) : '',
    fail_info: { unlicensed_userid_list: [] },
  }
}

/** Index of the first row after `seq`, by bisection. */
function firstAfter(follows: readonly Follow[], seq: number): number {
  let low = 0
  let high = follows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (follows[middle]!.seq > seq) high = middle
    else low = middle + 1
  }
  return low
}

function remarkCustomer(call: Call): Body {
  const { corp, body } = call
  const { remark, description, remark_company, remark_mobiles, remark_pic_mediaid } = body as {
    remark?: string
    description?: string
    remark_company?: string
    remark_mobiles?: string[]
    remark_pic_mediaid?: string
  }
  if ([remark, description, remark_company, remark_mobiles, remark_pic_mediaid].every((it) => it === undefined))
    fail(40063)
  const follow = requirePair(call, body.userid as string, body.external_userid as string)
  if (remark_pic_mediaid && !corp.media.has(remark_pic_mediaid)) fail(40007)
  follow.remark = remark ?? follow.remark
  follow.description = description ?? follow.description
  follow.remarkCompany = remark_company ?? follow.remarkCompany
  // `[""]` is how the list is emptied.
  follow.remarkMobiles = remark_mobiles ? remark_mobiles.filter((mobile) => mobile !== '') : follow.remarkMobiles
  corp.saveFollow(follow)
  corp.addEffect({
    at: call.world.clock.seconds(),
    api: 'externalcontact/remark',
    kind: 'remark',
    userid: follow.userid,
    externalUserid: follow.externalUserid,
    content: { remark, description, remark_company, remark_mobiles },
  })
  return {}
}

export const customerEndpoints: Endpoint[] = [
  {
    path: 'externalcontact/get_follow_user_list',
    method: 'GET',
    by: 'app',
    handle: ({ corp }) => ({
      follow_user: [...corp.staff.values()].filter((staff) => staff.mayContact).map((staff) => staff.userid),
    }),
    say: () => '读取能加客户的成员',
  },
  {
    path: 'externalcontact/list',
    method: 'GET',
    by: 'app',
    params: [USERID],
    handle(call) {
      const staff = requireContactMember(call, call.query.userid!)
      const follows = call.corp.followsOfStaff(staff.userid)
      if (follows.length === 0 && call.corp.info.options.emptyCustomerList === '84061') fail(84061)
      return { external_userid: follows.map((follow) => follow.externalUserid) }
    },
    say: ({ corp, query }) => `读取${staffNameOf(corp, query.userid ?? '')}的客户名单`,
  },
  {
    path: 'externalcontact/get',
    method: 'GET',
    by: 'app',
    params: [EXTERNAL_USERID],
    handle: getCustomer,
    say: ({ corp, query }) => `读取${nameOf(corp, query.external_userid ?? '')}的客户详情，以这里为准`,
  },
  {
    path: 'externalcontact/batch/get_by_user',
    method: 'POST',
    by: 'app',
    params: [
      { at: 'userid_list', is: 'texts', need: 40031, bad: 40032, itemsMax: BATCH_USERS_MAX },
      { at: 'cursor', is: 'text' },
      { at: 'limit', is: 'int', min: 0 },
    ],
    handle: getByUser,
    say: ({ corp, body }, reply) => {
      const [first, ...others] = (body.userid_list as string[] | undefined) ?? []
      const who = `${staffNameOf(corp, first ?? '')}${others.length > 0 ? `等 ${others.length + 1} 人` : ''}`
      return `批量读取${who}的客户${reply ? ` ${(reply.external_contact_list as unknown[]).length} 条` : ''}`
    },
  },
  {
    path: 'externalcontact/remark',
    method: 'POST',
    by: 'app',
    params: [
      USERID,
      EXTERNAL_USERID,
      { at: 'remark', is: 'text', charsMax: 20 },
      { at: 'description', is: 'text', charsMax: 150 },
      { at: 'remark_company', is: 'text', charsMax: 20 },
      { at: 'remark_mobiles', is: 'texts' },
      { at: 'remark_pic_mediaid', is: 'text' },
    ],
    handle: remarkCustomer,
    say: ({ corp, body }) => `给${nameOf(corp, String(body.external_userid))}改备注，企业微信不回调`,
  },
]
