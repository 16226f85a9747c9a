import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import { ListEmpty } from './errors.ts'
import type { ListView, NewList } from './schema.ts'

const SHOWN = 100

/** Keeps a list somebody brought: whom of it there is here, and he may see. */
export async function addList(
  tx: Tx,
  corpId: string,
  { name, lines }: z.infer<typeof NewList>,
  { name: actor, scope }: Pick<Actor, 'name' | 'scope'>,
  now: Date,
): Promise<{ broadcastListId: string; people: number; unknown: number }> {
  const wanted = [...new Set(lines.filter((line) => line !== ''))]
  const { rows } = await sql<{ broadcastListId: string; people: number; unknown: number }>`
    with line as (select l from unnest(${wanted}::text[]) l),
    found as (
      select line.l, c.contact_id from line
      left join contact_identity i on i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = line.l
      join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = coalesce(i.contact_id, case when line.l ~ '^[1-9][0-9]{0,17}$' then line.l::bigint end)
      where ${scope ?? null}::bigint[] is null or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = any(${scope ?? null}::bigint[]))
    ), kept as (select array_agg(distinct contact_id) as ids, count(distinct l)::int as lines from found)
    insert into broadcast_list (corp_id, name, contact_ids, unknown, made_by, made_at)
    select ${corpId}::bigint, ${name}, kept.ids, ${wanted.length} - kept.lines, ${actor}, ${now}::timestamptz from kept where kept.ids is not null
    returning broadcast_list_id, cardinality(contact_ids) as people, unknown`.execute(tx)
  if (!rows[0]) throw new ListEmpty()
  return rows[0]
}

/** The newest lists. Who sees part of the corp sees those he brought himself. */
export async function readLists(
  tx: Tx,
  corpId: string,
  { name, scope }: Pick<Actor, 'name' | 'scope'>,
): Promise<ListView[]> {
  const { rows } = await sql<Omit<ListView, 'madeAt'> & { madeAt: Date }>`
    select broadcast_list_id, name, cardinality(contact_ids) as people, unknown, made_by, made_at from broadcast_list
    where corp_id = ${corpId}::bigint and own and (${scope ?? null}::bigint[] is null or made_by = ${name}) order by broadcast_list_id desc limit ${SHOWN}`.execute(
    tx,
  )
  return rows.map((row) => ({ ...row, madeAt: row.madeAt.toISOString() }))
}
