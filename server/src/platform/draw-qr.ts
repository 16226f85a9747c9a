import { createCanvas, Path2D, type SKRSContext2D } from '@napi-rs/canvas'
import { create } from 'qrcode'

export interface DrawOptions {
  /** Pixels of one side. */
  size: number
  /** Our mark in the middle; the code is then made with the strongest correction (H, 30 %). */
  logo: boolean
}

/** Modules left white around a code: ISO/IEC 18004 asks for four. */
const QUIET = 4
/** Share of the side the mark covers; well below what correction H can restore. */
const LOGO_SHARE = 0.2
const BRAND = '#0F766E'
const INK = '#1D2320'

/** Our leaf-bubble on a square of 32: a bubble for the talk, a leaf for the tea. The same paths draw both formats. */
const BUBBLE = 'M6 11 H26 C26 20.5 22 25 16 25 C10 25 6 20.5 6 11 Z'
const LEAF = 'M16 9.2 C13.2 7 13.4 4.4 16 2.6 C18.6 4.4 18.8 7 16 9.2 Z'

interface Layout {
  count: number
  scale: number
  dark(row: number, column: number): boolean
  logo: { at: number; side: number } | undefined
}

function layout(content: string, { size, logo }: DrawOptions): Layout {
  const { modules } = create(content, { errorCorrectionLevel: logo ? 'H' : 'M' })
  const count = modules.size + QUIET * 2
  const side = Math.round(size * LOGO_SHARE)
  return {
    count,
    scale: size / count,
    logo: logo ? { at: (size - side) / 2, side } : undefined,
    dark: (row, column) =>
      row >= 0 && column >= 0 && row < modules.size && column < modules.size && modules.get(row, column) === 1,
  }
}

export async function drawQrPng(content: string, options: DrawOptions): Promise<Buffer> {
  const canvas = createCanvas(options.size, options.size)
  paintQr(canvas.getContext('2d'), content, options)
  return canvas.encode('png')
}

/** Modules fall on whole pixels, so that no seam shows and no reader stumbles; what is left over goes to the margin. */
export function paintQr(context: SKRSContext2D, content: string, options: DrawOptions): void {
  const { count, dark, logo } = layout(content, options)
  const step = Math.max(1, Math.floor(options.size / count))
  const margin = Math.floor((options.size - step * (count - QUIET * 2)) / 2)
  context.fillStyle = '#fff'
  context.fillRect(0, 0, options.size, options.size)
  context.fillStyle = INK
  for (let row = 0; row < count - QUIET * 2; row++) {
    for (let column = 0; column < count - QUIET * 2; column++) {
      if (dark(row, column)) context.fillRect(margin + column * step, margin + row * step, step, step)
    }
  }
  if (logo) {
    context.save()
    const rim = logo.side * 0.1
    context.fillStyle = '#fff'
    context.beginPath()
    context.roundRect(logo.at - rim, logo.at - rim, logo.side + rim * 2, logo.side + rim * 2, logo.side * 0.28)
    context.fill()
    context.fillStyle = BRAND
    context.beginPath()
    context.roundRect(logo.at, logo.at, logo.side, logo.side, logo.side * 0.22)
    context.fill()
    context.translate(logo.at + logo.side * 0.04, logo.at + logo.side * 0.04)
    context.scale((logo.side * 0.92) / 32, (logo.side * 0.92) / 32)
    context.fillStyle = '#fff'
    context.fill(new Path2D(BUBBLE))
    context.fill(new Path2D(LEAF))
    context.restore()
  }
}

export function drawQrSvg(content: string, options: DrawOptions): string {
  const { count, scale, dark, logo } = layout(content, options)
  const inner = count - QUIET * 2
  let path = ''
  for (let row = 0; row < inner; row++) {
    for (let column = 0; column < inner; column++)
      if (dark(row, column)) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${options.size}" height="${options.size}" viewBox="0 0 ${count} ${count}" shape-rendering="crispEdges">`,
    `<path fill="#fff" d="M0 0h${count}v${count}H0z"/><path fill="${INK}" d="${path}"/>`,
    logo ? logoSvg(logo.at / scale, logo.side / scale) : '',
    '</svg>',
  ].join('')
}

function logoSvg(at: number, side: number): string {
  const n = (value: number) => value.toFixed(3)
  const rim = side * 0.1
  return [
    '<g shape-rendering="geometricPrecision">',
    `<rect x="${n(at - rim)}" y="${n(at - rim)}" width="${n(side + rim * 2)}" height="${n(side + rim * 2)}" rx="${n(side * 0.28)}" fill="#fff"/>`,
    `<rect x="${n(at)}" y="${n(at)}" width="${n(side)}" height="${n(side)}" rx="${n(side * 0.22)}" fill="${BRAND}"/>`,
    `<g transform="translate(${n(at + side * 0.04)} ${n(at + side * 0.04)}) scale(${n((side * 0.92) / 32)})" fill="#fff"><path d="${BUBBLE}"/><path d="${LEAF}"/></g>`,
    '</g>',
  ].join('')
}
