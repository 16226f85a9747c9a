import { join } from 'node:path'
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'

/** Ours, so that a machine without Chinese fonts prints no boxes; what it lacks (rare characters, emoji) the machine may have. */
const FONT = 'Siyu Caption'
GlobalFonts.registerFromPath(join(import.meta.dirname, '../../assets/fonts/noto-sans-sc-500.woff2'), FONT)
export const FAMILY = `"${FONT}", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Color Emoji", sans-serif`

/** A text as people count its characters, so that no emoji is halved. */
export const signsOf = (text: string): string[] =>
  [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)

/** One line as long as the room, in the context's font; what is cut off ends in an ellipsis. */
export function cutTo(context: SKRSContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  const signs = signsOf(text)
  while (signs.length > 1 && context.measureText(`${signs.join('')}…`).width > room) signs.pop()
  return `${signs.join('')}…`
}
