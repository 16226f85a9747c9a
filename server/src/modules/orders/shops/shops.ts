import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { Actor } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import type { Platform } from '../connectors/registry.ts'
import { TooManyShops } from '../errors.ts'
import type { Credentials } from './push-ways.ts'
import type { NewShop, ShopEdit, ShopView } from './schema.ts'
import { takePushes } from './take-pushes.ts'

const SHOPS_MAX = 50
const UNKNOWN_SHOWN = 50

const placeOf = (corpId: string, door: string) => `shop_connection.${corpId}.${door}.secret`

export interface Shop extends Credentials {
  shopConnectionId: string
  platform: Platform
  door: string
  isOn: boolean
}

/** Opens a door for a shop; the address holds a part nobody can guess. */
export async function addShop(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  { platform, name, appKey, secret }: NewShop,
  now: Date,
): Promise<string> {
  const { corpId } = actor
  const door = `${corpId}-${randomBytes(16).toString('hex')}`
  const { rows } = await sql<{ shopConnectionId: string; shops: number }>`
    insert into shop_connection (corp_id, platform, name, door, app_key, secret_sealed, secret_mark, created_by, created_at)
    values (${corpId}::bigint, ${platform}, ${name}, ${door}, ${appKey}, ${vault.seal(secret, placeOf(corpId, door))}, ${vault.fingerprint(secret)}, ${actor.name}, ${now}::timestamptz)
    returning shop_connection_id, (select count(*)::int from shop_connection where corp_id = ${corpId}::bigint) as shops`.execute(
    tx,
  )
  const [{ shopConnectionId, shops }] = rows as [{ shopConnectionId: string; shops: number }]
  if (shops >= SHOPS_MAX) throw new TooManyShops({ most: SHOPS_MAX })
  const detail = { platform, name }
  await recordAudit(tx, actor, {
    action: 'shop.connect',
    kind: 'shop_connection',
    id: shopConnectionId,
    detail,
    at: now,
  })
  return shopConnectionId
}

export async function editShop(
  tx: Tx,
  vault: Vault,
  actor: Actor,
  shopConnectionId: string,
  { name, appKey, secret, isOn }: ShopEdit,
  now: Date,
): Promise<void> {
  const { corpId } = actor
  const { door } = await requireShop(tx, vault, corpId, shopConnectionId)
  const sealed = secret === undefined ? null : vault.seal(secret, placeOf(corpId, door))
  await sql`
    update shop_connection set name = coalesce(${name ?? null}, name), app_key = coalesce(${appKey ?? null}, app_key), is_on = coalesce(${isOn ?? null}::boolean, is_on),
      secret_sealed = coalesce(${sealed}::bytea, secret_sealed), secret_mark = coalesce(${secret === undefined ? null : vault.fingerprint(secret)}, secret_mark)
    where corp_id = ${corpId}::bigint and shop_connection_id = ${shopConnectionId}::bigint`.execute(tx)
  const detail = { name, appKey, isOn, secret: secret === undefined ? undefined : 'changed' }
  await recordAudit(tx, actor, { action: 'shop.edit', kind: 'shop_connection', id: shopConnectionId, detail, at: now })
}

export async function removeShop(tx: Tx, actor: Actor, shopConnectionId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ name: string; platform: string }>`
    delete from shop_connection where corp_id = ${actor.corpId}::bigint and shop_connection_id = ${shopConnectionId}::bigint returning name, platform`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '店铺接入' })
  const entry = { action: 'shop.remove', kind: 'shop_connection', id: shopConnectionId, detail: rows[0], at: now }
  await recordAudit(tx, actor, entry)
}

/** Whose door this is; its corp stands in it. */
export async function findShop(tx: Tx, vault: Vault, corpId: string, door: string): Promise<Shop | undefined> {
  const { rows } = await sql<Omit<Shop, 'secret'> & { secretSealed: Buffer }>`
    select shop_connection_id, platform, door, app_key, secret_sealed, is_on from shop_connection where corp_id = ${corpId}::bigint and door = ${door}`.execute(
    tx,
  )
  const [row] = rows
  return row && { ...row, secret: vault.open(row.secretSealed, placeOf(corpId, door)).toString() }
}

export async function requireShop(tx: Tx, vault: Vault, corpId: string, shopConnectionId: string): Promise<Shop> {
  const { rows } = await sql<{ door: string }>`
    select door from shop_connection where corp_id = ${corpId}::bigint and shop_connection_id = ${shopConnectionId}::bigint`.execute(
    tx,
  )
  const shop = rows[0] && (await findShop(tx, vault, corpId, rows[0].door))
  if (!shop) throw new NotFound({ what: '店铺接入' })
  return shop
}

export const addressOf = (publicUrl: string, door: string): string => `${publicUrl}/open/push/${door}`

export async function listShops(tx: Tx, corpId: string, publicUrl: string, now: Date): Promise<ShopView[]> {
  const { rows } = await sql<
    Omit<ShopView, 'receivedAt' | 'refusedAt' | 'url'> & {
      door: string
      receivedAt: Date | null
      refusedAt: Date | null
    }
  >`
    select s.shop_connection_id, s.platform, s.name, s.door, s.app_key, s.secret_mark, s.is_on, s.created_by, s.received_at, s.refused_at,
      (select count(*)::int from shop_push p where p.corp_id = ${corpId}::bigint and p.shop_connection_id = s.shop_connection_id and p.state = 'waiting') as waiting,
      (select count(*)::int from shop_push p where p.corp_id = ${corpId}::bigint and p.shop_connection_id = s.shop_connection_id and p.state in ('taken', 'unchanged')
        and p.received_at > ${now}::timestamptz - interval '24 hours') as taken_today,
      (select count(*)::int from shop_push p where p.corp_id = ${corpId}::bigint and p.shop_connection_id = s.shop_connection_id and p.state = 'refused') as unknown
    from shop_connection s where s.corp_id = ${corpId}::bigint order by s.shop_connection_id`.execute(tx)
  return rows.map(({ door, ...row }) => ({
    ...row,
    url: addressOf(publicUrl, door),
    receivedAt: row.receivedAt?.toISOString() ?? null,
    refusedAt: row.refusedAt?.toISOString() ?? null,
  }))
}

/** What a shop pushed that could not be read, the newest first. */
export async function listUnknown(tx: Tx, corpId: string, shopConnectionId: string) {
  const { rows } = await sql<{ shopPushId: string; cause: string; receivedAt: Date }>`
    select p.shop_push_id, p.cause, p.received_at from shop_push p where p.corp_id = ${corpId}::bigint and p.shop_connection_id = ${shopConnectionId}::bigint and p.state = 'refused'
    order by p.shop_push_id desc limit ${UNKNOWN_SHOWN}`.execute(tx)
  return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }))
}

/** Reads once more what could not be read. */
export async function retryUnknown(tx: Tx, corpId: string, shopConnectionId: string): Promise<void> {
  await sql`update shop_push set state = 'waiting', cause = null
    where corp_id = ${corpId}::bigint and shop_connection_id = ${shopConnectionId}::bigint and state = 'refused' and body_sealed is not null`.execute(
    tx,
  )
  await enqueue(tx, takePushes, { corpId }, { key: `orders.pushes.${corpId}` })
}
