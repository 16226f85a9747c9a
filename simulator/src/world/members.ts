import { HEX, hashText, makePrng } from '../prng.ts'
import type { Corp } from './corp.ts'
import type { World } from './world.ts'

/** Guides of a corp made from a file of member numbers: `guide00` … `guide23`. */
export const LOADED_STAFF = 24

/**
 * Which guide a member belongs to: member number mod 24, two digits. In awk:
 * `printf "guide%02d\n", $1 % 24`
 */
export function guideOfMember(memberNumber: string): string {
  return `guide${String(Number(memberNumber) % LOADED_STAFF).padStart(2, '0')}`
}

/** A company for real users of a public data set. The same key finds the same company again. */
export function loadedCorp(world: World, name: string): Corp {
  const key = `load:${name}`
  const known = world.findCorpByKey(key)
  if (known) return known
  const corp = world.createCorp({ name, key })
  corp.saveDepartment({ id: 1, name, parentId: 0, order: 100_000_000 })
  for (let i = 0; i < LOADED_STAFF; i++) {
    const userid = guideOfMember(String(i))
    corp.saveStaff({
      userid,
      name: `导购 ${String(i).padStart(2, '0')}`,
      departmentIds: [1],
      position: '导购',
      gender: '0',
      mobile: '',
      leads: [],
      status: 1,
      mayContact: true,
    })
  }
  return corp
}

/**
 * One customer for each member number not yet known; their guide remarks them by the number. Ids come from the number
 * alone, so repeating a load, or loading in another order, gives the same people. Returns how many were new.
 */
export function loadMembers(world: World, corp: Corp, memberNumbers: Iterable<string>): number {
  const createtime = world.clock.seconds()
  let added = 0
  for (const memberNumber of memberNumbers) {
    const known = corp.customerByMemberNumber.get(memberNumber)
    // A kill may have cut a load between a customer and their follower: then the follower is made up for.
    if (known && corp.followsOfCustomer(known.externalUserid).length > 0) continue
    const person = makePrng(hashText(memberNumber), Number(memberNumber) | 0, hashText(corp.info.corpid), 21).text(
      28,
      HEX,
    )
    const externalUserid = `wmMB${person}`
    corp.saveCustomer({
      externalUserid,
      name: `会员 ${memberNumber}`,
      type: 1,
      gender: 0,
      unionid: `o${person.slice(1)}`,
      memberNumber,
    })
    corp.addFollow({
      seq: corp.nextSequence(),
      userid: guideOfMember(memberNumber),
      externalUserid,
      remark: memberNumber,
      description: '',
      createtime,
      tags: [],
      personalTags: [],
      addWay: 0,
      operUserid: externalUserid,
    })
    added++
  }
  return added
}
