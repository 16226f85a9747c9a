import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'

export interface AuditEntry {
  /** Object and verb: `tag.create`. */
  action: string
  kind: string
  id: string | null
  detail: Record<string, unknown>
  at: Date
}

/** Records who did what, in the transaction of the deed: no deed without its line, no line without its deed. */
export async function recordAudit(
  tx: Tx,
  actor: Pick<Actor, 'accountId' | 'corpId' | 'name' | 'ip' | 'requestId'>,
  entry: AuditEntry,
): Promise<void> {
  await tx
    .insertInto('auditLog')
    .values({
      corpId: actor.corpId,
      at: entry.at,
      accountId: actor.accountId,
      actor: actor.name,
      action: entry.action,
      objectKind: entry.kind,
      objectId: entry.id,
      detail: JSON.stringify(entry.detail),
      ip: actor.ip,
      requestId: actor.requestId,
    })
    .execute()
}
