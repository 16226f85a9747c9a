import { sql } from 'kysely'
import type { Cron } from '../corps/context.ts'
import { adoptCodes } from './adopt-codes.ts'
import { pushBatch, removeCodes } from './batches/push-batch.ts'
import { forgetVisitors } from './landing/count-scan.ts'
import { pushCode, pushEdited } from './push-code.ts'
import { putRemark } from './put-remark.ts'
import { turnNow, turnRosters } from './roster/turn.ts'

export const jobs = [adoptCodes, pushBatch, pushCode, pushEdited, putRemark, removeCodes, turnNow]

const WELCOMES_KEPT_DAYS = 30
const DELETED_AT_ONCE = 5_000

/** The journal keeps that somebody was welcomed; the spent code is of no use. */
const forgetWelcomes: Cron = {
  name: 'channels.forget-welcomes',
  everyMinutes: 60,
  async run({ db }) {
    await sql`delete from welcome_task where (corp_id, code_hash) in (
      select corp_id, code_hash from welcome_task where state not in ('waiting', 'sending') and received_at < clock_timestamp() - ${WELCOMES_KEPT_DAYS} * interval '1 day' limit ${DELETED_AT_ONCE})`.execute(
      db,
    )
  },
}

export const crons: Cron[] = [forgetVisitors, forgetWelcomes, turnRosters]
