import { setImmediate as breathe } from 'node:timers/promises'
import { makePrng } from '../prng.ts'
import type { Corp } from './corp.ts'
import { makeTagGroup } from './tags.ts'
import type { World } from './world.ts'

export interface GeneratedSize {
  customers: number
  followersEach: number
  staff: number
  tags: number
}

/** Customers between two breaths: other requests are answered meanwhile. */
const CHUNK = 5000
const DAY_S = 24 * 3600

/** A company of any size for benches. The same seed and size give the same relations. */
export async function generateCorp(world: World, corp: Corp, size: GeneratedSize): Promise<void> {
  const prng = makePrng(world.seed, size.customers, size.staff, 11)
  const now = world.clock.seconds()
  corp.saveDepartment({ id: 1, name: corp.info.name, parentId: 0, order: 100_000_000 })
  const userids: string[] = []
  for (let i = 0; i < size.staff; i++) {
    const userid = `guide${String(i).padStart(2, '0')}`
    userids.push(userid)
    corp.saveStaff({
      userid,
      name: `导购 ${i}`,
      departmentIds: [1],
      position: '导购',
      gender: '0',
      mobile: '',
      leads: [],
      status: 1,
      mayContact: true,
    })
  }
  const tagIds: string[] = []
  if (size.tags > 0) {
    const tags = Array.from({ length: size.tags }, (_, i) => ({ name: `标签 ${i}` }))
    const group = makeTagGroup(corp, { groupName: '分类', tags, createdBy: corp.info.agentId, createTime: now })
    tagIds.push(...group.tags.map((tag) => tag.id))
  }
  const followers = Math.min(size.followersEach, size.staff)
  for (let i = 0; i < size.customers; i++) {
    const externalUserid = corp.makeId('wm', 32)
    corp.saveCustomer({
      externalUserid,
      name: `客户 ${i}`,
      type: 1,
      gender: 0,
      unionid: `o${externalUserid.slice(2, 29)}`,
    })
    const first = prng.int(0, size.staff - 1)
    for (let at = 0; at < followers; at++) {
      corp.addFollow({
        seq: corp.nextSequence(),
        userid: userids[(first + at) % size.staff]!,
        externalUserid,
        remark: `客户 ${i}`,
        description: '',
        createtime: now - prng.int(0, 365 * DAY_S),
        tags: tagIds.length > 0 && prng.chance(0.6) ? [prng.pick(tagIds)] : [],
        personalTags: [],
        addWay: 1,
        operUserid: externalUserid,
        state: `c${i % 50}`,
      })
    }
    if (i % CHUNK === CHUNK - 1) await breathe()
  }
}
