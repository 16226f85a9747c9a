import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sql } from 'kysely'
import { findLink, makeLinks, tokenOf } from '../../server/src/modules/content/forms/links.ts'
import { FormContent } from '../../server/src/modules/content/forms/schema.ts'
import { newVisit, sealVisit } from '../../server/src/modules/content/forms/visit.ts'
import { createForm, publishForm } from '../../server/src/modules/content/forms/write-form.ts'
import { NewMaterial } from '../../server/src/modules/content/materials/schema.ts'
import { createMaterial } from '../../server/src/modules/content/materials/write.ts'
import { linksFor } from '../../server/src/modules/content/radar/links.ts'
import type { Actor } from '../../server/src/modules/corps/context.ts'
import { type Db, inCorp, openPools } from '../../server/src/platform/db.ts'
import { createVault, type Vault } from '../../server/src/platform/secrets.ts'
import { type Bench, percentile, round } from './bench.ts'
import { BENCH_ROOT_KEY, seedCorp } from './corp.ts'
import { addressOf, openAgent, Phone, walk } from './h5-crowd.ts'
import { openStage } from './stage.ts'

const DIST = resolve(import.meta.dirname, '../../mobile/dist')
/** faults.md L-06. */
const [USERS, STEADY_S, P95_MS, P99_MS, ARRIVE_MS, ARRIVE_P95_MS] = [1_000, 60, 300, 800, 5_000, 500]
/** PB-11: what a script may get out of ten thousand posts in an hour. */
const [POSTS, POSTS_AT_ONCE, CAP] = [10_000, 50, 120]

/**
 * `h5`: a thousand people with pages of ours open, thinking one to three seconds between steps (articles, readings,
 * forms), then a thousand who come within five seconds, then ten thousand scripted answers from one address. Server,
 * database (fsync on) and people share the machine.
 */
export const bench: Bench = async ({ quick, say }) => {
  if (!existsSync(join(DIST, 'read.html'))) throw new Error('the pages are not built: node scripts/bootstrap.mjs')
  await using stage = await openStage()
  const { corpId } = await seedCorp(stage.databaseUrl)
  const vault = createVault(Buffer.from(BENCH_ROOT_KEY, 'hex'))
  const pools = openPools(stage.databaseUrl, { api: 2, intake: 1, work: 1 })
  const { radarToken, formToken, formId } = await seedPages(pools.api, vault, corpId)
  const server = await stage.server({
    SIYU_ROOT_KEY: BENCH_ROOT_KEY,
    SIYU_TRUSTED_PROXIES: '1',
    WECOM_BASE_URL: 'http://127.0.0.1:9',
    SIYU_DEMO: '0',
  })
  const crowd = { port: server.port, users: quick ? 50 : USERS, radarToken, formToken }
  await walk({ ...crowd, users: 50, seconds: 3, arriveMs: 500 }) // warm

  const steady = await walk({ ...crowd, seconds: quick ? 5 : STEADY_S, arriveMs: 3_000 })
  const [p95, p99] = [percentile(steady.all, 0.95), percentile(steady.all, 0.99)]
  say(
    `${crowd.users} people: ${round(steady.perSecond, 0)} requests/s, p95 ${round(p95)} ms, p99 ${round(p99)} ms, ${steady.errors} errors`,
  )
  const rush = await walk({ ...crowd, seconds: ARRIVE_MS / 1_000, arriveMs: ARRIVE_MS })
  const rushP95 = percentile(rush.firstPages, 0.95)
  say(`${crowd.users} within ${ARRIVE_MS / 1_000} s: first page p95 ${round(rushP95)} ms, ${rush.errors} errors`)

  const since = performance.now()
  const posts = quick ? 400 : POSTS
  const answers = await flood(pools.api, vault, { port: server.port, formToken, posts })
  const floodS = (performance.now() - since) / 1_000
  const { rows } = await inCorp(pools.api, corpId, (tx) =>
    sql<{
      taken: number
    }>`select count(*)::int as taken from form_answer where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint`.execute(
      tx,
    ),
  )
  await pools.stop()
  const { taken } = rows[0]!
  say(`${posts} scripted posts: ${taken} taken of at most ${CAP}, in ${round(floodS, 1)} s ${JSON.stringify(answers)}`)
  if (taken > CAP) throw new Error(`${taken} scripted answers were taken, more than ${CAP}`)
  return {
    bench: 'h5',
    ours: round(p95),
    baseline: P95_MS,
    ratio: round(P95_MS / p95, 1),
    unit: 'ms p95, against what L-06 allows',
    detail: {
      users: crowd.users,
      perSecond: round(steady.perSecond, 0),
      requests: steady.requests,
      errors: steady.errors + rush.errors,
      refused: [steady.refused, rush.refused],
      eachP95Ms: Object.fromEntries(
        Object.entries(steady.each).map(([kind, values]) => [kind, round(percentile(values, 0.95), 0)]),
      ),
      p99Ms: round(p99),
      p99MsMost: P99_MS,
      maxMs: round(steady.all.at(-1) ?? 0),
      arrivalP95Ms: round(rushP95),
      arrivalP95MsMost: ARRIVE_P95_MS,
      scripted: { posts, taken, cap: CAP, seconds: round(floodS, 1), answers },
    },
  }
}

