import { sql } from 'kysely'
import { enqueue } from '../../platform/jobs.ts'
import type { Cron } from '../corps/context.ts'
import { eachCorp } from '../corps/each-corp.ts'
import { clearDeleted } from './clear-deleted.ts'
import { pushGroup } from './push-group.ts'
import { pairsLane, pushPairs } from './push-pairs.ts'
import { learnTags } from './replace-wecom-tags.ts'
import { libraryLane, syncLibrary } from './sync-library.ts'

export const jobs = [pushGroup, pushPairs, syncLibrary, learnTags, clearDeleted]

const FAILED = 'tags could not be looked after'
/** Removals WeCom knows of are kept this long: no answer of WeCom’s is read later than that after it was asked for. */
const REMOVALS_KEPT_HOURS = 24

/** What jobs gave up on is taken up again, once whatever stood in the way may be gone. */
const retryUnpushed: Cron = {
  name: 'tags.retry-unpushed',
  everyMinutes: 10,
  async run(context) {
    await eachCorp(context, FAILED, async (tx, corpId) => {
      const {
        rows: [waiting],
      } = await sql<{ pairs: boolean; groups: string[] }>`select
        exists (select from follow_tag where corp_id = ${corpId} and pushed_at is null) or exists (select from follow_tag_removal where corp_id = ${corpId} and pushed_at is null) as pairs,
        array(select tag_group_id from tag_group where corp_id = ${corpId} and (edited_at is not null or (wecom_group_id is null and deleted_at is null))
          union select tag_group_id from tag where corp_id = ${corpId} and (edited_at is not null or (wecom_tag_id is null and deleted_at is null))) as groups`.execute(
        tx,
      )
      if (waiting?.pairs)
        await enqueue(
          tx,
          pushPairs,
          { corpId, again: true },
          { lane: pairsLane(corpId), key: `tags.retry-pairs.${corpId}` },
        )
      if (waiting && waiting.groups.length > 0)
        await enqueue(
          tx,
          pushGroup,
          { corpId, tagGroupIds: waiting.groups },
          { lane: libraryLane(corpId), key: `tags.retry-groups.${corpId}` },
        )
      const before = new Date(context.clock.now().getTime() - REMOVALS_KEPT_HOURS * 3_600_000)
      await tx.deleteFrom('followTagRemoval').where('corpId', '=', corpId).where('pushedAt', '<', before).execute()
    })
  },
}

/** Rows of imported files are kept this long, for whoever wants to mend the refused ones. */
const ROWS_KEPT_DAYS = 30

const forgetImports: Cron = {
  name: 'tags.forget-imports',
  everyMinutes: 60,
  async run(context) {
    const before = new Date(context.clock.now().getTime() - ROWS_KEPT_DAYS * 86_400_000)
    await eachCorp(context, FAILED, async (tx, corpId) => {
      await sql`delete from import_row i using bulk_run r where i.corp_id = ${corpId}::bigint and r.corp_id = ${corpId}::bigint and r.bulk_run_id = i.bulk_run_id
          and r.ended_at < ${before}::timestamptz`.execute(tx)
    })
  },
}

export const crons: Cron[] = [retryUnpushed, forgetImports]
