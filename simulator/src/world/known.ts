import type { Corp } from './corp.ts'
import type { Customer, Follow, Staff } from './records.ts'
import { Refusal } from './refusal.ts'

export function requireCustomer(corp: Corp, externalUserid: string): Customer {
  const customer = corp.customers.get(externalUserid)
  if (!customer) throw new Refusal('person.unknown', `没有这个人：${externalUserid}`)
  return customer
}

export function requireStaff(corp: Corp, userid: string): Staff {
  const staff = corp.findStaff(userid)
  if (!staff) throw new Refusal('staff.unknown', `没有这个成员：${userid}`)
  return staff
}

export function requireFollow(corp: Corp, userid: string, externalUserid: string): Follow {
  const follow = corp.findFollow(userid, externalUserid)
  if (!follow) throw new Refusal('follow.none', '他们现在不是好友，先加上好友再试')
  return follow
}

export function nameOf(corp: Corp, externalUserid: string): string {
  return corp.customers.get(externalUserid)?.name ?? externalUserid
}

export function staffNameOf(corp: Corp, userid: string): string {
  return corp.findStaff(userid)?.name ?? userid
}