const actorOf = (corpId: string) =>
  ({
    accountId: '0',
    corpId,
    name: 'bench',
    staffId: null,
    scope: undefined,
    permissions: [],
    ip: '',
    requestId: '',
  }) as unknown as Actor

/** An article somebody sends, and a form. */
async function seedPages(db: Db, vault: Vault, corpId: string) {
  const now = new Date()
  return inCorp(db, corpId, async (tx) => {
    const { staffId } = await tx
      .insertInto('staff')
      .values({ corpId, userid: 'zhou', name: '周小满', updatedAt: now })
      .returning('staffId')
      .executeTakeFirstOrThrow()
    const text = '春茶贵在一个早字。清明前的芽头小，养分攒了一冬，泡出来甜。'.repeat(6)
    const blocks = Array.from({ length: 12 }, () => ({ type: 'paragraph' as const, text }))
    const content = { blocks, author: '见山茶事', source: null }
    const said = { kind: 'article' as const, title: '春茶怎么选', summary: '', coverId: null, content }
    const author = { accountId: '0', name: 'bench' }
    const materialId = await createMaterial(tx, corpId, NewMaterial.parse({ said, publish: true }), author, now)
    const wish = { materialId, version: 1, staffId, channel: 'broadcast' as const }
    const [link] = await linksFor(tx, vault, corpId, [wish], now)
    const fields = [
      { key: 'taste', kind: 'choice', label: '平时怎么喝茶', options: ['热泡', '冷泡'] },
      { key: 'say', kind: 'long_text', label: '想说的' },
    ]
    const limits = { total: null, perPerson: null, opensAt: null, closesAt: null }
    const form = FormContent.parse({ title: '口味小卡', fields, limits })
    const formId = await createForm(tx, actorOf(corpId), { content: form }, now)
    await publishForm(tx, actorOf(corpId), formId, now)
    await makeLinks(tx, vault, corpId, formId, { placement: '推送', staffIds: [staffId] }, now)
    const row = await tx
      .selectFrom('formLink')
      .select(['linkId', 'formId', 'placement', 'staffId', 'tokenSealed'])
      .where('corpId', '=', corpId)
      .executeTakeFirstOrThrow()
    return { radarToken: link!.token, formId, formToken: tokenOf(vault, corpId, row) }
  })
}

/** A script posts answers from one address, with a new cookie and a page opened long enough ago each time. */
async function flood(
  db: Db,
  vault: Vault,
  { port, formToken, posts }: { port: number; formToken: string; posts: number },
): Promise<Record<number, number>> {
  const link = (await findLink(db, formToken))!
  const agent = openAgent()
  const answers: Record<number, number> = {}
  const post = async () => {
    const cookie = randomBytes(16).toString('base64url')
    const device = createHash('sha256').update(cookie).digest().subarray(0, 16).toString('base64url')
    const visit = sealVisit(vault, newVisit(link, Date.now() - 60_000), device)
    const phone = new Phone(agent, port, addressOf(0xcb_00_71), `siyu_d=${cookie}`)
    const body = { visit, answers: { taste: '热泡', say: '抢' }, consents: [] }
    const { status } = await phone.ask('POST', '/api/m/forms/answers', body)
    answers[status] = (answers[status] ?? 0) + 1
  }
  for (let from = 0; from < posts; from += POSTS_AT_ONCE) await Promise.all(Array.from({ length: POSTS_AT_ONCE }, post))
  agent.destroy()
  return answers
}
