import type { Wecom } from '@siyu/wecom'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'

export type Department = Awaited<ReturnType<Wecom['department']['list']>>[number]
export type Member = Awaited<ReturnType<Wecom['user']['list']>>[number]

/** When WeCom was asked, and now: what changed here in between stays. */
export interface Asked {
  now: Date
  askedAt: Date
}

type Counted = { n: number }

/** Makes the departments those given; returns how many rows changed. */
export async function saveDepartments(tx: Tx, corpId: string, departments: Department[], now: Date): Promise<number> {
  const { rows } = await sql<Counted>`
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
  return rows[0]!.n
}

/** Adds these members or brings them up to date, with the departments they are in; returns how many rows changed. */
export async function saveMembers(
  tx: Tx,
  corpId: string,
  members: Member[],
  followers: string[],
  { now, askedAt }: Asked,
): Promise<number> {
  const follows = new Set(followers.map((userid) => userid.toLowerCase()))
  const { rows } = await sql<Counted>`
    with given as (
      select * from unnest(${members.map((u) => u.userid)}::text[], ${members.map((u) => u.name || u.userid)}::text[], ${members.map((u) => u.alias || null)}::text[], ${members.map((u) => u.avatar || null)}::text[],
        ${members.map((u) => u.position || null)}::text[], ${members.map((u) => u.status ?? 1)}::smallint[], ${members.map((u) => u.main_department ?? u.department?.[0] ?? null)}::bigint[], ${members.map((u) => follows.has(u.userid.toLowerCase()))}::boolean[])
        as g(userid, name, alias, avatar, position, status, main_department_id, follows)
    ), saved as (
      insert into staff (corp_id, userid, name, alias, avatar, position, status, main_department_id, follows, left_at, updated_at)
      select ${corpId}::bigint, userid, name, alias, avatar, position, status, main_department_id, follows, case when status = 5 then ${now}::timestamptz end, ${now}::timestamptz from given
      on conflict (corp_id, lower(userid)) do update set userid = excluded.userid, name = excluded.name, alias = excluded.alias, avatar = excluded.avatar, position = excluded.position,
        status = excluded.status, main_department_id = excluded.main_department_id, follows = excluded.follows, updated_at = excluded.updated_at,
        left_at = case when excluded.status = 5 then coalesce(staff.left_at, excluded.left_at) end
      where staff.updated_at <= ${askedAt}::timestamptz
        and (staff.userid, staff.name, staff.alias, staff.avatar, staff.position, staff.status, staff.main_department_id, staff.follows, staff.left_at is null)
        is distinct from (excluded.userid, excluded.name, excluded.alias, excluded.avatar, excluded.position, excluded.status, excluded.main_department_id, excluded.follows, excluded.left_at is null)
      returning 1
    )
    select count(*)::int as n from saved`.execute(tx)
  return rows[0]!.n + (await saveMemberships(tx, corpId, members))
}

async function saveMemberships(tx: Tx, corpId: string, members: Member[]): Promise<number> {
  const pairs = members.flatMap((user) =>
    (user.department ?? []).map((department, i) => ({
      userid: user.userid.toLowerCase(),
      department,
      leader: user.is_leader_in_dept?.[i] === 1,
    })),
  )
  const { rows } = await sql<Counted>`
    with member as (
      select staff_id, lower(userid) as key from staff where corp_id = ${corpId}::bigint and lower(userid) = any(${members.map((u) => u.userid.toLowerCase())}::text[])
    ), given as (
      select distinct m.staff_id, g.department_id, g.is_leader
      from unnest(${pairs.map((p) => p.userid)}::text[], ${pairs.map((p) => p.department)}::bigint[], ${pairs.map((p) => p.leader)}::boolean[]) as g(key, department_id, is_leader)
      join member m using (key)
    ), saved as (
      insert into staff_department (corp_id, staff_id, department_id, is_leader) select ${corpId}::bigint, staff_id, department_id, is_leader from given
      on conflict (corp_id, staff_id, department_id) do update set is_leader = excluded.is_leader where staff_department.is_leader <> excluded.is_leader returning 1
    ), gone as (
      delete from staff_department d using member m where d.corp_id = ${corpId}::bigint and d.staff_id = m.staff_id
        and not exists (select from given g where g.staff_id = d.staff_id and g.department_id = d.department_id) returning 1
    )
    select (select count(*) from saved)::int + (select count(*) from gone)::int as n`.execute(tx)
  return rows[0]!.n
}

/** Whoever is not among these has left, unless he was learnt of after WeCom was asked. His customers stay his until handed over. */
export async function markGone(tx: Tx, corpId: string, present: string[], { now, askedAt }: Asked): Promise<number> {
  const { rows } = await sql<Counted>`
    with gone as (
      update staff set left_at = ${now}::timestamptz, follows = false, updated_at = ${now}::timestamptz
      where corp_id = ${corpId}::bigint and left_at is null and updated_at <= ${askedAt}::timestamptz
        and lower(userid) <> all(${present.map((userid) => userid.toLowerCase())}::text[])
      returning staff_id
    ), emptied as (
      delete from staff_department d using gone where d.corp_id = ${corpId}::bigint and d.staff_id = gone.staff_id returning 1
    )
    select (select count(*) from gone)::int + (select count(*) from emptied)::int as n`.execute(tx)
  return rows[0]!.n
}
