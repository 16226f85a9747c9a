import { Parser } from 'htmlparser2'
import { cutBytes } from '../../../platform/text.ts'
import type { Block } from './schema.ts'

/** A picture still on its page. */
export interface FarPicture {
  type: 'picture'
  address: string
  caption: string
}
export type Piece = Exclude<Block, { type: 'picture' }> | FarPicture
export interface ReadPage {
  title: string
  summary: string
  author: string
  picture: string | undefined
  pieces: Piece[]
}

const TITLE_BYTES_MAX = 128
const SUMMARY_BYTES_MAX = 512
const TEXT_MAX = 2_000
const HEADING_MAX = 200
const ITEMS_MAX = 50
const PIECES_MAX = 600

/** What is inside these is no part of what a page tells. */
const DUMB: ReadonlySet<string> = new Set(
  'script style noscript template svg math iframe object embed form button input select textarea nav footer aside dialog canvas video audio head'.split(
    ' ',
  ),
)
/** Where one piece ends and the next begins. */
const BREAKS: ReadonlySet<string> = new Set(
  'p div section article main header table tr td th ul ol li dl dt dd blockquote pre figure figcaption h1 h2 h3 h4 h5 h6 hr'.split(
    ' ',
  ),
)
const HEADINGS = /^h[1-6]$/
/** The tale itself, where a page says so; WeChat’s articles are in #js_content. */
const isTale = (name: string, attributes: Record<string, string>) =>
  name === 'article' || name === 'main' || attributes.id === 'js_content' || attributes.itemprop === 'articleBody'

/** Reads a page into our own small pieces: texts and the addresses of pictures, nothing of its markup. */
export function readPage(bytes: Buffer, contentType: string, url: string): ReadPage {
  const html = decode(bytes, contentType)
  const reader = new PageReader(url)
  const parser = new Parser(reader, { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true })
  parser.write(html)
  parser.end()
  return reader.read()
}

/** By what the answer says, then the page itself. */
function decode(bytes: Buffer, contentType: string): string {
  const named =
    /charset\s*=\s*["']?([\w-]+)/i.exec(contentType)?.[1] ??
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(bytes.subarray(0, 4_096).toString('latin1'))?.[1]
  try {
    return new TextDecoder(named ?? 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder('utf-8').decode(bytes) // a name nobody knows
  }
}

const plain = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u200B\u2060\uFEFF]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

class PageReader {
  readonly #url: string
  readonly #meta = new Map<string, string>()
  #title = ''
  #inTitle = false
  #dumb = 0
  readonly #open: string[] = []
  /** How deep in the tale we are; pieces outside count only where there is no tale. */
  #tale = 0
  readonly #tales: boolean[] = []
  #text = ''
  readonly #all: { piece: Piece; inTale: boolean }[] = []
  #list: { ordered: boolean; items: string[]; inTale: boolean } | undefined
  #lists = 0

  constructor(url: string) {
    this.#url = url
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    if (name === 'title') this.#inTitle = this.#title === ''
    if (name === 'meta') this.#hearMeta(attributes)
    if (VOID.has(name)) {
      if (this.#dumb === 0) this.#hearVoid(name, attributes)
      return
    }
    if (DUMB.has(name) && name !== 'head') this.#dumb++
    if (BREAKS.has(name)) this.#flush()
    if (name === 'ul' || name === 'ol') {
      if (this.#lists++ === 0) this.#list = { ordered: name === 'ol', items: [], inTale: this.#tale > 0 }
    }
    this.#open.push(name)
    const tale = isTale(name, attributes)
    this.#tales.push(tale)
    if (tale) this.#tale++
  }

  ontext(text: string): void {
    if (this.#inTitle) this.#title += text
    else if (this.#dumb === 0 && this.#text.length < TEXT_MAX * 4) this.#text += text
  }

  onclosetag(name: string): void {
    if (name === 'title') this.#inTitle = false
    if (VOID.has(name)) return
    const at = this.#open.lastIndexOf(name)
    if (at < 0) return
    if (BREAKS.has(name)) this.#flush()
    for (const closed of this.#open.splice(at)) {
      if (DUMB.has(closed) && closed !== 'head') this.#dumb = Math.max(0, this.#dumb - 1)
      if ((closed === 'ul' || closed === 'ol') && --this.#lists === 0) this.#endList()
    }
    for (const tale of this.#tales.splice(at)) if (tale) this.#tale--
  }

  onend(): void {
    this.#flush()
    this.#endList()
  }

  #hearMeta({ name, property, content }: Record<string, string>): void {
    const key = (property ?? name ?? '').toLowerCase()
    if (key && content && !this.#meta.has(key)) this.#meta.set(key, content)
  }

  #hearVoid(name: string, attributes: Record<string, string>): void {
    if (name === 'br') this.#text += '\n'
    if (name === 'hr') this.#flush()
    if (name !== 'img') return
    this.#flush()
    // Pages that load lazily keep the address aside.
    const address = webAddress(attributes['data-src'] ?? attributes['data-original'] ?? attributes.src ?? '', this.#url)
    if (address) this.#add({ type: 'picture', address, caption: cut(plain(attributes.alt ?? ''), HEADING_MAX) })
  }

  #flush(): void {
    const text = plain(this.#text)
    this.#text = ''
    if (text === '') return
    if (this.#list) {
      if (this.#list.items.length < ITEMS_MAX) this.#list.items.push(cut(text, TEXT_MAX))
      return
    }
    const heading = this.#open.some((name) => HEADINGS.test(name))
    const quote = this.#open.includes('blockquote')
    this.#add(
      heading
        ? { type: 'heading', text: cut(text, HEADING_MAX) }
        : { type: quote ? 'quote' : 'paragraph', text: cut(text, TEXT_MAX) },
    )
  }

  #endList(): void {
    const list = this.#list
    this.#list = undefined
    if (!list || list.items.length === 0) return
    const { ordered, items, inTale } = list
    this.#all.push({ piece: { type: 'list', ordered, items }, inTale })
  }

  #add(piece: Piece): void {
    if (this.#all.length < PIECES_MAX) this.#all.push({ piece, inTale: this.#tale > 0 })
  }

  read(): ReadPage {
    const tale = this.#all.filter(({ inTale }) => inTale)
    const title = plain(this.#meta.get('og:title') ?? this.#title) || '未命名的网页'
    const pieces = (tale.length > 0 ? tale : this.#all)
      .map(({ piece }) => piece)
      // Its own title stands above it already.
      .filter((piece, i) => !(i < 3 && piece.type === 'heading' && piece.text === title))
    return {
      title: cutBytes(title, TITLE_BYTES_MAX),
      summary: cutBytes(
        plain(this.#meta.get('og:description') ?? this.#meta.get('description') ?? ''),
        SUMMARY_BYTES_MAX,
      ),
      author: cut(plain(this.#meta.get('og:article:author') ?? this.#meta.get('author') ?? ''), 40),
      picture:
        webAddress(this.#meta.get('og:image') ?? '', this.#url) ??
        pieces.find((piece): piece is FarPicture => piece.type === 'picture')?.address,
      pieces,
    }
  }
}

const VOID: ReadonlySet<string> = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))
const cut = (text: string, max: number) => (text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`)

function webAddress(address: string, base: string): string | undefined {
  const url = address.trim() === '' ? null : URL.parse(address.trim(), base)
  return url && /^https?:$/.test(url.protocol) && url.href.length <= 2_048 ? url.href : undefined
}
