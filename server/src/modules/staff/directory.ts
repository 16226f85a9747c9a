import type { Wecom } from '@siyu/wecom'
import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'

type Department = Awaited<ReturnType<Wecom['department']['list']>>[number]
type User = Awaited<ReturnType<Wecom['user']['list']>>[number]

/** Departments asked for their members at once. WeCom publishes no concurrency; few are enough. */
const AT_ONCE = 4

export interface AddressBookResult {
  departments: number
  staff: number
  changed: number
}

/** Reads every visible department and member, and makes ours the same. Whoever is not listed any more has left. */
export async function syncAddressBook(context: WorkContext, corpId: string): Promise<AddressBookResult> {
  const wecom = await context.wecom(corpId)
  const started = performance.now()
  const [departments, followers] = await Promise.all([wecom.department.list(), wecom.customer.followUsers()])
  const members = await readMembers(wecom, departments)
  const now = context.clock.now()
  const changed = await inCorp(
    context.db,
    corpId,
    async (tx) =>
      (await saveDepartments(tx, corpId, departments, now)) +
      (await saveStaff(tx, corpId, [...members.values()], new Set(followers.map((u) => u.toLowerCase())), now)),
  )
  context.health.success(corpId, 'address_book', performance.now() - started)
  return { departments: departments.length, staff: members.size, changed }
}

async function readMembers(wecom: Wecom, departments: Department[]): Promise<Map<string, User>> {
  const members = new Map<string, User>()
  for (let from = 0; from < departments.length; from += AT_ONCE) {
    const lists = await Promise.all(departments.slice(from, from + AT_ONCE).map((d) => wecom.user.list(d.id)))
    for (const user of lists.flat()) members.set(user.userid.toLowerCase(), user)
  }
  return members
}

async function saveDepartments(tx: Tx, corpId: string, departments: Department[], now: Date): Promise<number> {
  const {
    rows: [{ n } = { n: 0 }],
  } = await sql<{ n: number }>`
    with given as (
      select * from unnest(${departments.map((d) => d.id)}::bigint[], ${departments.map((d) => d.name)}::text[], ${departments.map((d) => d.parentid || null)}::bigint[], ${departments.map((d) => d.order ?? 0)}::bigint[])
        as g(department_id, name, parent_id, sort_order)
    ), saved as (
      insert into department (corp_id, department_id, name, parent_id, sort_order) select ${corpId}::bigint, department_id, name, parent_id, sort_order from given
      on conflict (corp_id, department_id) do update set name = excluded.name, parent_id = excluded.parent_id, sort_order = excluded.sort_order, deleted_at = null
      where (department.name, department.parent_id, department.sort_order, department.deleted_at) is distinct from (excluded.name, excluded.parent_id, excluded.sort_order, null::timestamptz)
      returning 1
    ), gone as (
      update department set deleted_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and deleted_at is null and department_id not in (select department_id from given) returning 1
    )
    select (select count(*) from saved)::int + (select count(*) from gone)::int as n`.execute(tx)
  return n
}

async function saveStaff(tx: Tx, corpId: string, users: User[], followers: Set<string>, now: Date): Promise<number> {
  const {
    rows: [{ n } = { n: 0 }],
  } = await sql<{ n: number }>`
    with given as (
      select * from unnest(${users.map((u) => u.userid)}::text[], ${users.map((u) => u.name || u.userid)}::text[], ${users.map((u) => u.alias || null)}::text[], ${users.map((u) => u.avatar || null)}::text[],
        ${users.map((u) => u.position || null)}::text[], ${users.map((u) => u.status ?? 1)}::smallint[], ${users.map((u) => u.main_department ?? u.department?.[0] ?? null)}::bigint[], ${users.map((u) => followers.has(u.userid.toLowerCase()))}::boolean[])
        as g(userid, name, alias, avatar, position, status, main_department_id, follows)
    ), saved as (
      insert into staff (corp_id, userid, name, alias, avatar, position, status, main_department_id, follows, left_at, updated_at)
      select ${corpId}::bigint, userid, name, alias, avatar, position, status, main_department_id, follows, case when status = 5 then ${now}::timestamptz end, ${now}::timestamptz from given
      on conflict (corp_id, lower(userid)) do update set userid = excluded.userid, name = excluded.name, alias = excluded.alias, avatar = excluded.avatar, position = excluded.position,
        status = excluded.status, main_department_id = excluded.main_department_id, follows = excluded.follows, updated_at = excluded.updated_at,
        left_at = case when excluded.status = 5 then coalesce(staff.left_at, excluded.left_at) end
      where (staff.userid, staff.name, staff.alias, staff.avatar, staff.position, staff.status, staff.main_department_id, staff.follows, staff.left_at is null)
        is distinct from (excluded.userid, excluded.name, excluded.alias, excluded.avatar, excluded.position, excluded.status, excluded.main_department_id, excluded.follows, excluded.left_at is null)
      returning 1
    ), gone as (
      update staff set left_at = ${now}::timestamptz, follows = false, updated_at = ${now}::timestamptz
      where corp_id = ${corpId}::bigint and left_at is null and lower(userid) not in (select lower(userid) from given) returning 1
    )
    select (select count(*) from saved)::int + (select count(*) from gone)::int as n`.execute(tx)
  return n + (await saveMemberships(tx, corpId, users))
}

async function saveMemberships(tx: Tx, corpId: string, users: User[]): Promise<number> {
  const pairs = users.flatMap((user) =>
    (user.department ?? []).map((department, i) => ({
      userid: user.userid,
      department,
      leader: user.is_leader_in_dept?.[i] === 1,
    })),
  )
  const {
    rows: [{ n } = { n: 0 }],
  } = await sql<{ n: number }>`
    with given as (
      select distinct s.staff_id, g.department_id, g.is_leader
      from unnest(${pairs.map((p) => p.userid)}::text[], ${pairs.map((p) => p.department)}::bigint[], ${pairs.map((p) => p.leader)}::boolean[]) as g(userid, department_id, is_leader)
      join staff s on s.corp_id = ${corpId}::bigint and lower(s.userid) = lower(g.userid)
    ), saved as (
      insert into staff_department (corp_id, staff_id, department_id, is_leader) select ${corpId}::bigint, staff_id, department_id, is_leader from given
      on conflict (corp_id, staff_id, department_id) do update set is_leader = excluded.is_leader where staff_department.is_leader <> excluded.is_leader returning 1
    ), gone as (
      delete from staff_department d where d.corp_id = ${corpId}::bigint and not exists (select from given g where g.staff_id = d.staff_id and g.department_id = d.department_id) returning 1
    )
    select (select count(*) from saved)::int + (select count(*) from gone)::int as n`.execute(tx)
  return n
}
