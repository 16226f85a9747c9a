import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Scope } from '../corps/context.ts'
import { addUp, figuresOf, readSums, type Sums, spanOf } from './read-sums.ts'
import { ROWS_MAX, type StaffStats, type StaffStatsRow, type StatsFilter } from './schema.ts'

interface Member {
  staffId: string
  name: string
  avatar: string | null
  follows: boolean
  leftAt: Date | null
  refused: number | null
  departmentIds: string[]
}

/** Members somebody sees, in a department with all below it when one is named, each with the departments he stands in. */
export async function readMembers(tx: Tx, corpId: string, scope: Scope, given: { q?: string; departmentId?: string }) {
  const seen = scope ? [...scope] : null
  const q = given.q || null
  const { rows } = await sql<Member>`
    with recursive below as (
      select department_id from department where corp_id = ${corpId}::bigint and department_id = ${given.departmentId ?? null}::bigint
      union select d.department_id from department d join below b on d.parent_id = b.department_id where d.corp_id = ${corpId}::bigint and d.deleted_at is null)
    select s.staff_id, s.name, s.avatar, s.follows, s.left_at, b.refused,
      array(select sd.department_id::text from staff_department sd where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id order by sd.department_id) as department_ids
    from staff s left join staff_behavior_state b on b.corp_id = ${corpId}::bigint and b.staff_id = s.staff_id
    where s.corp_id = ${corpId}::bigint and (${seen}::bigint[] is null or s.staff_id = any(${seen}::bigint[]))
      and (${q}::text is null or strpos(lower(s.name), lower(${q}::text)) > 0 or lower(s.userid) = lower(${q}::text))
      and (${given.departmentId ?? null}::bigint is null or exists (select from staff_department sd join below on below.department_id = sd.department_id
        where sd.corp_id = ${corpId}::bigint and sd.staff_id = s.staff_id))
    order by s.staff_id`.execute(tx)
  return rows
}

/** How many customers each member has now. */
export async function countCustomers(tx: Tx, corpId: string, scope: Scope): Promise<Map<string, number>> {
  const seen = scope ? [...scope] : null
  const { rows } = await sql<{ staffId: string; customers: number }>`
    select staff_id, count(*)::int as customers from follow
    where corp_id = ${corpId}::bigint and lost_at is null and (${seen}::bigint[] is null or staff_id = any(${seen}::bigint[])) group by staff_id`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.staffId, row.customers]))
}

export interface DepartmentNode {
  departmentId: string
  name: string
  depth: number
  /** Itself and all above it. */
  path: string[]
  /** Members of it and of all below who have not left, seen or not. */
  size: number
}

/** The tree of departments, parents before their children. */
export async function readTree(tx: Tx, corpId: string): Promise<DepartmentNode[]> {
  const { rows } = await sql<DepartmentNode>`
    with recursive tree as (
      select d.department_id, d.name, 0 as depth, array[d.department_id] as path, array[(-d.sort_order, d.department_id)::text] as place from department d
      where d.corp_id = ${corpId}::bigint and d.deleted_at is null
        and not exists (select from department p where p.corp_id = ${corpId}::bigint and p.department_id = d.parent_id and p.deleted_at is null)
      union all
      select d.department_id, d.name, t.depth + 1, t.path || d.department_id, t.place || (-d.sort_order, d.department_id)::text
      from department d join tree t on d.parent_id = t.department_id and not d.department_id = any(t.path) where d.corp_id = ${corpId}::bigint and d.deleted_at is null)
    select t.department_id, t.name, t.depth, t.path::text[] as path,
      (select count(distinct sd.staff_id)::int from tree b join staff_department sd on sd.corp_id = ${corpId}::bigint and sd.department_id = b.department_id
        join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = sd.staff_id and s.left_at is null where t.department_id = any(b.path)) as size
    from tree t order by t.place`.execute(tx)
  return rows
}

type Whole = StaffStatsRow & { sums: Sums; sumsBefore: Sums; departmentIds: string[] }

