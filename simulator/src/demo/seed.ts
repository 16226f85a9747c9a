import { makePrng, type Prng } from '../prng.ts'
import type { Corp } from '../world/corp.ts'
import { makeMember, turnVersion } from '../world/groups.ts'
import { makeCustomer } from '../world/newcomers.ts'
import type { Follow, Group } from '../world/records.ts'
import { makeTagGroup } from '../world/tags.ts'
import type { World } from '../world/world.ts'
import {
  CAST,
  COMPANY_NAME,
  DEMO_KEY,
  DEPARTMENTS,
  type DemoGroup,
  GROUPS,
  OCCASIONS,
  PEOPLE,
  STORES,
  type Store,
  TAG_GROUPS,
  WAYS,
} from './company.ts'
import { DAY_S, guideOf, HISTORY_DAYS, laterVisit, meetingWay, pastMoment, tagNamesFor } from './history.ts'
import { COMPANIES, makeNickname, makeRemark } from './nicknames.ts'
import { tellPast } from './talk.ts'

const MONTH_S = 30.4 * DAY_S

/** The demo company, whole: people, codes, tags, customers, groups and what they have said. Deterministic by the world's seed. */
export function seedDemo(world: World): Corp {
  const corp = world.createCorp({ name: COMPANY_NAME, key: DEMO_KEY, options: { membersAct: true } })
  const prng = makePrng(world.seed, 0x7ea, 5, 9)
  const now = world.clock.seconds()
  seedCompany(corp, now)
  for (const person of CAST) makeCustomer(corp, person)
  const follows = STORES.flatMap((store) => storeFollows(corp, prng, store, now))
  // Cursors follow the order of adding, so history is entered in the order it happened.
  follows.sort((a, b) => a.createtime - b.createtime)
  for (const follow of follows) corp.addFollow({ ...follow, seq: corp.nextSequence() })
  seedGroups(corp, prng, now)
  tellPast(corp, prng, now)
  seedOccasions(corp, makePrng(world.seed, 0x9e0), now)
  return corp
}

function seedCompany(corp: Corp, now: number): void {
  const { agentId } = corp.info
  for (const { id, name, parentId } of DEPARTMENTS) corp.saveDepartment({ id, name, parentId, order: 100_000_000 - id })
  for (const [at, { userid, name, department, position, gender, leads, admin }] of PEOPLE.entries()) {
    corp.saveStaff({
      userid,
      name,
      departmentIds: [department],
      position,
      gender,
      mobile: `1380000${String(1000 + at)}`,
      leads: leads ? [department] : [],
      status: 1,
      mayContact: department !== 5,
      admin,
    })
  }
  const since = now - HISTORY_DAYS * DAY_S
  for (const { name, order, tags } of TAG_GROUPS) {
    const ordered = tags.map((tag, at) => ({ name: tag, order: tags.length - at }))
    makeTagGroup(corp, { groupName: name, order, tags: ordered, createdBy: agentId, createTime: since })
  }
  for (const way of WAYS) {
    corp.saveContactWay({
      configId: corp.makeHexId(),
      type: way.single ? 1 : 2,
      scene: 2,
      remark: way.name,
      skipVerify: true,
      state: way.state,
      users: way.users ?? [],
      parties: way.parties ?? [],
      isTemp: false,
      isExclusive: false,
      createdAt: Math.round(now - way.madeMonthsAgo * MONTH_S),
      brought: {},
      used: false,
    })
  }
}

type NewFollow = Omit<Follow, 'seq'>

