import { type RawBuilder, sql } from 'kysely'
import { fold, gramsOf, likePart, wordsOf } from '../../platform/bigrams.ts'

/**
 * What a query asks of the words of a piece `t` (title_folded, words, grams): each word of it, anywhere. One character
 * alone is in every other text, so it is looked for where titles begin.
 */
export function holdsWords(t: string, q: string): RawBuilder<unknown> {
  const words = wordsOf(q)
  if (words.length === 0) return sql`true`
  const grams = gramsOf(q)
  if (grams.length === 0)
    return sql.join(
      words.map((word) => sql`${sql.ref(`${t}.title_folded`)} like ${`${likePart(word)}%`}`),
      sql` and `,
    )
  const each = words.map((word) => sql`${sql.ref(`${t}.words`)} like ${`%${likePart(word)}%`}`)
  return sql`${sql.ref(`${t}.grams`)} @> ${grams}::int[] and ${sql.join(each, sql` and `)}`
}

/** Whether the title alone holds all of it. */
export function titleHolds(t: string, q: string): RawBuilder<unknown> {
  const words = wordsOf(q)
  if (words.length === 0) return sql`false`
  return sql`(${sql.join(
    words.map((word) => sql`${sql.ref(`${t}.title_folded`)} like ${`%${likePart(word)}%`}`),
    sql` and `,
  )})`
}

const BEFORE = 12
const SNIPPET_MAX = 60

/** A few words around what was found; the beginning where nothing was. */
export function snippetOf(text: string, q: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  const [word] = wordsOf(q)
  // Folding may change lengths; where it did not, the place is the same in both.
  const folded = fold(plain)
  const at = word && folded.length === plain.length ? folded.indexOf(word) : -1
  const from = at > BEFORE ? at - BEFORE : 0
  const cut = [...plain.slice(from)].slice(0, SNIPPET_MAX).join('')
  return `${from > 0 ? '…' : ''}${cut}${from + cut.length < plain.length ? '…' : ''}`
}
