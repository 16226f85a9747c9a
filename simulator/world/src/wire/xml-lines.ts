export interface XmlLine {
  depth: number
  /** `open` and `close` stand alone; a `leaf` has its text between them. */
  kind: 'open' | 'close' | 'leaf'
  tag: string
  text: string
}

const TOKEN = /<(\/?)([A-Za-z_][\w.-]*)>|<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+)/g

/** A callback's XML, one element a line. CDATA is WeCom's wrapping, not content, and is left out. */
export function xmlLines(xml: string): XmlLine[] {
  const lines: XmlLine[] = []
  let depth = 0
  let text = ''
  for (const [, slash, tag, cdata, plain] of xml.matchAll(TOKEN)) {
    if (tag === undefined) {
      text += cdata ?? plain?.trim() ?? ''
      continue
    }
    const last = lines.at(-1)
    if (slash === '') {
      lines.push({ depth: depth++, kind: 'open', tag, text: '' })
    } else {
      depth--
      if (last?.kind === 'open' && last.tag === tag && last.depth === depth) {
        last.kind = 'leaf'
        last.text = text
      } else lines.push({ depth, kind: 'close', tag, text: '' })
    }
    text = ''
  }
  return lines
}

const SHOWN_CHARS_MAX = 24

/** Long ids keep their two ends: the kind in front, what tells them apart behind. */
export function shorten(value: string): string {
  return value.length <= SHOWN_CHARS_MAX ? value : `${value.slice(0, 10)}…${value.slice(-4)}`
}
