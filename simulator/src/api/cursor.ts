import type { Call } from './endpoint.ts'
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

/** One page of a list; a limit out of bounds falls back to the default, as mass messages and moments have it. */
export function pageOf<T>(
  { body, world }: Call,
  scope: string,
  rows: readonly T[],
  limits: { most: number; otherwise: number },
): { rows: readonly T[]; next_cursor: string } {
  const asked = (body.limit as number | undefined) ?? 0
  const limit = asked < 1 || asked > limits.most ? limits.otherwise : asked
  const wireMs = world.clock.wireMs()
  const from = readCursor(scope, body.cursor, wireMs)?.[0] ?? 0
  const to = from + limit
  return { rows: rows.slice(from, to), next_cursor: to < rows.length ? writeCursor(scope, [to], wireMs) : '' }
}
