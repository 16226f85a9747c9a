import { sql } from 'kysely'
import { z } from 'zod'
import { Overtaken, type Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import type { Actor } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import { FieldValueRefused } from './errors.ts'
import type { ContactProfile, FieldValue } from './schema.ts'

type Field = ContactProfile['fields'][number]
type Value = FieldValue | null

/** What a corp keeps of one customer in its own fields; every field, filled in or not. */
export async function readValues(tx: Tx, corpId: string, contactId: string): Promise<Field[]> {
  const { rows } = await sql<Field>`
    select f.contact_field_id, f.name, f.kind, f.options, v.value
    from contact_field f left join contact_field_value v on v.corp_id = ${corpId}::bigint and v.contact_id = ${contactId}::bigint and v.contact_field_id = f.contact_field_id
    where f.corp_id = ${corpId}::bigint and f.deleted_at is null order by f.sort_order, f.contact_field_id`.execute(tx)
  return rows
}

/** What changed of which field, by its name. */
export type FieldChanges = Record<string, { from: Value; to: Value }>

/**
 * Fills in fields of a customer the caller may see; null empties one. Returns what changed, which also enters his
 * timeline. A value its field cannot hold is refused, and nothing is saved.
 */
export async function fillFields(
  tx: Tx,
  corpId: string,
  contactId: string,
  given: Record<string, Value>,
  actor: Pick<Actor, 'name' | 'staffId'>,
  now: Date,
): Promise<FieldChanges> {
  const { rows: locked } = await sql`
    select from contact where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and merged_into is null for no key update`.execute(
    tx,
  )
  if (locked.length === 0) throw new Overtaken() // merged since it was looked up
  const fields = new Map((await readValues(tx, corpId, contactId)).map((field) => [field.contactFieldId, field]))
  const changed = Object.entries(given).flatMap(([id, value]) => {
    const field = fields.get(id)
    if (!field) throw new NotFound({ what: '字段' })
    const to = checkValue(field, value)
    return JSON.stringify(field.value) === JSON.stringify(to) ? [] : [{ id, name: field.name, from: field.value, to }]
  })
  const [kept, emptied] = [changed.filter(({ to }) => to !== null), changed.filter(({ to }) => to === null)]
  if (kept.length > 0)
    await sql`
      insert into contact_field_value (corp_id, contact_id, contact_field_id, value, updated_at)
      select ${corpId}::bigint, ${contactId}::bigint, k.id, k.value, ${now}::timestamptz
      from unnest(${kept.map(({ id }) => id)}::bigint[], ${kept.map(({ to }) => JSON.stringify(to))}::jsonb[]) as k(id, value)
      on conflict (corp_id, contact_id, contact_field_id) do update set value = excluded.value, updated_at = excluded.updated_at`.execute(
      tx,
    )
  if (emptied.length > 0)
    await sql`delete from contact_field_value where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint
      and contact_field_id = any(${emptied.map(({ id }) => id)}::bigint[])`.execute(tx)
  const changes = Object.fromEntries(changed.map(({ name, from, to }) => [name, { from, to }]))
  if (changed.length > 0) {
    const props = { by: actor.name, fields: changes }
    const key = `contact.fields ${contactId} ${now.toISOString()} ${JSON.stringify(changes)}`
    const event = {
      contactId,
      at: now,
      kind: 'contact.edited' as const,
      staffId: actor.staffId,
      source: 'console' as const,
    }
    await appendEvents(tx, corpId, [{ ...event, props, key }], now)
  }
  return changes
}

/** One field of one customer, to be filled in. */
export interface Filling {
  contactId: string
  contactFieldId: string
  value: FieldValue
}

/** Fills in fields of many customers in one go; returns whose changed. Values are checked before; a field deleted since is passed over. */
export async function fillMany(
  tx: Tx,
  corpId: string,
  given: readonly Filling[],
  by: string,
  now: Date,
): Promise<Set<string>> {
  if (given.length === 0) return new Set()
  const { rows } = await sql<{ contactId: string; name: string; from: Value; to: Value }>`
    with given as (
      select g.contact_id, g.contact_field_id, g.value, f.name from unnest(${given.map((g) => g.contactId)}::bigint[], ${given.map((g) => g.contactFieldId)}::bigint[], ${given.map((g) => JSON.stringify(g.value))}::jsonb[]) as g(contact_id, contact_field_id, value)
      join contact_field f on f.corp_id = ${corpId}::bigint and f.contact_field_id = g.contact_field_id and f.deleted_at is null
    ), before as (
      select v.contact_id, v.contact_field_id, v.value from contact_field_value v join given g using (contact_id, contact_field_id) where v.corp_id = ${corpId}::bigint
    ), written as (
      insert into contact_field_value as v (corp_id, contact_id, contact_field_id, value, updated_at)
      select ${corpId}::bigint, contact_id, contact_field_id, value, ${now}::timestamptz from given order by contact_id, contact_field_id
      on conflict (corp_id, contact_id, contact_field_id) do update set value = excluded.value, updated_at = excluded.updated_at where v.value <> excluded.value
      returning v.contact_id, v.contact_field_id
    )
    select w.contact_id, g.name, b.value as "from", g.value as "to" from written w join given g using (contact_id, contact_field_id) left join before b using (contact_id, contact_field_id)`.execute(
    tx,
  )
  const ofContact = [...Map.groupBy(rows, (row) => row.contactId)]
  const events = ofContact.map(([contactId, changes]) => {
    const fields = Object.fromEntries(changes.map(({ name, from, to }) => [name, { from, to }]))
    const key = `contact.fields ${contactId} ${now.toISOString()} ${JSON.stringify(fields)}`
    return {
      contactId,
      at: now,
      kind: 'contact.edited' as const,
      source: 'console' as const,
      props: { by, fields },
      key,
    }
  })
  await appendEvents(tx, corpId, events, now)
  return new Set(ofContact.map(([contactId]) => contactId))
}

/** What a field of each kind takes, and in words. An option already standing stays allowed: it may have left the list. */
export function checkValue({ name, kind, options, value: before }: Field, given: Value): Value {
  if (given === null || given === '' || (Array.isArray(given) && given.length === 0)) return null
  const old = Array.isArray(before) ? before : [before]
  const option = z.string().refine((one) => options.includes(one) || old.includes(one))
  const [shape, wanted] = {
    text: [z.string().trim().min(1).max(500), '500 字以内的文字'] as const,
    number: [z.number(), '数字'] as const,
    date: [z.iso.date(), '日期，像 2026-11-23'] as const,
    choice: [option, `其中一个：${options.join('、')}`] as const,
    choices: [z.array(option).transform((all) => [...new Set(all)]), `这些里的：${options.join('、')}`] as const,
  }[kind]
  const checked = (shape as z.ZodType<Value>).safeParse(given)
  if (!checked.success) throw new FieldValueRefused({ name, wanted })
  return checked.data
}
