import { type Caller, type CallOptions, requireThat } from '../call.ts'
import { WecomError } from '../errors.ts'
import { chunks, pages } from '../paging.ts'
import type { BehaviorDay, ContactOfUserPage, ContactWithFollowers, RemarkRequest } from '../types.ts'

/** Members per call and rows per page of `batch/get_by_user`: document path 92994, 2026-11. */
const BATCH_USERS_MAX = 100
const BATCH_ROWS_MAX = 100

/** Days of one call of `get_user_behavior_data`: document path 92132, 2026-11. */
const BEHAVIOR_DAYS_MAX = 30
const DAY_S = 86_400

/** `externalcontact/list` of a member without customers; some corps get an empty list instead. */
const NO_RELATION = 84061

export function customerEndpoints(call: Caller) {
  const get = (external_userid: string, cursor?: string, options?: CallOptions) =>
    call<ContactWithFollowers>(
      {
        api: 'externalcontact/get',
        method: 'GET',
        idempotent: true,
        query: { external_userid, cursor: cursor || undefined },
        reply: { external_contact: 'object', follow_user: 'object[]' },
      },
      options,
    )

  const batchGetByUser = (userids: readonly string[], cursor = '', limit = BATCH_ROWS_MAX, options?: CallOptions) => {
    requireThat(userids.length > 0 && userids.length <= BATCH_USERS_MAX, '1 to 100 userids')
    return call<ContactOfUserPage>(
      {
        api: 'externalcontact/batch/get_by_user',
        method: 'POST',
        idempotent: true,
        body: { userid_list: userids, cursor, limit },
        reply: { external_contact_list: 'object[]' },
      },
      options,
    )
  }

  return {
    /** userids of the visible members who may have customers. */
    async followUsers(options?: CallOptions): Promise<string[]> {
      const endpoint = { api: 'externalcontact/get_follow_user_list', method: 'GET', idempotent: true } as const
      return (await call<{ follow_user: string[] }>({ ...endpoint, reply: { follow_user: 'string[]' } }, options))
        .follow_user
    },

    /** external_userids of one member's customers; empty when there are none. */
    async list(userid: string, options?: CallOptions): Promise<string[]> {
      const endpoint = { api: 'externalcontact/list', method: 'GET', idempotent: true, query: { userid } } as const
      try {
        const reply = { external_userid: 'string[]' } as const
        return (await call<{ external_userid: string[] }>({ ...endpoint, reply }, options)).external_userid
      } catch (error) {
        if (error instanceof WecomError && error.errcode === NO_RELATION) return []
        throw error
      }
    },

    /** One customer and up to 500 visible followers; `next_cursor` leads to more. 84061: nobody's customer. */
    get,

    /** All pages of one customer's followers. */
    followerPages: (external_userid: string, options?: CallOptions) =>
      pages('externalcontact/get', (cursor) => get(external_userid, cursor, options)),

    /** One page of the customers of up to 100 members, one row per relation. */
    batchGetByUser,

    /** Every relation of these members, page by page, 100 members at a time. */
    async *pagesByUser(
      userids: readonly string[],
      options?: CallOptions,
    ): AsyncGenerator<ContactOfUserPage, void, undefined> {
      for (const some of chunks(userids, BATCH_USERS_MAX)) {
        const fetchPage = (cursor: string) => batchGetByUser(some, cursor, BATCH_ROWS_MAX, options)
        yield* pages('externalcontact/batch/get_by_user', fetchPage)
      }
    },

    /**
     * What WeCom counted of one member on each day from the first midnight to the last (unix seconds, Shanghai), at most
     * 30 days, today never among them. Several members in one call would come as one sum.
     */
    async behavior(userid: string, from: number, to: number, options?: CallOptions): Promise<BehaviorDay[]> {
      requireThat(from <= to && (to - from) / DAY_S < BEHAVIOR_DAYS_MAX, '1 to 30 days')
      const endpoint = { api: 'externalcontact/get_user_behavior_data', method: 'POST', idempotent: true } as const
      const body = { userid: [userid], start_time: from, end_time: to }
      const reply = { behavior_data: 'object[]' } as const
      return (await call<{ behavior_data: BehaviorDay[] }>({ ...endpoint, body, reply }, options)).behavior_data
    },

    /** Sets what the member noted about the customer; fields left out stay. */
    async remark(request: RemarkRequest, options?: CallOptions): Promise<void> {
      await call({ api: 'externalcontact/remark', method: 'POST', idempotent: true, body: request }, options)
    },
  }
}
