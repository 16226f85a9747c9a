import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import { KindTaken, TooManyKinds } from './errors.ts'
import { BUILT_IN, isBuiltIn } from './kinds.ts'
import type { CatalogueKind, CatalogueView, EventProperty, EventTypeEdit, NewEventType } from './schema.ts'

const KINDS_MAX = 200
/** Past this a kind is said to have come so many times and more: a week of page views is not walked for a number. */
const COUNTED_MAX = 10_000
const RECENT_DAYS = 7

/** Every kind of event there is in the corp, with its properties: everybody's first, then its own by name. */
export async function readCatalogue(tx: Tx, corpId: string): Promise<CatalogueKind[]> {
  const { rows } = await sql<{ kind: string; title: string; properties: EventProperty[]; archived: boolean }>`
    select kind, title, properties, archived_at is not null as archived from event_type where corp_id = ${corpId}::bigint order by kind`.execute(
    tx,
  )
  return [
    ...Object.entries(BUILT_IN).map(([kind, { title, properties, collected }]) => ({
      kind,
      title,
      own: false,
      collected,
      archived: false,
      properties: [...properties],
    })),
    ...rows.map((row) => ({ ...row, own: true, collected: !row.archived })),
  ]
}

/** The catalogue with how each kind was used of late. Whoever sees only some customers is shown no event of one. */
export async function viewCatalogue(
  tx: Tx,
  corpId: string,
  now: Date,
  { samples }: { samples: boolean },
): Promise<CatalogueView> {
  const answers = await readAnswerKeys(tx, corpId)
  const kinds = (await readCatalogue(tx, corpId)).map((kind) =>
    kind.kind === 'form.submitted' ? { ...kind, properties: [...kind.properties, ...answers] } : kind,
  )
  const since = new Date(now.getTime() - RECENT_DAYS * DAY_MS)
  const { rows } = await sql<{ kind: string; count: number; last: CatalogueView[number]['last'] }>`
    select k.kind, n.count, l.last from unnest(${kinds.map(({ kind }) => kind)}::text[]) as k(kind)
    cross join lateral (
      select count(*)::int as count from (
        select from event e where e.corp_id = ${corpId}::bigint and e.kind = k.kind and e.at > ${since}::timestamptz and e.at <= ${now}::timestamptz limit ${COUNTED_MAX + 1}
      ) counted
    ) n
    left join lateral (
      select jsonb_build_object('at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'contactId', e.contact_id::text, 'source', e.source, 'trusted', e.trusted, 'props', e.props) as last
      from event e where e.corp_id = ${corpId}::bigint and e.kind = k.kind order by e.at desc, e.event_id desc limit 1
    ) l on ${samples}`.execute(tx)
  const used = new Map(rows.map((row) => [row.kind, row]))
  return kinds.map((kind) => {
    const { count = 0, last = null } = used.get(kind.kind) ?? {}
    return { ...kind, recent: { count: Math.min(count, COUNTED_MAX), isFloor: count > COUNTED_MAX }, last }
  })
}

const ANSWERS_SHOWN = 60

/** What the corp's own forms ask, so that rules can ask for the answers: by key, under the words of every form that has it. */
async function readAnswerKeys(tx: Tx, corpId: string): Promise<EventProperty[]> {
  const { rows } = await sql<EventProperty>`
    select x->>'key' as name, left(string_agg(distinct x->>'label', '、'), 20) as title,
      case when bool_and(x->>'kind' in ('number', 'rating')) then 'number' else 'text' end as type, false as required
    from form f join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = f.form_id and v.version = f.live_version,
      jsonb_array_elements(v.content->'fields') x
    where f.corp_id = ${corpId}::bigint and x->>'kind' not in ('phone', 'file') and not coalesce((x->>'isPrivate')::boolean, false)
    group by 1 order by 1 limit ${ANSWERS_SHOWN}`.execute(tx)
  return rows
}

/** Declares a kind of the corp's own. */
export async function declareKind(tx: Tx, corpId: string, given: NewEventType, now: Date): Promise<void> {
  if (isBuiltIn(given.kind)) throw new KindTaken({ kind: given.kind })
  const { rows: made } = await sql`
    insert into event_type (corp_id, kind, title, properties, created_at)
    values (${corpId}::bigint, ${given.kind}, ${given.title}, ${JSON.stringify(given.properties)}::jsonb, ${now}::timestamptz)
    on conflict (corp_id, kind) do nothing returning kind`.execute(tx)
  if (made.length === 0) throw new KindTaken({ kind: given.kind })
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from event_type where corp_id = ${corpId}::bigint and archived_at is null`.execute(tx)
  if (rows[0]!.n > KINDS_MAX) throw new TooManyKinds({ most: KINDS_MAX })
}

/** Renames an own kind, or says other properties of it; what came before stays as it came. An archived one is taken again. */
export async function editKind(tx: Tx, corpId: string, kind: string, edit: EventTypeEdit): Promise<void> {
  const { rows } = await sql`
    update event_type set title = ${edit.title}, properties = ${JSON.stringify(edit.properties)}::jsonb, archived_at = null
    where corp_id = ${corpId}::bigint and kind = ${kind} returning kind`.execute(tx)
  if (rows.length === 0) throw new NotFound({ what: '事件' })
}

/** No more events of it are taken; those that came stay. */
export async function archiveKind(tx: Tx, corpId: string, kind: string, now: Date): Promise<void> {
  const { rows } = await sql`
    update event_type set archived_at = coalesce(archived_at, ${now}::timestamptz)
    where corp_id = ${corpId}::bigint and kind = ${kind} returning kind`.execute(tx)
  if (rows.length === 0) throw new NotFound({ what: '事件' })
}