function storeFollows(corp: Corp, prng: Prng, store: Store, now: number): NewFollow[] {
  const ways = [...corp.contactWays.values()]
  const tagIds = new Map([...corp.tags.values()].map((tag) => [tag.name, tag.id]))
  const follows: NewFollow[] = []
  for (let i = 0; i < store.customers; i++) {
    const gender = prng.weighted([
      [2, 58],
      [1, 36],
      [0, 6],
    ] as const)
    const isWecom = prng.chance(0.02)
    const customer = makeCustomer(corp, {
      name: makeNickname(prng, gender),
      gender,
      kind: isWecom ? 2 : 1,
      corpName: isWecom ? prng.pick(COMPANIES) : undefined,
    })
    const followers = prng.weighted([
      [1, 78],
      [2, 18],
      [3, 4],
    ] as const)
    let metAt = pastMoment(prng, now)
    const known = new Set<string>()
    for (let at = 0; at < followers; at++) {
      const where = at > 0 && prng.chance(0.3) ? prng.pick(STORES) : store
      const met = meetingWay(prng, where, (now - metAt) / MONTH_S)
      const way = met.wayAt === undefined ? undefined : ways[met.wayAt]!
      // A badge leads to its wearer. Other codes have been rerouted over time and led to whoever was on duty.
      const userid = way?.type === 1 ? way.users[0]! : guideOf(prng, where).userid
      if (known.has(userid)) continue
      known.add(userid)
      if (way) way.brought[userid] = (way.brought[userid] ?? 0) + 1
      const names = tagNamesFor(prng, where, way?.state, (now - metAt) / DAY_S)
      follows.push({
        userid,
        externalUserid: customer.externalUserid,
        remark: makeRemark(
          prng,
          customer.name,
          gender,
          where.name,
          names.find((name) => name.startsWith('爱')) ?? '爱喝茶',
        ),
        description: prng.chance(0.08)
          ? prng.pick(['只在周末来', '对花粉过敏', '公司在附近', '给爸妈买', '喝不了浓的', '爱坐窗边'])
          : '',
        createtime: metAt,
        tags: names.map((name) => tagIds.get(name)!),
        personalTags: prng.chance(0.04) ? [prng.pick(['熟客', '邻居', '同学介绍', '爱砍价'])] : [],
        remarkMobiles: prng.chance(0.15) ? [`139${String(prng.int(0, 99_999_999)).padStart(8, '0')}`] : [],
        remarkCompany: isWecom ? undefined : prng.chance(0.03) ? prng.pick(COMPANIES) : undefined,
        addWay: met.addWay,
        operUserid: [3, 201, 202].includes(met.addWay) ? userid : customer.externalUserid,
        state: way?.state,
        configId: way?.configId,
      })
      metAt = laterVisit(prng, metAt, prng.int(3, 120))
      if (metAt > now - 3600) break
    }
  }
  return follows
}

function seedGroups(corp: Corp, prng: Prng, now: number): void {
  for (const demo of GROUPS) {
    const createTime = now - prng.int(200, 500) * DAY_S
    const { group, candidates } = aGroupOf(corp, demo, createTime)
    const chosen = new Set<string>()
    const most = Math.min(demo.size - group.members.length, candidates.length)
    while (chosen.size < most) chosen.add(prng.pick(candidates))
    for (const id of chosen) {
      const joinScene = prng.weighted([
        [3, 7],
        [1, 2],
        [2, 1],
      ] as const)
      const joinTime = createTime + prng.int(0, now - createTime - 3600)
      const invitor = joinScene === 1 ? demo.owner : undefined
      group.members.push(makeMember(corp, id, { joinTime, joinScene, invitor }))
    }
    turnVersion(group)
    corp.saveGroup(group)
  }
}

/** Groups of an occasion: most come in the first days, or day by day until now; some are nobody's friend. */
function seedOccasions(corp: Corp, prng: Prng, now: number): void {
  for (const demo of OCCASIONS) {
    const createTime = now - demo.days * DAY_S - prng.int(0, 6 * 3600)
    const { group, candidates } = aGroupOf(corp, demo, createTime)
    const chosen = new Set<string>()
    const most = Math.min(demo.size - group.members.length - demo.strangers, candidates.length)
    while (chosen.size < most) chosen.add(prng.pick(candidates))
    const strangers = Array.from({ length: demo.strangers }, () => {
      const gender = prng.weighted([
        [2, 3],
        [1, 2],
      ] as const)
      return makeCustomer(corp, { name: makeNickname(prng, gender), gender }).externalUserid
    })
    for (const id of [...chosen, ...strangers]) {
      const joinScene = prng.weighted([
        [3, 8],
        [1, 1],
        [2, 2],
      ] as const)
      const share = demo.growing ? prng.next() : prng.next() ** 4
      const joinTime = createTime + Math.floor(share * (now - createTime - 1800))
      const how = { invitor: joinScene === 1 ? demo.owner : undefined, state: joinScene === 3 ? 'occasion' : undefined }
      group.members.push(makeMember(corp, id, { joinTime, joinScene, ...how }))
    }
    group.members.sort((a, b) => a.joinTime - b.joinTime)
    turnVersion(group)
    corp.saveGroup(group)
  }
}

/** With its store's staff in it, and whom of their friends it may draw from. */
function aGroupOf(corp: Corp, { name, owner, store, notice }: DemoGroup, createTime: number) {
  const staff = PEOPLE.filter((person) => person.department === store).map((person) => person.userid)
  const group: Group = {
    chatId: corp.makeId('wr', 32),
    name,
    owner,
    createTime,
    notice,
    admins: staff.filter((userid) => userid !== owner).slice(0, 1),
    members: [owner, ...staff.filter((userid) => userid !== owner)].map((userid) =>
      makeMember(corp, userid, { joinTime: createTime, joinScene: 1 }),
    ),
    memberVersion: '',
  }
  const candidates = staff.flatMap((userid) => corp.followsOfStaff(userid).map((follow) => follow.externalUserid))
  return { group, candidates }
}
