import { TableUnreadable } from '../errors.ts'

/** Characters of one tag or one run of text: far above what a cell holds. */
const PIECE_MAX = 200_000

export interface XmlReader {
  /** Local name of a tag as it opens, with its attributes. */
  open?(name: string, attribute: (name: string) => string | undefined): void
  text?(text: string): void
  close?(name: string): void
}

/**
 * Reads the plain XML of which workbooks are made, piece by piece. It knows no declarations and no entities of a document's
 * own: what could blow up, or reach for another file, is refused.
 */
export function createXmlFeed(to: XmlReader): (piece: string) => void {
  let rest = ''
  return (piece) => {
    rest += piece
    let at = 0
    for (;;) {
      const open = rest.indexOf('<', at)
      if (open < 0) break
      const close = rest.indexOf('>', open)
      if (close < 0) break
      if (open > at) to.text?.(plain(rest.slice(at, open)))
      readTag(rest.slice(open + 1, close), to)
      at = close + 1
    }
    rest = rest.slice(at)
    if (rest.length > PIECE_MAX) throw new TableUnreadable({ why: '里面有一格长得不像表格' })
  }
}

function readTag(tag: string, to: XmlReader): void {
  if (tag.startsWith('?')) return
  if (tag.startsWith('!')) throw new TableUnreadable({ why: '里面有表格不会有的声明' })
  const name = localName(/^\/?([^\s/]+)/.exec(tag)?.[1] ?? '')
  if (tag.startsWith('/')) {
    to.close?.(name)
    return
  }
  to.open?.(name, (wanted) => {
    const value = attributeOf(wanted).exec(tag)
    return value ? plain(value[1] ?? value[2] ?? '') : undefined
  })
  if (tag.endsWith('/')) to.close?.(name)
}

const patterns = new Map<string, RegExp>()

/** Asked of every cell, so each is made once. */
function attributeOf(name: string): RegExp {
  const known = patterns.get(name)
  if (known) return known
  const made = new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
  patterns.set(name, made)
  return made
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1)

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{1,4});/gi, (whole, said: string) => {
    if (!said.startsWith('#')) return NAMED[said] ?? whole
    const code = /^#x/i.test(said) ? Number.parseInt(said.slice(2), 16) : Number(said.slice(1))
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code).toWellFormed() : ''
  })
}
