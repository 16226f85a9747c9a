import { type Caller, type CallOptions, requireThat } from '../call.ts'
import { pages } from '../paging.ts'
import {
  type MomentCustomerPage,
  type MomentFilter,
  MomentLimit,
  type MomentPage,
  type MomentReactions,
  type MomentTaskPage,
  type MomentTaskResult,
  type NewMoment,
} from '../types.ts'

/** Rows per page: the most WeCom gives, document path 93333, 2026-11. More falls back to the smaller default. */
const LIST_LIMIT = 20
const ROWS_LIMIT = 1_000
const SHOWN_LIMIT = 5_000

/** Moments: members are asked to publish, and what came of it is polled. */
export function momentEndpoints(call: Caller) {
  const list = (filter: MomentFilter & { cursor?: string; limit?: number }, options?: CallOptions) =>
    call<MomentPage>(
      {
        api: 'externalcontact/get_moment_list',
        method: 'POST',
        idempotent: true,
        body: { limit: LIST_LIMIT, ...filter },
        reply: { moment_list: 'object[]' },
      },
      options,
    )

  const tasks = (moment_id: string, cursor = '', options?: CallOptions) =>
    call<MomentTaskPage>(
      {
        api: 'externalcontact/get_moment_task',
        method: 'POST',
        idempotent: true,
        body: { moment_id, limit: ROWS_LIMIT, cursor },
        reply: { task_list: 'object[]' },
      },
      options,
    )

  const customers =
    (api: string, limit: number) =>
    (moment_id: string, userid: string, cursor = '', options?: CallOptions) =>
      call<MomentCustomerPage>(
        {
          api,
          method: 'POST',
          idempotent: true,
          body: { moment_id, userid, limit, cursor },
          reply: { customer_list: 'object[]' },
        },
        options,
      )
  const planned = customers('externalcontact/get_moment_customer_list', ROWS_LIMIT)
  const shown = customers('externalcontact/get_moment_send_result', SHOWN_LIMIT)

  return {
    /**
     * `add_moment_task`: asks members to publish; gives a job to ask after for 24 hours. There is no key against
     * doubling: after `unknown` look for it through `pages`. 41210: 10 a minute, 100,000 a month.
     */
    async add(moment: NewMoment, options?: CallOptions): Promise<{ jobid: string }> {
      const senders = moment.visible_range?.sender_list?.user_list?.length ?? 0
      requireThat(senders <= MomentLimit.senders, `at most ${MomentLimit.senders} senders`)
      const endpoint = { api: 'externalcontact/add_moment_task', method: 'POST', idempotent: false } as const
      return call({ ...endpoint, body: moment, reply: { jobid: 'string' } }, options)
    },

    /** `get_moment_task_result`: how far the job is; its `result` may be a refusal of its own. */
    taskResult(jobid: string, options?: CallOptions): Promise<MomentTaskResult> {
      const endpoint = { api: 'externalcontact/get_moment_task_result', method: 'GET', idempotent: true } as const
      return call({ ...endpoint, query: { jobid }, reply: { status: 'number' } }, options)
    },

    /** `cancel_moment_task`: stops whoever has not published; what was published stays. */
    async cancel(moment_id: string, options?: CallOptions): Promise<void> {
      const endpoint = { api: 'externalcontact/cancel_moment_task', method: 'POST', idempotent: true } as const
      await call({ ...endpoint, body: { moment_id } }, options)
    },

    /** `get_moment_list`: one page of the moments made within at most 30 days. */
    list,
    /** All pages of `list`. */
    pages: (filter: MomentFilter, options?: CallOptions) =>
      pages('externalcontact/get_moment_list', (cursor) => list({ ...filter, cursor }, options)),

    /** `get_moment_task`: one page of the members asked. 41079 while they are still being asked. */
    tasks,
    /** All pages of `tasks`. */
    taskPages: (moment_id: string, options?: CallOptions) =>
      pages('externalcontact/get_moment_task', (cursor) => tasks(moment_id, cursor, options)),

    /** `get_moment_customer_list`: one page of the customers a member's moment is meant for. */
    customers: planned,
    /** All pages of `customers`. */
    customerPages: (moment_id: string, userid: string, options?: CallOptions) =>
      pages('externalcontact/get_moment_customer_list', (cursor) => planned(moment_id, userid, cursor, options)),

    /** `get_moment_send_result`: one page of the customers who can see it. 41062 before the member has published. */
    sendResults: shown,
    /** All pages of `sendResults`. */
    sendResultPages: (moment_id: string, userid: string, options?: CallOptions) =>
      pages('externalcontact/get_moment_send_result', (cursor) => shown(moment_id, userid, cursor, options)),

    /** `get_moment_comments`: who liked and commented on one member's moment, without the words. */
    comments(moment_id: string, userid: string, options?: CallOptions): Promise<MomentReactions> {
      const endpoint = { api: 'externalcontact/get_moment_comments', method: 'POST', idempotent: true } as const
      const reply = { comment_list: 'object[]', like_list: 'object[]' } as const
      return call({ ...endpoint, body: { moment_id, userid }, reply }, options)
    },
  }
}
