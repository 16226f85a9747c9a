import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Id } from '../../../platform/id.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import { TooQuick, VisitUnknown } from './errors.ts'

/** One opening of the page: handed out with it, bound to the browser, good for one answer (PB-11). */
export interface Visit {
  corpId: string
  linkId: string
  version: number
  nonce: string
  issuedMs: number
}
const Kept = z.object({
  corpId: Id,
  linkId: Id,
  version: z.number().int(),
  nonce: z.string().length(16),
  issuedMs: z.number(),
})

/** Nobody reads and fills in a form sooner. Real time. */
export const FILL_MS_MIN = 3_000
const VISIT_MS_MAX = 24 * 3_600_000

const placeOf = (device: string) => `form_visit.${device}`

export const newVisit = (
  { corpId, linkId, version }: Pick<Visit, 'corpId' | 'linkId' | 'version'>,
  nowMs: number,
): Visit => ({ corpId, linkId, version, nonce: randomBytes(12).toString('base64url'), issuedMs: nowMs })

export const sealVisit = (vault: Vault, { corpId, linkId, version, nonce, issuedMs }: Visit, device: string): string =>
  vault.seal(JSON.stringify({ corpId, linkId, version, nonce, issuedMs }), placeOf(device)).toString('base64url')

/** Refuses what we did not seal for this browser, and what is older than a day. */
export function openVisit(vault: Vault, sealed: string, device: string | undefined, nowMs: number): Visit {
  const visit = device === undefined ? undefined : open(vault, sealed, device)
  if (!visit || nowMs - visit.issuedMs > VISIT_MS_MAX || visit.issuedMs > nowMs + 60_000) throw new VisitUnknown()
  return visit
}

function open(vault: Vault, sealed: string, device: string): Visit | undefined {
  try {
    return Kept.parse(JSON.parse(vault.open(Buffer.from(sealed, 'base64url'), placeOf(device)).toString()))
  } catch {
    return undefined // made up, altered, or another browser's
  }
}

export function refuseQuick({ issuedMs }: Visit, nowMs: number): void {
  if (nowMs - issuedMs < FILL_MS_MIN) throw new TooQuick()
}

export const visitMark = ({ nonce }: Visit): Buffer => sha256(`form visit ${nonce}`).subarray(0, 16)
