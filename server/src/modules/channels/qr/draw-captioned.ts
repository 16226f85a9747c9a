import { crc32 } from 'node:zlib'
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { paintQr } from '../../../platform/draw-qr.ts'
import { cutTo, FAMILY } from '../../../platform/fonts.ts'

/** Of the picture's width. */
const CAPTION_SHARE = 0.22
const PADDING_SHARE = 0.06
const TITLE_SHARE = 0.062
const LINE_SHARE = 0.042
const INK = '#1D2320'
const QUIET_INK = '#565C58'
/** What printers work with: 1 200 pixels are ten centimetres. */
const DOTS_PER_METRE = Math.round(300 / 0.0254)

export interface Captioned {
  content: string
  title: string
  /** Under the title, smaller; empty: none. */
  line: string
  /** Pixels of the code's side; the picture is so much taller as the caption needs. */
  size: number
}

/** A code with its name under it, to be printed and cut out. */
export async function drawCaptioned({ content, title, line, size }: Captioned): Promise<Buffer> {
  const canvas = createCanvas(size, size + Math.round(size * CAPTION_SHARE))
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  paintQr(context, content, { size, logo: true })
  context.textAlign = 'center'
  context.textBaseline = 'top'
  const room = size * (1 - 2 * PADDING_SHARE)
  write(context, title, { at: size + size * 0.035, px: size * TITLE_SHARE, ink: INK, room })
  if (line !== '') write(context, line, { at: size + size * 0.115, px: size * LINE_SHARE, ink: QUIET_INK, room })
  return withDots(await canvas.encode('png'))
}

/** One line of text in the middle, smaller if it must be, cut if that is not enough. */
function write(
  context: SKRSContext2D,
  text: string,
  { at, px, ink, room }: { at: number; px: number; ink: string; room: number },
): void {
  const font = (size: number) => `500 ${Math.round(size)}px ${FAMILY}`
  context.font = font(px)
  const wide = context.measureText(text).width
  if (wide > room) context.font = font(Math.max(px * 0.7, (px * room) / wide))
  context.fillStyle = ink
  context.fillText(cutTo(context, text, room), context.canvas.width / 2, at)
}

const IHDR_END = 33

/** Tells the printer how large it is meant: a pHYs chunk after the header (PNG, third edition, 11.3.4.3). */
function withDots(png: Buffer): Buffer {
  const body = Buffer.alloc(13)
  body.write('pHYs', 'latin1')
  body.writeUInt32BE(DOTS_PER_METRE, 4)
  body.writeUInt32BE(DOTS_PER_METRE, 8)
  body[12] = 1 // per metre
  const frame = Buffer.alloc(4)
  frame.writeUInt32BE(body.length - 4)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([png.subarray(0, IHDR_END), frame, body, check, png.subarray(IHDR_END)])
}
