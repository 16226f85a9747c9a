import { randomUUID } from 'node:crypto'
import { Rule } from '../../server/src/modules/segments/schema.ts'
import { createSegment } from '../../server/src/modules/segments/service.ts'
import { inCorp, openPools } from '../../server/src/platform/db.ts'
import { type Bench, percentile, round } from './bench.ts'
import { collectRequest, seedOpenCorp } from './open-corp.ts'
import { openStage } from './stage.ts'
import { until } from './world.ts'

const RATE = 2_000
const BATCH = 20
const LOOK_MS = 10

/**
 * `freshness`: from an event's 202 to the commit of the segment it brings its customer into, at 2 000 events a second, each
 * of another customer. Looked for every 10 ms, which is in the figure.
 */
export const bench: Bench = async ({ quick, say }) => {
  await using stage = await openStage()
  const seconds = quick ? 2 : 30
  const { corpId, keys, client } = await seedOpenCorp(stage, RATE * seconds)
  const pools = openPools(stage.databaseUrl, { api: 1, intake: 1, work: 1 })
  const viewed = { is: 'did', deed: { kind: 'product.viewed' }, within: { n: 7, unit: 'day' } }
  const rule = Rule.parse({ is: 'all', of: [viewed] })
  const segmentId = await inCorp(pools.work, corpId, (tx) =>
    createSegment(tx, corpId, { name: '看过', note: '', rule }, { name: '试', scope: undefined }, new Date()),
  )
  const server = await stage.server({ SIYU_ROLE: 'all', WECOM_BASE_URL: 'http://127.0.0.1:9', SIYU_DEMO: '0' })
  await until('the segment is built', 60, async () => {
    const { rows } = await client.query('select version from segment where segment_id = $1', [segmentId])
    return rows[0].version === 1
  })
  say(`${RATE} events a second for ${seconds} s …`)

  const [answered, entered] = [new Map<string, number>(), new Map<string, number>()]
  let isOver = false
  const looking = (async () => {
    for (let last = '0'; !isOver; await new Promise((done) => setTimeout(done, LOOK_MS))) {
      const { rows } = await client.query<{ id: string; entered: string[] }>(
        'select flip_id as id, entered from segment_flip where corp_id = $1 and flip_id > $2 order by flip_id',
        [corpId, last],
      )
      const now = performance.now()
      for (const row of rows) for (const contactId of row.entered) entered.set(contactId, now)
      last = rows.at(-1)?.id ?? last
    }
  })()
  const start = performance.now()
  const sending: Promise<void>[] = []
  for (let nr = 0; nr < (RATE * seconds) / BATCH; nr++) {
    const wait = start + (nr * 1000 * BATCH) / RATE - performance.now()
    if (wait > 0) await new Promise((done) => setTimeout(done, wait))
    sending.push(send(server.url, keys[nr % keys.length]!, nr, answered))
  }
  await Promise.all(sending)
  await until('everybody is in', 60, async () => entered.size === answered.size, LOOK_MS)
  isOver = true
  await looking
  await client.end()
  await pools.stop()
  const lags = [...answered].map(([contactId, at]) => Math.max(0, entered.get(contactId)! - at)).sort((a, b) => a - b)
  return {
    bench: 'freshness',
    ours: round(percentile(lags, 0.99), 0),
    baseline: null,
    ratio: null,
    unit: 'ms at p99 from 202 to the segment',
    detail: {
      events: lags.length,
      perSecond: RATE,
      p50Ms: round(percentile(lags, 0.5), 0),
      maxMs: round(lags.at(-1) ?? 0, 0),
    },
  }
}

async function send(url: string, key: string, nr: number, answered: Map<string, number>): Promise<void> {
  const batch = Array.from({ length: BATCH }, (_, i) => ({
    type: 'track',
    event: 'product.viewed',
    messageId: randomUUID(),
    at: new Date().toISOString(),
    ids: { member: `M${nr * BATCH + i + 1}` },
    properties: { productNo: 'P1' },
  }))
  const answer = await fetch(`${url}/collect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  })
  const taken = (await answer.json()) as { accepted: number }
  if (answer.status !== 202 || taken.accepted !== BATCH) throw new Error(`${answer.status} ${JSON.stringify(taken)}`)
  const now = performance.now()
  for (let i = 0; i < BATCH; i++) answered.set(String(nr * BATCH + i + 1), now)
}
