import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { keepVisible } from '../../contacts/pick-contacts.ts'
import type { Scope } from '../../corps/context.ts'
import type { MemberView } from './schema.ts'

const ENTRIES_SHOWN = 20
const LEVELS_MAX = 50

/** A customer's memberships, with the newest of what came to and went from his points. */
export async function readMembers(tx: Tx, corpId: string, contactId: string, scope: Scope): Promise<MemberView[]> {
  if ((await keepVisible(tx, corpId, [contactId], scope)).length === 0) throw new NotFound({ what: '客户' })
  const { rows } = await sql<MemberView>`
    select a.member_no, a.level, a.points::float8 as points, a.joined_at, a.updated_at,
      coalesce((select jsonb_agg(e order by e.at desc, e."entryNo" desc) from (
        select entry_no as "entryNo", kind, points, note, at from point_entry p where p.corp_id = ${corpId}::bigint and p.member_no = a.member_no order by at desc, entry_no desc limit ${ENTRIES_SHOWN}) e), '[]') as entries
    from contact_identity i join member_account a on a.corp_id = ${corpId}::bigint and a.member_no = i.value
    where i.corp_id = ${corpId}::bigint and i.contact_id = ${contactId}::bigint and i.kind = 'member' order by a.member_no`.execute(
    tx,
  )
  const instant = (at: unknown) => new Date(at as string).toISOString()
  return rows.map((row) => ({
    ...row,
    joinedAt: row.joinedAt === null ? null : instant(row.joinedAt),
    updatedAt: instant(row.updatedAt),
    entries: row.entries.map((entry) => ({ ...entry, at: instant(entry.at) })),
  }))
}

/** The levels members of the corp have, the commonest first. */
export async function readLevels(tx: Tx, corpId: string): Promise<{ level: string; members: number }[]> {
  const { rows } = await sql<{ level: string; members: number }>`
    select level, count(*)::int as members from member_account where corp_id = ${corpId}::bigint and level is not null
    group by level order by members desc, level limit ${LEVELS_MAX}`.execute(tx)
  return rows
}
