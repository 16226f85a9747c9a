import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { addDays, dayStart, shanghaiDay } from '../../../../platform/shanghai.ts'
import type { Scope } from '../../../corps/context.ts'
import type { Effect, EffectRow } from '../schema.ts'

/** What somebody does within so many days of being sent something is put down to it. */
const AFTER_DAYS = 7
/** Of a hundred: who came so far has read it. */
const READ_DEPTH = 50
const PIECES_SHOWN = 200
const STAFF_SHOWN = 3

interface Row extends Omit<EffectRow, 'best'> {
  best: EffectRow['best'] | null
}

/**
 * What became of what was sent: of the people a piece was sent to, who opened it, read half of it, was tagged and paid
 * within a week, by piece, with the members whose customers paid most often. Everybody once a piece and member, however
 * often it was sent. Whoever sees some members sees what they sent.
 */
export async function readEffect(
  tx: Tx,
  corpId: string,
  { days }: { days: number },
  scope: Scope,
  now: Date,
): Promise<Effect> {
  const since = dayStart(addDays(shanghaiDay(now), 1 - days))
  const { rows } = await sql<Row>`
    with sent as materialized (
      select e.props->>'piece' as piece, (e.props->>'pieceId')::bigint as piece_id, e.staff_id, coalesce(c.merged_into, c.contact_id) as contact_id, min(e.at) as at, count(*)::int as sent
      from event e join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = e.contact_id
      where e.corp_id = ${corpId}::bigint and e.kind = 'content.sent' and e.at >= ${since}::timestamptz and e.at <= ${now}::timestamptz
        and (${scope ?? null}::bigint[] is null or e.staff_id = any(${scope ?? null}::bigint[])) group by 1, 2, 3, 4
    ), deed as materialized (
      select coalesce(c.merged_into, c.contact_id) as contact_id, e.kind, e.at, (e.props->>'pieceId')::bigint as piece_id, (e.props->>'depth')::int as depth
      from event e join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = e.contact_id
      where e.corp_id = ${corpId}::bigint and e.kind in ('content.opened', 'content.read', 'tag.added', 'message.sent') and e.at >= ${since}::timestamptz and e.at <= ${now}::timestamptz and e.trusted
    ), paid as materialized (
      select coalesce(c.merged_into, c.contact_id) as contact_id, o.paid_at, o.amount_fen - o.refunded_fen as fen
      from customer_order o join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = o.contact_id
      where o.corp_id = ${corpId}::bigint and o.paid_at >= ${since}::timestamptz and o.paid_at <= ${now}::timestamptz and o.state <> 'closed' and o.refunded_fen < o.amount_fen
    ), did as (
      select s.piece, s.piece_id, s.staff_id, s.contact_id,
        bool_or(d.kind = 'content.opened' and d.piece_id = s.piece_id) as opened, bool_or(d.kind = 'content.read' and d.piece_id = s.piece_id and d.depth >= ${READ_DEPTH}) as read, bool_or(d.kind = 'tag.added') as tagged, bool_or(d.kind = 'message.sent') as replied
      from sent s join deed d on d.contact_id = s.contact_id and d.at >= s.at and d.at < s.at + ${AFTER_DAYS} * interval '1 day' group by 1, 2, 3, 4
    ), bought as (
      select s.piece, s.piece_id, s.staff_id, s.contact_id, sum(p.fen) as fen
      from sent s join paid p on p.contact_id = s.contact_id and p.paid_at >= s.at and p.paid_at < s.at + ${AFTER_DAYS} * interval '1 day' group by 1, 2, 3, 4
    ), by_staff as (
      select s.piece, s.piece_id, s.staff_id, sum(s.sent)::int as sent, count(*)::int as people, count(*) filter (where d.opened)::int as opened, count(*) filter (where d.read)::int as read, count(*) filter (where d.tagged)::int as tagged, count(*) filter (where d.replied)::int as replied,
        count(b.fen)::int as ordered, coalesce(sum(b.fen), 0) as fen
      from sent s left join did d using (piece, piece_id, staff_id, contact_id) left join bought b using (piece, piece_id, staff_id, contact_id) group by 1, 2, 3
    ), by_piece as (
      select piece, piece_id, sum(sent)::int as sent, sum(people)::int as people, sum(opened)::int as opened, sum(read)::int as read, sum(tagged)::int as tagged, sum(replied)::int as replied, sum(ordered)::int as ordered, sum(fen)::float8 as amount_fen
      from by_staff group by 1, 2
    )
    select p.piece, p.piece_id, coalesce(m.title, t.title) as title, coalesce(m.kind, 'script') as kind, p.sent, p.people, p.opened, p.read, p.tagged, p.replied, p.ordered, p.amount_fen,
      (select jsonb_agg(jsonb_build_object('staffId', b.staff_id::text, 'name', b.name, 'people', b.people, 'ordered', b.ordered) order by b.place) from (
        select x.*, s.name, row_number() over (order by x.ordered::numeric / x.people desc, x.people desc, x.staff_id) as place
        from by_staff x join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = x.staff_id where x.piece = p.piece and x.piece_id = p.piece_id and x.ordered > 0
      ) b where b.place <= ${STAFF_SHOWN}) as best
    from by_piece p left join material m on p.piece = 'material' and m.corp_id = ${corpId}::bigint and m.material_id = p.piece_id
    left join script t on p.piece = 'script' and t.corp_id = ${corpId}::bigint and t.script_id = p.piece_id
    where coalesce(m.title, t.title) is not null
    order by p.ordered desc, p.people desc, p.piece, p.piece_id limit ${PIECES_SHOWN}`.execute(tx)
  return {
    items: rows.map(({ best, ...row }) => ({ ...row, best: best ?? [] })),
    afterDays: AFTER_DAYS,
    readDepth: READ_DEPTH,
    hearsReplies: await hearsReplies(tx, corpId, since, now),
  }
}

/** Whether anything tells us of messages customers write (the archive, a server of the corp): without, nobody replied is not so. */
async function hearsReplies(tx: Tx, corpId: string, since: Date, now: Date): Promise<boolean> {
  const { rows } = await sql`
    select from event where corp_id = ${corpId}::bigint and kind = 'message.sent' and trusted and at >= ${since}::timestamptz and at <= ${now}::timestamptz limit 1`.execute(
    tx,
  )
  return rows.length > 0
}
