import { randomBytes } from 'node:crypto'
import type { Vault } from '../../../../platform/secrets.ts'

/** One reading of one link, as the page that reads it is told. */
export interface ViewToken {
  viewId: string
  corpId: string
  linkId: string
  /** Of the material, as it was shown. */
  version: number
  /** By the real clock: nobody has read for longer than since then. */
  issuedMs: number
  /** Of the browser it was given to; no other can speak for it. */
  device: string
}

/** Bound to what it is, so that nothing else sealed with the installation's key opens as one. */
const PLACE = 'radar_view'

/** Sealed: a page can neither make one nor read in it for whom and of what it is. */
export function sealView(vault: Vault, view: ViewToken): string {
  const { viewId, corpId, linkId, version, issuedMs, device } = view
  return vault.seal(JSON.stringify([viewId, corpId, linkId, version, issuedMs, device]), PLACE).toString('base64url')
}

/** Undefined for what is none of ours, was altered, or was given to another browser. */
export function openView(vault: Vault, sealed: string, device: string): ViewToken | undefined {
  try {
    const said: [string, string, string, number, number, string] = JSON.parse(
      vault.open(Buffer.from(sealed, 'base64url'), PLACE).toString(),
    )
    const [viewId, corpId, linkId, version, issuedMs, ofDevice] = said
    return ofDevice === device ? { viewId, corpId, linkId, version, issuedMs, device } : undefined
  } catch {
    return undefined // the vault opens nothing that was altered or made elsewhere
  }
}

/** A new view's id: it begins with the time, so that new rows stand beside each other. */
export function newViewId(nowMs: number): string {
  const hex = nowMs.toString(16).padStart(12, '0') + randomBytes(10).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
