import { z } from 'zod'

/** PostgreSQL's text holds no NUL, and neither its JSON nor UTF-8 half of a surrogate pair. */
const isKept = (text: string) => !text.includes('\0') && text.isWellFormed()
const NOT_KEPT = '有无法保存的字符，请删掉'

/** What somebody wrote. Whatever passes is stored as it was given. */
export const Text = z.string().refine(isKept, NOT_KEPT)

/** An address a browser opens. */
export const WebUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine(isKept, NOT_KEPT)

/** Cut to a number of UTF-8 bytes without halving a character. */
export function cutBytes(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text
  return Buffer.from(text).subarray(0, max).toString('utf8').replace(/�+$/, '')
}
