import { LocalCode, WecomError } from './errors.ts'

/** Pages. At 1000 rows a page ten million rows: more than any listing of WeCom's can hold. */
const PAGES_MAX = 10_000

/**
 * Walks a cursor to its end. Ends with `LocalCode.loopingCursor` when a cursor comes back or the pages do not end. A
 * page may be empty or short in the middle. Rows may move between pages while reading: treat the pages as a set.
 */
export async function* pages<P extends { next_cursor?: string }>(
  api: string,
  fetchPage: (cursor: string) => Promise<P>,
  pagesMax = PAGES_MAX,
): AsyncGenerator<P, void, undefined> {
  const seen = new Set<string>([''])
  let cursor = ''
  for (let read = 0; read < pagesMax; read++) {
    const page = await fetchPage(cursor)
    yield page
    cursor = page.next_cursor ?? ''
    if (cursor === '') return
    if (seen.has(cursor)) break
    seen.add(cursor)
  }
  throw new WecomError({
    api,
    errcode: LocalCode.loopingCursor,
    errmsg: 'the listing does not end',
    outcome: 'refused',
  })
}

/** Cuts a list into parts of at most `size`. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size))
  return parts
}
