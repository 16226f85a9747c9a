import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { conditions } from './list-contacts.ts'
import type { ContactFilter } from './schema.ts'

/** The next customers a filter matches, by id: a walk that meets each once, whatever it changes on the way. */
export async function pickContacts(
  tx: Tx,
  corpId: string,
  filter: ContactFilter,
  scope: Scope,
  within: { after: string; upto: string; limit: number },
): Promise<string[]> {
  const where = await conditions(tx, corpId, filter, scope)
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where ${where} and c.contact_id > ${within.after}::bigint and c.contact_id <= ${within.upto}::bigint
    order by c.contact_id limit ${within.limit}`.execute(tx)
  return rows.map((row) => row.contactId)
}

/** Those of the ids that are customers the scope may see. */
export async function keepVisible(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  scope: Scope,
): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${[...contactIds]}::bigint[])
      and (${scope ?? null}::bigint[] is null or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = any(${scope ?? null}::bigint[])))
    order by c.contact_id`.execute(tx)
  return rows.map((row) => row.contactId)
}

/** Whose remark, written by somebody of the scope, holds exactly this one number; `marks` are those of single numbers. */
export async function findByMobile(
  tx: Tx,
  corpId: string,
  marks: readonly string[],
  scope: Scope,
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ mark: string; ids: string[] }>`
    select f.mobiles_mark as mark, array_agg(distinct f.contact_id) as ids from follow f
    where f.corp_id = ${corpId}::bigint and f.mobiles_mark = any(${[...new Set(marks)]}::text[])
      and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[])) group by f.mobiles_mark`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.mark, row.ids]))
}

/** The newest contact's id: who comes later is not part of what begins now. */
export async function newestContact(tx: Tx, corpId: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select coalesce(max(contact_id), 0) as id from contact where corp_id = ${corpId}::bigint`.execute(tx)
  return rows[0]?.id ?? '0'
}
