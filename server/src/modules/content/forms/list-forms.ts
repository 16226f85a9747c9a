import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import type { Scope } from '../../corps/context.ts'
import { FormContent, type FormSummary, type FormView } from './schema.ts'
import { isSeen } from './seen.ts'

type Row = Omit<FormSummary, 'lastAt' | 'updatedAt'> & {
  lastAt: Date | null
  updatedAt: Date
  revision: number
  draft: unknown
}

/** Forms, newest first, with how often they were opened and answered, as far as the caller may see. */
export async function listForms(tx: Tx, corpId: string, scope: Scope, formId?: string): Promise<FormView[]> {
  const { rows } = await sql<Row>`
    select f.form_id, f.title, f.state, f.live_version as version, f.live_revision is distinct from f.revision as changed, jsonb_array_length(f.draft->'fields') as fields,
      f.revision, f.draft, f.updated_at, f.created_by, l.placements, l.opened, a.answers, a.last_at
    from form f
    cross join lateral (
      select count(distinct l.placement)::int as placements, coalesce(sum(v.n), 0)::int as opened from form_link l
      cross join lateral (select count(*) as n from form_visit v where v.corp_id = ${corpId}::bigint and v.link_id = l.link_id) v
      where l.corp_id = ${corpId}::bigint and l.form_id = f.form_id and (${scope ?? null}::bigint[] is null or l.staff_id is null or l.staff_id = any(${scope ?? null}::bigint[]))
    ) l
    cross join lateral (
      select count(*)::int as answers, max(a.submitted_at) as last_at from form_answer a where a.corp_id = ${corpId}::bigint and a.form_id = f.form_id and ${isSeen(corpId, scope)}
    ) a
    where f.corp_id = ${corpId}::bigint and (${formId ?? null}::bigint is null or f.form_id = ${formId ?? null}::bigint)
    order by f.updated_at desc, f.form_id desc`.execute(tx)
  return rows.map(({ lastAt, updatedAt, draft, ...row }) => ({
    ...row,
    draft: FormContent.parse(draft),
    lastAt: lastAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString(),
  }))
}

export async function readForm(tx: Tx, corpId: string, formId: string, scope: Scope): Promise<FormView> {
  const [form] = await listForms(tx, corpId, scope, formId)
  if (!form) throw new NotFound({ what: '表单' })
  return form
}
