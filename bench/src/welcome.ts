import { type Bench, percentile, round } from './bench.ts'
import { BENCH_ROOT_KEY } from './corp.ts'
import { openStage } from './stage.ts'
import { openWorld, serverEnv, signIn, until } from './world.ts'

const PER_SECOND = 100
const BATCH_MS = 100

interface Welcome {
  issuedWireMs: number
  usedWireMs?: number
  late: boolean
  attempts: unknown[]
}

/**
 * `welcome`: 100 people a second add a staff member; from the simulator's issuing a welcome code to its accepting the
 * welcome. WeCom answers in 0.3 s half of the time and in 3 s once in a hundred. Wire time is the simulator's.
 */
export const bench: Bench = async ({ quick, say }) => {
  const seconds = quick ? 5 : 60
  await using stage = await openStage()
  const world = await openWorld(stage, {
    name: '欢迎语压测',
    persist: false,
    options: { rateLimits: false, callbackConcurrency: 32 },
    generate: { customers: 0, staff: 24 },
  })
  const server = await stage.server(serverEnv(world.simulatorUrl, BENCH_ROOT_KEY))
  const api = await signIn(server.url)
  await api('PUT', '/api/welcome', {
    welcome: { text: '{客户昵称}您好，我是{成员姓名}，想喝什么随时问我。', attachments: [] },
  })
  const { staff } = await world.control<{ staff: { userid: string }[] }>('GET', `/corps/${world.corpid}/staff`)
  const people = await world.control<{ results: { externalUserid: string }[] }>(
    'POST',
    `/corps/${world.corpid}/actions`,
    Array.from({ length: seconds * PER_SECOND }, (_, i) => ({ type: 'new_customer', name: `茶友${i}` })),
  )
  await world.control('PUT', '/faults', {
    seed: 1,
    rules: [
      { where: 'api', kind: 'slow', probability: 0.01, ms: 3_000 },
      { where: 'api', kind: 'slow', probability: 0.5, ms: 300 },
    ],
  })

  say(`${seconds * PER_SECOND} people, ${PER_SECOND} a second …`)
  const start = performance.now()
  const perBatch = (PER_SECOND * BATCH_MS) / 1000
  for (let from = 0; from < people.results.length; from += perBatch) {
    const due = start + (from / perBatch) * BATCH_MS
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())))
    await world.control(
      'POST',
      `/corps/${world.corpid}/actions`,
      people.results.slice(from, from + perBatch).map(({ externalUserid }, i) => ({
        type: 'add',
        externalUserid,
        userid: staff[(from + i) % staff.length]!.userid,
      })),
    )
  }
  const took = (performance.now() - start) / 1000
  const read = () => world.control<{ welcomes: Welcome[] }>('GET', `/corps/${world.corpid}/welcomes`)
  await until(
    'every code is used or over',
    40,
    async () => {
      const { welcomes } = await read()
      return (
        welcomes.filter((w) => w.usedWireMs !== undefined).length === people.results.length ||
        performance.now() - start > (seconds + 22) * 1000
      )
    },
    1_000,
  )
  const { welcomes } = await read()
  const ms = welcomes
    .flatMap((w) => (w.usedWireMs === undefined ? [] : [w.usedWireMs - w.issuedWireMs]))
    .sort((a, b) => a - b)
  const late = welcomes.filter(
    (w) => w.late || (w.usedWireMs !== undefined && w.usedWireMs - w.issuedWireMs > 18_000),
  ).length
  return {
    bench: 'welcome',
    ours: round(percentile(ms, 0.99), 0),
    baseline: null,
    ratio: null,
    unit: 'ms',
    p99Ms: round(percentile(ms, 0.99), 0),
    late,
    detail: {
      adds: people.results.length,
      addsPerSecond: round(people.results.length / took, 1),
      codes: welcomes.length,
      sent: ms.length,
      unsent: welcomes.length - ms.length,
      p50Ms: round(percentile(ms, 0.5), 0),
      p90Ms: round(percentile(ms, 0.9), 0),
      maxMs: round(ms.at(-1) ?? 0, 0),
      wecomLatencyMs: { p50: 300, p99: 3_000 },
    },
  }
}
