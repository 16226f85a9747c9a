import type { Corp } from './corp.ts'
import type { ContactWay, Customer, Staff } from './records.ts'
import { Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** What the QR image says. The last part is the config id, which is all a scan needs. */
export function codeContent(configId: string): string {
  return `https://work.weixin.qq.com/u/vc${configId}?v=5.0`
}

/** A QR's content, the address of its image, or the bare config id. */
export function configIdOf(code: string): string {
  // The letters before it may be hex digits, too: the last 32 of the run count.
  return /[0-9a-f]{32}(?![0-9a-f])/.exec(code)?.[0] ?? code
}

/** Temporary QR life: default 7 days (developer.work.weixin.qq.com/document/path/92228, 2026-11). */
const TEMP_EXPIRES_S = 7 * 24 * 3600

export function requireLiveWay(world: World, corp: Corp, code: string): ContactWay {
  const way = corp.contactWays.get(configIdOf(code))
  if (!way) throw new Refusal('way.unknown', '这个码已失效')
  if (way.isTemp) {
    const age = world.clock.seconds() - way.createdAt
    if (way.used || age > (way.expiresIn ?? TEMP_EXPIRES_S)) throw new Refusal('way.expired', '这个临时码已过期')
  }
  return way
}

/** Members a way can lead to: activated and allowed to use customer contact, departments expanded. */
export function membersOfWay(corp: Corp, way: Pick<ContactWay, 'users' | 'parties'>): Staff[] {
  const members = new Map<string, Staff>()
  for (const userid of way.users) {
    const staff = corp.findStaff(userid)
    if (staff) members.set(staff.userid, staff)
  }
  for (const staff of corp.membersOfDepartments(way.parties)) members.set(staff.userid, staff)
  return [...members.values()].filter((staff) => staff.status === 1 && staff.mayContact)
}

/**
 * An exclusive way first looks for the member this customer already reached by an exclusive way. Otherwise the member
 * this way has brought the fewest to; ties in the order of the list, which makes a plain round robin of an even start.
 */
export function pickMember(corp: Corp, way: ContactWay, customer: Customer): Staff {
  const members = membersOfWay(corp, way)
  if (members.length === 0) throw new Refusal('way.no_member', '这个码背后没有可以接待的成员')
  if (way.isExclusive) {
    for (const follow of corp.followsOfCustomer(customer.externalUserid)) {
      const known = follow.configId === undefined ? undefined : corp.contactWays.get(follow.configId)
      const member = members.find((staff) => staff.userid === follow.userid)
      if (known?.isExclusive && member) return member
    }
  }
  const load = (staff: Staff) => way.brought[staff.userid] ?? 0
  return members.reduce((least, staff) => (load(staff) < load(least) ? staff : least))
}
