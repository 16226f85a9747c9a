import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../../scripts/postgres.ts'
import { BENCH_ROOT_KEY } from '../corp.ts'
import { openStage } from '../stage.ts'
import { openWorld, serverEnv, signIn, until } from '../world.ts'
import { judgeGraph, judgeInbox, judgeJournal, judgeWelcomes, type Violation } from './judge.ts'
import { makeRandom, planActions, planFaults } from './plan.ts'

// npm run chaos -- [--seeds 200] [--kills 20] [--from 1]
// Seeded faults between a real server and the simulator, then real kill -9 under load. After each, the faults end, the
// reconciler runs, and everything the server promised is held against the simulator's truth.
const WAVE = 8
const ACTIONS = 60
const PEOPLE = 12
/** A token that could not be fetched three times is left alone for a minute, then two: that much is waited out. */
const DRAIN_SECONDS = 240
/** Short waits between WeCom's own retries, so that a seed takes seconds. The number of retries stays the platform's 3. */
const OPTIONS = { rateLimits: false, callbackRetryMs: [200, 400, 800], callbackConcurrency: 4 }

const option = (name: string, fallback: number) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const [seeds, kills, from] = [option('seeds', 200), option('kills', 20), option('from', 1)]

interface Trial {
  seed: number
  corpid: string
  actions: Record<string, unknown>[]
}

await using stage = await openStage()
const world = await openWorld(stage, {
  name: '混沌',
  persist: false,
  options: OPTIONS,
  generate: { customers: 0, staff: 4, tags: 6 },
})
const port = await freePort()
const env = { ...serverEnv(world.simulatorUrl, BENCH_ROOT_KEY), SIYU_PORT: String(port) }
let server = await stage.server(env)
const api = await signIn(server.url) // once: a session outlives the servers that are killed
const client = new pg.Pool({ connectionString: stage.databaseUrl, max: 4 })

