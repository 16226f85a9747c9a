import { expect, test } from 'vitest'
import { aContactWay, aReceiver, aWorld, field, type Met } from '../../test/world.ts'

const hello = (welcome_code: string | undefined) => ({ welcome_code, text: { content: '您好' } })
const SEND = 'externalcontact/send_welcome_msg'

test('a welcome code works once; the second call is told the customer was welcomed, and nothing is said twice', async () => {
  await using world = await aWorld()
  await using receiver = await aReceiver(world)
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  const [added] = await receiver.waitFor(1)
  expect(field(added, 'WelcomeCode')).toBe(met.welcomeCode)

  expect(await world.api(SEND, hello(met.welcomeCode))).toMatchObject({ errcode: 0 })
  expect(await world.api(SEND, hello(met.welcomeCode))).toMatchObject({ errcode: 41051 })
  const { messages } = await world.control<{ messages: { text: string; welcome?: { delaySeconds: number } }[] }>(
    'GET',
    `/corps/${world.corp.corpid}/conversations/amy/${met.externalUserid}`,
  )
  const said = messages.filter((message) => message.welcome)
  expect(said.map((message) => message.text)).toEqual(['您好'])
  expect(said[0]!.welcome!.delaySeconds).toBeLessThan(5)
})

test('a code is good for 20 seconds of wire time, which ×3600 does not hasten and a jump does', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world)
  const first = await world.act<Met>({ type: 'scan', code })
  const second = await world.act<Met>({ type: 'scan', code })
  await world.control('POST', '/clock', { speed: 3600 })
  await new Promise((resolve) => setTimeout(resolve, 100)) // six minutes of the world
  expect(await world.api(SEND, hello(first.welcomeCode))).toMatchObject({ errcode: 0 })

  await world.control('POST', '/clock', { jumpSeconds: 20 })
  expect(await world.api(SEND, hello(second.welcomeCode))).toMatchObject({ errcode: 41050 })
  const { welcomes } = await world.control<{
    welcomes: { code: string; usedAt?: number; late: boolean; attempts: { errcode: number }[] }[]
  }>('GET', `/corps/${world.corp.corpid}/welcomes`)
  const ledger = new Map(welcomes.map((welcome) => [welcome.code, welcome]))
  expect(ledger.get(first.welcomeCode!)).toMatchObject({ late: false, attempts: [{ errcode: 0 }] })
  expect(ledger.get(second.welcomeCode!)).toMatchObject({ late: true, attempts: [{ errcode: 41050 }] })
  expect(ledger.get(second.welcomeCode!)!.usedAt).toBeUndefined()
})

test('a code nobody issued is 41050, a missing one 41049, an empty message 44004 and costs no code', async () => {
  await using world = await aWorld()
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  expect(await world.api(SEND, hello('never'))).toMatchObject({ errcode: 41050 })
  expect(await world.api(SEND, { text: { content: '您好' } })).toMatchObject({ errcode: 41049 })
  expect(await world.api(SEND, { welcome_code: met.welcomeCode })).toMatchObject({ errcode: 44004 })
  expect(await world.api(SEND, hello(met.welcomeCode))).toMatchObject({ errcode: 0 })
})

test('once the two have chatted the code is refused with 41051', async () => {
  await using world = await aWorld()
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  await world.act({ type: 'customer_says', userid: met.userid, externalUserid: met.externalUserid, text: '在吗' })
  expect(await world.api(SEND, hello(met.welcomeCode))).toMatchObject({ errcode: 41051 })
})

test('while one call is still sending, another is refused with 41096', async () => {
  await using world = await aWorld()
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  await world.control('PUT', '/faults', { rules: [{ where: 'api', kind: 'slow', match: SEND, count: 1, ms: 300 }] })
  const slow = world.api(SEND, hello(met.welcomeCode))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await world.api(SEND, hello(met.welcomeCode))).toMatchObject({ errcode: 41096 })
  expect(await slow).toMatchObject({ errcode: 0 })
})

test('with a welcome set in the console the console speaks and no code is handed out', async () => {
  await using world = await aWorld()
  const code = await aContactWay(world)
  await world.control('PATCH', `/corps/${world.corp.corpid}`, { options: { consoleWelcome: '欢迎光临' } })
  const met = await world.act<Met>({ type: 'scan', code })
  expect(met).toMatchObject({ outcome: 'added' })
  expect(met.welcomeCode).toBeUndefined()
  const { messages } = await world.control<{ messages: { text: string }[] }>(
    'GET',
    `/corps/${world.corp.corpid}/conversations/amy/${met.externalUserid}`,
  )
  expect(messages.map((message) => message.text)).toContain('欢迎光临')
})

test('text is limited to 4000 bytes, not characters', async () => {
  await using world = await aWorld()
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  const long = { welcome_code: met.welcomeCode, text: { content: '茶'.repeat(1334) } } // 4002 bytes
  expect(await world.api(SEND, long)).toMatchObject({ errcode: 40058 })
  const fits = { welcome_code: met.welcomeCode, text: { content: '茶'.repeat(1333) } }
  expect(await world.api(SEND, fits)).toMatchObject({ errcode: 0 })
})

test('attachments are at most nine, and their media must live', async () => {
  await using world = await aWorld()
  const met = await world.act<Met>({ type: 'scan', code: await aContactWay(world) })
  const link = { msgtype: 'link', link: { title: '春茶怎么选', url: 'https://tea.example/a' } }
  const send = (attachments: unknown[]) => world.api(SEND, { welcome_code: met.welcomeCode, attachments })
  expect(await send(Array.from({ length: 10 }, () => link))).toMatchObject({ errcode: 41064 })
  expect(await send([{ msgtype: 'image', image: { media_id: 'gone' } }])).toMatchObject({ errcode: 40007 })
  expect(await send([{ msgtype: 'voice', voice: { media_id: 'x' } }])).toMatchObject({ errcode: 41065 })
  expect(await send(Array.from({ length: 9 }, () => link))).toMatchObject({ errcode: 0 })
})
