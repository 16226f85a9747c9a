import type { Caller, CallOptions } from '../call.ts'
import { pages } from '../paging.ts'
import type { GroupChat, GroupChatPage, GroupChatStatus } from '../types.ts'

/** Rows per page: the most WeCom gives, document path 92120, 2026-11. */
const LIST_LIMIT = 1_000

export interface GroupChatFilter {
  status_filter?: GroupChatStatus
  /** At most 100 owners; needed when more than 1000 members are visible (81017). */
  owner_filter?: { userid_list: string[] }
}

/** Groups owned by a visible member; groups where members merely take part do not appear. */
export function groupChatEndpoints(call: Caller) {
  const list = (filter: GroupChatFilter & { cursor?: string; limit?: number } = {}, options?: CallOptions) =>
    call<GroupChatPage>(
      {
        api: 'externalcontact/groupchat/list',
        method: 'POST',
        idempotent: true,
        body: { limit: LIST_LIMIT, ...filter },
        reply: { group_chat_list: 'object[]' },
      },
      options,
    )

  return {
    /** One page of ids. */
    list,

    /** All pages of `list`. */
    pages: (filter: GroupChatFilter = {}, options?: CallOptions) =>
      pages('externalcontact/groupchat/list', (cursor) => list({ ...filter, cursor }, options)),

    /** One group with its members and their names. May lag behind an event by about two seconds. */
    async get(chat_id: string, options?: CallOptions): Promise<GroupChat> {
      const endpoint = { api: 'externalcontact/groupchat/get', method: 'POST', idempotent: true } as const
      const body = { chat_id, need_name: 1 }
      return (await call<{ group_chat: GroupChat }>({ ...endpoint, body, reply: { group_chat: 'object' } }, options))
        .group_chat
    },
  }
}
