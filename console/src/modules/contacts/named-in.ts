export interface Person {
  staffId: string
  name: string
}

/** A text cut where it names somebody: “@” and the longest name that fits there. */
export function cutAtNames(text: string, people: readonly Person[]): (string | Person)[] {
  const byLength = people.toSorted((a, b) => b.name.length - a.name.length)
  const parts: (string | Person)[] = []
  let from = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const named = byLength.find(({ name }) => name !== '' && text.startsWith(name, at + 1))
    if (!named) continue
    if (at > from) parts.push(text.slice(from, at))
    parts.push(named)
    from = at + 1 + named.name.length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

/** Whom a text names, each once. Of several with one name whoever was `picked`; without, only who alone has it. */
export function namedIn(text: string, people: readonly Person[], picked: ReadonlySet<string>): string[] {
  const ids = cutAtNames(text, people).flatMap((part) => {
    if (typeof part === 'string') return []
    const all = people.filter(({ name }) => name === part.name)
    const chosen = all.filter(({ staffId }) => picked.has(staffId))
    const meant = chosen.length > 0 ? chosen : all.length === 1 ? all : []
    return meant.map(({ staffId }) => staffId)
  })
  return [...new Set(ids)]
}
