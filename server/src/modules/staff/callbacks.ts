import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { syncAddressBookJob } from './jobs.ts'

/** Many changes come together (a department moves): they share one re-read a moment later. */
const GATHER_MS = 2_000

/** Receivers set up since 2022-08-15 are told only ids, so any change means: read the address book again. */
const reread = async (_context: WorkContext, corpId: string) => async (tx: Tx) => {
  await enqueue(
    tx,
    syncAddressBookJob,
    { corpId },
    { key: `address_book:${corpId}`, runAt: new Date(Date.now() + GATHER_MS), lane: `address_book:${corpId}` },
  )
}

/** By kind, as the dispatcher of the events room (above this one) takes them. */
export const callbackHandlers = Object.fromEntries(
  ['create_user', 'update_user', 'delete_user', 'create_party', 'update_party', 'delete_party', 'update_tag'].map(
    (change) => [`change_contact.${change}`, reread],
  ),
)
