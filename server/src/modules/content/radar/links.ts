import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import type { RadarChannel } from './schema.ts'

export interface LinkWish {
  materialId: string
  version: number
  staffId: string
  channel: RadarChannel
  /** The group, the code … it goes to. */
  chatId?: string | null
  /** The one person it goes to. */
  contactId?: string | null
  /** Of a reader who may send it on. */
  parent?: { linkId: string; viewId: string; contactId: string } | null
}

export interface Link {
  linkId: string
  token: string
}

const TOKEN_BYTES = 16
const MARK_BYTES = 16

/** Under which a token is looked up. */
export const tokenMark = (token: string): Buffer => sha256(`radar ${token}`).subarray(0, MARK_BYTES)
const placeOf = (corpId: string, targetMark: Buffer) => `radar_link.${corpId}.${targetMark.toString('hex')}`

/** What makes two wishes one link. A reader's own link is his, however often he reads. */
function targetOf({ materialId, staffId, channel, chatId, contactId, parent }: LinkWish): Buffer {
  const parts = parent
    ? ['forward', parent.linkId, parent.contactId]
    : [materialId, staffId, channel, chatId ?? '', contactId ?? '']
  return sha256(JSON.stringify(parts)).subarray(0, MARK_BYTES)
}

/** The address a member sends: the same for the same material, way and person. */
export async function linkFor(
  tx: Tx,
  { vault, publicUrl }: { vault: Vault; publicUrl: string },
  corpId: string,
  wish: LinkWish,
  now: Date,
): Promise<string> {
  const [link] = await linksFor(tx, vault, corpId, [wish], now)
  return addressOf(publicUrl, link!.token)
}

export const addressOf = (publicUrl: string, token: string): string => `${publicUrl}/r/${token}`

/** A link for each wish, in their order; two statements when all are new, one when none is. */
export async function linksFor(
  tx: Tx,
  vault: Vault,
  corpId: string,
  wishes: readonly LinkWish[],
  now: Date,
): Promise<Link[]> {
  const marks = wishes.map(targetOf)
  const byMark = new Map(marks.map((mark, i) => [mark.toString('hex'), { mark, wish: wishes[i]! }]))
  const known = await readLinks(tx, vault, corpId, byMark)
  // Sorted: two who make the same links do not wait for each other crosswise.
  const missing = [...byMark].filter(([key]) => !known.has(key)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (missing.length > 0) {
    await makeLinks(
      tx,
      vault,
      corpId,
      missing.map(([, one]) => one),
      now,
    )
    for (const [key, link] of await readLinks(tx, vault, corpId, new Map(missing))) known.set(key, link)
  }
  return marks.map((mark) => known.get(mark.toString('hex'))!)
}

type Wishes = ReadonlyMap<string, { mark: Buffer; wish: LinkWish }>

async function readLinks(tx: Tx, vault: Vault, corpId: string, wishes: Wishes): Promise<Map<string, Link>> {
  const { rows } = await sql<{ targetMark: Buffer; linkId: string; tokenSealed: Buffer }>`
    select target_mark, link_id, token_sealed from radar_link
    where corp_id = ${corpId}::bigint and target_mark = any(${[...wishes.values()].map(({ mark }) => mark)}::bytea[])`.execute(
    tx,
  )
  return new Map(
    rows.map(({ targetMark, linkId, tokenSealed }) => [
      targetMark.toString('hex'),
      { linkId, token: vault.open(tokenSealed, placeOf(corpId, targetMark)).toString() },
    ]),
  )
}

async function makeLinks(
  tx: Tx,
  vault: Vault,
  corpId: string,
  wishes: readonly { mark: Buffer; wish: LinkWish }[],
  now: Date,
): Promise<void> {
  const rows = wishes.map(({ mark, wish }) => {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    return { ...wish, mark, tokenMark: tokenMark(token), sealed: vault.seal(token, placeOf(corpId, mark)) }
  })
  // Whoever made the same link a moment before has it: his token stays, ours is never told to anybody.
  await sql`
    with given as (
      select * from unnest(${rows.map((r) => r.mark)}::bytea[], ${rows.map((r) => r.tokenMark)}::bytea[], ${rows.map((r) => r.sealed)}::bytea[], ${rows.map((r) => r.materialId)}::bigint[],
        ${rows.map((r) => r.version)}::int[], ${rows.map((r) => r.staffId)}::bigint[], ${rows.map((r) => r.channel)}::text[], ${rows.map((r) => r.chatId ?? null)}::text[], ${rows.map((r) => r.contactId ?? null)}::bigint[],
        ${rows.map((r) => r.parent?.linkId ?? null)}::bigint[], ${rows.map((r) => r.parent?.viewId ?? null)}::uuid[], ${rows.map((r) => r.parent?.contactId ?? null)}::bigint[])
        as g(target_mark, token_mark, token_sealed, material_id, version, staff_id, channel, chat_id, contact_id, parent_link_id, parent_view_id, parent_contact_id)
    ), made as (
      insert into radar_link (corp_id, token_sealed, target_mark, material_id, version, staff_id, channel, chat_id, contact_id, parent_link_id, parent_view_id, parent_contact_id, created_at)
      select ${corpId}::bigint, token_sealed, target_mark, material_id, version, staff_id, channel, chat_id, contact_id, parent_link_id, parent_view_id, parent_contact_id, ${now}::timestamptz from given
      on conflict (corp_id, target_mark) do nothing returning link_id, target_mark
    )
    insert into radar_token (token_mark, corp_id, link_id)
    select g.token_mark, ${corpId}::bigint, m.link_id from made m join given g using (target_mark)`.execute(tx)
}
