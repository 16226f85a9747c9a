import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

/** What a customer does himself, whoever tells it: also what browsers say unproven, for it shows people and sets nothing off. */
export const DEEDS = [
  'channel.scanned',
  'page.viewed',
  'element.clicked',
  'product.viewed',
  'search.made',
  'favourite.added',
  'cart.added',
  'product.bought',
  'form.opened',
  'form.submitted',
  'message.sent',
  'order.paid',
  'content.opened',
  'content.read',
  'live.booked',
  'live.watched',
]
const OWN: ReadonlySet<string> = new Set(DEEDS)

/** Moves on the day each of these customers last did something. Whoever did already that day is not written again. */
export async function noteActive(
  tx: Tx,
  corpId: string,
  appended: readonly { contactId: string; kind: string; at: Date }[],
): Promise<void> {
  const deeds = appended.filter((event) => OWN.has(event.kind))
  if (deeds.length === 0) return
  await sql`
    with did as (
      select coalesce(c.merged_into, c.contact_id) as contact_id, max((d.at at time zone 'Asia/Shanghai')::date) as last_on
      from unnest(${deeds.map((d) => d.contactId)}::bigint[], ${deeds.map((d) => d.at.toISOString())}::timestamptz[]) as d(contact_id, at)
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = d.contact_id group by 1
    )
    insert into contact_active as a (corp_id, contact_id, last_on)
    select ${corpId}::bigint, d.contact_id, d.last_on from did d
    left join contact_active held on held.corp_id = ${corpId}::bigint and held.contact_id = d.contact_id
    where held.last_on is null or held.last_on < d.last_on order by d.contact_id
    on conflict (corp_id, contact_id) do update set last_on = greatest(a.last_on, excluded.last_on)`.execute(tx)
}

/** Reads the day anew from the journal: something he did has been taken out of it. */
export async function rereadActive(
  tx: Tx,
  corpId: string,
  contactId: string,
  contactIds: readonly string[],
): Promise<void> {
  await sql`delete from contact_active where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint`.execute(
    tx,
  )
  await sql`
    insert into contact_active (corp_id, contact_id, last_on)
    select ${corpId}::bigint, ${contactId}::bigint, (e.at at time zone 'Asia/Shanghai')::date from event e
    where e.corp_id = ${corpId}::bigint and e.contact_id = any(${[...contactIds]}::bigint[]) and e.kind = any(${DEEDS}::text[]) order by e.at desc limit 1`.execute(
    tx,
  )
}

/** Whoever was joined to a person did it too. */
export async function joinActive(
  tx: Tx,
  corpId: string,
  merges: readonly { from: string; into: string }[],
): Promise<void> {
  await sql`
    insert into contact_active as a (corp_id, contact_id, last_on)
    select ${corpId}::bigint, m.into_id, max(x.last_on) from unnest(${merges.map((m) => m.from)}::bigint[], ${merges.map((m) => m.into)}::bigint[]) as m(from_id, into_id)
    join contact_active x on x.corp_id = ${corpId}::bigint and x.contact_id = m.from_id group by m.into_id order by m.into_id
    on conflict (corp_id, contact_id) do update set last_on = greatest(a.last_on, excluded.last_on)`.execute(tx)
}
