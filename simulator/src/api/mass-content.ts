import type { Corp } from '../world/corp.ts'
import type { Bubble } from '../world/mass-records.ts'
import type { Attachment } from './attachments.ts'

/** What the phones show of text and attachments: they were sent the files, so they keep them for good. */
export function bubblesOf(corp: Corp, text: string, attachments: readonly Attachment[]): Bubble[] {
  const bubbles = attachments.map(({ kind, content, text: words }): Bubble => {
    const mediaId = (content.media_id || content.pic_media_id) as string | undefined
    if (!mediaId) return { kind, text: words, content }
    const address = `/control/corps/${corp.info.corpid}/media/${mediaId}`
    const name = corp.media.get(mediaId)?.fileName
    if (kind === 'image' || kind === 'miniprogram')
      return { kind, text: words, content: { ...content, pic_url: address } }
    return { kind, text: kind === 'file' ? `[文件]${name ?? ''}` : words, content: { ...content, address, name } }
  })
  return text === '' ? bubbles : [{ kind: 'text', text }, ...bubbles]
}

/** Calls of the company that make something and are being held up by an injected delay: until when, in wire time. */
const underWay = new WeakMap<Corp, number[]>()

/** Held up for so long: counts against `massConcurrency` until then. */
export function holdPlace(corp: Corp, untilWireMs: number): void {
  underWay.set(corp, [...(underWay.get(corp) ?? []), untilWireMs])
}

export function placesTaken(corp: Corp, nowWireMs: number): number {
  const live = (underWay.get(corp) ?? []).filter((until) => until > nowWireMs)
  underWay.set(corp, live)
  return live.length
}
