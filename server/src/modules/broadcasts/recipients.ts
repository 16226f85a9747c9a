import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import { likeOf } from '../contacts/list-contacts.ts'
import type { Scope } from '../corps/context.ts'
import { FATE, fateName } from '../touches/fates.ts'
import { contactsOfFate } from '../touches/send.ts'
import type { HeldRun } from './read.ts'
import type { Recipient, RecipientPage, RecipientQuery } from './schema.ts'

const SHOWN = 50
/** Of a search: so many of those with the fate are looked through at a time. */
const LOOKED = 20_000
const EVERY = Object.values(FATE).filter((fate) => fate !== FATE.none)

/** Who came to what in a run, by ids; those out of sight are left out. */
export async function listRecipients(
  tx: Tx,
  corpId: string,
  run: HeldRun,
  { fate, q, after = '0' }: RecipientQuery,
  scope: Scope,
  limit = SHOWN,
): Promise<z.infer<typeof RecipientPage>> {
  if (!run.touchId) return { items: [], nextCursor: null }
  const wanted = fate ? [FATE[fate]] : EVERY
  const found: Recipient[] = []
  let from = after
  for (;;) {
    const some = await contactsOfFate(tx, corpId, run.touchId, wanted, { after: from, limit: LOOKED })
    if (some.length === 0) return { items: found, nextCursor: null }
    found.push(...(await readPeople(tx, corpId, run, some, q, scope, limit + 1 - found.length)))
    if (found.length > limit) return { items: found.slice(0, limit), nextCursor: found[limit - 1]!.contactId }
    if (some.length < LOOKED) return { items: found, nextCursor: null }
    from = some.at(-1)!.contactId
  }
}

async function readPeople(
  tx: Tx,
  corpId: string,
  run: HeldRun,
  some: readonly { contactId: string; fate: number }[],
  q: string | undefined,
  scope: Scope,
  limit: number,
): Promise<Recipient[]> {
  const from = run.beganAt ?? run.at
  const to = new Date(from.getTime() + run.content.windowDays * DAY_MS)
  const fates = new Map(some.map(({ contactId, fate }) => [contactId, fate]))
  const { rows } = await sql<Omit<Recipient, 'fate'>>`
    with page as (
      select c.contact_id, c.name, c.avatar from unnest(${some.map(({ contactId }) => contactId)}::bigint[]) as p(contact_id)
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = p.contact_id
      where (${q ?? null}::text is null or c.name ilike ${likeOf(q ?? '')})
        and (${scope ?? null}::bigint[] is null or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = any(${scope ?? null}::bigint[])))
      order by c.contact_id limit ${limit}
    )
    select p.*, s.name as staff_name, k.variant, coalesce(o.orders, 0)::int as orders, coalesce(o.amount, 0)::float8 as amount_fen from page p
    left join lateral (select k.staff_id, k.variant from broadcast_chunk k where k.corp_id = ${corpId}::bigint and k.run_id = ${run.runId}::bigint and p.contact_id = any(k.contact_ids) limit 1) k on true
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = k.staff_id
    left join lateral (select count(*) as orders, sum(o.amount_fen - o.refunded_fen) as amount from customer_order o
      where o.corp_id = ${corpId}::bigint and o.contact_id = p.contact_id and o.paid_at >= ${from}::timestamptz and o.paid_at < ${to}::timestamptz) o on true
    order by p.contact_id`.execute(tx)
  return rows.map((row) => ({ ...row, fate: fateName(fates.get(row.contactId) ?? 0) }))
}
