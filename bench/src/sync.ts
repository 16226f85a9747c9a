import { createLimiter, createWecom, memoryTokenStore } from '@siyu/wecom'
import pg from 'pg'
import { type Bench, round } from './bench.ts'
import { BENCH_ROOT_KEY } from './corp.ts'
import { openStage } from './stage.ts'
import { openWorld, serverEnv, signIn, until } from './world.ts'

/**
 * `sync`: the first full sync of 100 000 customers with 5 followers each, against the same client reading the same pages
 * from the same simulator and doing nothing with them. Rate limits are off for both: this measures the machine.
 */
export const bench: Bench = async ({ quick, say }) => {
  const [customers, followersEach, staffCount] = quick ? [2_000, 3, 10] : [100_000, 5, 50]
  await using stage = await openStage()
  say('making the world …')
  const world = await openWorld(stage, {
    name: '同步压测',
    persist: false,
    options: { rateLimits: false },
    generate: { customers, followersEach, staff: staffCount },
  })
  const {
    corps: [corp],
  } = await world.control<{ corps: { agentId: number; secret: string }[] }>('GET', '/corps')
  const wecom = createWecom({
    baseUrl: world.simulatorUrl,
    corpId: world.corpid,
    agentId: corp!.agentId,
    secrets: { app: corp!.secret },
    tokenStore: memoryTokenStore(),
    limiter: createLimiter({ corpPerMinute: 1e7, corpPerHour: 1e8, addressPerMinute: 1e7, addressPerHour: 1e8 }),
  })

  const readAll = async () => {
    const start = performance.now()
    const userids = await wecom.customer.followUsers()
    let rows = 0
    // Two readers over halves of the staff: the quickest of what was tried against one simulator process.
    const half = Math.ceil(userids.length / 2)
    await Promise.all(
      [userids.slice(0, half), userids.slice(half)].map(async (some) => {
        for await (const page of wecom.customer.pagesByUser(some)) rows += page.external_contact_list.length
      }),
    )
    return { seconds: (performance.now() - start) / 1000, rows }
  }
  const first = await readAll()
  say(`reading alone: ${round(first.seconds)} s for ${first.rows} rows`)

  const server = await stage.server(serverEnv(world.simulatorUrl, BENCH_ROOT_KEY))
  const api = await signIn(server.url)
  const client = new pg.Client({ connectionString: stage.databaseUrl })
  await client.connect()
  const lastRun = async () =>
    (
      await client.query<{ state: string; seconds: number; changes: unknown }>(
        'select state, extract(epoch from finished_at - started_at)::float8 as seconds, changes from sync_run order by sync_run_id desc limit 1',
      )
    ).rows[0]
  await until('the first sync ends', 600, async () => (await lastRun())?.state === 'finished', 500)
  const run = await lastRun()
  const {
    rows: [counts],
  } = await client.query<{ contacts: number; follows: number }>(
    'select (select count(*)::int from contact) as contacts, (select count(*)::int from follow) as follows',
  )
  if (counts?.contacts !== customers || counts.follows !== customers * followersEach)
    throw new Error(`wrong result: ${JSON.stringify(counts)}`)
  const again = await readAll()

  await api('POST', '/api/sync', {}).catch(() => undefined)
  await until(
    'the second sync ends',
    600,
    async () => {
      const { rows } = await client.query<{ n: number }>(
        "select count(*)::int as n from sync_run where state = 'finished'",
      )
      return (rows[0]?.n ?? 0) >= 2
    },
    500,
  ).catch(() => undefined)
  const second = await lastRun()
  await client.end()
  const readSeconds = (first.seconds + again.seconds) / 2
  const ours = run?.seconds ?? 0
  return {
    bench: 'sync',
    ours: round(ours),
    baseline: round(readSeconds),
    ratio: round(ours / readSeconds),
    unit: 's',
    detail: {
      customers,
      follows: counts.follows,
      readSeconds: [round(first.seconds), round(again.seconds)],
      rowsPerSecond: round(counts.follows / ours, 0),
      secondSyncSeconds: round(second?.seconds ?? 0),
      secondChanges: second?.changes,
    },
  }
}