/** Everybody with something to show, unsorted: members who may have customers, and whoever has numbers. */
async function readRows(tx: Tx, corpId: string, filter: StatsFilter, scope: Scope, now: Date, tree: DepartmentNode[]) {
  const span = spanOf(filter, now)
  const members = await readMembers(tx, corpId, scope, filter)
  const names = new Map(tree.map((node) => [node.departmentId, node.name]))
  const [sums, before] = [
    await readSums(tx, corpId, span.now, scope, now),
    await readSums(tx, corpId, span.before, scope, now),
  ]
  const customers = await countCustomers(tx, corpId, scope)
  const nothing = addUp([])
  const hasNumbers = (staffId: string) => sums.has(staffId) || before.has(staffId) || customers.has(staffId)
  return members
    .filter(({ staffId, follows, leftAt }) => (follows && !leftAt) || hasNumbers(staffId))
    .map(
      (member): Whole => ({
        ...member,
        leftAt: member.leftAt?.toISOString() ?? null,
        departments: member.departmentIds.flatMap((id) => names.get(id) ?? []),
        customers: customers.get(member.staffId) ?? 0,
        now: figuresOf(sums.get(member.staffId)),
        before: figuresOf(before.get(member.staffId)),
        sums: sums.get(member.staffId) ?? nothing,
        sumsBefore: before.get(member.staffId) ?? nothing,
      }),
    )
}

const summed = (rows: Whole[]) => ({
  customers: rows.reduce((n, row) => n + row.customers, 0),
  staff: rows.length,
  now: figuresOf(addUp(rows.map((row) => row.sums))),
  before: figuresOf(addUp(rows.map((row) => row.sumsBefore))),
})

/** Members and departments in a period beside the one before it, as far as one sees them. */
export async function readStaffStats(
  tx: Tx,
  corpId: string,
  filter: StatsFilter,
  scope: Scope,
  now: Date,
): Promise<StaffStats> {
  const { from, to } = spanOf(filter, now).now
  const tree = await readTree(tx, corpId)
  const rows = await readRows(tx, corpId, filter, scope, now, tree)
  return {
    from,
    to,
    countedUntil: await readCountedUntil(tx, corpId, scope),
    totals: summed(rows),
    departments: filter.q ? [] : await sumDepartments(tx, corpId, rows, scope, below(tree, filter.departmentId)),
    items: sortRows(rows, filter).slice(0, ROWS_MAX).map(shown),
    total: rows.length,
  }
}

const shown = ({ sums: _, sumsBefore: __, departmentIds: ___, ...row }: Whole): StaffStatsRow => row

/** All of them, sorted, for a file. */
export async function readStaffRows(tx: Tx, corpId: string, filter: StatsFilter, scope: Scope, now: Date) {
  const rows = await readRows(tx, corpId, filter, scope, now, await readTree(tx, corpId))
  return sortRows(rows, filter).map(shown)
}

/** The whole tree, or a department with all below it. */
const below = (tree: DepartmentNode[], departmentId: string | undefined) =>
  departmentId ? tree.filter(({ path }) => path.includes(departmentId)) : tree

/** A department some of whose people one does not see would show a part of it under its whole name: it is left out. */
async function sumDepartments(
  tx: Tx,
  corpId: string,
  rows: Whole[],
  scope: Scope,
  tree: DepartmentNode[],
): Promise<StaffStats['departments']> {
  const seen = scope && (await readMembers(tx, corpId, scope, {}))
  const pathOf = new Map(tree.map((node) => [node.departmentId, node.path]))
  const isIn = (departmentId: string, ids: string[]) => ids.some((id) => pathOf.get(id)?.includes(departmentId))
  return tree.flatMap(({ departmentId, name, depth, size }) => {
    const within = rows.filter((row) => isIn(departmentId, row.departmentIds))
    if (within.length === 0) return []
    if (seen && seen.filter((one) => !one.leftAt && isIn(departmentId, one.departmentIds)).length < size) return []
    return [{ departmentId, name, depth, ...summed(within) }]
  })
}

const rate = ({ of, kept }: { of: number; kept: number }) => (of > 0 ? kept / of : null)

/** What is not known comes last either way. */
function sortRows(rows: Whole[], { sort, order }: StatsFilter): Whole[] {
  const value = (row: Whole): number | string | null => {
    if (sort === 'name' || sort === 'customers') return row[sort]
    if (sort === 'kept7' || sort === 'kept30') return rate(row.now[sort])
    return row.now[sort]
  }
  const sign = order === 'asc' ? 1 : -1
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byId(a, b)
    const by = typeof left === 'string' ? left.localeCompare(String(right), 'zh-CN') : left - Number(right)
    return by * sign || byId(a, b)
  })
}

const byId = (a: Whole, b: Whole) => Number(a.staffId) - Number(b.staffId)

async function readCountedUntil(tx: Tx, corpId: string, scope: Scope): Promise<string | null> {
  const seen = scope ? [...scope] : null
  const { rows } = await sql<{ day: string | null }>`
    select to_char(max(on_day), 'YYYY-MM-DD') as day from staff_behavior where corp_id = ${corpId}::bigint and (${seen}::bigint[] is null or staff_id = any(${seen}::bigint[]))`.execute(
    tx,
  )
  return rows[0]?.day ?? null
}
