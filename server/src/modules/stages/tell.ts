import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../platform/db.ts'
import { Id } from '../../platform/id.ts'
import { defineJob } from '../../platform/jobs.ts'
import type { WorkContext } from '../corps/context.ts'
import { type Letter, sayNames, sendLetters } from '../staff/letters.ts'
import { TELL_JOB } from './remind.ts'

const NAMES_SAID = 3

/** Tells each member who has been too long in a stage, in one message. */
export const tellJob = defineJob<WorkContext, { corpId: string }>({
  name: TELL_JOB,
  payload: z.object({ corpId: Id }),
  maxAttempts: 5,
  async run(context, { corpId }, { last }) {
    const letters = await inCorp(context.db, corpId, (tx) => settleLetters(tx, corpId, context.publicUrl))
    await sendLetters(context, corpId, letters, {
      subject: 'stage_alert',
      job: TELL_JOB,
      last,
      async forget(tx, batch) {
        await tx.deleteFrom('stageAlert').where('corpId', '=', corpId).where('batch', '=', batch).execute()
      },
    })
  },
})

interface Line {
  batch: string
  userid: string
  /** Who follows them, where it is not the one told. */
  about: string | null
  stage: string
  names: string[]
  total: number
}

/** Gives what is untold its batch, a batch a member, and writes a letter of every batch there is. */
async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await sql`
    with untold as (select distinct staff_id from stage_alert where corp_id = ${corpId}::bigint and batch is null),
    settled as (select staff_id, gen_random_uuid() as batch from untold)
    update stage_alert a set batch = s.batch from settled s
    where a.corp_id = ${corpId}::bigint and a.staff_id = s.staff_id and a.batch is null`.execute(tx)
  const { rows } = await sql<Line>`
    select a.batch, s.userid, case when a.about_id <> a.staff_id then who.name end as about, st.name as stage, count(*)::int as total,
      (array_agg(coalesce(nullif(f.remark, ''), c.name) order by y.since, a.contact_id))[1:${NAMES_SAID}] as names
    from stage_alert a join stage_stay y on y.corp_id = ${corpId}::bigint and y.contact_id = a.contact_id and y.stay_id = a.stay_id
    join stage st on st.corp_id = ${corpId}::bigint and st.stage_id = y.stage_id
    join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = a.staff_id join staff who on who.corp_id = ${corpId}::bigint and who.staff_id = a.about_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = a.contact_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = a.contact_id and f.staff_id = a.about_id
    where a.corp_id = ${corpId}::bigint and a.batch is not null
    group by a.batch, s.userid, a.about_id, a.staff_id, who.name, st.stage_id, st.name, st.sort_order order by a.batch, a.about_id <> a.staff_id, who.name, st.sort_order`.execute(
    tx,
  )
  return [...Map.groupBy(rows, (row) => row.batch)].map(([batch, lines]) => ({
    batch,
    messages: [{ touser: lines[0]!.userid, content: sayStale(lines, publicUrl) }],
  }))
}

const sayStale = (lines: readonly Line[], publicUrl: string): string =>
  [
    '这些客户在一个阶段停留得久了，看看下一步怎么走：',
    ...lines.map(
      ({ about, stage, names, total }) => `${about ? `${about}的` : ''}「${stage}」${sayNames(names, total)}`,
    ),
    `打开看板：${publicUrl}/stages`,
  ].join('\n')
