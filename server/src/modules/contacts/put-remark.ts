import { WecomError } from '@siyu/wecom/errors'
import { type Db, inCorp } from '../../platform/db.ts'
import type { Scope, WorkContext } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'
import type { EventSource } from '../events/schema.ts'
import { NotYourFriend, RemarkRefused } from './errors.ts'
import { requireContact } from './read-profile.ts'
import { refreshContacts } from './service.ts'

/** A friendship as WeCom knows it, with the remark it bears. */
export interface RemarkedPair {
  contactId: string
  staffId: string
  userid: string
  externalUserid: string
  remark: string
}

/**
 * Names a friend in WeCom, then here. Saying it twice does no harm. Returns false where WeCom refused: friends no more,
 * most likely, and nothing is lost but a name.
 */
export async function writeRemark(
  { db, clock, wecom }: WorkContext,
  corpId: string,
  { contactId, staffId, userid, externalUserid, remark: before }: RemarkedPair,
  remark: string,
  { source, by }: { source: EventSource; by?: string },
): Promise<boolean> {
  try {
    await (await wecom(corpId)).customer.remark({ userid, external_userid: externalUserid, remark })
  } catch (error) {
    if (error instanceof WecomError && error.outcome === 'refused') return false
    throw error
  }
  // Changes made by the API come back in no callback, so what we wrote is noted here, unless it has moved on meanwhile.
  // An answer WeCom gave before it must not undo it: hence `asked_at`.
  const now = clock.now()
  await inCorp(db, corpId, async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('follow')
      .set({ remark, askedAt: now, updatedAt: now })
      .where('corpId', '=', corpId)
      .where('contactId', '=', contactId)
      .where('staffId', '=', staffId)
      .where('remark', '=', before)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    const key = `remark ${contactId} ${staffId} ${now.getTime()}`
    const props = { remark: { from: before, to: remark }, ...(by ? { by } : {}) }
    await appendEvents(tx, corpId, [{ contactId, staffId, at: now, kind: 'contact.edited', source, props, key }], now)
    await refreshContacts(tx, corpId, [contactId], now)
  })
  return true
}

/** A member gives his own friend another name; returns the one before, for taking it back. */
export async function editRemark(
  work: WorkContext,
  db: Db,
  corpId: string,
  asked: { contactId: string; remark: string },
  who: { staffId: string | null; name: string; scope: Scope },
): Promise<{ before: string }> {
  const pair = await inCorp(db, corpId, async (tx) => {
    const contactId = await requireContact(tx, corpId, asked.contactId, who.scope)
    const found = await tx
      .selectFrom('follow')
      .innerJoin('staff', (j) =>
        j.onRef('staff.corpId', '=', 'follow.corpId').onRef('staff.staffId', '=', 'follow.staffId'),
      )
      .innerJoin('contactIdentity', (j) =>
        j
          .onRef('contactIdentity.corpId', '=', 'follow.corpId')
          .onRef('contactIdentity.contactId', '=', 'follow.contactId'),
      )
      .select(['follow.contactId', 'follow.staffId', 'follow.remark', 'staff.userid', 'contactIdentity.value'])
      .where('follow.corpId', '=', corpId)
      .where('staff.corpId', '=', corpId)
      .where('contactIdentity.corpId', '=', corpId)
      .where('follow.contactId', '=', contactId)
      .where('follow.staffId', '=', who.staffId ?? '0')
      .where('follow.lostAt', 'is', null)
      .where('contactIdentity.kind', '=', 'external_userid')
      .limit(1)
      .executeTakeFirst()
    if (!found) throw new NotYourFriend()
    const { value: externalUserid, ...rest } = found
    return { ...rest, externalUserid }
  })
  if (pair.remark === asked.remark) return { before: pair.remark }
  if (!(await writeRemark(work, corpId, pair, asked.remark, { source: 'console', by: who.name })))
    throw new RemarkRefused()
  return { before: pair.remark }
}
