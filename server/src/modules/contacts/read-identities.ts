import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { IDENTITY_KINDS, type IdentityKind, showIdentifier } from './identifiers.ts'
import type { ShownIdentity } from './merge-schema.ts'

/** An identifier as it stands on somebody. */
export interface KeptOfPerson {
  kind: IdentityKind
  value: string
  hint: string | null
  trust: number
}

/** What may be shown of it. */
export const shownOf = (one: KeptOfPerson): ShownIdentity => ({
  kind: one.kind,
  shown: showIdentifier(one),
  trust: one.trust,
})

/** Identifiers of these, the strongest kinds first. */
export async function readIdentities(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
): Promise<Map<string, KeptOfPerson[]>> {
  const { rows } = await sql<KeptOfPerson & { contactId: string }>`
    select contact_id, kind, value, hint, trust from contact_identity
    where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[]) order by array_position(${[...IDENTITY_KINDS]}::text[], kind), created_at, value`.execute(
    tx,
  )
  return Map.groupBy(rows, (row) => row.contactId)
}
