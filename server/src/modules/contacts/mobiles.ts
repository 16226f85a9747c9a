import type { Vault } from '../../platform/secrets.ts'

/** A number as people write it, without blanks and hyphens and China's own prefix. */
export const plainMobile = (written: string): string =>
  written.replaceAll(/[\s-]/g, '').replace(/^(\+|00)?86(?=1\d{10}$)/, '')

/** The keyed mark by which one number is found again where the number itself is sealed, or not kept at all. */
export const markMobile = (vault: Vault, mobile: string): string => vault.fingerprint(JSON.stringify([mobile]))

export function maskPhone(phone: string): string {
  const digits = phone.replaceAll(/\s/g, '')
  return digits.length >= 11 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `****${digits.slice(-2)}`
}
