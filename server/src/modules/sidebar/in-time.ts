import { SentTooLate } from './errors.ts'

/** A message waits in the chat until its member sends it, or forgets it. */
const CONFIRMED_WITHIN_MS = 24 * 3_600_000

/** When something was sent, by the client's word; refused where that lies ahead or is too long ago. */
export function requireInTime(said: string, now: Date): Date {
  const at = new Date(said)
  if (at > now || now.getTime() - at.getTime() > CONFIRMED_WITHIN_MS) throw new SentTooLate()
  return at
}
