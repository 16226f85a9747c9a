import type { Caller, CallOptions } from '../call.ts'
import { pages } from '../paging.ts'
import type { Department, DepartmentId, DepartmentUser, User, UserBrief } from '../types.ts'

interface UserIdPage {
  dept_user: DepartmentUser[]
  next_cursor?: string
}

/** Rows per page of `user/list_id`: the most WeCom gives, document path 96067, 2026-11. */
const LIST_ID_LIMIT = 10_000

/** Departments; only those in the visible range of the app. */
export function departmentEndpoints(call: Caller) {
  return {
    /** All departments below `id` (default: all visible), with names. Slow for large corps. */
    async list(id?: number, options?: CallOptions): Promise<Department[]> {
      const endpoint = { api: 'department/list', method: 'GET', idempotent: true, query: { id } } as const
      const reply = { department: 'object[]' } as const
      return (await call<{ department: Department[] }>({ ...endpoint, reply }, options)).department
    },

    /** The same tree without names: also open to contact sync set up after 2022-08-15. */
    async simpleList(id?: number, options?: CallOptions): Promise<DepartmentId[]> {
      const endpoint = { api: 'department/simplelist', method: 'GET', idempotent: true, query: { id } } as const
      const reply = { department_id: 'object[]' } as const
      return (await call<{ department_id: DepartmentId[] }>({ ...endpoint, reply }, options)).department_id
    },
  }
}

/** Members; only those in the visible range of the app. */
export function userEndpoints(call: Caller) {
  const listId = (cursor: string, limit = LIST_ID_LIMIT, options?: CallOptions) =>
    call<UserIdPage>(
      {
        api: 'user/list_id',
        method: 'POST',
        idempotent: true,
        token: 'contactSync',
        body: { cursor, limit },
        reply: { dept_user: 'object[]' },
      },
      options,
    )

  return {
    /** One member. 60111: no such member. */
    get(userid: string, options?: CallOptions): Promise<User> {
      const reply = { userid: 'string', name: 'string' } as const
      return call<User>({ api: 'user/get', method: 'GET', idempotent: true, query: { userid }, reply }, options)
    },

    /** The members directly in a department, whole. */
    async list(departmentId: number, options?: CallOptions): Promise<User[]> {
      const endpoint = { api: 'user/list', method: 'GET', idempotent: true } as const
      const query = { department_id: departmentId }
      return (await call<{ userlist: User[] }>({ ...endpoint, query, reply: { userlist: 'object[]' } }, options))
        .userlist
    },

    /** The members directly in a department, ids and names. */
    async simpleList(departmentId: number, options?: CallOptions): Promise<UserBrief[]> {
      const endpoint = { api: 'user/simplelist', method: 'GET', idempotent: true } as const
      const query = { department_id: departmentId }
      const reply = { userlist: 'object[]' } as const
      return (await call<{ userlist: UserBrief[] }>({ ...endpoint, query, reply }, options)).userlist
    },

    /** One page of (member, department) pairs. Needs the contact-sync secret. */
    listId,

    /** All pages of `listId`. */
    listIdPages: (options?: CallOptions) => pages('user/list_id', (cursor) => listId(cursor, LIST_ID_LIMIT, options)),
  }
}
