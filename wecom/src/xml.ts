import { isUtf8 } from 'node:buffer'

/** One element. Attributes do not exist in WeCom's XML and are refused, so an element is its text and its children. */
export interface XmlElement {
  readonly name: string
  /** All character data directly inside, CDATA included, entities resolved. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** The outer XML of a callback POST. */
export interface Envelope {
  toUserName: string
  /** Absent or empty for events that belong to no app. */
  agentId: string | undefined
  encrypt: string
}

/** What `writeXml` can write: strings become CDATA, numbers plain text, arrays repeat their element. */
export type XmlValue = string | number | XmlFields | readonly XmlValue[] | undefined
export interface XmlFields {
  readonly [name: string]: XmlValue
}

/** The text is not XML of the narrow kind WeCom sends. Carries no detail of the text. */
export class XmlRefused extends Error {
  override name = 'XmlRefused'
}

/** Bytes. Real events stay under 10 KiB; the cap bounds the work any sender can cause. Ours, not WeCom's. */
export const XML_BYTES_MAX = 64 * 1024

/** Levels. The deepest WeCom event has four. */
const DEPTH_MAX = 16

const NAME = /[A-Za-z_][A-Za-z0-9_.-]*/y
const DECLARATION = /^\uFEFF?\s*(?:<\?xml [^<>?]*\?>\s*)?/
/** Characters XML 1.0 forbids, and lone surrogates; PostgreSQL refuses the first of them in text. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
const ENTITY = /&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));|&/g
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads a document of elements, text and CDATA, nothing else: no DOCTYPE, entity declaration, comment, processing
 * instruction or attribute, at most 64 KiB and 16 levels. Linear time; nothing is ever fetched. Throws `XmlRefused`.
 */
export function readXml(source: string | Buffer): XmlElement {
  const text = decode(source)
  const start = DECLARATION.exec(text)![0].length
  const reader = new Reader(text, start)
  const root = reader.element(1)
  if (text.slice(reader.at).trim() !== '') throw new XmlRefused('text after the root element')
  return root
}

/** The text of the first child of that name: on duplicates the first wins. */
export function childText(element: XmlElement, name: string): string | undefined {
  return findChild(element, name)?.text
}

/** The first child of that name. */
export function findChild(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) if (child.name === name) return child
  return undefined
}

/** The texts of all children of that name, in order. */
export function childTexts(element: XmlElement, name: string): string[] {
  return element.children.filter((child) => child.name === name).map((child) => child.text)
}

/** Reads the body of a callback POST. Throws `XmlRefused`, also when there is no `ToUserName` or `Encrypt`. */
export function readEnvelope(body: string | Buffer): Envelope {
  const root = readXml(body)
  const toUserName = childText(root, 'ToUserName')
  const encrypt = childText(root, 'Encrypt')
  if (root.name !== 'xml' || toUserName === undefined || !encrypt) throw new XmlRefused('not a callback envelope')
  return { toUserName, agentId: childText(root, 'AgentID') || undefined, encrypt }
}

/** Writes what `readXml` reads back unchanged (line ends apart). Throws `TypeError` for what XML cannot hold. */
export function writeXml(rootName: string, fields: XmlFields): string {
  return writeElement(rootName, fields)
}

function writeElement(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((item: XmlValue) => writeElement(name, item)).join('')
  NAME.lastIndex = 0
  if (!NAME.test(name) || NAME.lastIndex !== name.length) throw new TypeError(`not an element name: ${name}`)
  return `<${name}>${writeContent(value as string | number | XmlFields)}</${name}>`
}

function writeContent(value: string | number | XmlFields): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string')
    return Object.entries(value)
      .map(([name, inner]) => writeElement(name, inner))
      .join('')
  if (FORBIDDEN.test(value)) throw new TypeError('text holds characters XML cannot carry')
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

function decode(source: string | Buffer): string {
  const bytes = typeof source === 'string' ? Buffer.byteLength(source) : source.length
  if (bytes > XML_BYTES_MAX) throw new XmlRefused('too large')
  if (typeof source !== 'string' && !isUtf8(source)) throw new XmlRefused('not UTF-8')
  const text = source.toString()
  if (FORBIDDEN.test(text)) throw new XmlRefused('forbidden character')
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/** A cursor over the text; `at` is the next unread position. */
class Reader {
  readonly text: string
  at: number

  constructor(text: string, at: number) {
    this.text = text
    this.at = at
  }

  element(depth: number): XmlElement {
    if (depth > DEPTH_MAX) throw new XmlRefused('too deep')
    this.expect('<')
    const name = this.name()
    this.space()
    if (this.text.startsWith('/>', this.at)) {
      this.at += 2
      return { name, text: '', children: [] }
    }
    this.expect('>')
    const children: XmlElement[] = []
    const text = this.content(children, depth)
    if (this.name() !== name) throw new XmlRefused('closing tag does not match')
    this.space()
    this.expect('>')
    return { name, text, children }
  }

  /** Reads up to and including the `</` that ends the element. */
  private content(children: XmlElement[], depth: number): string {
    let collected = ''
    for (;;) {
      const next = this.text.indexOf('<', this.at)
      if (next < 0) throw new XmlRefused('unclosed element')
      if (next > this.at) collected += resolveEntities(this.text.slice(this.at, next))
      this.at = next
      if (this.text.startsWith('</', next)) {
        this.at += 2
        return collected
      }
      if (this.text.startsWith('<![CDATA[', next)) collected += this.cdata()
      else children.push(this.element(depth + 1))
    }
  }

  private cdata(): string {
    const start = this.at + '<![CDATA['.length
    const end = this.text.indexOf(']]>', start)
    if (end < 0) throw new XmlRefused('unclosed CDATA')
    this.at = end + 3
    return this.text.slice(start, end)
  }

  /** A `<!`, `<?` or attribute fails here: none of them starts or follows with a name where one is due. */
  private name(): string {
    NAME.lastIndex = this.at
    const found = NAME.exec(this.text)
    if (!found) throw new XmlRefused('name expected')
    this.at = NAME.lastIndex
    return found[0]
  }

  private space(): void {
    while (' \t\n'.includes(this.text[this.at] ?? '.')) this.at++
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw new XmlRefused(`${character} expected`)
    this.at++
  }
}

function resolveEntities(text: string): string {
  if (text.includes(']]>')) throw new XmlRefused('stray end of CDATA')
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (_whole, decimal?: string, hex?: string, named?: string) => {
    if (named) return NAMED[named]!
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : -1
    if (code < 0 || code > 0x10ffff) throw new XmlRefused('unknown entity')
    const character = String.fromCodePoint(code)
    if (FORBIDDEN.test(character)) throw new XmlRefused('entity for a forbidden character')
    return character
  })
}
