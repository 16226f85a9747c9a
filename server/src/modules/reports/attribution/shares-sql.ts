import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../corps/context.ts'
import type { Span } from '../read-sums.ts'
import type { Facet } from './schema.ts'

/** Of a decay's weight: fine enough for half-lives of a month, small enough that a million yuan times it is a bigint. */
const WEIGHT_ONE = 1_000_000

export interface Asked {
  corpId: string
  span: Span
  by: Facet
  windowDays: number
  halfLifeDays: number
  scope: Scope
}

const dayOf = (day: string) => sql`${day}::date::timestamp at time zone 'Asia/Shanghai'`
export const fromOf = ({ span }: Asked) => dayOf(span.from)
export const toOf = ({ span }: Asked) => sql`(${dayOf(span.to)} + interval '24 hours')`
export const windowOf = ({ windowDays }: Asked) => sql`make_interval(hours => ${windowDays * 24}::int)`

export const seesPerson = ({ corpId, scope }: Asked, person: RawBuilder<unknown>) =>
  scope
    ? sql`exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = ${person} and f.staff_id = any(${[...scope]}::bigint[]))`
    : sql`true`

/** Whose touch it is may be told: nobody's, or a member's one sees. */
const isSeen = (scope: Scope) =>
  scope ? sql`(t.staff_id is null or t.staff_id = any(${[...scope]}::bigint[]))` : sql`true`

const KEY: Record<Facet, RawBuilder<unknown>> = {
  way: sql`t.way`,
  staff: sql`t.staff_id::text`,
  code: sql`t.code_id::text`,
  piece: sql`t.piece`,
  source: sql`t.source`,
}
/** Of a touch `t`: whose line it is in. Two keys are no line: what is somebody else's, and what has no such thing. */
export const OTHERS = '-others'
export const REST = '-rest'
const keyOf = ({ by, scope }: Asked) =>
  sql`case when not ${isSeen(scope)} then ${OTHERS} else coalesce(${KEY[by]}, ${REST}) end`

/** Touches of persons in [from, to), each with all it can be told by. What nobody has vouched for counts nothing. */
export const touchesIn = (asked: Asked, from: RawBuilder<unknown>, to: RawBuilder<unknown>, who: RawBuilder<unknown>) =>
  sql`select t.*, ${keyOf(asked)} as key from (
    select coalesce(c.merged_into, c.contact_id) as person, e.at, e.event_id, e.staff_id,
      case e.kind when 'touch.sent' then e.props->>'channel' when 'content.opened' then 'opened' when 'content.sent' then 'sent' else 'code' end as way,
      case when e.kind in ('contact.added', 'channel.scanned') then coalesce(k.placement_of, k.channel_code_id) end as code_id,
      case when e.kind in ('content.opened', 'content.sent') then coalesce(e.props->>'piece', 'material') || ':' || (e.props->>'pieceId') end as piece,
      case when e.kind = 'touch.sent' then (e.props->>'sourceKind') || ':' || split_part(e.props->>'sourceId', '/', 1) end as source,
      case when e.kind in ('contact.added', 'channel.scanned') then k.name else e.props->>'title' end as title
    from event e
    join contact c on c.corp_id = ${asked.corpId}::bigint and c.contact_id = e.contact_id
    left join channel_code k on k.corp_id = ${asked.corpId}::bigint
      and (e.kind = 'contact.added' and k.state = e.props->>'state' or e.kind = 'channel.scanned' and k.channel_code_id::text = e.props->>'channelCodeId')
    where e.corp_id = ${asked.corpId}::bigint and e.kind in ('touch.sent', 'content.opened', 'content.sent', 'contact.added', 'channel.scanned') and e.trusted
      and e.at >= ${from} and e.at < ${to}
      and (e.kind not in ('contact.added', 'channel.scanned') or k.channel_code_id is not null)
      and (e.kind <> 'touch.sent' or e.props->>'channel' in ('mass', 'chat'))
  ) t where ${who}`

const NAMED = sql`window each as (partition by order_id)`

/**
 * Every order of the days with every touch of its person within the window before it was paid (`share`), and what each has
 * of its money by four models. Whole fen: all but the remainders first, then one each to the largest, of equals the later.
 * `bought` are the orders, touched or not.
 */
export const shareOrders = (asked: Asked) => {
  const { corpId, halfLifeDays } = asked
  const [from, to, span] = [fromOf(asked), toOf(asked), windowOf(asked)]
  const part = (model: 'position' | 'decay') => {
    const [w, s] = [sql.ref(`w_${model}`), sql.ref(`s_${model}`)]
    return sql`net * ${w} / ${s} as ${sql.ref(`floor_${model}`)}, net * ${w} % ${s} as ${sql.ref(`left_${model}`)}`
  }
  const whole = (model: 'position' | 'decay') => {
    const floor = sql.ref(`floor_${model}`)
    const rank = sql`row_number() over (partition by order_id order by ${sql.ref(`left_${model}`)} desc, place desc)`
    return sql`${floor} + case when ${rank} <= net - sum(${floor}) over each then 1 else 0 end as ${sql.ref(model)}`
  }
  return sql`
    bought as materialized (
      select o.order_id, o.contact_id, coalesce(c.merged_into, c.contact_id) as person, o.shop, o.order_no, o.paid_at, o.amount_fen,
        case when o.state = 'closed' then 0 else o.amount_fen - o.refunded_fen end as net
      from customer_order o join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = o.contact_id
      where o.corp_id = ${corpId}::bigint and o.paid_at >= ${from} and o.paid_at < ${to} and ${seesPerson(asked, sql`coalesce(c.merged_into, c.contact_id)`)}
    ), touch as materialized (
      ${touchesIn(asked, sql`${from} - ${span}`, to, sql`t.person in (select person from bought)`)}
    ), met as (
      select o.order_id, o.paid_at, o.net, t.at, t.way, t.title, t.key,
        row_number() over (partition by o.order_id order by t.at, t.event_id) as place, count(*) over (partition by o.order_id) as n
      from bought o join touch t on t.person = o.person and t.at < o.paid_at and t.at >= o.paid_at - ${span}
    ), weighed as (
      select *, case when n <= 2 then 1 when place in (1, n) then 2 * (n - 2) else 1 end as w_position,
        greatest(1, round(${WEIGHT_ONE}::float8 * power(2::float8, -extract(epoch from paid_at - at)::float8 / ${halfLifeDays * 86_400}::float8)))::bigint as w_decay
      from met
    ), summed as (
      select *, sum(w_position) over each as s_position, sum(w_decay) over each as s_decay from weighed ${NAMED}
    ), floored as (
      select *, ${part('position')}, ${part('decay')} from (select order_id, paid_at, net, at, way, title, key, place, n, w_position, w_decay, s_position::bigint, s_decay::bigint from summed) s
    ), share as (
      select order_id, paid_at, at, way, title, key, place, case when place = 1 then net else 0 end as first, case when place = n then net else 0 end as last, ${whole('position')}, ${whole('decay')}
      from floored ${NAMED}
    )`
}
