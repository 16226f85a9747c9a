import { childText, type XmlElement } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { syncAddressBookJob } from './jobs.ts'

/** Many changes come together (a department moves): they share one re-read a moment later. */
const GATHER_MS = 2_000

/**
 * Receivers set up since 2022-08-15 are told only ids, so any change means: read the address book again. One thing it
 * cannot say: that a new userid is somebody we know under his old one.
 */
const reread = async (_context: WorkContext, corpId: string, callback: { fields: XmlElement }) => async (tx: Tx) => {
  const [before, after] = ['UserID', 'NewUserID'].map((name) => childText(callback.fields, name) ?? '')
  if (before && after) await renameMember(tx, corpId, before, after)
  await enqueue(
    tx,
    syncAddressBookJob,
    { corpId },
    { key: `address_book:${corpId}`, runAt: new Date(Date.now() + GATHER_MS), lane: `address_book:${corpId}` },
  )
}

async function renameMember(tx: Tx, corpId: string, before: string, after: string): Promise<void> {
  await sql`update staff s set userid = ${after} where s.corp_id = ${corpId}::bigint and lower(s.userid) = lower(${before}) and s.userid <> ${after}
    and not exists (select from staff o where o.corp_id = ${corpId}::bigint and lower(o.userid) = lower(${after}) and o.staff_id <> s.staff_id)`.execute(
    tx,
  )
}

/** By kind, as the dispatcher of the events room (above this one) takes them. */
export const callbackHandlers = Object.fromEntries(
  ['create_user', 'update_user', 'delete_user', 'create_party', 'update_party', 'delete_party', 'update_tag'].map(
    (change) => [`change_contact.${change}`, reread],
  ),
)
