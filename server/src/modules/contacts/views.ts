import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { TooManyViews, ViewNameTaken } from './errors.ts'
import type { ContactView, NewView, ViewEdit } from './schema.ts'

const VIEWS_MAX = 30

/** One's own views in one's own order, then what colleagues share. */
export async function listViews(tx: Tx, corpId: string, accountId: string): Promise<ContactView[]> {
  const { rows } = await sql<ContactView>`
    select v.contact_view_id, v.name, v.filter, v.shared, v.account_id = ${accountId}::bigint as mine,
      case when v.account_id <> ${accountId}::bigint then a.name end as owner
    from contact_view v left join account a on a.account_id = v.account_id
    where v.corp_id = ${corpId}::bigint and (v.account_id = ${accountId}::bigint or v.shared)
    order by v.account_id <> ${accountId}::bigint, v.sort_order, v.contact_view_id`.execute(tx)
  return rows
}

export async function createView(
  tx: Tx,
  corpId: string,
  accountId: string,
  { name, filter, shared }: NewView,
  now: Date,
): Promise<ContactView> {
  // Two saves at once must not both find room.
  await sql`select pg_advisory_xact_lock(hashtext(${`contact_view ${corpId} ${accountId}`}))`.execute(tx)
  const { rows } = await sql<{ held: number; last: number }>`
    select count(*)::int as held, coalesce(max(sort_order), 0) as last from contact_view where corp_id = ${corpId}::bigint and account_id = ${accountId}::bigint`.execute(
    tx,
  )
  const { held = 0, last = 0 } = rows[0] ?? {}
  if (held >= VIEWS_MAX) throw new TooManyViews({ most: VIEWS_MAX })
  const made = await tx
    .insertInto('contactView')
    .values({ corpId, accountId, name, filter: JSON.stringify(filter), shared, sortOrder: last + 1, createdAt: now })
    .onConflict((c) => c.columns(['corpId', 'accountId', 'name']).doNothing())
    .returning('contactViewId')
    .executeTakeFirst()
  if (!made) throw new ViewNameTaken({ name })
  return { contactViewId: made.contactViewId, name, filter, shared, mine: true, owner: null }
}

/** Only whoever made a view changes it. */
export async function editView(
  tx: Tx,
  corpId: string,
  accountId: string,
  contactViewId: string,
  { name, filter, shared }: ViewEdit,
): Promise<void> {
  if (name !== undefined) {
    const taken = await tx
      .selectFrom('contactView')
      .select('contactViewId')
      .where('corpId', '=', corpId)
      .where('accountId', '=', accountId)
      .where('name', '=', name)
      .where('contactViewId', '!=', contactViewId)
      .executeTakeFirst()
    if (taken) throw new ViewNameTaken({ name })
  }
  const { numAffectedRows } = await sql`
    update contact_view set name = coalesce(${name ?? null}::text, name), filter = coalesce(${filter ? JSON.stringify(filter) : null}::jsonb, filter),
      shared = coalesce(${shared ?? null}::boolean, shared)
    where corp_id = ${corpId}::bigint and contact_view_id = ${contactViewId}::bigint and account_id = ${accountId}::bigint`.execute(
    tx,
  )
  if (numAffectedRows === 0n) throw new NotFound({ what: '视图' })
}

/** Whoever made it; an administrator also what others share, lest it outlive them. Returns its name. */
export async function deleteView(
  tx: Tx,
  corpId: string,
  { accountId, isAdmin }: { accountId: string; isAdmin: boolean },
  contactViewId: string,
): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    delete from contact_view where corp_id = ${corpId}::bigint and contact_view_id = ${contactViewId}::bigint
      and (account_id = ${accountId}::bigint or shared and ${isAdmin}) returning name`.execute(tx)
  const gone = rows[0]
  if (!gone) throw new NotFound({ what: '视图' })
  return gone.name
}

/** Puts one's own views in a new order; those of others are passed over. */
export async function orderViews(tx: Tx, corpId: string, accountId: string, contactViewIds: string[]): Promise<void> {
  await sql`
    update contact_view v set sort_order = o.place from unnest(${contactViewIds}::bigint[]) with ordinality as o(contact_view_id, place)
    where v.corp_id = ${corpId}::bigint and v.account_id = ${accountId}::bigint and v.contact_view_id = o.contact_view_id`.execute(
    tx,
  )
}
