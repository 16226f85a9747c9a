import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { everybodyIn } from '../channels/roster/roster-at.ts'
import type { Roster } from '../channels/roster/schema.ts'
import type { Scope } from '../corps/context.ts'
import { type Licence, ROWS_MAX } from './schema.ts'
import { countCustomers, readMembers, readTree } from './staff-stats.ts'

/** Who may have customers in WeCom, who may not and stands behind codes all the same, and whose customers are nobody's. */
export async function readLicence(tx: Tx, corpId: string, scope: Scope): Promise<Licence> {
  const members = await readMembers(tx, corpId, scope, {})
  const customers = await countCustomers(tx, corpId, scope)
  const names = new Map((await readTree(tx, corpId)).map((node) => [node.departmentId, node.name]))
  const codes = await readCodesOf(tx, corpId)
  const rows = members.map(({ staffId, name, avatar, departmentIds, follows, leftAt, refused }) => ({
    staffId,
    name,
    avatar,
    departments: departmentIds.flatMap((id) => names.get(id) ?? []),
    leftAt: leftAt?.toISOString() ?? null,
    refused,
    follows,
    customers: customers.get(staffId) ?? 0,
    codes: codes.get(staffId) ?? [],
  }))
  const here = rows.filter(({ leftAt }) => leftAt === null)
  const left = rows.filter((row) => row.leftAt !== null && row.customers > 0)
  const shown = (list: typeof rows) => ({
    total: list.length,
    items: list
      .toSorted((a, b) => b.customers - a.customers || Number(a.staffId) - Number(b.staffId))
      .slice(0, ROWS_MAX),
  })
  return {
    readAt: await readAddressBookAt(tx, corpId),
    allowed: shown(here.filter(({ follows }) => follows)),
    missing: shown(here.filter((row) => !row.follows && (row.codes.length > 0 || row.customers > 0))),
    others: here.filter((row) => !row.follows && row.codes.length === 0 && row.customers === 0).length,
    left: shown(left),
    leftCustomers: left.reduce((n, row) => n + row.customers, 0),
  }
}

/** Codes in use each member stands behind: by hand, on a shift or as a backup. */
async function readCodesOf(tx: Tx, corpId: string): Promise<Map<string, { channelCodeId: string; name: string }[]>> {
  const { rows } = await sql<{ channelCodeId: string; name: string; roster: Roster | null; staffIds: string[] }>`
    select c.channel_code_id, c.name, c.roster,
      array(select cs.staff_id::text from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = c.channel_code_id) as staff_ids
    from channel_code c where c.corp_id = ${corpId}::bigint and c.archived_at is null and c.placement_of is null order by c.channel_code_id`.execute(
    tx,
  )
  const found = new Map<string, { channelCodeId: string; name: string }[]>()
  for (const { channelCodeId, name, roster, staffIds } of rows)
    for (const staffId of new Set([...staffIds, ...(roster ? everybodyIn(roster) : [])]))
      found.set(staffId, [...(found.get(staffId) ?? []), { channelCodeId, name }])
  return found
}

async function readAddressBookAt(tx: Tx, corpId: string): Promise<string | null> {
  const lane = await tx
    .selectFrom('laneState')
    .select('lastSuccessAt')
    .where('corpId', '=', corpId)
    .where('lane', '=', 'address_book')
    .executeTakeFirst()
  return lane?.lastSuccessAt?.toISOString() ?? null
}
