import { sql } from 'kysely'
import type { Cron } from '../corps/context.ts'
import { eachCorp } from '../corps/each-corp.ts'
import { runRecount } from './guides/recount.ts'
import { runImport } from './imports/run-import.ts'
import { takePushes } from './shops/take-pushes.ts'

export const jobs = [runImport, runRecount, takePushes]

/** Refused rows are kept this long, for whoever wants to mend them. */
const REFUSALS_KEPT_DAYS = 30
/** A push that comes again within this is the same push; of an older one the order itself knows. */
const PUSHES_KEPT_DAYS = 8
/** A file nobody lets in is forgotten after this. */
const DRAFTS_KEPT_HOURS = 24

const forget: Cron = {
  name: 'orders.forget',
  everyMinutes: 60,
  async run(context) {
    const now = context.clock.now()
    await eachCorp(context, 'orders could not be looked after', async (tx, corpId) => {
      await sql`delete from order_import_refusal f using order_import i where f.corp_id = ${corpId}::bigint and i.corp_id = ${corpId}::bigint and i.order_import_id = f.order_import_id
        and i.ended_at < ${now}::timestamptz - ${REFUSALS_KEPT_DAYS} * interval '1 day'`.execute(tx)
      await sql`delete from order_import where corp_id = ${corpId}::bigint and state in ('uploading', 'uploaded')
        and created_at < ${now}::timestamptz - ${DRAFTS_KEPT_HOURS} * interval '1 hour'`.execute(tx)
      await sql`delete from shop_push where corp_id = ${corpId}::bigint and (state in ('taken', 'unchanged') and received_at < ${now}::timestamptz - ${PUSHES_KEPT_DAYS} * interval '1 day'
        or state = 'refused' and received_at < ${now}::timestamptz - ${REFUSALS_KEPT_DAYS} * interval '1 day')`.execute(
        tx,
      )
    })
  },
}

export const crons: Cron[] = [forget]
