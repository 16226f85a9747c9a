import { createCanvas, type Image, loadImage, type SKRSContext2D } from '@napi-rs/canvas'
import { type Db, inCorp } from '../../../platform/db.ts'
import { paintQr } from '../../../platform/draw-qr.ts'
import { cutTo, FAMILY, signsOf } from '../../../platform/fonts.ts'
import type { Actor, WorkContext } from '../../corps/context.ts'
import { readFileBytes, readFiles, requireFiles } from '../files/store.ts'
import type { Poster, PosterItem } from '../materials/schema.ts'
import { readSlotValues, renderText, type SlotValues } from '../variables.ts'

/** What is put on a poster for one person. */
export interface PosterGiven {
  background: Buffer | null
  /** Null: his first character on a round of colour. */
  avatar: Buffer | null
  nickname: string
  qrContent: string
  slots: SlotValues
}

const JPEG_QUALITY = 90
const LINE_HEIGHT = 1.4
const FACE = '#0F766E'

/** Draws a poster as a JPEG. Texts are in our own font, so that every machine draws the same. */
export async function drawPoster(poster: Poster, given: PosterGiven): Promise<Buffer> {
  const canvas = createCanvas(poster.width, poster.height)
  const context = canvas.getContext('2d')
  context.fillStyle = poster.colour
  context.fillRect(0, 0, poster.width, poster.height)
  const [background, avatar] = await Promise.all([open(given.background), open(given.avatar)])
  if (background) drawCover(context, background, { x: 0, y: 0, width: poster.width, height: poster.height })
  for (const item of poster.items) drawItem(context, item, given, avatar)
  return canvas.encode('jpeg', JPEG_QUALITY)
}

const open = async (bytes: Buffer | null): Promise<Image | undefined> =>
  bytes ? loadImage(bytes).catch(() => undefined) : undefined

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Fills the box and cuts what hangs over, evenly on both sides. */
function drawCover(context: SKRSContext2D, image: Image, { x, y, width, height }: Box): void {
  const scale = Math.max(width / image.width, height / image.height)
  const [wide, high] = [width / scale, height / scale]
  context.drawImage(image, (image.width - wide) / 2, (image.height - high) / 2, wide, high, x, y, width, height)
}

function drawItem(context: SKRSContext2D, item: PosterItem, given: PosterGiven, avatar: Image | undefined): void {
  if (item.type === 'qr') drawQr(context, item, given.qrContent)
  else if (item.type === 'avatar') drawFace(context, item, given.nickname, avatar)
  else drawText(context, item, item.type === 'nickname' ? given.nickname : renderText(item.text, given.slots))
}

function drawQr(context: SKRSContext2D, box: Box, content: string): void {
  const size = Math.min(box.width, box.height)
  const code = createCanvas(size, size)
  paintQr(code.getContext('2d'), content, { size, logo: false })
  context.drawImage(code, box.x + (box.width - size) / 2, box.y + (box.height - size) / 2)
}

function drawFace(
  context: SKRSContext2D,
  box: Extract<PosterItem, { type: 'avatar' }>,
  nickname: string,
  avatar: Image | undefined,
): void {
  context.save()
  context.beginPath()
  const round = Math.min(box.width, box.height) * (box.round ? 0.5 : 0.12)
  context.roundRect(box.x, box.y, box.width, box.height, round)
  context.clip()
  if (avatar) drawCover(context, avatar, box)
  else {
    context.fillStyle = FACE
    context.fillRect(box.x, box.y, box.width, box.height)
    context.fillStyle = '#fff'
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.font = `500 ${Math.round(Math.min(box.width, box.height) * 0.46)}px ${FAMILY}`
    context.fillText(signsOf(nickname)[0] ?? '', box.x + box.width / 2, box.y + box.height / 2)
  }
  context.restore()
}

/** In lines as wide as the box; what the box does not hold ends in an ellipsis. */
function drawText(
  context: SKRSContext2D,
  { x, y, width, height, size, colour, align }: Extract<PosterItem, { type: 'nickname' | 'text' }>,
  text: string,
): void {
  context.font = `500 ${size}px ${FAMILY}`
  context.fillStyle = colour
  context.textAlign = align
  context.textBaseline = 'top'
  const linesMax = Math.max(1, Math.floor(height / (size * LINE_HEIGHT)))
  const at = align === 'left' ? x : align === 'center' ? x + width / 2 : x + width
  linesOf(context, text, width, linesMax).forEach((line, i) => {
    context.fillText(line, at, y + i * size * LINE_HEIGHT)
  })
}

function linesOf(context: SKRSContext2D, text: string, room: number, linesMax: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const sign of signsOf(paragraph)) {
      if (line !== '' && context.measureText(line + sign).width > room) {
        lines.push(line)
        line = ''
      }
      line += sign
    }
    lines.push(line)
  }
  if (lines.length <= linesMax) return lines
  return [...lines.slice(0, linesMax - 1), cutTo(context, lines.slice(linesMax - 1).join(''), room)]
}

/** A poster of the corp with somebody's face and code on it. */
export async function drawPosterOf(
  db: Db,
  work: WorkContext,
  corpId: string,
  poster: Poster,
  given: Omit<PosterGiven, 'background'>,
): Promise<Buffer> {
  const { backgroundId } = poster
  const file = backgroundId
    ? (await inCorp(db, corpId, (tx) => readFiles(tx, corpId, [backgroundId]))).get(backgroundId)
    : undefined
  const background = file ? await readFileBytes(work.dataDir, corpId, file) : null
  return drawPoster(poster, { ...given, background })
}

/** As it would look for whoever designs it. */
export async function drawSample(db: Db, work: WorkContext, actor: Actor, poster: Poster): Promise<Buffer> {
  const { corpId, staffId, name } = actor
  const slots = await inCorp(db, corpId, async (tx) => {
    if (poster.backgroundId) await requireFiles(tx, corpId, [{ fileId: poster.backgroundId, kind: 'image' }])
    return readSlotValues(tx, corpId, { staffId })
  })
  return drawPosterOf(db, work, corpId, poster, { avatar: null, nickname: name, qrContent: work.publicUrl, slots })
}
