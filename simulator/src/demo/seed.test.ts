import { expect, test } from 'vitest'
import { openStore } from '../store.ts'
import { truthLines } from '../world/truth.ts'
import { World } from '../world/world.ts'
import { STORES } from './company.ts'
import { seedDemo } from './seed.ts'

const NOW = Date.UTC(2026, 10, 22, 6, 31)

function demo(seed = 2026) {
  const world = new World(openStore(':memory:'), { seed, startAtMs: NOW })
  const corp = seedDemo(world)
  world.stop()
  return { world, corp }
}

test('six stores, 24 members, 3 012 customers, in three seconds', () => {
  const from = performance.now()
  const { corp } = demo()
  expect(performance.now() - from).toBeLessThan(3000)
  expect(STORES).toHaveLength(6)
  expect([corp.staff.size, corp.customerCount, corp.contactWays.size]).toEqual([24, 3012, 11])
  const stores = new Map(STORES.map((store) => [store.id, 0]))
  for (const customer of corp.customers.values()) {
    const first = corp.followsOfCustomer(customer.externalUserid)[0]
    if (!first) continue
    const [store] = corp.findStaff(first.userid)!.departmentIds
    stores.set(store!, stores.get(store!)! + 1)
  }
  expect([...stores.values()]).toEqual([812, 604, 523, 447, 391, 235])
})

test('a dozen groups of stores and occasions; in those of occasions sit some who are nobody’s friend', () => {
  const { corp } = demo()
  const groups = [...corp.groups.values()]
  expect(groups).toHaveLength(12)
  for (const group of groups) {
    expect(new Set(group.members.map((member) => member.id)).size).toBe(group.members.length)
    for (const member of group.members) {
      expect(member.joinTime).toBeGreaterThanOrEqual(group.createTime)
      expect(member.joinTime * 1000).toBeLessThan(NOW)
    }
  }
  const isStranger = (id: string) => corp.customers.has(id) && corp.followsOfCustomer(id).length === 0
  const strangers = groups.map((group) => group.members.filter((member) => isStranger(member.id)).length)
  expect(strangers.filter((n) => n > 0)).toHaveLength(5)
  expect(groups.filter((group) => group.createTime * 1000 > NOW - 20 * 24 * 3600 * 1000)).toHaveLength(2)
})

test('the six persons a visitor plays are there, and nobody’s contact yet', () => {
  const { corp } = demo()
  const cast = [...corp.customers.values()].filter((customer) => customer.persona)
  expect(cast.map((customer) => customer.name)).toEqual(['林晚', '陈伯年', '苏苏', '阿哲', '何晓棠', '郑一鸣'])
  expect(cast.flatMap((customer) => corp.followsOfCustomer(customer.externalUserid))).toEqual([])
})

test('history is eighteen months, ends before now, and only by day', () => {
  const { corp } = demo()
  const follows = [...corp.staff.values()].flatMap((staff) => corp.followsOfStaff(staff.userid))
  const times = follows.map((follow) => follow.createtime * 1000)
  expect(Math.max(...times)).toBeLessThan(NOW)
  const days = (NOW - Math.min(...times)) / (24 * 3600 * 1000)
  expect(days).toBeGreaterThan(500)
  expect(days).toBeLessThan(550)
  const hours = new Set(times.map((ms) => new Date(ms + 8 * 3600 * 1000).getUTCHours()))
  expect([Math.min(...hours), Math.max(...hours)]).toEqual([9, 22])
})

test('everybody has one to three followers, tags exist, and remarks fit WeCom’s 20 characters', () => {
  const { corp } = demo()
  for (const customer of corp.customers.values()) {
    const follows = corp.followsOfCustomer(customer.externalUserid)
    expect(follows.length).toBeLessThanOrEqual(3)
    for (const follow of follows) {
      expect([...follow.remark].length).toBeLessThanOrEqual(20)
      for (const id of follow.tags) expect(corp.tags.has(id)).toBe(true)
    }
  }
})

test('relations are in the order of adding, which bulk cursors rely on', () => {
  const { corp } = demo()
  for (const staff of corp.staff.values()) {
    const seqs = corp.followsOfStaff(staff.userid).map((follow) => follow.seq)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  }
})

test('the same seed makes the same company, another seed another one', () => {
  const [once, again, other] = [demo(), demo(), demo(7)].map(({ corp }) => [...truthLines(corp)].join(''))
  expect(again).toBe(once)
  expect(other).not.toBe(once)
})

test('no talk is left with an unfilled blank', () => {
  const { corp } = demo()
  const texts = [...corp.conversations()].flatMap((messages) => messages.map((message) => message.text))
  expect(texts.length).toBeGreaterThan(5000)
  expect(texts.filter((text) => /[{}]|undefined/.test(text))).toEqual([])
})
