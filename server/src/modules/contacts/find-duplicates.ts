import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { readRows } from './read-rows.ts'
import type { DuplicatePage, DuplicateQuery } from './schema.ts'

const GROUPS_SHOWN = 30
/** So many of one name and face are WeChat's default picture, not one person. */
const ALIKE_MAX = 10

interface Group {
  key: string
  mobiles: string | null
  ids: string[]
}

/**
 * Customers who may be one person: the same phone numbers in the remarks of members, or the same name and picture. Two
 * external_userids with one unionid are one contact already. Looked at only; nothing is merged.
 */
export async function findDuplicates(
  tx: Tx,
  corpId: string,
  { by, after }: DuplicateQuery,
  scope: Scope,
): Promise<DuplicatePage> {
  const found =
    by === 'mobile' ? await sameMobiles(tx, corpId, after, scope) : await sameFaces(tx, corpId, after, scope)
  const groups = found.slice(0, GROUPS_SHOWN)
  const rows = await readRows(
    tx,
    corpId,
    groups.flatMap((group) => group.ids),
    scope,
  )
  const byId = new Map(rows.map((row) => [row.contactId, row]))
  return {
    items: groups.map(({ key, mobiles, ids }) => ({
      key,
      mobiles,
      contacts: ids.flatMap((id) => byId.get(id) ?? []),
    })),
    nextCursor: found.length > GROUPS_SHOWN ? (groups.at(-1)?.key ?? null) : null,
  }
}

/** Numbers are sealed; their marks are compared, and by them the whole list of a remark. */
async function sameMobiles(tx: Tx, corpId: string, after: string | undefined, scope: Scope): Promise<Group[]> {
  const { rows } = await sql<Group>`
    select f.mobiles_mark as key, min(array_to_string(f.mobiles_masked, ' ')) as mobiles, array_agg(distinct f.contact_id order by f.contact_id) as ids
    from follow f where f.corp_id = ${corpId}::bigint and f.mobiles_mark > ${after ?? ''}
      and (${scope ?? null}::bigint[] is null or f.staff_id = any(${scope ?? null}::bigint[]))
    group by f.mobiles_mark having count(distinct f.contact_id) between 2 and ${ALIKE_MAX} order by f.mobiles_mark limit ${GROUPS_SHOWN + 1}`.execute(
    tx,
  )
  return rows
}

const BIGINT_MIN = '-9223372036854775808'

async function sameFaces(tx: Tx, corpId: string, after: string | undefined, scope: Scope): Promise<Group[]> {
  const from = after !== undefined && /^-?\d{1,19}$/.test(after) ? after : BIGINT_MIN
  const { rows } = await sql<Group>`
    select hashtextextended(c.avatar || c.name, 0)::text as key, null as mobiles, array_agg(c.contact_id order by c.contact_id) as ids
    from contact c where c.corp_id = ${corpId}::bigint and c.avatar is not null and c.name <> '' and hashtextextended(c.avatar || c.name, 0) > ${from}::bigint
      and (${scope ?? null}::bigint[] is null or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.staff_id = any(${scope ?? null}::bigint[])))
    group by hashtextextended(c.avatar || c.name, 0) having count(*) between 2 and ${ALIKE_MAX} order by hashtextextended(c.avatar || c.name, 0) limit ${GROUPS_SHOWN + 1}`.execute(
    tx,
  )
  return rows
}
