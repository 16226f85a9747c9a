import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { batchNews, type Letter, letterEach, type News, sayNames, tellNews } from '../staff/letters.ts'

export const STAY_NEWS: News = { table: 'stage_alert', job: 'stages.tell', gatherMs: 30_000 }
const NAMES_SAID = 3

/** Tells each member who has been too long in a stage, in one message. */
export const tellJob = tellNews(STAY_NEWS, (tx, corpId, { publicUrl }) => settleLetters(tx, corpId, publicUrl))

interface Line {
  batch: string
  userid: string
  /** Who follows them, where it is not the one told. */
  about: string | null
  stage: string
  names: string[]
  total: number
}

/** Settles what is untold, and writes a letter of every batch there is. */
async function settleLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  await batchNews(tx, corpId, STAY_NEWS)
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
  return letterEach(rows, (lines) => sayStale(lines, publicUrl))
}

const sayStale = (lines: readonly Line[], publicUrl: string): string =>
  [
    '这些客户在一个阶段停留得久了，看看下一步怎么走：',
    ...lines.map(
      ({ about, stage, names, total }) => `${about ? `${about}的` : ''}「${stage}」${sayNames(names, total)}`,
    ),
    `打开看板：${publicUrl}/stages`,
  ].join('\n')
