import { sql } from 'kysely'
import type { Identifier } from '../src/modules/contacts/identifiers.ts'
import { identifyContacts } from '../src/modules/contacts/identify.ts'
import { inCorp, type Tx } from '../src/platform/db.ts'
import { at, type TestDb, testVault } from './world.ts'

/** Seats groups of identifiers, as every door does. */
export const identify = (db: TestDb, corpId: string, groups: Identifier[][]) =>
  inCorp(db.api, corpId, (tx) =>
    identifyContacts(
      tx,
      corpId,
      testVault,
      groups.map((identifiers) => ({ identifiers })),
      at,
    ),
  )

/** An identifier as a server tells it, or a device. */
export const of = (
  kind: Identifier['kind'],
  value: string,
  trust: Identifier['trust'] = kind === 'device' ? 0 : 2,
): Identifier => ({
  kind,
  value,
  trust,
})

/** Root by contact, and the pairs that wait for a person. */
export async function stand(db: TestDb, corpId: string) {
  const { rows } = await sql<{ id: string; root: string }>`
    select contact_id as id, coalesce(merged_into, contact_id) as root from contact where corp_id = ${corpId}::bigint`.execute(
    db.owner,
  )
  const root = new Map(rows.map((row) => [row.id, row.root]))
  const { rows: pairs } = await sql<{ a: string; b: string }>`
    select contact_id as a, other_id as b from merge_review where corp_id = ${corpId}::bigint and state = 'open'`.execute(
    db.owner,
  )
  const { rows: identities } = await sql<{ kind: string; value: string; contactId: string; trust: number }>`
    select kind, value, contact_id, trust from contact_identity where corp_id = ${corpId}::bigint`.execute(db.owner)
  return { root, pairs, identities }
}

/** Gives a contact memberships under numbers of his own. */
export async function joinMember(
  tx: Tx,
  corpId: string,
  contactId: string,
  memberships: readonly { level: string | null; points: number }[],
): Promise<void> {
  for (const [nr, { level, points }] of memberships.entries()) {
    const memberNo = `M${contactId}-${nr}`
    await sql`insert into contact_identity (corp_id, contact_id, kind, value, trust, created_at) values (${corpId}::bigint, ${contactId}::bigint, 'member', ${memberNo}, 2, now())`.execute(
      tx,
    )
    await sql`insert into member_account (corp_id, member_no, level, points, updated_at) values (${corpId}::bigint, ${memberNo}, ${level}, ${points}, now())`.execute(
      tx,
    )
  }
}
