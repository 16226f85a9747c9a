/** The ids with one moved by a step; undefined at the end of the list. */
export function moveId(ids: string[], id: string, step: -1 | 1): string[] | undefined {
  const from = ids.indexOf(id)
  const to = from + step
  if (from < 0 || to < 0 || to >= ids.length) return undefined
  return ids.toSpliced(from, 1).toSpliced(to, 0, id)
}

/** One name a line; blank lines and repeats fall away. */
export const readNames = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,，、]/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
]
