import type { Caller, CallOptions } from '../call.ts'
import { pages } from '../paging.ts'
import type { ContactWay, ContactWayPage, ContactWayUpdate, NewContactWay } from '../types.ts'

/** Rows per page: the most WeCom gives, document path 92228, 2026-11. */
const LIST_LIMIT = 1_000

export interface ContactWayFilter {
  /** Unix seconds; default 90 days ago. */
  start_time?: number
  end_time?: number
}

/** Ways made by an API are shown nowhere else: whoever loses the config_id finds it again only by `list`. */
export function contactWayEndpoints(call: Caller) {
  const list = (filter: ContactWayFilter & { cursor?: string; limit?: number } = {}, options?: CallOptions) =>
    call<ContactWayPage>(
      {
        api: 'externalcontact/list_contact_way',
        method: 'POST',
        idempotent: true,
        body: { limit: LIST_LIMIT, ...filter },
        reply: { contact_way: 'object[]' },
      },
      options,
    )

  return {
    /** Creates a way. `unknown` outcome: it may exist; look for its `state` through `pages` and `get`. */
    add(way: NewContactWay, options?: CallOptions): Promise<{ config_id: string; qr_code?: string }> {
      const endpoint = { api: 'externalcontact/add_contact_way', method: 'POST', idempotent: false } as const
      return call({ ...endpoint, body: way, reply: { config_id: 'string' } }, options)
    },

    async get(config_id: string, options?: CallOptions): Promise<ContactWay> {
      const endpoint = { api: 'externalcontact/get_contact_way', method: 'POST', idempotent: true } as const
      const reply = { contact_way: 'object' } as const
      return (await call<{ contact_way: ContactWay }>({ ...endpoint, body: { config_id }, reply }, options)).contact_way
    },

    /** One page of config_ids: ways made after 2021-07-10, never temporary ones. */
    list,

    /** All pages of `list`. */
    pages: (filter: ContactWayFilter = {}, options?: CallOptions) =>
      pages('externalcontact/list_contact_way', (cursor) => list({ ...filter, cursor }, options)),

    /** Overwrites what is given; the QR image stays the same. */
    async update(way: ContactWayUpdate, options?: CallOptions): Promise<void> {
      await call({ api: 'externalcontact/update_contact_way', method: 'POST', idempotent: true, body: way }, options)
    },

    /** Repeating it does no harm: 41044 says it is gone. */
    async remove(config_id: string, options?: CallOptions): Promise<void> {
      const endpoint = { api: 'externalcontact/del_contact_way', method: 'POST', idempotent: true } as const
      await call({ ...endpoint, body: { config_id } }, options)
    },
  }
}
