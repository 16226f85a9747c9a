import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { batchNews, type Letter, letterEach, type News, sayNames, tellNews } from '../staff/letters.ts'

export const NOTICES: News = { table: 'journey_notice', job: 'journeys.tell', gatherMs: 3_000 }
const NAMED = 3

/** Tells members what steps have for them, each in one message. */
export const tellNoticesJob = tellNews(NOTICES, settleLetters)

interface Line {
  batch: string
  userid: string
  title: string
  words: string
  people: number
  names: string[]
  first: string
}

async function settleLetters(tx: Tx, corpId: string, { publicUrl }: { publicUrl: string }): Promise<Letter[]> {
  await batchNews(tx, corpId, NOTICES)
  const { rows } = await sql<Line>`
    select n.batch, s.userid, n.title, n.words, count(*)::int as people, min(n.contact_id) as first,
      (array_agg(coalesce(nullif(f.remark, ''), nullif(c.name, ''), '一位客户') order by n.notice_id))[1:${sql.lit(NAMED)}] as names
    from journey_notice n join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = n.staff_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = n.contact_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = n.contact_id and f.staff_id = n.staff_id
    where n.corp_id = ${corpId}::bigint and n.batch is not null group by 1, 2, 3, 4 order by n.batch, min(n.notice_id)`.execute(
    tx,
  )
  return letterEach(rows, (lines) =>
    lines
      .flatMap(({ title, words, people, names, first }) => [
        `「${title}」${sayNames(names, people)}`,
        ...(words === '' ? [] : [words]),
        ...(people === 1 ? [`打开看看：${publicUrl}/contacts/${first}`] : []),
      ])
      .join('\n'),
  )
}
