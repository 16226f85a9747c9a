import { expect, test } from 'vitest'
import { aWorld, type Json, type TestWorld } from '../../test/world.ts'
import { doWhatIsDue } from './mass-due.ts'

const SIZE = { customers: 600, followersEach: 1, staff: 24, tags: 0 }
const corpOf = (world: TestWorld) => world.sim.world.corps.get(world.corp.corpid)!
/** Without the timer, so that a test says when. */
const goOn = (world: TestWorld) => doWhatIsDue(world.sim.world, corpOf(world))
const jump = (world: TestWorld, seconds: number) => world.control('POST', '/clock', { jumpSeconds: seconds })
const NOON = Date.UTC(2026, 4, 11, 2) // ten in the morning in Shanghai
const aCompany = (seed?: number) =>
  aWorld({ seed, startAtMs: NOON, corp: { options: { massCreationMs: 0 }, generate: SIZE } })

async function askAll(world: TestWorld): Promise<string> {
  const ids = [...corpOf(world).customers.keys()]
  const { msgid } = await world.api('externalcontact/add_msg_template', {
    external_userid: ids,
    text: { content: '您好' },
  })
  return msgid as string
}
const noticesOf = (world: TestWorld, msgid: string) => corpOf(world).massTasks.get(msgid)!.notices
const sentOf = (world: TestWorld, msgid: string) => noticesOf(world, msgid).filter(({ state }) => state === 'sent')

test('left to themselves some members send within minutes, most within a day, by day, and some never', async () => {
  await using world = await aCompany()
  const msgid = await askAll(world)
  goOn(world)
  expect(sentOf(world, msgid)).toEqual([])
  await jump(world, 3600)
  goOn(world)
  const early = sentOf(world, msgid).length
  await jump(world, 40 * 3600)
  goOn(world)
  const late = sentOf(world, msgid)
  expect(early).toBeGreaterThan(0)
  expect(late.length).toBeGreaterThan(early)
  expect(late.length).toBeLessThan(SIZE.staff)
  for (const { sentAt } of late) {
    const hour = ((sentAt! / 3600 + 8) % 24) + 0
    expect(hour).toBeGreaterThanOrEqual(8.5)
    expect(hour).toBeLessThan(21.5)
    expect(sentAt! * 1000).toBeLessThan(NOON + 41 * 3600_000) // each at its time, though the clock jumped
  }
  expect(new Set(late.map(({ sentAt }) => sentAt)).size).toBeGreaterThan(5)
})

test('the same seed gives the same hours, another one others', async () => {
  const dues = async (seed: number) => {
    await using world = await aCompany(seed)
    return noticesOf(world, await askAll(world)).map(({ userid, dueAt }) => [userid, dueAt && dueAt - (dueAt % 60)])
  }
  const first = JSON.stringify(await dues(5))
  expect(JSON.stringify(await dues(5))).toBe(first)
  expect(JSON.stringify(await dues(6))).not.toBe(first)
})

test('who declined or said later is not decided for; a reminder brings some round who would never have sent', async () => {
  await using world = await aCompany()
  const msgid = await askAll(world)
  const [first, second] = noticesOf(world, msgid).filter(({ dueAt }) => dueAt !== undefined)
  await world.act({ type: 'mass_decline', msgid, userid: first!.userid })
  await world.act({ type: 'mass_later', msgid, userid: second!.userid })
  await jump(world, 60 * 3600)
  goOn(world)
  const before = sentOf(world, msgid).length
  expect([first!.state, second!.state]).toEqual(['declined', 'later'])
  await world.api('externalcontact/remind_groupmsg_send', { msgid })
  expect([first!.state, second!.state]).toEqual(['waiting', 'waiting'])
  await jump(world, 30 * 3600)
  goOn(world)
  expect(sentOf(world, msgid).length).toBeGreaterThan(before)
  expect([first!.state, second!.state]).toEqual(['waiting', 'waiting'])
  expect(await world.act<Json>({ type: 'mass_send', msgid, userid: first!.userid })).toMatchObject({
    sent: expect.any(Number),
  })
})

test('customers answer what they were sent, once each, and like and comment on what they can see', async () => {
  await using world = await aCompany()
  const corp = corpOf(world)
  const msgid = await askAll(world)
  const { jobid } = await world.api('externalcontact/add_moment_task', { text: { content: '上新' } })
  await world.act({ type: 'mass_send', msgid })
  const [moment] = corp.moments.values()
  expect(moment!.jobid).toBe(jobid)
  await world.act({ type: 'moment_publish', momentId: moment!.momentId })
  await jump(world, 26 * 3600)
  goOn(world)
  const answered = [...corp.conversations()].filter((talk) => talk.some(({ from }) => from === 'customer'))
  expect(answered.length).toBeGreaterThan(5)
  expect(answered.every((talk) => talk.filter(({ from }) => from === 'customer').length === 1)).toBe(true)
  const { notices } = moment!
  expect(notices.flatMap(({ likes }) => likes).length).toBeGreaterThan(20)
  expect(notices.flatMap(({ comments }) => comments).length).toBeGreaterThan(3)
  for (const { likes, shown } of notices) expect(likes.every((it) => shown.includes(it.externalUserid!))).toBe(true)
  const said = [...corp.conversations()].flat().length
  goOn(world)
  expect([...corp.conversations()].flat().length).toBe(said)
})

test('the clock alone does it where members act, and nobody acts where they do not', async () => {
  await using world = await aCompany()
  const msgid = await askAll(world)
  await jump(world, 40 * 3600)
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(sentOf(world, msgid)).toEqual([])
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { membersAct: true } })
  await expect.poll(() => sentOf(world, msgid).length, { timeout: 3_000 }).toBeGreaterThan(10)
})
