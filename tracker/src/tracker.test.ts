import { expect, test } from 'vitest'
import type { Platform, Reply } from './platform.ts'
import type { Item } from './queue.ts'
import { createTracker, type Options } from './tracker.ts'

interface Envelope {
  sentAt: string
  personToken?: string
  batch: Item[]
}

const TAKEN: Reply = { status: 202, text: '{"accepted":1,"duplicates":0,"refused":[]}', retryAfterSeconds: 0 }

/** A device: what it keeps outlives its pages. Time passes when it is told to. */
function aDevice(given: { holds?: boolean } = {}) {
  const storage = new Map<string, string>()
  const sent: Envelope[] = []
  const waits: number[] = []
  let [now, ids] = [Date.UTC(2026, 10, 30), 0]
  let timers: { run(): void; at: number }[] = []
  let answer: () => Promise<Reply> = async () => TAKEN
  const platform: Platform = {
    read: (name) => storage.get(name),
    write(name, value) {
      if (value === undefined) storage.delete(name)
      else if (given.holds !== false) storage.set(name, value)
    },
    send(_url, body) {
      sent.push(JSON.parse(body))
      return answer()
    },
    later(run, ms) {
      const timer = { run, at: now + ms }
      waits.push(ms)
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    now: () => now,
    makeId: () => `id-${++ids}`,
  }
  return {
    storage,
    sent,
    waits,
    events: () => sent.flatMap(({ batch }) => batch.map(({ type, event }) => event ?? type)),
    messageIds: () => sent.flatMap(({ batch }) => batch.map(({ messageId }) => messageId)),
    answerWith(reply: Reply | Error) {
      answer = () => (reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply))
    },
    /** Answers when asked to, so that something may happen in between. */
    hold() {
      const held = Promise.withResolvers<Reply>()
      answer = () => held.promise
      return () => {
        answer = async () => TAKEN
        held.resolve(TAKEN)
      }
    },
    open: (options: Partial<Options> = {}) =>
      createTracker(platform, { key: 'wk_x', endpoint: 'https://siyu.example.com', ...options }),
    /** The page closes with nobody hearing of it: its timers are gone, what is kept is not. */
    close() {
      timers = []
    },
    async pass(ms: number) {
      const until = now + ms
      for (;;) {
        for (let turn = 0; turn < 200; turn++) await Promise.resolve()
        const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        timers = timers.filter((one) => one !== due)
        now = due.at
        due.run()
      }
      now = until
    },
  }
}
const MINUTE = 60_000

test('what is told within a second goes out together, oldest first, with when the device says it is', async () => {
  const device = aDevice()
  const siyu = device.open()
  siyu.page({ url: 'https://shop.example.com/' })
  siyu.viewProduct({ productNo: 'A1', priceFen: 12_800 })
  await device.pass(999)
  expect(device.sent).toEqual([])
  await device.pass(1)
  expect(device.sent).toMatchObject([
    {
      sentAt: '2026-11-30T00:00:01.000Z',
      batch: [
        { type: 'page', at: '2026-11-30T00:00:00.000Z' },
        { event: 'product.viewed', properties: { productNo: 'A1', priceFen: 12_800 } },
      ],
    },
  ])
  expect(new Set(device.sent[0]!.batch.map((item) => item.device)).size).toBe(1)
  await device.pass(10 * MINUTE)
  expect(device.sent).toHaveLength(1)
})

test('what an earlier page could not send, the next one sends, under the ids it had', async () => {
  const device = aDevice()
  device.answerWith(new Error('offline'))
  device.open().search('春茶', 4)
  await device.pass(1_000)
  device.close()
  device.answerWith(TAKEN)
  device.open()
  await device.pass(1_000)
  const [first, again] = device.messageIds()
  expect(again).toBe(first)
  device.close()
  device.open()
  await device.pass(MINUTE)
  expect(device.sent).toHaveLength(2)
})

