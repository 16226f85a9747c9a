import { type RawBuilder, sql } from 'kysely'
import { inCorp, type Tx } from '../../../platform/db.ts'
import type { WorkContext } from '../../corps/context.ts'
import { holdFollower } from '../follow.ts'
import { settleTags } from './settle.ts'

/** Follows the turns of segments under this name; its row is also what settling of a corp takes turns by. */
export const FOLLOWER = 'auto-tags'
/** Customers of one transaction: a second of work, and all that is done again after a crash. */
const STEP = 1_000
const PACKETS_MAX = 200

/** Has the tags of customers set right soon; `select` is of contact_id. */
export async function putDue(tx: Tx, corpId: string, select: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into auto_tag_due (corp_id, contact_ids)
    select ${corpId}::bigint, array_agg(contact_id) from (
      select contact_id, (row_number() over (order by contact_id) - 1) / ${STEP} as packet from (select distinct contact_id from (${select}) d) one
    ) numbered group by packet`.execute(tx)
}

/** The same for everybody a group's rules hold for, or who carries a tag by one of them. */
export const putGroupDue = (tx: Tx, corpId: string, tagGroupId: string, now: Date): Promise<void> =>
  putDue(
    tx,
    corpId,
    sql`
      select m.contact_id from auto_tag_rule r
      join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.tag_group_id = ${tagGroupId}::bigint
      join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
      join segment_member m on m.corp_id = ${corpId}::bigint and m.segment_id = r.segment_id and m.version = s.version and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz
      where r.corp_id = ${corpId}::bigint and r.deleted_at is null
      union select ft.contact_id from follow_tag ft
      join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = ft.tag_id and t.tag_group_id = ${tagGroupId}::bigint
      where ft.corp_id = ${corpId}::bigint and ft.source = 'rule' and ft.reason ? 'ruleId'`,
  )

/** Corps with customers whose tags are to be set right. */
export async function readDue({ db }: WorkContext): Promise<string[]> {
  const { rows } = await sql<{ corpId: string }>`select distinct corp_id from auto_tag_due`.execute(db)
  return rows.map((row) => row.corpId)
}

/** One step for one corp, in one transaction. Returns whether there may be more. */
export function settleDue({ db, clock }: WorkContext, corpId: string): Promise<boolean> {
  return inCorp(db, corpId, async (tx) => {
    await holdFollower(tx, corpId, FOLLOWER)
    const { rows } = await sql<{ contactIds: string[] }>`
      delete from auto_tag_due where corp_id = ${corpId}::bigint and due_id in (
        select due_id from (
          select due_id, sum(cardinality(contact_ids)) over (order by due_id) - cardinality(contact_ids) as before
          from (select due_id, contact_ids from auto_tag_due where corp_id = ${corpId}::bigint order by due_id limit ${PACKETS_MAX}) oldest
        ) counted where before < ${STEP}
      ) returning contact_ids`.execute(tx)
    if (rows.length === 0) return false
    // Not earlier than what has been announced: whoever was said to be in is in.
    const { rows: at } = await sql<{
      now: Date
    }>`select greatest(swept_at, ${clock.now()}::timestamptz) as now from segment_clock where corp_id = ${corpId}::bigint`.execute(
      tx,
    )
    await settleTags(tx, corpId, [...new Set(rows.flatMap((row) => row.contactIds))], at[0]?.now ?? clock.now())
    return true
  })
}
