import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import type { Cron } from '../../../corps/context.ts'
import { eachCorp } from '../../../corps/each-corp.ts'
import { askToTellNews, dropLeft, type Letter, letterEach, sayNames, tellNews } from '../../../staff/letters.ts'
import { rings, type Waiting } from './bell.ts'
import { OPENING_NEWS } from './note.ts'
import { readRadarSetting } from './settings.ts'

const LINES_SAID = 4
const NAMES_SAID = 3

/** Tells each member whose bell may ring who opened what, in one message. */
export const tellJob = tellNews(OPENING_NEWS, (tx, corpId, { publicUrl, clock }) =>
  settleLetters(tx, corpId, publicUrl, clock.now()),
)

/** What has waited long enough is told, by the minute. */
export const tellCron: Cron = {
  name: 'content.tell-openings',
  everyMinutes: 1,
  run: (context) =>
    eachCorp(context, 'openings could not be told of', async (tx, corpId) => {
      const one = tx.selectFrom('radarNotice').select('viewId').where('corpId', '=', corpId).limit(1)
      if ((await one.execute()).length > 0) await askToTellNews(tx, corpId, OPENING_NEWS)
    }),
}

/** Gives what is due its batch, a batch a member, and writes a letter of every batch there is. */
export async function settleLetters(tx: Tx, corpId: string, publicUrl: string, now: Date): Promise<Letter[]> {
  const setting = await readRadarSetting(tx, corpId)
  await dropLeft(tx, corpId, OPENING_NEWS)
  if (!setting.notify) {
    await tx.deleteFrom('radarNotice').where('corpId', '=', corpId).where('batch', 'is', null).execute()
  } else {
    const waiting = await readWaiting(tx, corpId)
    const due = waiting.filter((one) => rings(one, setting, now)).map(({ staffId }) => staffId)
    if (due.length > 0) await ring(tx, corpId, due, now)
  }
  return writeLetters(tx, corpId, publicUrl)
}

/** Members who wait for news; whoever reads them holds them until he has told. */
async function readWaiting(tx: Tx, corpId: string): Promise<(Waiting & { staffId: string })[]> {
  await sql`insert into radar_bell (corp_id, staff_id, rung_at) select distinct ${corpId}::bigint, staff_id, '{}'::timestamptz[] from radar_notice where corp_id = ${corpId}::bigint and batch is null order by 2 on conflict do nothing`.execute(
    tx,
  )
  await sql`select from radar_bell where corp_id = ${corpId}::bigint and staff_id in (select staff_id from radar_notice where corp_id = ${corpId}::bigint and batch is null) order by staff_id for update`.execute(
    tx,
  )
  const { rows } = await sql<{ staffId: string; since: Date; hasFirst: boolean; rung: Date[] }>`
    select n.staff_id, min(n.noted_at) as since, bool_or(n.is_first) as has_first, b.rung_at as rung
    from radar_notice n join radar_bell b on b.corp_id = ${corpId}::bigint and b.staff_id = n.staff_id
    where n.corp_id = ${corpId}::bigint and n.batch is null group by n.staff_id, b.rung_at`.execute(tx)
  return rows
}

async function ring(tx: Tx, corpId: string, staffIds: readonly string[], now: Date): Promise<void> {
  await sql`
    with settled as materialized (select staff_id, gen_random_uuid() as batch from unnest(${[...staffIds]}::bigint[]) as staff_id),
    rung as (
      update radar_bell set rung_at = array(select at from unnest(rung_at || ${now}::timestamptz) as at where at > ${now}::timestamptz - interval '1 hour' order by at)
      where corp_id = ${corpId}::bigint and staff_id = any(${[...staffIds]}::bigint[])
    )
    update radar_notice n set batch = s.batch from settled s where n.corp_id = ${corpId}::bigint and n.staff_id = s.staff_id and n.batch is null`.execute(
    tx,
  )
}

interface Line {
  batch: string
  userid: string
  materialId: string
  title: string
  names: string[]
  total: number
  opens: number
  lines: number
}

async function writeLetters(tx: Tx, corpId: string, publicUrl: string): Promise<Letter[]> {
  const { rows } = await sql<Line>`
    with person as (
      select n.batch, n.staff_id, n.material_id, n.contact_id, count(*)::int as opens, max(n.noted_at) as last_at
      from radar_notice n where n.corp_id = ${corpId}::bigint and n.batch is not null group by 1, 2, 3, 4
    )
    select p.batch, s.userid, p.material_id, m.title, count(*)::int as total, sum(p.opens)::int as opens,
      (array_agg(coalesce(nullif(f.remark, ''), nullif(c.name, ''), '一位客户') order by p.last_at desc, p.contact_id))[1:${NAMES_SAID}] as names,
      (count(*) over (partition by p.batch))::int as lines
    from person p join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = p.staff_id
    join material m on m.corp_id = ${corpId}::bigint and m.material_id = p.material_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = p.contact_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = coalesce(c.merged_into, c.contact_id) and f.staff_id = p.staff_id
    group by p.batch, s.userid, p.material_id, m.title order by p.batch, max(p.last_at) desc`.execute(tx)
  return letterEach(rows, (lines) => sayOpenings(lines, publicUrl))
}

function sayOpenings(lines: readonly Line[], publicUrl: string): string {
  const left = lines.length - LINES_SAID
  return [
    ...lines
      .slice(0, LINES_SAID)
      .map(
        ({ names, total, title, opens }) =>
          `${sayNames(names, total)}看了《${plain(title)}》${opens > total ? `，共 ${opens} 次` : ''}`,
      ),
    ...(left > 0 ? [`还有 ${left} 份素材也有人看。`] : []),
    `看看读到哪里：${publicUrl}/content/radar${lines.length === 1 ? `/${lines[0]!.materialId}` : ''}`,
  ].join('\n')
}

const plain = (title: string): string => title.replaceAll(/[\r\n<>]/g, ' ')
