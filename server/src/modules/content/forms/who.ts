import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import { type Identifier, keepIdentifiers } from '../../contacts/identifiers.ts'
import { identifyContacts } from '../../contacts/identify.ts'

/** Whoever is before the page, as far as we can tell. */
export interface Filler {
  /** A mark of this browser. */
  device: string
  ip: string
  /** As WeCom told it in a sign-in; never as the page says. */
  openid: string | null
  externalUserid: string | null
}

/** By which one visitor is told from another: what WeCom says of him, else his browser. */
export const visitorMark = ({ openid, externalUserid, device }: Filler): Buffer =>
  sha256(`form visitor ${externalUserid ?? openid ?? device}`).subarray(0, 16)

export const isKnown = ({ openid, externalUserid }: Filler): boolean => openid !== null || externalUserid !== null

/** As WeCom named him to the corp. */
async function namesOf(tx: Tx, corpId: string, { openid, externalUserid }: Filler): Promise<Identifier[]> {
  const names: Identifier[] = []
  if (externalUserid) names.push({ kind: 'external_userid', value: externalUserid, trust: 2 })
  if (openid) {
    const { rows } = await sql<{
      wecomCorpid: string | null
    }>`select wecom_corpid from corp where corp_id = ${corpId}::bigint`.execute(tx)
    names.push({ kind: 'openid', value: `${rows[0]?.wecomCorpid ?? corpId}:${openid}`, trust: 2 })
  }
  return names
}

/**
 * Whose contact he is, made where he is new; undefined while he is but a browser. A number he typed and agreed to be known
 * by counts as his own word: one that somebody has already joins nobody to him, and stays in the answer alone.
 */
export async function contactOf(
  tx: Tx,
  vault: Vault,
  corpId: string,
  filler: Filler,
  phone: string | undefined,
  now: Date,
): Promise<string | undefined> {
  const names = await namesOf(tx, corpId, filler)
  const typed: Identifier[] = phone === undefined ? [] : [{ kind: 'phone', value: phone, trust: 1 }]
  const identifiers = [...names, ...((await isHeld(tx, vault, corpId, typed)) ? [] : typed)]
  if (identifiers.length === 0) return undefined
  const [contactId] = await identifyContacts(tx, corpId, vault, [{ identifiers }], now)
  return contactId
}

async function isHeld(tx: Tx, vault: Vault, corpId: string, typed: readonly Identifier[]): Promise<boolean> {
  const [kept] = keepIdentifiers(vault, typed)
  if (!kept) return true
  // Two who type one number at once take turns: the second finds it held.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`form phone ${corpId} ${kept.value}`}, 0))`.execute(tx)
  const { rows } = await sql`
    select from contact_identity where corp_id = ${corpId}::bigint and kind = 'phone' and value = ${kept.value}`.execute(
    tx,
  )
  return rows.length > 0
}
