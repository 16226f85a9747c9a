import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { FieldNameTaken, FieldWithoutOptions, TooManyFields } from './errors.ts'
import type { ContactField, FieldEdit, NewField } from './schema.ts'

const FIELDS_MAX = 50

/** The corp's own fields in their order, with how many customers each is filled in for. */
export async function listFields(tx: Tx, corpId: string): Promise<ContactField[]> {
  const { rows } = await sql<ContactField>`
    select f.contact_field_id, f.name, f.kind, f.options,
      (select count(*)::int from contact_field_value v where v.corp_id = ${corpId}::bigint and v.contact_field_id = f.contact_field_id) as used
    from contact_field f where f.corp_id = ${corpId}::bigint and f.deleted_at is null order by f.sort_order, f.contact_field_id`.execute(
    tx,
  )
  return rows
}

export async function createField(
  tx: Tx,
  corpId: string,
  { name, kind, options }: NewField,
  now: Date,
): Promise<ContactField> {
  // Two at once must not both find room.
  await sql`select pg_advisory_xact_lock(hashtext(${`contact_field ${corpId}`}))`.execute(tx)
  const { rows } = await sql<{ held: number; last: number }>`
    select count(*)::int as held, coalesce(max(sort_order), 0) as last from contact_field where corp_id = ${corpId}::bigint and deleted_at is null`.execute(
    tx,
  )
  const { held = 0, last = 0 } = rows[0] ?? {}
  if (held >= FIELDS_MAX) throw new TooManyFields({ most: FIELDS_MAX })
  const made = await tx
    .insertInto('contactField')
    .values({ corpId, name, kind, options, sortOrder: last + 1, createdAt: now })
    .onConflict((c) => c.columns(['corpId', 'name']).where('deletedAt', 'is', null).doNothing())
    .returning('contactFieldId')
    .executeTakeFirst()
  if (!made) throw new FieldNameTaken({ name })
  return { contactFieldId: made.contactFieldId, name, kind, options, used: 0 }
}

/** Another name, other options. Values that are no longer among them stay where they stand. */
export async function editField(
  tx: Tx,
  corpId: string,
  contactFieldId: string,
  { name, options }: FieldEdit,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`contact_field ${corpId}`}))`.execute(tx)
  const fields = await tx
    .selectFrom('contactField')
    .select(['contactFieldId', 'name', 'kind'])
    .where('corpId', '=', corpId)
    .where('deletedAt', 'is', null)
    .execute()
  const field = fields.find((one) => one.contactFieldId === contactFieldId)
  if (!field) throw new NotFound({ what: '字段' })
  if (name !== undefined && fields.some((one) => one !== field && one.name === name)) throw new FieldNameTaken({ name })
  if (options && field.kind !== 'choice' && field.kind !== 'choices')
    throw new FieldWithoutOptions({ name: field.name })
  await sql`
    update contact_field set name = coalesce(${name ?? null}::text, name), options = coalesce(${options ?? null}::text[], options)
    where corp_id = ${corpId}::bigint and contact_field_id = ${contactFieldId}::bigint`.execute(tx)
}

/** Gone from every page at once; its values are kept, out of sight. Returns its name. */
export async function deleteField(tx: Tx, corpId: string, contactFieldId: string, now: Date): Promise<string> {
  const gone = await tx
    .updateTable('contactField')
    .set({ deletedAt: now })
    .where('corpId', '=', corpId)
    .where('contactFieldId', '=', contactFieldId)
    .where('deletedAt', 'is', null)
    .returning('name')
    .executeTakeFirst()
  if (!gone) throw new NotFound({ what: '字段' })
  return gone.name
}

export async function orderFields(tx: Tx, corpId: string, contactFieldIds: string[]): Promise<void> {
  await sql`
    update contact_field f set sort_order = o.place from unnest(${contactFieldIds}::bigint[]) with ordinality as o(contact_field_id, place)
    where f.corp_id = ${corpId}::bigint and f.contact_field_id = o.contact_field_id`.execute(tx)
}
