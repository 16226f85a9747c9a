import type { WireEvent } from '../../src/wire.ts'

/** Reads of the contact-way interface change nothing on this page. */
const WAY_WRITES = /^externalcontact\/(add|update|del)_contact_way$/
const FOLLOW_WRITES = /^externalcontact\/(remark|mark_tag)$/

/** What an event makes stale. Resources name the topics they depend on; `resync` stands for all of them. */
export function topicsOf(event: WireEvent): string[] {
  switch (event.type) {
    case 'clock':
      return ['clock']
    case 'message':
      return [
        `message:${event.corpid}:${event.userid}`,
        `message:${event.corpid}:${event.userid}:${event.externalUserid}`,
      ]
    case 'world':
      return [event.what, `${event.what}:${event.corpid}`, `${event.what}:${event.corpid}:${event.id}`]
    case 'entry': {
      const { api, corpid, direction, ok, request } = event.entry
      // A receiver was checked, so it may have been saved.
      if (direction === 'callback' && api.startsWith('GET ')) return ['corps']
      if (direction !== 'call' || !ok) return []
      if (WAY_WRITES.test(api)) return [`ways:${corpid}`]
      if (/^externalcontact\/(add|edit|del)_corp_tag$/.test(api)) return [`tags:${corpid}`]
      if (!FOLLOW_WRITES.test(api)) return []
      const about = (request as { external_userid?: unknown } | null)?.external_userid
      return typeof about === 'string' ? [`follow:${corpid}:${about}`] : []
    }
    case 'update':
      return []
  }
}
