import { sql } from 'kysely'
import { inCorp } from '../../../platform/db.ts'
import type { Cron } from '../../corps/context.ts'
import { archiveSegment } from '../service.ts'
import { putGroupDue } from './due.ts'

const whole = { scope: undefined }

/** Rules of tags that are gone go too; and tags that were put into another group in WeCom come under that group's order. */
const lookAfter: Cron = {
  name: 'auto-tags.look-after',
  everyMinutes: 60,
  async run({ db, clock, log }) {
    const now = clock.now()
    const { rows } = await sql<{ corpId: string }>`select corp_id from segment_clock`.execute(db)
    for (const { corpId } of rows) // a few hundred corps at most, each on its own
      await inCorp(db, corpId, async (tx) => {
        const { rows: gone } = await sql<{ segmentId: string }>`
          update auto_tag_rule r set state = 'off', deleted_at = ${now}::timestamptz, updated_at = ${now}::timestamptz from tag t
          where r.corp_id = ${corpId}::bigint and r.deleted_at is null and t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is not null returning r.segment_id`.execute(
          tx,
        )
        for (const { segmentId } of gone) await archiveSegment(tx, corpId, segmentId, whole, now, 'tags') // a tag's deletion is rare
        const { rows: groups } = await sql<{
          tagGroupId: string
        }>`select tag_group_id from auto_tag_exclusive where corp_id = ${corpId}::bigint`.execute(tx)
        for (const { tagGroupId } of groups) await putGroupDue(tx, corpId, tagGroupId, now) // a handful
      }).catch((error) => log.error({ err: error, corpId }, 'rules of tags could not be looked after'))
  },
}

export const crons: Cron[] = [lookAfter]
