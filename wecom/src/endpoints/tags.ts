import type { Caller, CallOptions } from '../call.ts'
import type { CorpTagGroup, MarkTagRequest, NewCorpTags } from '../types.ts'

/** An app may edit and delete only tags it made itself. None of these calls triggers a callback to the caller. */
export function tagEndpoints(call: Caller, agentId: number) {
  const post = (api: string, idempotent: boolean, body: object) => ({ api, method: 'POST', idempotent, body }) as const

  return {
    /** Groups with their tags; without a filter all of them. `group_id` wins over `tag_id`. */
    async list(
      filter: { tag_id?: string[]; group_id?: string[] } = {},
      options?: CallOptions,
    ): Promise<CorpTagGroup[]> {
      const endpoint = post('externalcontact/get_corp_tag_list', true, filter)
      return (await call<{ tag_group: CorpTagGroup[] }>({ ...endpoint, reply: { tag_group: 'object[]' } }, options))
        .tag_group
    },

    /** Adds tags to a new or existing group; returns the group with the tags added. 40071: a name exists in it. */
    async add(tags: NewCorpTags, options?: CallOptions): Promise<CorpTagGroup> {
      const endpoint = post('externalcontact/add_corp_tag', false, { ...tags, agentid: agentId })
      return (await call<{ tag_group: CorpTagGroup }>({ ...endpoint, reply: { tag_group: 'object' } }, options))
        .tag_group
    },

    /** Renames or reorders a tag or a group. */
    async edit(change: { id: string; name?: string; order?: number }, options?: CallOptions): Promise<void> {
      await call(post('externalcontact/edit_corp_tag', true, { ...change, agentid: agentId }), options)
    },

    /** Deletes tags or whole groups; a group goes with its last tag. 40068: already gone. */
    async remove(ids: { tag_id?: string[]; group_id?: string[] }, options?: CallOptions): Promise<void> {
      await call(post('externalcontact/del_corp_tag', true, { ...ids, agentid: agentId }), options)
    },

    /** Sets and clears tags of one (member, customer) pair. 45035: the same pair is being edited. */
    async mark(request: MarkTagRequest, options?: CallOptions): Promise<void> {
      await call(post('externalcontact/mark_tag', true, request), options)
    },
  }
}
