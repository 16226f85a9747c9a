import characters from 'opencc-js/dict/TSCharacters'

/**
 * Chinese is found by pairs of characters. What is written is folded (width, case, traditional characters) and its pairs
 * are hashed to integers that stand in an array under a GIN index; what is asked is folded the same way, its pairs must all
 * be there, and the folded text is compared once more, for different pairs may share a number.
 */

/**
 * How one character is written in simplified Chinese, by OpenCC’s table (opencc-js, pinned). Character by character, never by
 * phrases, so that a part of a text folds as it does in the whole.
 */
const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  characters.split('|').map((line): [string, string] => {
    const [from = '', to = from] = line.split(' ')
    return [from, to]
  }),
)

/** As it is searched: width and case are all one, traditional characters are simplified, blanks are one blank. */
export function fold(text: string): string {
  let folded = ''
  for (const sign of text.normalize('NFKC').toLowerCase()) folded += SIMPLIFIED.get(sign) ?? sign
  return folded.replaceAll(/\s+/g, ' ').trim()
}

/** The words of a query: each must be there, wherever it stands. */
export const wordsOf = (query: string): string[] => [
  ...new Set(
    fold(query)
      .split(' ')
      .filter((word) => word !== ''),
  ),
]

/** The pairs of characters of a text, as 32-bit integers (FNV-1a over their code points); blanks part them. */
export function gramsOf(text: string): number[] {
  const grams = new Set<number>()
  for (const word of fold(text).split(' ')) {
    const signs = [...word]
    for (let i = 1; i < signs.length; i++) grams.add(hash(signs[i - 1]!.codePointAt(0)!, signs[i]!.codePointAt(0)!))
  }
  return [...grams]
}

function hash(first: number, second: number): number {
  let value = 0x811c9dc5
  for (const point of [first, second])
    for (let shift = 0; shift < 24; shift += 8) value = Math.imul(value ^ ((point >>> shift) & 0xff), 0x01000193)
  return value | 0
}

/** A folded word for LIKE, its own wildcards meaning themselves. */
export const likePart = (word: string): string => word.replaceAll(/[\\%_]/g, '\\$&')
