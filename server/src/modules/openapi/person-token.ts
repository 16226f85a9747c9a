import type { Vault } from '../../platform/secrets.ts'

const PREFIX = 'pt_'
/** Bound to what it is, so that nothing else sealed with the installation's key opens as one. */
const placeOf = (corpId: string) => `person_token.${corpId}`

interface Said {
  contactId: string
  expiresAt: number
}

/**
 * Lets a browser speak for one contact for a while: sealed, so that whoever holds it can neither read whom it is of nor
 * make another's. A server signs it for somebody it has signed in.
 */
export function signPersonToken(vault: Vault, corpId: string, contactId: string, expiresAt: Date): string {
  const said: Said = { contactId, expiresAt: expiresAt.getTime() }
  return PREFIX + vault.seal(JSON.stringify(said), placeOf(corpId)).toString('base64url')
}

/** Whom a token of this corp is of; undefined for any other, an altered and an old one. */
export function readPersonToken(vault: Vault, corpId: string, token: string, now: Date): string | undefined {
  if (!token.startsWith(PREFIX)) return undefined
  let said: Said
  try {
    said = JSON.parse(vault.open(Buffer.from(token.slice(PREFIX.length), 'base64url'), placeOf(corpId)).toString())
  } catch {
    return undefined // not one of ours: the vault opens nothing that was altered or made elsewhere
  }
  return said.expiresAt > now.getTime() ? said.contactId : undefined
}
