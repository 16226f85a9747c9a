import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../../scripts/postgres.ts'
import { BENCH_ROOT_KEY } from '../corp.ts'
import { openStage } from '../stage.ts'
import { openWorld, serverEnv, signIn, until } from '../world.ts'
import { openHolder, POINTS, type Point } from './hold.ts'
import { type Asked, judgeBroadcast } from './judge-broadcasts.ts'
import { makeRandom } from './plan.ts'

// npm run chaos:broadcasts -- [--seeds 20] [--from 1] [--points made,recording]
// A real server is killed (SIGKILL) at every named point of a broadcast, once for each seed, and started again. Then time
// passes, members press send, and what WeCom has is held against what the server says.
const STAFF = 4
const CUSTOMERS = 30
const HEAL_SECONDS = 180
/** Longer than the server waits before it believes that a task WeCom does not list was not made. */
const SETTLE_SECONDS = 240

const option = (name: string) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? undefined : process.argv[at + 1]
}
const seeds = Number(option('seeds') ?? 20)
const from = Number(option('from') ?? 1)
const wanted = option('points')?.split(',')
const points = POINTS.filter(({ name }) => !wanted || wanted.includes(name))

const CORP = {
  persist: false,
  options: { rateLimits: false },
  generate: { customers: CUSTOMERS, followersEach: 2, staff: STAFF, tags: 0 },
}
/** Nobody is spared here: whoever is missing at the end was lost. */
const POLICY = {
  topics: [{ name: '营销', exempt: false }],
  caps: [],
  hours: { workday: { from: '00:00', to: '23:59' }, restday: { from: '00:00', to: '23:59' } },
  platform: 'month_days',
  holdout: 0,
  forbiddenTagIds: [],
  agreements: [],
  memberDaily: null,
}

await using stage = await openStage()
const world = await openWorld(stage, { name: '混沌群发', ...CORP })
const port = await freePort()
const env = { ...serverEnv(world.simulatorUrl, BENCH_ROOT_KEY), SIYU_PORT: String(port) }
let server = await stage.server(env)
const api = await signIn(server.url)
const client = new pg.Pool({ connectionString: stage.databaseUrl, max: 4 })
client.on('error', () => undefined)
await world.control('POST', '/clock', { jumpSeconds: secondsToNoon() })
const corps = await Promise.all(Array.from({ length: seeds }, (_, i) => prepare(from + i)))
const holder = await openHolder(stage.databaseUrl, world)

const violations: string[] = []
let kills = 0
for (const point of points) {
  const asked: Asked[] = []
  for (const corp of corps) asked.push(await killAt(point, corp))
  const found = await heal(asked)
  violations.push(...found)
  console.log(`${point.name}: ${corps.length} seeds, ${found.length} violations`)
  for (const violation of found) console.log(`  ${violation}`)
}
await holder.end()
await client.end()
console.log(`${points.length} points × ${seeds} seeds, ${kills} kill -9, ${violations.length} violations`)
process.exitCode = violations.length === 0 ? 0 : 1
await stage[Symbol.asyncDispose]()
process.exit()

/** The house sends by day; the clock of the world begins whenever this is run. */
function secondsToNoon(): number {
  const ofDay = (Date.now() / 1000 + 8 * 3600) % 86_400
  return Math.ceil((12 * 3600 - ofDay + 86_400) % 86_400)
}

interface Corp {
  seed: number
  corpId: string
  corpid: string
}

/** A company of its own for each seed, read by the server. */
async function prepare(seed: number): Promise<Corp> {
  const { corpid } = await world.control<{ corpid: string }>('POST', '/corps', { name: `混沌群发 ${seed}`, ...CORP })
  let corpId = ''
  await until(`corp ${corpid} is connected and read`, 300, async () => {
    const { rows } = await client.query<{ corp_id: string }>(
      "select corp_id from sync_run join corp using (corp_id) where wecom_corpid = $1 and state = 'finished'",
      [corpid],
    )
    corpId = rows[0]?.corp_id ?? ''
    return corpId !== ''
  })
  return { seed, corpId, corpid }
}

async function killAt(point: Point, { seed, corpId, corpid }: Corp): Promise<Asked> {
  const words = `${point.name} ${seed}`
  const random = makeRandom(seed * 1_000 + POINTS.indexOf(point))
  const asked = { corpId, corpid, words, customers: CUSTOMERS }
  const senders = ['recent', 'owner', 'balanced'][Math.floor(random() * 3)]!
  const first = point.after && POINTS.find(({ name }) => name === point.after)
  if (first) await holdAndKill(first, asked, () => ask(words, corpId, senders), random)
  if (point.sent) {
    await ask(words, corpId, senders)
    await until(`${words} is handed over`, 60, async () => (await stateOf(asked)) === 'asked')
    await press(asked)
  }
  const drive = async () => {
    if (!first && !point.sent) return ask(words, corpId, senders)
    await world.control('POST', '/clock', { jumpSeconds: SETTLE_SECONDS })
  }
  await holdAndKill(point, asked, drive, random)
  await ask(words, corpId, senders) // whoever got no answer asks again
  return asked
}

