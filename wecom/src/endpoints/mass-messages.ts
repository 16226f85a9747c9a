import { type Caller, type CallOptions, requireThat } from '../call.ts'
import { pages } from '../paging.ts'
import {
  type MassMessageFilter,
  MassMessageLimit,
  type MassMessagePage,
  type MassMessageReceipt,
  type MassMessageResultPage,
  type MassMessageTaskPage,
  type NewMassMessage,
} from '../types.ts'

/** Rows per page: the most WeCom gives, document path 93338, 2026-11. More falls back to the smaller default. */
const LIST_LIMIT = 100
const ROWS_LIMIT = 1_000

/** Mass messages. WeCom tells nothing by itself: members' progress and customers' results are polled. */
export function massMessageEndpoints(call: Caller) {
  const list = (filter: MassMessageFilter & { cursor?: string; limit?: number }, options?: CallOptions) =>
    call<MassMessagePage>(
      {
        api: 'externalcontact/get_groupmsg_list_v2',
        method: 'POST',
        idempotent: true,
        body: { limit: LIST_LIMIT, ...filter },
        reply: { group_msg_list: 'object[]' },
      },
      options,
    )

  const tasks = (msgid: string, cursor = '', options?: CallOptions) =>
    call<MassMessageTaskPage>(
      {
        api: 'externalcontact/get_groupmsg_task',
        method: 'POST',
        idempotent: true,
        body: { msgid, limit: ROWS_LIMIT, cursor },
        reply: { task_list: 'object[]' },
      },
      options,
    )

  const results = (msgid: string, userid: string, cursor = '', options?: CallOptions) =>
    call<MassMessageResultPage>(
      {
        api: 'externalcontact/get_groupmsg_send_result',
        method: 'POST',
        idempotent: true,
        body: { msgid, userid, limit: ROWS_LIMIT, cursor },
        reply: { send_list: 'object[]' },
      },
      options,
    )

  return {
    /**
     * `add_msg_template`: asks members to send. There is no key against doubling, so a repeat is a second task:
     * `refused` and `retryable` made none, after `unknown` look for it through `pages`, by time and content. 41048
     * nobody to send to.
     */
    async add(message: NewMassMessage, options?: CallOptions): Promise<MassMessageReceipt> {
      const size = message.chat_type === 'group' ? message.chat_id_list?.length : message.external_userid?.length
      const most = message.chat_type === 'group' ? MassMessageLimit.chats : MassMessageLimit.customers
      requireThat((size ?? 0) <= most, `at most ${most} recipients`)
      const endpoint = { api: 'externalcontact/add_msg_template', method: 'POST', idempotent: false } as const
      return call({ ...endpoint, body: message, reply: { msgid: 'string', fail_list: 'string[]' } }, options)
    },

    /** `get_groupmsg_list_v2`: one page of the tasks made within at most a month. */
    list,
    /** All pages of `list`. */
    pages: (filter: MassMessageFilter, options?: CallOptions) =>
      pages('externalcontact/get_groupmsg_list_v2', (cursor) => list({ ...filter, cursor }, options)),

    /** `get_groupmsg_task`: one page of the members asked. 41063 for some seconds after `add`: ask again later. */
    tasks,
    /** All pages of `tasks`. */
    taskPages: (msgid: string, options?: CallOptions) =>
      pages('externalcontact/get_groupmsg_task', (cursor) => tasks(msgid, cursor, options)),

    /** `get_groupmsg_send_result`: one page of what became of one member's customers, or of his groups. */
    results,
    /** All pages of `results`. */
    resultPages: (msgid: string, userid: string, options?: CallOptions) =>
      pages('externalcontact/get_groupmsg_send_result', (cursor) => results(msgid, userid, cursor, options)),

    /** `remind_groupmsg_send`: reminds whoever has not sent. 41094 after three within 24 hours. `unknown` may count. */
    async remind(msgid: string, options?: CallOptions): Promise<void> {
      const endpoint = { api: 'externalcontact/remind_groupmsg_send', method: 'POST', idempotent: false } as const
      await call({ ...endpoint, body: { msgid } }, options)
    },

    /** `cancel_groupmsg_send`: stops whoever has not sent; what was sent stays. 41093 when it is cancelled already. */
    async cancel(msgid: string, options?: CallOptions): Promise<void> {
      const endpoint = { api: 'externalcontact/cancel_groupmsg_send', method: 'POST', idempotent: true } as const
      await call({ ...endpoint, body: { msgid } }, options)
    },
  }
}
