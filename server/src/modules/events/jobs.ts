import { sql } from 'kysely'
import { z } from 'zod'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { Cron, WorkContext } from '../corps/context.ts'

/** Puts a dead or waiting callback back at the front of its subject's lane, on an administrator's word. */
export const replayCallback = defineJob<WorkContext, { corpId: string; inboxId: string }>({
  name: 'events.replay-callback',
  payload: z.object({ corpId: Id, inboxId: Id }),
  async run({ db }, { corpId, inboxId }) {
    await db
      .updateTable('callbackInbox')
      .set({ state: 'waiting', notBefore: null, attempts: 0, cause: null })
      .where('corpId', '=', corpId)
      .where('inboxId', '=', inboxId)
      .where('state', 'in', ['dead', 'waiting'])
      .execute()
    await sql`select pg_notify('siyu_inbox', '')`.execute(db)
  },
})

const KEPT_DAYS = 30
const DELETED_AT_ONCE = 5_000

/** Worked-through callbacks go after 30 days; those nobody could work through stay until somebody has looked. */
const forgetOldCallbacks: Cron = {
  name: 'events.forget-old-callbacks',
  everyMinutes: 60,
  async run({ db }) {
    await sql`delete from callback_inbox where inbox_id in (
      select inbox_id from callback_inbox where state in ('done', 'unknown_kind') and received_at < clock_timestamp() - ${KEPT_DAYS} * interval '1 day' limit ${DELETED_AT_ONCE})`.execute(
      db,
    )
  },
}

export const jobs = [replayCallback]
export const crons: Cron[] = [forgetOldCallbacks]