test('a page that goes sends at once; whoever heard no answer sends the same message again, not another', async () => {
  const device = aDevice()
  device.hold()
  const siyu = device.open()
  siyu.favourite({ productNo: 'A1' })
  siyu.flush(true)
  expect(device.sent).toHaveLength(1)
  siyu.search('茶')
  siyu.flush(true)
  expect(device.events()).toEqual(['favourite.added', 'search.made']) // what is under way is not sent beside itself
  device.close()
  device.answerWith(TAKEN)
  device.open()
  await device.pass(1_000)
  const ids = device.messageIds()
  expect(ids.slice(2)).toEqual(ids.slice(0, 2))
})

test('an order told by a reloaded page has the ids it had; another order has others', async () => {
  const device = aDevice()
  const order = { orderNo: 'S1', items: [{ productNo: 'A1', number: 2, amountFen: 5_000 }, { productNo: 'A2' }] }
  device.open().order(order)
  await device.pass(1_000)
  device.open().order(order)
  await device.pass(1_000)
  device.open().order({ ...order, orderNo: 'S2' })
  await device.pass(1_000)
  const ids = device.messageIds()
  expect(ids.slice(2, 4)).toEqual(ids.slice(0, 2))
  expect(new Set(ids).size).toBe(4)
})

test('offline it waits longer each time, up to five minutes and never in step; coming online sends at once', async () => {
  const device = aDevice()
  device.answerWith(new Error('offline'))
  const siyu = device.open()
  siyu.search('茶')
  await device.pass(60 * MINUTE)
  const waits = device.waits.slice(1)
  waits.forEach((ms, n) => {
    const whole = Math.min(1_000 * 2 ** n, 300_000)
    expect(ms).toBeGreaterThanOrEqual(whole / 2)
    expect(ms).toBeLessThanOrEqual(whole)
  })
  expect(new Set(waits.slice(9)).size).toBeGreaterThan(1)
  expect(device.sent.length).toBeLessThan(35)
  device.answerWith(TAKEN)
  siyu.flush()
  await device.pass(0)
  expect(JSON.parse(device.storage.get('siyu.queue')!)).toEqual([])
})

test('told to wait it waits that long; refused as a whole it gives up; a revoked key keeps what waits', async () => {
  const device = aDevice()
  device.answerWith({ ...TAKEN, status: 429, retryAfterSeconds: 40 })
  const siyu = device.open()
  siyu.search('茶')
  await device.pass(1_000)
  expect(device.waits.at(-1)).toBe(40_000)
  device.answerWith({ ...TAKEN, status: 401 })
  await device.pass(40_000)
  expect(device.storage.get('siyu.queue')).toContain('茶')
  device.answerWith({ ...TAKEN, status: 200, text: '<html>please sign in to the hotel’s network' })
  await device.pass(MINUTE)
  expect(device.storage.get('siyu.queue')).toContain('茶')
  device.answerWith({ ...TAKEN, status: 413 })
  await device.pass(10 * MINUTE)
  expect(device.storage.get('siyu.queue')).toBe('[]')
})

test('PB-01: days offline keep the newest two hundred, in batches of fifty; what is too large is not kept at all', async () => {
  const device = aDevice()
  device.answerWith(new Error('offline'))
  const siyu = device.open()
  for (let n = 0; n < 250; n++) siyu.search(`词${n}`)
  siyu.search('长'.repeat(8_001))
  device.answerWith(TAKEN)
  await device.pass(5_000)
  const words = device.sent.flatMap(({ batch }) => batch.map(({ properties }) => properties?.words))
  expect(words).toEqual(Array.from({ length: 200 }, (_, n) => `词${n + 50}`))
  for (const { batch } of device.sent) expect(batch.length).toBeLessThanOrEqual(50)
})

test('a batch is small enough for two of them to be sent by a page that closes', async () => {
  const device = aDevice()
  const siyu = device.open()
  for (let n = 0; n < 40; n++) siyu.search('茶'.repeat(2_000))
  await device.pass(5_000)
  expect(device.events()).toHaveLength(40)
  for (const body of device.sent) expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(32 * 1024)
})