const violations: Violation[] = []
for (let seed = from; seed < from + seeds; seed += WAVE) {
  const wave = Array.from({ length: Math.min(WAVE, from + seeds - seed) }, (_, i) => seed + i)
  const found = await runWave(wave)
  violations.push(...found)
  console.log(`seeds ${wave[0]}–${wave.at(-1)}: ${found.length} violations`)
  for (const violation of found) console.log(`  ${violation}`)
}
for (let kill = 1; kill <= kills; kill++) {
  const found = await runKill(kill)
  violations.push(...found)
  console.log(`kill ${kill}: ${found.length} violations`)
  for (const violation of found) console.log(`  ${violation}`)
}
await client.end()
console.log(`with ${kills} kill -9 in between:`)
console.log(`${seeds} seeds, ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
await stage[Symbol.asyncDispose]()
process.exit()

async function runWave(seedsOfWave: number[]): Promise<Violation[]> {
  const trials = await Promise.all(seedsOfWave.map((seed) => prepare(seed)))
  await world.control('PUT', '/faults', {
    seed: seedsOfWave[0],
    rules: trials.flatMap(({ seed, corpid }) => planFaults(seed, corpid)),
  })
  await Promise.all(trials.map((trial) => play(trial)))
  await world.control('PUT', '/faults', { seed: 1, rules: [] })
  return judge(trials.map((trial) => trial.corpid))
}

async function runKill(number: number): Promise<Violation[]> {
  const trials = await Promise.all(Array.from({ length: 4 }, (_, i) => prepare(100_000 + number * 10 + i)))
  const playing = Promise.all(trials.map((trial) => play(trial)))
  await sleep(50 + makeRandom(number)() * 900)
  const gone = new Promise((done) => server.child.once('exit', done))
  server.child.kill('SIGKILL')
  await gone
  await sleep(100 + makeRandom(number + 7)() * 400)
  server = await stage.server(env)
  await playing
  return judge(trials.map((trial) => trial.corpid))
}

/** A company of its own for one seed, connected to the server as an administrator would connect it. */
async function prepare(seed: number): Promise<Trial> {
  const { corpid } = await world.control<{ corpid: string }>('POST', '/corps', {
    name: `混沌 ${seed}`,
    persist: false,
    options: OPTIONS,
    generate: { customers: 0, staff: 4, tags: 6 },
  })
  const { staff } = await world.control<{ staff: { userid: string }[] }>('GET', `/corps/${corpid}/staff`)
  const { results } = await world.control<{ results: { externalUserid: string }[] }>(
    'POST',
    `/corps/${corpid}/actions`,
    Array.from({ length: PEOPLE }, (_, i) => ({ type: 'new_customer', name: `甲${i}` })),
  )
  const tagIds = await readTagIds(corpid)
  await until(
    `corp ${corpid} is connected and synced`,
    60,
    async () => {
      const { rows } = await client.query(
        "select from sync_run r join corp c using (corp_id) where c.wecom_corpid = $1 and r.state = 'finished'",
        [corpid],
      )
      return rows.length > 0
    },
    200,
  )
  await client.query(`update corp set default_welcome = '{"text":"您好","attachments":[]}' where wecom_corpid = $1`, [
    corpid,
  ])
  return {
    seed,
    corpid,
    actions: planActions(
      seed,
      { people: results.map((r) => r.externalUserid), staff: staff.map((s) => s.userid), tagIds },
      ACTIONS,
    ),
  }
}

async function readTagIds(corpid: string): Promise<string[]> {
  const { tagGroups } = await world.control<{ tagGroups: { tags: { id: string }[] }[] }>('GET', `/corps/${corpid}/tags`)
  return tagGroups.flatMap((group) => group.tags.map((tag) => tag.id))
}

async function play({ seed, corpid, actions }: Trial): Promise<void> {
  const random = makeRandom(seed ^ 0xbeef)
  for (const action of actions) {
    await world.control('POST', `/corps/${corpid}/actions`, action)
    await sleep(random() * 30)
  }
}

/** The heal phase: no faults, callbacks drained, one reconcile; then nothing may differ. */
async function judge(corpids: string[]): Promise<Violation[]> {
  const drained = async () => {
    const {
      rows: [left],
    } = await client.query<{ n: number }>(
      "select (select count(*) from callback_inbox where state in ('waiting', 'running'))::int + (select count(*) from callback_batch)::int as n",
    )
    // Back-off is not waited out: five minutes of it prove nothing that one try does not.
    await client.query("update callback_inbox set not_before = null where state = 'waiting' and not_before is not null")
    return left?.n === 0 && (await pendingCallbacks(corpids)) === 0
  }
  const late: Violation[] = []
  await until('everything drains', DRAIN_SECONDS, drained, 500).catch((error) =>
    late.push(`liveness: ${String(error)}`),
  )
  await reconcile(corpids)
  const found = await Promise.all(
    corpids.map(async (corpid) => [
      ...(await judgeGraph(client, world, corpid)),
      ...(await judgeInbox(client, world, corpid)),
      ...(await judgeWelcomes(world, corpid)),
      ...(await judgeJournal(client, corpid)),
    ]),
  )
  return [...late, ...found.flat()]
}

async function pendingCallbacks(corpids: string[]): Promise<number> {
  const corps = await Promise.all(
    corpids.map((corpid) => world.control<{ counts: { pendingCallbacks: number } }>('GET', `/corps/${corpid}`)),
  )
  return corps.reduce((sum, corp) => sum + corp.counts.pendingCallbacks, 0)
}

async function reconcile(corpids: string[]): Promise<void> {
  for (const corpid of corpids) {
    const {
      rows: [corp],
    } = await client.query<{ corp_id: string }>('select corp_id from corp where wecom_corpid = $1', [corpid])
    await api('POST', '/api/session/corp', { corpId: corp!.corp_id })
    const {
      rows: [before],
    } = await client.query<{ n: string }>(
      'select coalesce(max(sync_run_id), 0) as n from sync_run where corp_id = $1',
      [corp!.corp_id],
    )
    await api('POST', '/api/sync', {})
    await until(
      `reconcile of ${corpid}`,
      60,
      async () => {
        const { rows } = await client.query(
          "select from sync_run where corp_id = $1 and sync_run_id > $2 and state = 'finished'",
          [corp!.corp_id, before!.n],
        )
        return rows.length > 0
      },
      150,
    )
  }
}
