import pg from 'pg'
import { type Bench, median, round } from './bench.ts'
import { BENCH_ROOT_KEY, makeCallbacks, seedCorp } from './corp.ts'
import { drive } from './load.ts'
import { openStage } from './stage.ts'

const CONNECTIONS = 256

/**
 * `ack`: callbacks verified, decrypted and durably stored a second, against Node's bare HTTP server that only reads the
 * same bytes. Server, database (fsync on) and load share the machine. Every answered callback must lie in the database.
 */
export const bench: Bench = async ({ quick, say }) => {
  await using stage = await openStage()
  const corp = await seedCorp(stage.databaseUrl)
  const seconds = quick ? 1 : 5
  const rounds = quick ? 1 : 3
  const server = await stage.server({
    SIYU_ROLE: 'api',
    SIYU_ROOT_KEY: BENCH_ROOT_KEY,
    WECOM_BASE_URL: 'http://127.0.0.1:9',
    SIYU_DEMO: '0',
  })
  const baseline = await stage.script('bench/src/ack-baseline.ts', {})
  const baselinePort = Number(new URL(baseline.url).port)

  say('making callbacks …')
  const requests = makeCallbacks(corp, quick ? 90_000 : 900_000)
  let from = 0
  const ours = async (rate?: number) => {
    const measured = await drive({
      port: server.port,
      connections: CONNECTIONS,
      requests,
      seconds,
      from,
      ...(rate ? { rate } : {}),
    })
    from = measured.used
    if (from > requests.length)
      throw new Error('the callbacks ran out: a repeated one would be deduplicated, not stored')
    return measured
  }
  const bare = (rate?: number) =>
    drive({ port: baselinePort, connections: CONNECTIONS, requests, seconds, ...(rate ? { rate } : {}) })

  await drive({ port: baselinePort, connections: CONNECTIONS, requests, seconds: 1 })
  const warm = await drive({ port: server.port, connections: CONNECTIONS, requests, seconds: 1 })
  from = warm.used
  let answered = warm.answered
  const pairs: { ours: number; baseline: number }[] = []
  for (let i = 0; i < rounds; i++) {
    const [a, b] = [await ours(), await bare()]
    answered += a.answered
    if (a.failed + b.failed > 0) throw new Error(`${a.failed} + ${b.failed} requests failed`)
    pairs.push({ ours: a.perSecond, baseline: b.perSecond })
    say(
      `round ${i + 1}: ours ${round(a.perSecond, 0)}/s p99 ${round(a.p99Ms)} ms · bare ${round(b.perSecond, 0)}/s p99 ${round(b.p99Ms)} ms`,
    )
  }
  const [oursMax, bareMax] = [median(pairs.map((p) => p.ours)), median(pairs.map((p) => p.baseline))]
  const half = await ours(oursMax / 2)
  answered += half.answered
  const bareHalf = await bare(oursMax / 2)

  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ n: number }>('select coalesce(sum(size), 0)::int as n from callback_batch')
  await client.end()
  if ((rows[0]?.n ?? 0) < answered) throw new Error(`${answered} answered, only ${rows[0]?.n} stored`)

  return {
    bench: 'ack',
    ours: round(oursMax, 0),
    baseline: round(bareMax, 0),
    ratio: round(median(pairs.map((p) => p.ours / p.baseline)), 3),
    unit: 'callbacks/s',
    detail: {
      pairs: pairs.map((p) => [round(p.ours, 0), round(p.baseline, 0)]),
      connections: CONNECTIONS,
      seconds,
      answered,
      stored: rows[0]?.n,
      halfLoad: {
        perSecond: round(half.perSecond, 0),
        p50Ms: round(half.p50Ms),
        p99Ms: round(half.p99Ms),
        maxMs: round(half.maxMs),
        baselineP99Ms: round(bareHalf.p99Ms),
        p99Ratio: round(half.p99Ms / bareHalf.p99Ms),
      },
    },
  }
}
