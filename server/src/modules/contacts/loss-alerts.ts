import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import type { AppendedEvent } from '../events/journal.ts'
import { recordAudit } from '../staff/audit.ts'
import { askToTellNews, batchNews, headsOf, type Letter, type News, sayNames, tellNews } from '../staff/letters.ts'
import type { LossAlertRule } from './schema.ts'

type Rule = z.infer<typeof LossAlertRule>['tell']
/** Losses of a minute are told together: who deletes three members at once is one message. */
const NEWS: News = { table: 'loss_alert', job: 'contacts.tell-losses', gatherMs: 60_000 }
/** Older ones are history read anew, no news. */
const NEWS_MS = 24 * 3_600_000
const NAMES_SAID = 5

export async function readLossAlert(tx: Tx, corpId: string): Promise<z.infer<typeof LossAlertRule>> {
  const { lossAlert } = await tx
    .selectFrom('corp')
    .select('lossAlert')
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  return { tell: lossAlert as Rule }
}

export async function saveLossAlert(tx: Tx, actor: Actor, { tell }: { tell: Rule }, now: Date): Promise<void> {
  const { corpId } = actor
  await tx.updateTable('corp').set({ lossAlert: tell }).where('corpId', '=', corpId).execute()
  await recordAudit(tx, actor, { action: 'loss_alert.edit', kind: 'corp', id: corpId, detail: { tell }, at: now })
}

/** Keeps in mind whom customers have just deleted. WeCom does not tell the member itself. */
export async function noteLosses(tx: Tx, corpId: string, appended: AppendedEvent[], now: Date): Promise<void> {
  const news = appended.filter(
    (event) =>
      event.kind === 'contact.lost' &&
      event.props.by === 'customer' &&
      event.staffId &&
      now.getTime() - event.at.getTime() < NEWS_MS,
  )
  if (news.length === 0 || (await readLossAlert(tx, corpId)).tell === 'off') return
  await sql`
    insert into loss_alert (corp_id, staff_id, contact_id, lost_at, created_at)
    select ${corpId}::bigint, n.staff_id, n.contact_id, n.at, ${now}::timestamptz
    from unnest(${news.map((event) => event.staffId!)}::bigint[], ${news.map((event) => event.contactId)}::bigint[], ${news.map((event) => event.at.toISOString())}::timestamptz[]) as n(staff_id, contact_id, at)
    on conflict do nothing`.execute(tx)
  await askToTellNews(tx, corpId, NEWS)
}

interface Told {
  batch: string
  userid: string
  /** Heads of his departments, without himself. */
  leaders: string[]
  names: string[]
  total: number
}

/** Tells each member whom he lost, in one message a member. */
export const tellLossesJob = tellNews(NEWS, async (tx, corpId, { publicUrl }): Promise<Letter[]> => {
  const { tell } = await readLossAlert(tx, corpId)
  if (tell === 'off') {
    await tx.deleteFrom('lossAlert').where('corpId', '=', corpId).execute()
    return []
  }
  return (await settleLosses(tx, corpId)).map(({ batch, userid, leaders, ...losses }) => ({
    batch,
    messages: [
      { touser: userid, content: sayLoss(losses, publicUrl) },
      ...(tell === 'leader' && leaders.length > 0
        ? [{ touser: leaders.join('|'), content: sayLoss(losses, publicUrl, userid) }]
        : []),
    ],
  }))
})

/** Settles what is untold, and reads every batch there is. */
async function settleLosses(tx: Tx, corpId: string): Promise<Told[]> {
  await batchNews(tx, corpId, NEWS)
  const { rows } = await sql<Told>`
    select a.batch, s.userid, count(*)::int as total, (array_agg(coalesce(nullif(f.remark, ''), c.name) order by a.lost_at desc, a.contact_id))[1:${NAMES_SAID}] as names,
      array(select distinct boss.userid ${headsOf(corpId, sql.ref('s.staff_id'))} order by 1) as leaders
    from loss_alert a join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = a.staff_id
    join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = a.contact_id
    left join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = a.contact_id and f.staff_id = a.staff_id
    where a.corp_id = ${corpId}::bigint and a.batch is not null group by a.batch, s.userid, s.staff_id order by a.batch`.execute(
    tx,
  )
  return rows
}

function sayLoss({ names, total }: Pick<Told, 'names' | 'total'>, publicUrl: string, userid?: string): string {
  return `${sayNames(names, total)}删除了${userid ? `成员 ${userid}` : '你'}的好友。\n看看流失前聊了什么、从哪里来：${publicUrl}/losses`
}
