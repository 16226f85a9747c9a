import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { inCorp } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'
import { endSessionsOfLeft } from './accounts.ts'
import { type Department, type Member, markGone, saveDepartments, saveMembers } from './save-directory.ts'
import { ensureStaff } from './service.ts'

/** The job, by name: a failure says what tries it again, and the job itself imports this file. */
export const SYNC_ADDRESS_BOOK = 'staff.sync-address-book'

/** Departments or members asked for at once. WeCom publishes no concurrency; few are enough. */
const AT_ONCE = 4
/** Not visible to us, or no such member. */
const NOT_SHOWN = new Set([60011, 60111])

export interface AddressBookResult {
  departments: number
  staff: number
  changed: number
}

/** Reads every visible department and member, and makes ours the same. Whoever is not listed any more has left. */
export async function syncAddressBook(context: WorkContext, corpId: string): Promise<AddressBookResult> {
  const started = performance.now()
  try {
    const askedAt = context.clock.now()
    const wecom = await context.wecom(corpId)
    const [departments, followers] = await Promise.all([wecom.department.list(), wecom.customer.followUsers()])
    const members = await readMembers(wecom, departments, followers)
    const changed = await save(context, corpId, { departments, members: [...members.values()], followers, askedAt })
    context.health.success(corpId, 'address_book', performance.now() - started)
    await context.health.resolve(corpId, 'address_book')
    return { departments: departments.length, staff: members.size, changed }
  } catch (error) {
    if (error instanceof WecomError) {
      await context.health.failure(corpId, 'address_book', {
        cause: `wecom.${error.errcode}`,
        subject: 'address_book',
        detail: { api: error.api, errcode: error.errcode, reason: error.errmsg.slice(0, 300) },
        replay: { job: SYNC_ADDRESS_BOOK, payload: { corpId } },
      })
    }
    throw error
  }
}

/** By lower-case userid. Members who stand in the visible range by themselves are in no department we may list. */
async function readMembers(wecom: Wecom, departments: Department[], followers: string[]): Promise<Map<string, Member>> {
  const members = new Map<string, Member>()
  for (let from = 0; from < departments.length; from += AT_ONCE) {
    const lists = await Promise.all(departments.slice(from, from + AT_ONCE).map((d) => wecom.user.list(d.id)))
    for (const user of lists.flat()) members.set(user.userid.toLowerCase(), user)
  }
  const alone = followers.filter((userid) => !members.has(userid.toLowerCase()))
  for (let from = 0; from < alone.length; from += AT_ONCE) {
    const found = await Promise.all(alone.slice(from, from + AT_ONCE).map((userid) => readMember(wecom, userid)))
    for (const user of found) if (user) members.set(user.userid.toLowerCase(), user)
  }
  return members
}

async function readMember(wecom: Wecom, userid: string): Promise<Member | undefined> {
  try {
    return await wecom.user.get(userid)
  } catch (error) {
    if (error instanceof WecomError && NOT_SHOWN.has(error.errcode)) return undefined
    throw error
  }
}

interface AddressBook {
  departments: Department[]
  members: Member[]
  followers: string[]
  askedAt: Date
}

async function save(context: WorkContext, corpId: string, book: AddressBook): Promise<number> {
  const { departments, members, followers, askedAt } = book
  const now = context.clock.now()
  return inCorp(context.db, corpId, async (tx) => {
    // A full sync and a callback's re-read may end together: one after the other.
    await sql`select pg_advisory_xact_lock(hashtext(${`address book ${corpId}`}))`.execute(tx)
    const present = [...members.map((user) => user.userid), ...followers]
    let changed = await saveDepartments(tx, corpId, departments, now)
    changed += await saveMembers(tx, corpId, members, followers, { now, askedAt })
    await ensureStaff(tx, corpId, followers, now) // who may have customers is here, even when he cannot be read
    changed += await markGone(tx, corpId, present, { now, askedAt })
    await endSessionsOfLeft(tx, corpId)
    return changed
  })
}

/** Reads one member the address book has not shown us yet; false when WeCom does not show him either. */
export async function learnMember(context: WorkContext, corpId: string, userid: string): Promise<boolean> {
  const askedAt = context.clock.now()
  const wecom = await context.wecom(corpId)
  const [member, followers] = await Promise.all([readMember(wecom, userid), wecom.customer.followUsers()])
  if (!member) return false
  const now = context.clock.now()
  await inCorp(context.db, corpId, (tx) => saveMembers(tx, corpId, [member], followers, { now, askedAt }))
  return true
}