test('where consent is required nothing is kept and nothing sent before it is given', async () => {
  const device = aDevice()
  const siyu = device.open({ consent: 'required' })
  siyu.search('before')
  siyu.identify({ phone: '13800001234' })
  siyu.order({ orderNo: 'S1', items: [{ productNo: 'A1' }] })
  siyu.signOut()
  siyu.flush(true)
  await device.pass(MINUTE)
  expect([device.storage.size, device.sent.length]).toEqual([0, 0])
  siyu.optIn()
  siyu.search('after')
  await device.pass(1_000)
  expect(device.sent.flatMap(({ batch }) => batch.map(({ properties }) => properties?.words))).toEqual(['after'])
  // Remembered: the next page need not ask.
  device.open({ consent: 'required' }).search('next')
  await device.pass(1_000)
  expect(device.sent).toHaveLength(2)
})

test('who opts out is forgotten: the queue, the id and the token; another open tab is silent too', async () => {
  const device = aDevice()
  device.answerWith(new Error('offline'))
  const [siyu, otherTab] = [device.open({ personToken: 'pt_a' }), device.open()]
  siyu.search('茶')
  otherTab.search('盖碗')
  siyu.optOut()
  otherTab.search('again')
  device.answerWith(TAKEN)
  siyu.flush()
  otherTab.flush()
  await device.pass(10 * MINUTE)
  expect(device.sent).toEqual([])
  expect(Object.fromEntries(device.storage)).toEqual({ 'siyu.queue': '[]', siyu: '{"agreed":false}' })
  siyu.optIn()
  siyu.search('new')
  await device.pass(1_000)
  expect(device.sent).toHaveLength(1)
  expect(device.sent[0]!.personToken).toBeUndefined()
})

test('opting out while a request is under way lets nothing follow it', async () => {
  const device = aDevice()
  const answerNow = device.hold()
  const siyu = device.open()
  siyu.search('one')
  await device.pass(1_000)
  siyu.search('two')
  siyu.optOut()
  answerNow()
  await device.pass(MINUTE)
  expect(device.sent).toHaveLength(1)
})

test('PB-03: what waits goes out under the token it was told with; after signing out it is another device', async () => {
  const device = aDevice()
  const siyu = device.open()
  siyu.search('stranger')
  siyu.identify({}, 'pt_lin')
  siyu.search('lin')
  siyu.signOut()
  siyu.search('nobody')
  siyu.identify({ member: 'M1' }, 'pt_wu')
  siyu.search('wu')
  await device.pass(1_000)
  expect(device.sent.map(({ personToken, batch }) => [personToken, batch.map((item) => item.type)])).toEqual([
    [undefined, ['track']],
    ['pt_lin', ['identify', 'track']],
    [undefined, ['track']],
    ['pt_wu', ['identify', 'track']],
  ])
  const devices = device.sent.map(({ batch }) => batch[0]!.device)
  expect(devices[0]).toBe(devices[1])
  expect(devices[2]).not.toBe(devices[1])
  expect(devices[3]).toBe(devices[2])
})

test('a browser that keeps nothing, or something else under our names, still sends what its page tells', async () => {
  const device = aDevice({ holds: false })
  device.open().search('茶')
  await device.pass(1_000)
  expect(device.events()).toEqual(['search.made'])
  for (const junk of ['{', '3', 'null', '{}', '[]']) {
    const strange = aDevice()
    for (const name of ['siyu', 'siyu.queue']) strange.storage.set(name, junk)
    strange.open().search('茶')
    await strange.pass(1_000)
    expect([junk, strange.events()]).toEqual([junk, ['search.made']])
  }
})

test('two tabs share one queue and one device', async () => {
  const device = aDevice()
  device.answerWith(new Error('offline'))
  const [one, two] = [device.open(), device.open()]
  one.search('a')
  two.search('b')
  await device.pass(1_000)
  device.close()
  device.sent.length = 0
  device.answerWith(TAKEN)
  device.open()
  await device.pass(1_000)
  expect(device.events()).toHaveLength(2)
  expect(new Set(device.sent[0]!.batch.map((item) => item.device)).size).toBe(1)
})

test('whoever asks hears what was sent and what became of it', async () => {
  const device = aDevice()
  const heard: unknown[] = []
  const siyu = device.open({
    onSent: (items, answer) => heard.push([items.map(({ event }) => event), answer.accepted]),
  })
  siyu.addToCart({ productNo: 'A1' }, 2)
  await device.pass(1_000)
  expect(heard).toEqual([[['cart.added'], 1]])
})
