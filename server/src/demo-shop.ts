import { z } from 'zod'
import type { WorkContext } from './modules/corps/context.ts'
import { createKey, findKey } from './modules/openapi/keys.ts'
import { inCorp } from './platform/db.ts'

/** Of the simulator's list of companies, what concerns the shop (simulator/README.md, control API). */
const Corps = z.object({
  corps: z.array(
    z.object({
      corpid: z.string(),
      key: z.string().optional(),
      shop: z.object({ serverKey: z.string(), webKey: z.string() }).optional(),
    }),
  ),
})
const DEMO_KEY = 'demo'

/**
 * Opens the demo company's online shop in the simulator: gives it the two keys any shop would be given by hand, unless it has
 * some that hold. Returns whether it is open. The simulator listens to this machine alone, and so does its shop.
 */
export async function openDemoShop(work: WorkContext, accountId: string): Promise<boolean> {
  const signal = AbortSignal.timeout(5_000)
  const { corps } = Corps.parse(await (await fetch(`${work.wecomBaseUrl}/control/corps`, { signal })).json())
  const demo = corps.find(({ key }) => key === DEMO_KEY)
  const corp = await work.db
    .selectFrom('corp')
    .select('corpId')
    .where('wecomCorpid', '=', demo?.corpid ?? '')
    .executeTakeFirst()
  if (!demo || !corp) return false
  if (await holds(work, corp.corpId, demo.shop)) return true
  const reply = await fetch(`${work.wecomBaseUrl}/control/corps/${demo.corpid}/shop`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: work.publicUrl, ...(await makeKeys(work, corp.corpId, accountId)) }),
    signal,
  })
  return reply.ok
}

async function holds(
  work: WorkContext,
  corpId: string,
  shop?: { serverKey: string; webKey: string },
): Promise<boolean> {
  if (!shop) return false
  const found = await Promise.all([findKey(work.db, shop.serverKey), findKey(work.db, shop.webKey)])
  return found.every((key) => key?.corpId === corpId)
}

async function makeKeys(work: WorkContext, corpId: string, accountId: string) {
  const maker = { accountId, corpId, name: '演示', ip: '127.0.0.1', requestId: 'demo' }
  const { port } = new URL(work.wecomBaseUrl)
  const allowedOrigins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
  const now = work.clock.now()
  return inCorp(work.db, corpId, async (tx) => {
    const server = await createKey(tx, maker, { kind: 'server', name: '线上茶铺的服务器' }, now)
    const web = await createKey(tx, maker, { kind: 'web', name: '线上茶铺的网页', allowedOrigins }, now)
    return { serverKey: server.key, webKey: web.key }
  })
}
