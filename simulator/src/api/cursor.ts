import { ApiFailure } from './errors.ts'

/** Wire time. WeCom does not publish it; `contact_list` says four hours (path/99434, 2026-11). */
const CURSOR_LIFE_MS = 4 * 3600 * 1000
const BAD_CURSOR = 50100

/** An opaque position. Bound to what was listed (`scope`), so that a cursor of one list is refused by another. */
export function writeCursor(scope: string, position: readonly number[], wireMs: number): string {
  return Buffer.from(JSON.stringify([scope, Math.round(wireMs), ...position])).toString('base64url')
}

/** The position, or undefined at the beginning. */
export function readCursor(scope: string, cursor: unknown, wireMs: number): number[] | undefined {
  if (cursor === undefined || cursor === '') return undefined
  try {
    const parts = JSON.parse(Buffer.from(String(cursor), 'base64url').toString()) as unknown
    if (Array.isArray(parts) && parts[0] === scope && parts.slice(1).every(Number.isFinite)) {
      const [writtenMs, ...position] = parts.slice(1) as number[]
      if (wireMs - writtenMs! <= CURSOR_LIFE_MS) return position
    }
  } catch {
    // not one of ours: refused below
  }
  throw new ApiFailure(BAD_CURSOR, '游标无效或已过期，请从头翻页')
}
