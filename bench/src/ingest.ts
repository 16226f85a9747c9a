import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, median, round } from './bench.ts'
import { drive, packRequests } from './load.ts'
import { collectRequest, seedOpenCorp } from './open-corp.ts'
import { openStage } from './stage.ts'

const MEMBERS = 100_000
const BATCH = 100
const CONNECTIONS = 24
const REPEATED = 0.05
const UNKNOWN = 0.01
const KINDS = ['product.viewed', 'product.viewed', 'product.viewed', 'page.viewed', 'cart.added', 'favourite.added']

/**
 * `ingest`: events a second over HTTP in batches of a hundred, each durable, told once, given its person and counted into
 * facts before it is answered; against COPY of the same rows from a file into a table with no index. One in twenty is a
 * repeat, one in a hundred is of somebody new. Every accepted event must lie in the journal, once.
 */
export const bench: Bench = async ({ quick, say }) => {
  await using stage = await openStage()
  const { corpId, keys, client } = await seedOpenCorp(stage, quick ? 2_000 : MEMBERS)
  const server = await stage.server({ SIYU_ROLE: 'api', WECOM_BASE_URL: 'http://127.0.0.1:9', SIYU_DEMO: '0' })
  const rounds = quick ? 1 : 5
  const each = quick ? 50 : 1_000
  const pairs: { ours: number; copy: number }[] = []
  let [sent, seed] = [0, 1]
  const chance = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    return seed / 4_294_967_296
  }
  for (let round_ = 0; round_ <= rounds; round_++) {
    const items = Array.from({ length: each * BATCH }, () => anItem(chance, quick ? 2_000 : MEMBERS))
    for (let i = 1; i < items.length; i++) if (chance() < REPEATED) items[i] = items[Math.floor(chance() * i)]!
    const requests = packRequests(each, (i) =>
      collectRequest(keys[i % keys.length]!, items.slice(i * BATCH, (i + 1) * BATCH)),
    )
    const measured = await drive({
      port: server.port,
      connections: CONNECTIONS,
      requests,
      seconds: 600,
      count: each,
      status: 202,
    })
    if (measured.failed > 0) throw new Error(`${measured.failed} requests failed`)
    sent += new Set(items.map(({ messageId }) => messageId)).size
    const copy = await copyOf(client, stage.folder, items)
    if (round_ === 0) continue // warm now
    pairs.push({ ours: measured.perSecond * BATCH, copy })
    say(`round ${round_}: ours ${round(measured.perSecond * BATCH, 0)} events/s · copy ${round(copy, 0)} rows/s`)
  }
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from event where corp_id = ${corpId}`)
  await client.end()
  if (rows[0]!.n !== sent) throw new Error(`${sent} different events were told, ${rows[0]!.n} lie in the journal`)
  return {
    bench: 'ingest',
    ours: round(median(pairs.map((p) => p.ours)), 0),
    baseline: round(median(pairs.map((p) => p.copy)), 0),
    ratio: round(median(pairs.map((p) => p.ours / p.copy)), 3),
    unit: 'events/s',
    detail: { pairs: pairs.map((p) => [round(p.ours, 0), round(p.copy, 0)]), connections: CONNECTIONS, events: sent },
  }
}

const anItem = (chance: () => number, members: number) => ({
  type: 'track',
  event: KINDS[Math.floor(chance() * KINDS.length)]!,
  messageId: randomUUID(),
  at: new Date(Date.now() - Math.floor(chance() * 60_000)).toISOString(),
  ids: { member: chance() < UNKNOWN ? `N${randomUUID()}` : `M${1 + Math.floor(chance() ** 2 * members)}` },
  properties: {
    productNo: `P${Math.floor(chance() * 1_000)}`,
    category: chance() < 0.2 ? '水果' : '茶',
    priceFen: 1_990,
  },
})

/** Rows a second of PostgreSQL's own COPY, read from a file of its, to the commit. */
async function copyOf(
  client: { query(text: string): Promise<unknown> },
  folder: string,
  items: readonly ReturnType<typeof anItem>[],
): Promise<number> {
  const file = join(folder, 'rows.tsv')
  writeFileSync(
    file,
    items
      .map((one) => [one.messageId, one.at, one.event, one.ids.member, JSON.stringify(one.properties)].join('\t'))
      .join('\n'),
    { mode: 0o644 },
  )
  await client.query(
    'create table if not exists raw_event (message_id uuid, at timestamptz, kind text, member text, props jsonb)',
  )
  const from = performance.now()
  await client.query(`copy raw_event from '${file}'`)
  return (items.length * 1000) / (performance.now() - from)
}
