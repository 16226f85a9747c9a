import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { rootsOf } from '../../../contacts/merge-contacts.ts'
import type { Opening } from './take-beats.ts'

type Person = Opening & { readerId: string }

/** Somebody read it from somebody's forwarding for the first time. */
export interface Forwarded {
  fromId: string
  toId: string
  materialId: string
  staffId: string
  channel: string
  linkId: string
}

/**
 * Notes from whose forwarding each reads. A link of a reader's own that he opens himself went nowhere. Returns the edges
 * that are new.
 */
export async function countForwards(
  tx: Tx,
  corpId: string,
  openings: readonly Person[],
  now: Date,
): Promise<Forwarded[]> {
  const forwarded = openings.filter(({ parentContactId }) => parentContactId !== null)
  if (forwarded.length === 0) return []
  const roots = await rootsOf(
    tx,
    corpId,
    forwarded.flatMap(({ parentContactId, readerId }) => [parentContactId!, readerId]),
  )
  const rootOf = (contactId: string) => roots.get(contactId) ?? contactId
  const edges = new Map<string, Forwarded & { opens: number }>()
  for (const { parentContactId, readerId, materialId, staffId, channel, linkId } of forwarded) {
    const [fromId, toId] = [rootOf(parentContactId!), rootOf(readerId)]
    if (fromId === toId) continue
    const key = `${materialId} ${fromId} ${toId}`
    const edge = edges.get(key)
    edges.set(key, { fromId, toId, materialId, staffId, channel, linkId, opens: (edge?.opens ?? 0) + 1 })
  }
  if (edges.size === 0) return []
  const rows = [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge)
  const { rows: put } = await sql<{ materialId: string; fromContact: string; toContact: string; isNew: boolean }>`
    insert into radar_forward as f (corp_id, material_id, from_contact, to_contact, staff_id, opens, first_at)
    select ${corpId}::bigint, *, ${now}::timestamptz from unnest(${rows.map((r) => r.materialId)}::bigint[], ${rows.map((r) => r.fromId)}::bigint[], ${rows.map((r) => r.toId)}::bigint[], ${rows.map((r) => r.staffId)}::bigint[], ${rows.map((r) => r.opens)}::int[])
    on conflict (corp_id, material_id, from_contact, to_contact) do update set opens = f.opens + excluded.opens
    returning material_id, from_contact, to_contact, xmax = 0 as is_new`.execute(tx)
  const fresh = put
    .filter((row) => row.isNew)
    .map((row) => edges.get(`${row.materialId} ${row.fromContact} ${row.toContact}`)!)
  const perFacet = new Map<string, { materialId: string; facet: string; n: number }>()
  for (const { materialId, staffId, channel } of fresh)
    for (const facet of ['', `channel:${channel}`, `staff:${staffId}`]) {
      const key = `${materialId} ${facet}`
      perFacet.set(key, { materialId, facet, n: (perFacet.get(key)?.n ?? 0) + 1 })
    }
  const sums = [...perFacet].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
  if (sums.length > 0)
    await sql`
      update radar_sum s set forwards = s.forwards + a.n from unnest(${sums.map((s) => s.materialId)}::bigint[], ${sums.map((s) => s.facet)}::text[], ${sums.map((s) => s.n)}::int[]) as a(material_id, facet, n)
      where s.corp_id = ${corpId}::bigint and s.material_id = a.material_id and s.facet = a.facet`.execute(tx)
  return fresh
}
