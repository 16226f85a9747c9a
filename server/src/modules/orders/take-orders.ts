import { type Db, inCorp } from '../../platform/db.ts'
import type { Vault } from '../../platform/secrets.ts'
import { putOrders } from './put-orders.ts'
import { NewOrder, type OrdersTaken } from './schema.ts'

/** Orders a shop's server sends: what cannot be taken is said by its place, the others are taken together. */
export async function takeOrders(
  db: Db,
  corpId: string,
  vault: Vault,
  given: readonly unknown[],
  now: Date,
): Promise<OrdersTaken> {
  const orders: NewOrder[] = []
  const refused: OrdersTaken['refused'] = []
  given.forEach((one, index) => {
    const checked = NewOrder.safeParse(one)
    if (checked.success) orders.push(checked.data)
    else {
      const issue = checked.error.issues[0]
      refused.push({ index, field: issue?.path.join('.') ?? '', message: issue?.message ?? '' })
    }
  })
  const changed =
    orders.length > 0
      ? await inCorp(db, corpId, (tx) => putOrders(tx, corpId, vault, orders, { source: 'api', now }))
      : 0
  return { changed, unchanged: orders.length - changed, refused }
}
