import pdfUrl from 'pdfjs-dist/legacy/build/pdf.min.mjs?url'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import type { Body } from './bodies.ts'
import { el } from './draw.ts'
import type { Page } from './page.ts'

type Pdfjs = typeof import('pdfjs-dist')
type Document = Awaited<ReturnType<Pdfjs['getDocument']>['promise']>

/** Beside the built scripts: tables of Chinese characters, and decoders of pictures that scanners make. */
const partsOf = (version: string): string => `/m/assets/pdf-${version}`
/** Sharper than a phone shows costs memory alone. */
const RATIO_MAX = 2
/** Pages drawn before one comes to them, and kept behind one: a long file must not fill a phone. */
const AHEAD = '150% 0px'
const PAGES_SHOWN_MAX = 300

/**
 * A PDF, its pages under each other, each drawn as one comes near it. What draws them is loaded by these pages alone, as a
 * file beside our script; where it cannot, the file itself is offered.
 */
export function drawPdf(page: Page, file: string): Body {
  const pages = el('div', { class: 'pages' }, el('p', { class: 'wait', role: 'status' }, '正在打开…'))
  const said = el('span', { class: 'at', ariaHidden: 'true' })
  const element = el(
    'div',
    {},
    page.summary ? el('p', { class: 'lead' }, page.summary) : null,
    pages,
    el('p', { class: 'end' }, el('a', { href: file, download: page.title }, '下载原文件')),
    said,
  )
  let sheets: HTMLElement[] = []
  let farthest = 0
  const pageAt = () => {
    const middle = innerHeight / 2
    const at = sheets.findLastIndex((sheet) => sheet.getBoundingClientRect().top <= middle) + 1
    const here = sheets.length > 0 ? Math.max(1, at) : 0
    farthest = Math.max(farthest, here)
    said.textContent = here > 0 ? `${here} / ${sheets.length}` : ''
    return here
  }
  void open(file).then(
    async (document) => {
      const first = await document.getPage(1)
      const { width, height } = first.getViewport({ scale: 1 })
      const shown = Math.min(document.numPages, PAGES_SHOWN_MAX)
      sheets = Array.from({ length: shown }, (_, i) => {
        const sheet = el('div', {
          class: 'sheet',
          role: 'img',
          ariaLabel: `第 ${i + 1} 页，共 ${document.numPages} 页`,
        })
        sheet.style.aspectRatio = `${width} / ${height}`
        return sheet
      })
      pages.replaceChildren(...sheets)
      drawNear(document, sheets)
    },
    () =>
      pages.replaceChildren(
        el(
          'div',
          { class: 'go' },
          el('p', {}, '这份文件在这里打不开，可以下载下来看。'),
          el('a', { class: 'button solid', href: file, download: page.title }, '打开文件'),
        ),
      ),
  )
  return {
    element,
    page: pageAt,
    depth: () => (sheets.length === 0 ? 0 : (Math.max(farthest, pageAt()) / sheets.length) * 100),
  }
}

async function open(file: string): Promise<Document> {
  const pdfjs = (await import(/* @vite-ignore */ pdfUrl)) as Pdfjs
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
  const parts = partsOf(pdfjs.version)
  return pdfjs.getDocument({
    url: file,
    cMapUrl: `${parts}/cmaps/`,
    wasmUrl: `${parts}/wasm/`,
    iccUrl: `${parts}/iccs/`,
    standardFontDataUrl: `${parts}/fonts/`,
    enableXfa: false,
    // What is in a file never runs, whoever made it.
    isEvalSupported: false,
    stopAtErrors: false,
  } as Parameters<Pdfjs['getDocument']>[0]).promise
}

/** Draws what comes near, and gives the memory of what is far away back. */
function drawNear(document: Document, sheets: readonly HTMLElement[]): void {
  const near = new Set<Element>()
  const look = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) {
          near.add(target)
          void drawSheet(document, sheets.indexOf(target as HTMLElement) + 1, target as HTMLElement, () =>
            near.has(target),
          )
        } else if (near.delete(target)) target.replaceChildren()
      }
    },
    { rootMargin: AHEAD },
  )
  for (const sheet of sheets) look.observe(sheet)
}

async function drawSheet(document: Document, number: number, sheet: HTMLElement, isNear: () => boolean): Promise<void> {
  const page = await document.getPage(number)
  const { width, height } = page.getViewport({ scale: 1 })
  sheet.style.aspectRatio = `${width} / ${height}`
  const scale = (sheet.clientWidth / width) * Math.min(RATIO_MAX, devicePixelRatio)
  const viewport = page.getViewport({ scale })
  const canvas = el('canvas', { width: Math.floor(viewport.width), height: Math.floor(viewport.height) })
  await page.render({ canvas, viewport }).promise
  if (isNear()) sheet.replaceChildren(canvas)
  page.cleanup()
}
