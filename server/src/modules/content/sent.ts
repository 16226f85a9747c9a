import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { sha256 } from '../../platform/secrets.ts'
import { appendEvents } from '../events/journal.ts'

export interface Sent {
  staffId: string
  /** To one customer, or into a chat of many. */
  to: { contactId: string } | { chatId: string }
  piece: { materialId: string } | { scriptId: string }
  version: number
  at: Date
  /** The same sending, told again, is counted once. */
  key: string
}

/**
 * Notes that a member sent a piece of content: in the journal of the customer, or among what chats were sent, and raises how
 * often it was used, all with the caller's transaction. False: it was noted before.
 */
export async function recordSent(tx: Tx, corpId: string, sent: Sent, now: Date): Promise<boolean> {
  const [piece, pieceId] =
    'materialId' in sent.piece
      ? (['material', sent.piece.materialId] as const)
      : (['script', sent.piece.scriptId] as const)
  const told = await readTold(tx, corpId, piece, pieceId)
  const isNew = 'contactId' in sent.to ? await toContact(sent.to.contactId) : await toChat(sent.to.chatId)
  if (isNew) await raise(tx, corpId, sent, piece, pieceId)
  return isNew

  async function toContact(contactId: string): Promise<boolean> {
    const event = {
      contactId,
      at: sent.at,
      kind: 'content.sent' as const,
      staffId: sent.staffId,
      source: 'console' as const,
      props: { piece, pieceId, kind: told.kind, title: told.title, version: sent.version },
      key: `content.sent ${sent.key}`,
    }
    return (await appendEvents(tx, corpId, [event], now)).length > 0
  }

  async function toChat(chatId: string): Promise<boolean> {
    const { rows } = await sql`
      insert into chat_sent (corp_id, sent_id, chat_id, staff_id, piece, piece_id, version, at)
      values (${corpId}::bigint, encode(substring(${sha256(`${corpId}\n${sent.key}`)}::bytea from 1 for 16), 'hex')::uuid, ${chatId}, ${sent.staffId}::bigint, ${piece}, ${pieceId}::bigint, ${sent.version}, ${sent.at}::timestamptz)
      on conflict do nothing returning sent_id`.execute(tx)
    return rows.length > 0
  }
}

async function readTold(tx: Tx, corpId: string, piece: 'material' | 'script', pieceId: string) {
  const { rows } = await (piece === 'material'
    ? sql<{
        kind: string
        title: string
      }>`select kind, title from material where corp_id = ${corpId}::bigint and material_id = ${pieceId}::bigint`
    : sql<{
        kind: string
        title: string
      }>`select 'script' as kind, title from script where corp_id = ${corpId}::bigint and script_id = ${pieceId}::bigint`
  ).execute(tx)
  if (!rows[0]) throw new NotFound({ what: piece === 'material' ? '素材' : '话术' })
  return rows[0]
}

async function raise(tx: Tx, corpId: string, { staffId, at }: Sent, piece: 'material' | 'script', pieceId: string) {
  const key = sql.ref(piece === 'material' ? 'material_id' : 'script_id')
  await sql`update ${sql.table(piece)} set uses = uses + 1, used_at = greatest(used_at, ${at}::timestamptz) where corp_id = ${corpId}::bigint and ${key} = ${pieceId}::bigint`.execute(
    tx,
  )
  await sql`
    insert into content_use (corp_id, staff_id, piece, piece_id, uses, used_at) values (${corpId}::bigint, ${staffId}::bigint, ${piece}, ${pieceId}::bigint, 1, ${at}::timestamptz)
    on conflict (corp_id, staff_id, piece, piece_id) do update set uses = content_use.uses + 1, used_at = greatest(content_use.used_at, excluded.used_at)`.execute(
    tx,
  )
}
