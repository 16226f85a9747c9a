/** What the server says of the page that was opened. */
export interface Page {
  is: 'page'
  token: string
  corpName: string
  card: { name: string; avatar: string | null; place: string | null }
  /** Where whoever is no friend yet may become one. */
  ask: string | null
  kind: string
  title: string
  summary: string
  cover: string | null
  author?: string
  at?: string
  blocks?: Block[]
  text?: string
  file?: string | null
  target?: { url: string; host: string; isListed: boolean } | null
  priceFen?: number | null
  originalFen?: number | null
  view: string
  /** He would rather not be seen reading. */
  quiet: boolean
  /** He is a friend of whoever sent it: a chat stands open. */
  friend: boolean
  /** A colleague has a look: nothing is counted. */
  preview: boolean
}

export type Block =
  | { type: 'heading' | 'paragraph' | 'quote'; text: string }
  | { type: 'list'; ordered: boolean; items: string[] }
  | { type: 'picture'; src: string; caption: string }

export type Boot = Page | { is: 'gone' }

export const readBoot = (): Boot => {
  const text = document.getElementById('boot')?.textContent
  return text ? (JSON.parse(text) as Boot) : { is: 'gone' }
}
