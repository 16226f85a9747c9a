import type { Corp } from '../world/corp.ts'
import type { Department, Staff } from '../world/records.ts'
import { avatarUrl } from './avatar.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { type Call, type Endpoint, fail } from './endpoint.ts'
import type { Body } from './params.ts'

const LIST_ID_MAX = 10_000

function departmentView(corp: Corp, { id, name, parentId, order }: Department): Body {
  const leaders = [...corp.staff.values()].filter((staff) => staff.leads.includes(id)).map((staff) => staff.userid)
  return { id, name, name_en: '', department_leader: leaders, parentid: parentId, order }
}

/** The department and everything under it; all of them without an id. */
function departmentsUnder(corp: Corp, idText: string | undefined): Department[] {
  const all = [...corp.departments.values()].sort((a, b) => a.id - b.id)
  if (idText === undefined || idText === '') return all
  const root = corp.departments.get(Number(idText)) ?? fail(60123)
  const wanted = new Set([root.id])
  // Parents are made before their children, so one pass in the order of ids finds every level.
  for (const { id, parentId } of all) if (wanted.has(parentId)) wanted.add(id)
  return all.filter(({ id }) => wanted.has(id))
}

/** Apps made after 2022-06-20 no longer see what a member must consent to (path/90196, 2026-11). */
function staffView({ corp, publicUrl }: Call, staff: Staff): Body {
  const view: Body = {
    userid: staff.userid,
    name: staff.name,
    department: staff.departmentIds,
    order: staff.departmentIds.map(() => 0),
    position: staff.position,
    is_leader_in_dept: staff.departmentIds.map((id) => (staff.leads.includes(id) ? 1 : 0)),
    direct_leader: [],
    telephone: '',
    alias: '',
    main_department: staff.departmentIds[0],
    status: staff.status,
    extattr: { attrs: [] },
    external_position: staff.position,
  }
  if (!corp.info.options.legacyMemberFields) return view
  const avatar = avatarUrl(publicUrl, staff.name)
  return { ...view, gender: staff.gender, mobile: staff.mobile, avatar, thumb_avatar: avatar, email: '', biz_mail: '' }
}

function staffOfDepartment(corp: Corp, query: Call['query']): Staff[] {
  const id = Number(query.department_id)
  if (!corp.departments.has(id)) fail(60123)
  const under =
    query.fetch_child === '1' ? new Set(departmentsUnder(corp, String(id)).map((it) => it.id)) : new Set([id])
  return [...corp.staff.values()].filter((staff) => staff.departmentIds.some((it) => under.has(it)))
}

const DEPARTMENT_ID = { at: 'department_id', is: 'text', need: 60123 } as const

export const addressBookEndpoints: Endpoint[] = [
  {
    path: 'department/list',
    method: 'GET',
    by: 'app',
    handle: ({ corp, query }) => ({
      department: departmentsUnder(corp, query.id).map((it) => departmentView(corp, it)),
    }),
    say: () => '读取部门',
  },
  {
    path: 'department/simplelist',
    method: 'GET',
    by: 'both',
    handle: ({ corp, query }) => ({
      department_id: departmentsUnder(corp, query.id).map(({ id, parentId, order }) => ({
        id,
        parentid: parentId,
        order,
      })),
    }),
    say: () => '读取部门编号',
  },
  {
    path: 'department/get',
    method: 'GET',
    by: 'app',
    params: [{ at: 'id', is: 'text', need: 60123 }],
    handle: ({ corp, query }) => ({
      department: departmentView(corp, corp.departments.get(Number(query.id)) ?? fail(60123)),
    }),
    say: ({ corp, query }) => `读取部门「${corp.departments.get(Number(query.id))?.name ?? query.id}」`,
  },
  {
    path: 'user/get',
    method: 'GET',
    by: 'app',
    params: [{ at: 'userid', is: 'text', need: 60111 }],
    handle: (call) => staffView(call, call.corp.findStaff(call.query.userid!) ?? fail(60111)),
    say: ({ corp, query }) => `读取成员${corp.findStaff(query.userid ?? '')?.name ?? ''}`,
  },
  {
    path: 'user/simplelist',
    method: 'GET',
    by: 'app',
    params: [DEPARTMENT_ID],
    handle: ({ corp, query }) => ({
      userlist: staffOfDepartment(corp, query).map(({ userid, name, departmentIds }) => ({
        userid,
        name,
        department: departmentIds,
      })),
    }),
    say: () => '读取部门成员',
  },
  {
    path: 'user/list',
    method: 'GET',
    by: 'app',
    params: [DEPARTMENT_ID],
    handle: (call) => ({ userlist: staffOfDepartment(call.corp, call.query).map((staff) => staffView(call, staff)) }),
    say: () => '读取部门成员详情',
  },
  {
    path: 'user/list_id',
    method: 'POST',
    by: 'contacts',
    params: [
      { at: 'cursor', is: 'text' },
      { at: 'limit', is: 'int', min: 1, max: LIST_ID_MAX },
    ],
    handle({ corp, body, world }) {
      const rows = [...corp.staff.values()].flatMap(({ userid, departmentIds }) =>
        departmentIds.map((department) => ({ userid, department })),
      )
      const wireMs = world.clock.wireMs()
      const from = readCursor('list_id', body.cursor, wireMs)?.[0] ?? 0
      const to = from + ((body.limit as number | undefined) ?? LIST_ID_MAX)
      return {
        dept_user: rows.slice(from, to),
        next_cursor: to < rows.length ? writeCursor('list_id', [to], wireMs) : '',
      }
    },
    say: () => '读取成员编号',
  },
]
