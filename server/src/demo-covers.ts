import { createCanvas, PDFDocument, type SKRSContext2D } from '@napi-rs/canvas'
import { FAMILY, signsOf } from './platform/fonts.ts'

/** Two inks of a tea: the leaf and the paper under it. */
const INKS = {
  green: ['#3F6B4F', '#E7EFE3'],
  amber: ['#9A5B1E', '#F6EADB'],
  white: ['#7A7466', '#F2EFE8'],
  red: ['#8C3B2E', '#F5E5E0'],
  night: ['#24423D', '#DCE8E4'],
} as const
export type Ink = keyof typeof INKS

/** A picture of the demo company: hills, a sun, a name. Drawn, so that nobody's photograph is borrowed. */
export function drawCover(title: string, ink: Ink, { width = 900, height = 600 } = {}): Promise<Buffer> {
  const canvas = createCanvas(width, height)
  paintCover(canvas.getContext('2d'), title, ink, width, height)
  return canvas.encode('jpeg', 86)
}

function paintCover(context: SKRSContext2D, title: string, ink: Ink, width: number, height: number): void {
  const [leaf, paper] = INKS[ink]
  context.fillStyle = paper
  context.fillRect(0, 0, width, height)
  context.fillStyle = leaf
  context.globalAlpha = 0.18
  context.beginPath()
  context.arc(width * 0.76, height * 0.3, height * 0.15, 0, Math.PI * 2)
  context.fill()
  for (const [far, high, alpha] of [
    [0.15, 0.34, 0.16],
    [0.48, 0.28, 0.28],
    [0.84, 0.22, 0.46],
  ] as const) {
    context.globalAlpha = alpha
    context.beginPath()
    context.moveTo(0, height)
    context.lineTo(0, height * (1 - high * 0.6))
    context.quadraticCurveTo(width * far, height * (1 - high * 2), width, height * (1 - high * 0.5))
    context.lineTo(width, height)
    context.fill()
  }
  context.globalAlpha = 1
  const size = Math.min(width * 0.088, (width * 0.84) / Math.max(4, signsOf(title).length))
  context.font = `500 ${Math.round(size)}px ${FAMILY}`
  context.textBaseline = 'top'
  context.fillText(title, width * 0.08, height * 0.12)
  context.font = `500 ${Math.round(width * 0.026)}px ${FAMILY}`
  context.fillText('见山茶事', width * 0.08, height * 0.12 + size * 1.5)
}

/** A leaflet of a few pages. */
export function drawLeaflet(pages: readonly { title: string; lines: readonly string[]; ink: Ink }[]): Buffer {
  const [width, height] = [595, 842] // A4 in points
  const document = new PDFDocument({ title: pages[0]?.title ?? '' })
  for (const { title, lines, ink } of pages) {
    const context = document.beginPage(width, height) as unknown as SKRSContext2D
    paintCover(context, title, ink, width, 300)
    context.fillStyle = '#1D2320'
    context.textBaseline = 'top'
    context.font = `500 15px ${FAMILY}`
    for (const [i, line] of lines.entries()) context.fillText(line, 48, 340 + i * 34)
    document.endPage()
  }
  return document.close()
}
