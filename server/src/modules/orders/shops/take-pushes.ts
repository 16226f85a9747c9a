import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob, enqueue } from '../../../platform/jobs.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import type { WorkContext } from '../../corps/context.ts'
import { CONNECTORS, type Platform } from '../connectors/registry.ts'
import { takeRead } from '../take-orders.ts'
import { openPush } from './push-ways.ts'

const STEP = 200

const placeOf = (corpId: string, mark: Buffer) => `shop_push.${corpId}.${mark.toString('hex')}.body`

/** Writes a push down, once however often it comes; returns whether it is new. Whoever answers it has committed this. */
export async function storePush(
  tx: Tx,
  vault: Vault,
  corpId: string,
  { shopConnectionId, body, now }: { shopConnectionId: string; body: string; now: Date },
): Promise<boolean> {
  const mark = sha256(body)
  await sql`update shop_connection set received_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and shop_connection_id = ${shopConnectionId}::bigint`.execute(
    tx,
  )
  const { rows } = await sql`
    insert into shop_push (corp_id, shop_connection_id, mark, state, body_sealed, received_at)
    values (${corpId}::bigint, ${shopConnectionId}::bigint, ${mark}, 'waiting', ${vault.seal(body, placeOf(corpId, mark))}, ${now}::timestamptz)
    on conflict (corp_id, shop_connection_id, mark) do nothing returning shop_push_id`.execute(tx)
  if (rows.length > 0) await enqueue(tx, takePushes, { corpId }, { key: `orders.pushes.${corpId}` })
  return rows.length > 0
}

interface Waiting {
  shopPushId: string
  platform: Platform
  mark: Buffer
  bodySealed: Buffer
}

/** Reads what shops have pushed, in the order in which it came; what cannot be read says why and keeps nothing else back. */
export const takePushes = defineJob<WorkContext, { corpId: string }>({
  name: 'orders.pushes',
  payload: z.object({ corpId: Id }),
  async run({ db, vault, clock }, { corpId }, { signal }) {
    while (!signal.aborted && (await inCorp(db, corpId, (tx) => takeStep(tx, vault, corpId, clock.now()))));
  },
})

async function takeStep(tx: Tx, vault: Vault, corpId: string, now: Date): Promise<boolean> {
  const { rows } = await sql<Waiting>`
    select p.shop_push_id, s.platform, p.mark, p.body_sealed from shop_push p join shop_connection s on s.corp_id = ${corpId}::bigint and s.shop_connection_id = p.shop_connection_id
    where p.corp_id = ${corpId}::bigint and p.state = 'waiting' order by p.shop_push_id limit ${STEP} for update of p`.execute(
    tx,
  )
  if (rows.length === 0) return false
  const read = ({ platform, mark, bodySealed }: Waiting) => {
    const { order } = openPush(platform, vault.open(bodySealed, placeOf(corpId, mark)).toString())
    return CONNECTORS[platform].read(order)
  }
  const { refused } = await takeRead(tx, corpId, vault, rows, read, { source: 'api', now })
  const causes = new Map(refused.map(({ index, message }) => [rows[index]!.shopPushId, message]))
  await sql`
    update shop_push p set state = case when r.cause is null then 'taken' else 'refused' end, cause = r.cause, body_sealed = case when r.cause is null then null else p.body_sealed end
    from unnest(${rows.map((row) => row.shopPushId)}::bigint[], ${rows.map((row) => causes.get(row.shopPushId) ?? null)}::text[]) as r(id, cause)
    where p.corp_id = ${corpId}::bigint and p.shop_push_id = r.id`.execute(tx)
  return true
}