/** Arms, sets going, waits until the server stands there, kills it and starts another. */
async function holdAndKill(
  point: Point,
  { corpId, corpid, words }: Asked,
  drive: () => Promise<unknown>,
  random: () => number,
): Promise<void> {
  await holder.arm(point, corpId, corpid)
  let lost: unknown
  const driven = drive().catch((error) => {
    lost = error // as it should be, when the server has been killed
  })
  await until(`${words} stands at ${point.name}`, 120, () => holder.isHeld(), 40).catch((error) => {
    throw new Error(String(error), { cause: lost })
  })
  await sleep(random() * 150)
  const gone = new Promise((done) => server.child.once('exit', done))
  server.child.kill('SIGKILL')
  await gone
  kills++
  await driven
  await holder.release()
  // Leases of the dead run out in a minute and a half of real time: that much is not waited out.
  await client.query("update broadcast_chunk set lease_until = clock_timestamp() where state = 'sending'")
  server = await stage.server(env)
}

/** As a page would: safe to repeat, for the same key makes the same broadcast, and one that is asked for is not asked for again. */
async function ask(words: string, corpId: string, senders: string): Promise<void> {
  await api('POST', '/api/session/corp', { corpId })
  await api('PUT', '/api/touch-policy', { ...POLICY, version: 0 }).catch(() => undefined) // once; later ones are refused
  const { broadcastId } = await api<{ broadcastId: string }>('POST', '/api/broadcasts', {
    requestKey: `chaos ${words}`,
    name: words,
    topic: '营销',
    audience: { include: [{ kind: 'all' }] },
    variants: [{ text: words }],
    senders: { kind: senders },
    windowDays: 1,
  })
  const { rows } = await client.query<{ state: string; version: number }>(
    'select state, version from broadcast where corp_id = $1 and broadcast_id = $2',
    [corpId, broadcastId],
  )
  if (rows[0]?.state === 'draft')
    await api('POST', `/api/broadcasts/${broadcastId}/submit`, { version: rows[0].version })
}

async function stateOf({ corpId, words }: Asked): Promise<string | undefined> {
  const { rows } = await client.query<{ state: string }>(
    'select r.state from broadcast_run r join broadcast b using (corp_id, broadcast_id) where b.corp_id = $1 and b.name = $2',
    [corpId, words],
  )
  return rows[0]?.state
}

/** Everybody who was asked presses send. */
async function press({ corpid, words }: Asked): Promise<void> {
  await world.control('POST', '/clock', { jumpSeconds: 5 })
  const { tasks } = await world.control<{
    tasks: { msgid: string; text?: { content: string }; notices: { state: string }[] }[]
  }>('GET', `/corps/${corpid}/mass?limit=10000`)
  const open = tasks.filter(
    ({ text, notices }) => text?.content === words && notices.some(({ state }) => state !== 'sent'),
  )
  for (const { msgid } of open) await world.control('POST', `/corps/${corpid}/actions`, { type: 'mass_send', msgid })
}

/** No more faults; time passes until nothing is open, members press, time passes until everything is settled. */
async function heal(asked: readonly Asked[]): Promise<string[]> {
  const names = asked.map(({ words }) => words)
  const none = async (open: string) => {
    await world.control('POST', '/clock', { jumpSeconds: SETTLE_SECONDS })
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::int as n from broadcast b join broadcast_run r using (corp_id, broadcast_id) left join broadcast_chunk c using (corp_id, run_id) where b.name = any($1) and (${open})`,
      [names],
    )
    return rows[0]!.n === 0
  }
  const late: string[] = []
  const settle = (what: string, open: string) =>
    until(what, HEAL_SECONDS, () => none(open), 1_500).catch((error) => void late.push(`liveness: ${String(error)}`))
  await settle(
    'everything is handed over',
    "r.state in ('planning', 'ready', 'sending') or c.state in ('planned', 'sending') or (c.state = 'unknown' and not c.unclear)",
  )
  for (const one of asked) await press(one)
  await settle('everything is settled', "c.state = 'accepted' and c.task = 'open'")
  return [...late, ...(await Promise.all(asked.map((one) => judgeBroadcast(client, world, one)))).flat()]
}
