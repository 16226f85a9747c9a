import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import type { Scope } from '../../../corps/context.ts'
import type { ForwardTree } from '../schema.ts'

const EDGES_SHOWN = 300

interface Row {
  fromId: string
  fromName: string
  toId: string
  toName: string
  staffId: string
  staffName: string
  opens: number
  firstAt: Date
}

/** Who read it from whose forwarding, the earliest first. Whoever sees some members sees what began with their links. */
export async function readForwards(tx: Tx, corpId: string, materialId: string, scope: Scope): Promise<ForwardTree> {
  const { rows } = await sql<Row>`
    select a.contact_id as from_id, a.name as from_name, b.contact_id as to_id, b.name as to_name, f.staff_id, coalesce(s.name, '') as staff_name, f.opens, f.first_at
    from (
      select * from radar_forward where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint
        and (${scope ?? null}::bigint[] is null or staff_id = any(${scope ?? null}::bigint[])) order by first_at limit ${EDGES_SHOWN + 1}
    ) f
    join contact a0 on a0.corp_id = ${corpId}::bigint and a0.contact_id = f.from_contact join contact a on a.corp_id = ${corpId}::bigint and a.contact_id = coalesce(a0.merged_into, a0.contact_id)
    join contact b0 on b0.corp_id = ${corpId}::bigint and b0.contact_id = f.to_contact join contact b on b.corp_id = ${corpId}::bigint and b.contact_id = coalesce(b0.merged_into, b0.contact_id)
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id
    order by f.first_at, f.from_contact, f.to_contact`.execute(tx)
  const shown = rows.slice(0, EDGES_SHOWN)
  const names = scope ? await ownCustomers(tx, corpId, shown, scope) : undefined
  const said = (contactId: string, name: string) => ({ contactId, name: !names || names.has(contactId) ? name : '' })
  return {
    edges: shown.map(({ fromId, fromName, toId, toName, firstAt, ...edge }) => ({
      ...edge,
      from: said(fromId, fromName),
      to: said(toId, toName),
      firstAt: firstAt.toISOString(),
    })),
    more: rows.length > EDGES_SHOWN,
  }
}

/** Of these people whom the scope sees by name. */
async function ownCustomers(
  tx: Tx,
  corpId: string,
  rows: readonly Row[],
  scope: readonly string[],
): Promise<Set<string>> {
  const ids = [...new Set(rows.flatMap(({ fromId, toId }) => [fromId, toId]))]
  const { rows: own } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and contact_id = any(${ids}::bigint[]) and staff_ids && ${[...scope]}::bigint[]`.execute(
    tx,
  )
  return new Set(own.map(({ contactId }) => contactId))
}
