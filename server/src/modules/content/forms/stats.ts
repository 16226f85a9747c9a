import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Vault } from '../../../platform/secrets.ts'
import type { Scope } from '../../corps/context.ts'
import { isPrivate } from './check-answers.ts'
import { addressOf, type LinkRow, tokenOf } from './links.ts'
import { FormContent, type FormField, type FormLink, type FormStats } from './schema.ts'
import { isSeen } from './seen.ts'

/** Answers that come to more than this are counted by the newest of them: a survey's shares do not move after that. */
const COUNTED_MAX = 20_000
const VALUES_SHOWN = 12

/** Links with who came by them: persons, each once. A member sees his own and the shop's. */
export async function listLinks(
  tx: Tx,
  { vault, publicUrl }: { vault: Vault; publicUrl: string },
  corpId: string,
  formId: string,
  scope: Scope,
): Promise<FormLink[]> {
  const { rows } = await sql<LinkRow & Omit<FormLink, 'url'>>`
    select l.link_id, l.form_id, l.placement, l.staff_id, l.token_sealed, s.name as staff_name, v.opened, v.started, v.submitted
    from form_link l left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = l.staff_id
    cross join lateral (
      select count(*)::int as opened, count(v.started_at)::int as started, count(v.submitted_at)::int as submitted
      from form_visit v where v.corp_id = ${corpId}::bigint and v.link_id = l.link_id
    ) v
    where l.corp_id = ${corpId}::bigint and l.form_id = ${formId}::bigint and (${scope ?? null}::bigint[] is null or l.staff_id is null or l.staff_id = any(${scope ?? null}::bigint[]))
    order by l.placement, l.staff_id nulls first`.execute(tx)
  return rows.map(({ tokenSealed, formId: ofForm, ...link }) => ({
    ...link,
    url: addressOf(publicUrl, tokenOf(vault, corpId, { ...link, formId: ofForm, tokenSealed })),
  }))
}

/** How a form does: by link, and by field of what is published; private answers are counted and not read. */
export async function readStats(
  tx: Tx,
  deps: { vault: Vault; publicUrl: string },
  corpId: string,
  formId: string,
  scope: Scope,
): Promise<FormStats> {
  const links = await listLinks(tx, deps, corpId, formId, scope)
  const { rows: live } = await sql<{ content: unknown }>`
    select v.content from form f join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = f.form_id and v.version = f.live_version
    where f.corp_id = ${corpId}::bigint and f.form_id = ${formId}::bigint`.execute(tx)
  const { rows: sums } = await sql<{ answers: number; secondsMedian: number | null }>`
    select count(*)::int as answers, round(percentile_cont(0.5) within group (order by a.seconds))::int as seconds_median
    from form_answer a where a.corp_id = ${corpId}::bigint and a.form_id = ${formId}::bigint and ${isSeen(corpId, scope)}`.execute(
    tx,
  )
  const fields = live[0] ? FormContent.parse(live[0].content).fields.filter((field) => !isPrivate(field)) : []
  return { links, ...sums[0]!, fields: await readFields(tx, corpId, formId, fields, scope) }
}

async function readFields(tx: Tx, corpId: string, formId: string, fields: readonly FormField[], scope: Scope) {
  const { rows } = await sql<{ key: string; value: string; n: number }>`
    with newest as (
      select a.answers from form_answer a where a.corp_id = ${corpId}::bigint and a.form_id = ${formId}::bigint and ${isSeen(corpId, scope)}
      order by a.answer_id desc limit ${COUNTED_MAX}
    ), said as (
      select e.key, e.value from newest, jsonb_each(newest.answers) e where jsonb_typeof(e.value) <> 'array'
      union all select e.key, x.value from newest, jsonb_each(newest.answers) e, jsonb_array_elements(e.value) x where jsonb_typeof(e.value) = 'array'
    )
    select key, value #>> '{}' as value, count(*)::int as n from said where key = any(${fields.map(({ key }) => key)}::text[])
    group by 1, 2 order by 1, 3 desc, 2`.execute(tx)
  const { rows: answered } = await sql<{ key: string; n: number; mean: number | null }>`
    with newest as (
      select a.answers from form_answer a where a.corp_id = ${corpId}::bigint and a.form_id = ${formId}::bigint and ${isSeen(corpId, scope)}
      order by a.answer_id desc limit ${COUNTED_MAX}
    )
    select e.key, count(*)::int as n, round(avg(case when jsonb_typeof(e.value) = 'number' then (e.value #>> '{}')::numeric end), 2)::float as mean
    from newest, jsonb_each(newest.answers) e where e.key = any(${fields.map(({ key }) => key)}::text[]) group by 1`.execute(
    tx,
  )
  const byKey = Map.groupBy(rows, (row) => row.key)
  const counts = new Map(answered.map((row) => [row.key, row]))
  return fields.map(({ key, label, kind, options }) => {
    const told = byKey.get(key) ?? []
    const isText = kind === 'text' || kind === 'long_text'
    const values = told.map(({ value, n }) => ({ value, n }))
    const unsaid = options
      .filter((option) => !told.some(({ value }) => value === option))
      .map((value) => ({ value, n: 0 }))
    return {
      key,
      label,
      kind,
      answered: counts.get(key)?.n ?? 0,
      mean: kind === 'number' || kind === 'rating' ? (counts.get(key)?.mean ?? null) : null,
      // What people wrote freely is read in the answers, one by one.
      values: isText ? [] : [...values, ...unsaid].slice(0, Math.max(VALUES_SHOWN, options.length)),
    }
  })
}
