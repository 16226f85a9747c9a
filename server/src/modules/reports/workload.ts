import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { addDays, shanghaiDay } from '../../platform/shanghai.ts'
import type { Scope } from '../corps/context.ts'
import { ROWS_MAX, type Workload } from './schema.ts'
import { countCustomers, readMembers, readTree } from './staff-stats.ts'

const DAYS = 14
const BARS = 10
/** From so much of the figure on somebody is nearly full. */
export const NEAR = 0.8

/** How many customers each member has against what one should look after, the fullest first. */
export async function readWorkload(
  tx: Tx,
  corpId: string,
  scope: Scope,
  given: { departmentId?: string },
  now: Date,
): Promise<Workload> {
  const setting = await tx
    .selectFrom('reportSetting')
    .select('customersEach')
    .where('corpId', '=', corpId)
    .executeTakeFirst()
  const customersEach = setting?.customersEach ?? null
  const customers = await countCustomers(tx, corpId, scope)
  const names = new Map((await readTree(tx, corpId)).map((node) => [node.departmentId, node.name]))
  const to = shanghaiDay(now)
  const days = Array.from({ length: DAYS }, (_, i) => addDays(to, i + 1 - DAYS))
  const added = await readAdded(tx, corpId, scope, days[0]!, to)
  const rows = (await readMembers(tx, corpId, scope, given))
    .filter(({ staffId, follows, leftAt }) => (follows && !leftAt) || customers.has(staffId))
    .map(({ staffId, name, avatar, departmentIds, leftAt }) => ({
      staffId,
      name,
      avatar,
      departments: departmentIds.flatMap((id) => names.get(id) ?? []),
      leftAt: leftAt?.toISOString() ?? null,
      customers: customers.get(staffId) ?? 0,
      added: days.map((day) => added.get(`${staffId} ${day}`) ?? 0),
    }))
    .toSorted((a, b) => b.customers - a.customers || Number(a.staffId) - Number(b.staffId))
  const counts = rows.map((row) => row.customers)
  return {
    customersEach,
    days,
    items: rows.slice(0, ROWS_MAX),
    total: rows.length,
    customers: counts.reduce((n, one) => n + one, 0),
    over: customersEach === null ? 0 : counts.filter((n) => n > customersEach).length,
    near: customersEach === null ? 0 : counts.filter((n) => n <= customersEach && n >= customersEach * NEAR).length,
    spread: spreadOf(counts),
  }
}

/** At most ten bars of one width, a round number, from none to the fullest. */
export function spreadOf(counts: number[]): Workload['spread'] {
  const top = Math.max(0, ...counts)
  const width = roundUp((top + 1) / BARS)
  const bars = Array.from({ length: Math.floor(top / width) + 1 }, (_, i) => ({
    from: i * width,
    to: (i + 1) * width - 1,
    staff: 0,
  }))
  for (const count of counts) bars[Math.floor(count / width)]!.staff++
  return bars
}

/** 1, 2, 5, 10, 20, 50 … */
function roundUp(n: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(n)))
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= n)!
}

async function readAdded(tx: Tx, corpId: string, scope: Scope, from: string, to: string): Promise<Map<string, number>> {
  const seen = scope ? [...scope] : null
  const { rows } = await sql<{ key: string; added: number }>`
    select staff_id || ' ' || to_char(on_day, 'YYYY-MM-DD') as key, added from staff_day
    where corp_id = ${corpId}::bigint and on_day between ${from}::date and ${to}::date and added > 0 and (${seen}::bigint[] is null or staff_id = any(${seen}::bigint[]))`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.key, row.added]))
}

export async function setCustomersEach(tx: Tx, corpId: string, customersEach: number | null): Promise<void> {
  await tx
    .insertInto('reportSetting')
    .values({ corpId, customersEach })
    .onConflict((c) => c.column('corpId').doUpdateSet({ customersEach }))
    .execute()
}
