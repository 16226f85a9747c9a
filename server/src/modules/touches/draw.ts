import { sha256 } from '../../platform/secrets.ts'

/** A number from 0 to 999, the same at every look: who of a thousand is held out. Murmur3's finaliser over salt and id. */
export function drawOf(salt: number, contactId: number): number {
  let h = (contactId ^ Math.imul(Math.floor(contactId / 2 ** 32), 0x9e3779b1) ^ salt) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) % 1000
}

/** The salt of what a touch stands for: its own holdout, and who gets which variant. */
export const saltOf = (text: string): number => sha256(text).readInt32BE(0)
