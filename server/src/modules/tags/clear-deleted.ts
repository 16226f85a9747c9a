import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob, enqueue } from '../../platform/jobs.ts'
import { refreshContacts } from '../contacts/service.ts'
import type { WorkContext } from '../corps/context.ts'

/** Rows of one statement: a tag may sit on a million pairs, and nobody should wait behind their deletion. */
const ROWS_AT_ONCE = 5_000
const TAGS_OF_ONE_JOB = 500

/**
 * Takes deleted tags off every customer, some thousand rows at a time. Nothing is journaled: it is the tag that went,
 * not something that happened to a customer. Reads hide deleted tags from the first moment on.
 */
export const clearDeleted = defineJob<WorkContext, { corpId: string; tagIds: string[] }>({
  name: 'tags.clear-deleted',
  payload: z.object({ corpId: Id, tagIds: z.array(Id).max(TAGS_OF_ONE_JOB) }),
  async run({ db, clock }, { corpId, tagIds }, { signal }) {
    for (const table of ['follow_tag', 'follow_tag_removal'] as const) {
      let cleared = ROWS_AT_ONCE
      while (cleared === ROWS_AT_ONCE && !signal.aborted) {
        cleared = await inCorp(db, corpId, async (tx) => {
          const { rows } = await sql<{ contactId: string }>`
          delete from ${sql.table(table)} f using (
            select ft.contact_id, ft.staff_id, ft.tag_id from ${sql.table(table)} ft
            join tag t on t.corp_id = ft.corp_id and t.tag_id = ft.tag_id
            where ft.corp_id = ${corpId} and t.corp_id = ${corpId} and ft.tag_id = any(${tagIds}::bigint[]) and t.deleted_at is not null limit ${ROWS_AT_ONCE}) as gone
          where f.corp_id = ${corpId} and f.contact_id = gone.contact_id and f.staff_id = gone.staff_id and f.tag_id = gone.tag_id returning f.contact_id`.execute(
            tx,
          )
          if (table === 'follow_tag')
            await refreshContacts(
              tx,
              corpId,
              rows.map((row) => row.contactId),
              clock.now(),
            )
          return rows.length
        })
      }
    }
  },
})

export async function enqueueClearing(tx: Tx, corpId: string, tagIds: string[]): Promise<void> {
  for (let from = 0; from < tagIds.length; from += TAGS_OF_ONE_JOB)
    await enqueue(tx, clearDeleted, { corpId, tagIds: tagIds.slice(from, from + TAGS_OF_ONE_JOB) })
}
