import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import { alwaysRoster, rosterAt, type Standing, type Turn } from './roster-at.ts'
import type { Roster } from './schema.ts'

/** A code, or one of its placements, with who should receive its customers now. */
export interface CodeTurn {
  channelCodeId: string
  configId: string | null
  toldStaffIds: string[] | null
  toldSkipVerify: boolean | null
  /** Null: everybody behind the code, always. */
  roster: Roster | null
  standing: Standing
  turn: Turn
  /** Friends without a confirmation, now. */
  skipVerify: boolean
}

type CodeRow = Omit<CodeTurn, 'standing' | 'turn'> & { ownerId: string; staffIds: string[] }

/** The turns of these codes at an instant, and of their placements with `whole`. Four statements, however many codes. */
export async function readTurns(
  tx: Tx,
  corpId: string,
  channelCodeIds: string[],
  now: Date,
  { whole = false } = {},
): Promise<CodeTurn[]> {
  const { rows: codes } = await sql<CodeRow>`
    select c.channel_code_id, o.channel_code_id as owner_id, c.config_id, c.told_staff_ids, c.told_skip_verify, o.roster, o.skip_verify,
      array(select cs.staff_id from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = o.channel_code_id order by cs.staff_id) as staff_ids
    from channel_code c join channel_code o on o.corp_id = ${corpId}::bigint and o.channel_code_id = coalesce(c.placement_of, c.channel_code_id)
    where c.corp_id = ${corpId}::bigint and c.removed_at is null and (c.channel_code_id = any(${channelCodeIds}::bigint[]) or ${whole} and c.placement_of = any(${channelCodeIds}::bigint[]))
    order by c.channel_code_id`.execute(tx)
  if (codes.length === 0) return []
  const staffIds = [...new Set(codes.flatMap((code) => code.staffIds))]
  const ownerIds = [...new Set(codes.map((code) => code.ownerId))]
  const { rows: staff } = await sql<{ staffId: string; able: boolean; isOff: boolean; until: Date | null }>`
    select s.staff_id, s.left_at is null and s.status = 1 as able, d.staff_id is not null as is_off, d.until
    from staff s left join off_duty d on d.corp_id = ${corpId}::bigint and d.staff_id = s.staff_id and (d.until is null or d.until > ${now}::timestamptz)
    where s.corp_id = ${corpId}::bigint and s.staff_id = any(${staffIds}::bigint[])`.execute(tx)
  const adds = await readAddsToday(tx, corpId, ownerIds, now)
  const people = {
    able: new Set(staff.filter((s) => s.able).map((s) => s.staffId)),
    off: new Map(staff.filter((s) => s.isOff).map((s) => [s.staffId, s.until])),
  }
  return codes.map(({ ownerId, staffIds: behind, ...code }) => {
    const standing = { ...people, addsToday: adds.get(ownerId) ?? new Map() }
    const turn = rosterAt(code.roster ?? alwaysRoster(behind), now, standing)
    return { ...code, standing, turn, skipVerify: turn.skipVerify ?? code.skipVerify }
  })
}

/** New customers of each code today, with those of its placements, by staff member. */
export async function readAddsToday(
  tx: Tx,
  corpId: string,
  ownerIds: string[],
  now: Date,
): Promise<Map<string, Map<string, number>>> {
  const { rows } = await sql<{ ownerId: string; staffId: string; adds: number }>`
    select coalesce(c.placement_of, c.channel_code_id) as owner_id, d.staff_id, sum(d.adds)::int as adds
    from channel_code c join channel_daily d on d.corp_id = ${corpId}::bigint and d.channel_code_id = c.channel_code_id
    where c.corp_id = ${corpId}::bigint and (c.channel_code_id = any(${ownerIds}::bigint[]) or c.placement_of = any(${ownerIds}::bigint[]))
      and d.on_day = ${shanghaiDay(now)}::date and d.staff_id > 0
    group by 1, 2`.execute(tx)
  const found = new Map<string, Map<string, number>>()
  for (const { ownerId, staffId, adds } of rows) {
    const of = found.get(ownerId) ?? new Map<string, number>()
    found.set(ownerId, of.set(staffId, adds))
  }
  return found
}
