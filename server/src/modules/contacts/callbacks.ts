import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { FollowUser } from '@siyu/wecom/types'
import { type CallbackHandler, text } from '../events/callback.ts'
import { appendEvents } from '../events/journal.ts'
import { findStaffIds } from '../staff/service.ts'
import { applyContacts, type ContactHooks, type FollowTold } from './apply-contacts.ts'
import { type LostBy, loseFollows } from './lose-follows.ts'
import { findContacts } from './service.ts'

/** Nobody visible follows this customer any more, or the id is not ours: 84061, 84084, 40096. */
const NO_RELATION = new Set([84061, 84084, 40096])

/**
 * Every change of a customer is handled alike: ask WeCom what holds now, write that, and end the named follow when it is
 * not among it. So any order, loss or repeat of callbacks ends in WeCom's truth; the kind only says by whom.
 */
export function makeContactCallbacks(hooks: ContactHooks): Readonly<Record<string, CallbackHandler>> {
  const handle: CallbackHandler = async (context, corpId, callback) => {
    const [externalUserid, userid] = [text(callback, 'ExternalUserID'), text(callback, 'UserID')]
    if (!externalUserid || !userid) return async () => {}
    const askedAt = context.clock.now()
    const told = await readFollows(await context.wecom(corpId), externalUserid)
    const held = told.some((row) => row.follow.userid.toLowerCase() === userid.toLowerCase())
    return async (tx) => {
      const word = { source: 'callback' as const, now: context.clock.now(), askedAt }
      await applyContacts(tx, corpId, context.vault, told, word, hooks)
      const contactId = (await findContacts(tx, corpId, 'external_userid', [externalUserid])).get(externalUserid)
      const staffId = (await findStaffIds(tx, corpId, [userid])).get(userid.toLowerCase())
      if (!contactId || !staffId) return
      if (!held)
        await loseFollows(
          tx,
          corpId,
          [{ contactId, staffId, by: lostBy(callback.kind, text(callback, 'Source')), at: callback.createdAt }],
          word,
          hooks,
        )
      if (callback.kind.endsWith('.add_half_external_contact') && !held) {
        await appendEvents(
          tx,
          corpId,
          [
            {
              contactId,
              staffId,
              kind: 'contact.half_added',
              at: callback.createdAt,
              source: 'callback',
              key: `half ${externalUserid} ${userid.toLowerCase()} ${callback.createdAt.getTime()}`,
              props: {},
            },
          ],
          word.now,
        )
      }
      context.health.success(corpId, 'customers')
    }
  }
  return Object.fromEntries(
    [
      'add_external_contact',
      'add_half_external_contact',
      'edit_external_contact',
      'del_external_contact',
      'del_follow_user',
      'transfer_fail',
      'msg_audit_approved',
    ].map((change) => [`change_external_contact.${change}`, handle]),
  )
}

function lostBy(kind: string, source: string): LostBy {
  if (kind.endsWith('.del_follow_user')) return 'customer'
  if (kind.endsWith('.del_external_contact')) return source === 'DELETE_BY_TRANSFER' ? 'transfer' : 'staff'
  return 'unknown'
}

/** Every follow of one customer that WeCom shows us now; none when there is no relation. */
async function readFollows(wecom: Wecom, externalUserid: string): Promise<FollowTold[]> {
  try {
    const rows: FollowTold[] = []
    for await (const page of wecom.customer.followerPages(externalUserid)) {
      rows.push(
        ...page.follow_user.map((follow) => ({
          contact: page.external_contact,
          follow,
          tagWecomIds: tagIdsOf(follow),
        })),
      )
    }
    return rows
  } catch (error) {
    if (error instanceof WecomError && NO_RELATION.has(error.errcode)) return []
    throw error
  }
}

/** Corp and strategy tags; personal ones have no id. */
const tagIdsOf = (follow: FollowUser) => (follow.tags ?? []).flatMap((tag) => (tag.tag_id ? [tag.tag_id] : []))
