import { el } from './draw.ts'
import type { Block, Page } from './page.ts'
import { drawPdf } from './pdf.ts'

/** What of a page was read is told by where its end is; of a video by how far it has played. */
export interface Body {
  element: HTMLElement
  /** Of a hundred; undefined: by the scroll. */
  depth?: () => number
  /** The page one stands on, counted from 1; 0: none is there yet. */
  page?: () => number
  /** Time counts only meanwhile; undefined: always. */
  isPlaying?: () => boolean
}

export function drawBody(page: Page, leave: (url: string) => void): Body {
  switch (page.kind) {
    case 'article':
      return { element: el('article', {}, ...(page.blocks ?? []).map(drawBlock)) }
    case 'video':
      return drawVideo(page)
    case 'link':
    case 'product':
      return drawWay(page, leave)
    case 'image':
    case 'poster':
      return { element: el('figure', {}, page.file ? el('img', { src: page.file, alt: page.title }) : null) }
    case 'text':
      return { element: el('article', {}, el('p', {}, page.text ?? '')) }
    case 'pdf':
      return page.file ? drawPdf(page, page.file) : drawFile(page)
    default:
      return drawFile(page)
  }
}

function drawBlock(block: Block): HTMLElement {
  switch (block.type) {
    case 'heading':
      return el('h2', {}, block.text)
    case 'quote':
      return el('blockquote', {}, block.text)
    case 'list':
      return el(block.ordered ? 'ol' : 'ul', {}, ...block.items.map((item) => el('li', {}, item)))
    case 'picture':
      return el(
        'figure',
        {},
        el('img', { src: block.src, alt: block.caption, loading: 'lazy', decoding: 'async' }),
        block.caption ? el('figcaption', {}, block.caption) : null,
      )
    default:
      return el('p', {}, block.text)
  }
}

function drawVideo(page: Page): Body {
  const video = el('video', { controls: true, preload: 'metadata', src: page.file ?? '', playsInline: true })
  if (page.cover) video.poster = page.cover
  let furthest = 0
  // What was leapt over was not watched: only steps that a player makes count.
  let last = 0
  video.addEventListener('timeupdate', () => {
    const { currentTime, duration } = video
    if (currentTime > last && currentTime - last < 2 && duration > 0) furthest += currentTime - last
    last = currentTime
  })
  return {
    element: el('figure', {}, video, page.summary ? el('figcaption', {}, page.summary) : null),
    depth: () => (video.duration > 0 ? Math.min(100, (furthest / video.duration) * 100) : 0),
    isPlaying: () => !video.paused && !video.ended,
  }
}

const yuan = (fen: number): string => `¥${(fen / 100).toFixed(fen % 100 === 0 ? 0 : 2)}`

/** Whoever leaves us is told where to. */
function drawWay(page: Page, leave: (url: string) => void): Body {
  const { target, priceFen, originalFen } = page
  const price =
    typeof priceFen === 'number' &&
    el(
      'p',
      { class: 'price' },
      yuan(priceFen),
      typeof originalFen === 'number' && originalFen > priceFen ? el('s', {}, yuan(originalFen)) : null,
    )
  if (!target)
    return {
      element: el('div', { class: 'go' }, price, el('p', {}, '这个链接的去处不安全，没有打开。请问问发给您的人。')),
    }
  const where = target.isListed
    ? el('p', {}, `去 ${target.host}`)
    : el(
        'p',
        {},
        '要去的是别的网站：',
        el('span', { class: 'host' }, target.host),
        '。确认认识它再打开，不要在那里填验证码和密码。',
      )
  const button = el('button', { class: 'solid', type: 'button' }, target.isListed ? '打开' : '继续打开')
  button.addEventListener('click', () => {
    button.disabled = true
    button.textContent = '正在打开…'
    leave(target.url)
  })
  return {
    element: el('div', { class: 'go' }, price, page.summary ? el('p', {}, page.summary) : null, where, button),
    depth: () => (button.disabled ? 100 : 0),
  }
}

function drawFile(page: Page): Body {
  let taken = false
  const link = page.file
    ? el('a', { class: 'button solid', href: page.file, download: page.title }, '打开文件')
    : el('p', {}, '这份内容要在聊天里看。')
  link.addEventListener('click', () => {
    taken = true
  })
  return {
    element: el('div', { class: 'go' }, page.summary ? el('p', {}, page.summary) : null, link),
    depth: () => (taken ? 100 : 0),
  }
}
