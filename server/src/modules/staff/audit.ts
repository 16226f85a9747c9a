import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import type { AuditVerdict } from './schema.ts'

export interface AuditEntry {
  /** Object and verb: `tag.create`. */
  action: string
  kind: string
  id: string | null
  detail: Record<string, unknown>
  at: Date
}

/** Before the first line. */
const START = Buffer.from([0])

/**
 * Records who did what, in the transaction of the deed: no deed without its line, no line without its deed. Each line is
 * chained to the one before; writers of one corp take turns from here to their commit, so it comes last.
 */
export async function recordAudit(
  tx: Tx,
  actor: Pick<Actor, 'accountId' | 'corpId' | 'name' | 'ip' | 'requestId'>,
  entry: AuditEntry,
): Promise<void> {
  const { corpId } = actor
  await sql`insert into audit_head (corp_id, lines, hash) values (${corpId}::bigint, 0, ${START}) on conflict (corp_id) do nothing`.execute(
    tx,
  )
  await sql`
    with head as (select lines + 1 as line, hash from audit_head where corp_id = ${corpId}::bigint for update),
    said as (select ${corpId}::bigint as corp_id, ${entry.at}::timestamptz as at, ${actor.accountId}::bigint as account_id, ${actor.name}::text as actor, ${entry.action}::text as action,
      ${entry.kind}::text as object_kind, ${entry.id}::text as object_id, ${JSON.stringify(entry.detail)}::jsonb as detail, ${actor.ip}::text as ip, ${actor.requestId}::text as request_id),
    added as (
      insert into audit_log (corp_id, at, account_id, actor, action, object_kind, object_id, detail, ip, request_id, line, hash)
      select s.*, h.line, sha256(h.hash || audit_text(h.line, s.at, s.account_id, s.actor, s.action, s.object_kind, s.object_id, s.detail, s.ip, s.request_id)) from said s, head h
      returning line, hash)
    update audit_head set lines = added.line, hash = added.hash from added where audit_head.corp_id = ${corpId}::bigint`.execute(
    tx,
  )
}

/** Whether the log is what was written: every line follows from the one before, and the last is the last there was. */
export async function verifyAudit(tx: Tx, corpId: string): Promise<AuditVerdict> {
  const { rows } = await sql<{ lines: string; broken: string | null; whole: boolean }>`
    with chained as (
      select line, hash, coalesce(lag(hash) over (order by line), ${START}) as before, row_number() over (order by line) as place,
        audit_text(line, at, account_id, actor, action, object_kind, object_id, detail, ip, request_id) as said
      from audit_log where corp_id = ${corpId}::bigint
    ), head as (select lines, hash from audit_head where corp_id = ${corpId}::bigint)
    select (select count(*) from chained) as lines,
      (select min(line) from chained where line <> place or hash <> sha256(before || said)) as broken,
      coalesce((select lines from head), 0) = (select count(*) from chained)
        and coalesce((select hash from head), ${START}) = coalesce((select hash from chained order by line desc limit 1), ${START}) as whole`.execute(
    tx,
  )
  const { lines, broken, whole } = rows[0]!
  return { lines: Number(lines), brokenAt: broken === null ? null : Number(broken), cutOff: broken === null && !whole }
}
