import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { Cron, WorkContext } from '../corps/context.ts'
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
    await forEachCorp(context, async (tx, corpId) => {
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

async function forEachCorp(context: WorkContext, run: (tx: Tx, corpId: string) => Promise<void>): Promise<void> {
  for (const { corpId } of await context.db.selectFrom('corp').select('corpId').orderBy('corpId').execute())
    await inCorp(context.db, corpId, (tx) => run(tx, corpId)).catch((error) =>
      context.log.error({ err: error, corpId }, 'orders could not be looked after'),
    )
}

export const crons: Cron[] = [forget]
