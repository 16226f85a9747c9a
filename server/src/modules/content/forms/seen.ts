import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../../corps/context.ts'

/**
 * Answers `a` that nobody has erased, whose customer somebody of the scope follows; of whoever nobody follows, or nobody knows, those that came by
 * a link of somebody of it.
 */
export function isSeen(corpId: string, scope: Scope): RawBuilder<unknown> {
  if (!scope) return sql`a.erased_at is null`
  const root = sql`(select coalesce(c.merged_into, c.contact_id) from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = a.filler_id)`
  const followed = sql`select from follow w where w.corp_id = ${corpId}::bigint and w.contact_id = ${root}`
  return sql`(a.erased_at is null and (exists (${followed} and w.staff_id = any(${[...scope]}::bigint[])) or (a.staff_id = any(${[...scope]}::bigint[]) and not exists (${followed}))))`
}
