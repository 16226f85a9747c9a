import { createCanvas, loadImage } from '@napi-rs/canvas'
import jsqr from 'jsqr'
import { checkPicture } from '../../content/files/check-picture.ts'

/** Where WeCom keeps pictures of contact ways, seen in replies of 2026; the host we were told to talk to is added to them. */
const PICTURE_HOSTS = [/(^|\.)qpic\.cn$/, /(^|\.)weixin\.qq\.com$/, /(^|\.)wework\.qq\.com$/]
const BYTES_MAX = 2 * 1024 * 1024
const TIMEOUT_MS = 5_000

/** The picture of a code could not be fetched, or holds no code. */
export class QrUnreadable extends Error {
  override name = 'QrUnreadable'
}

/**
 * What WeCom’s picture of a code says. The address came from outside, so only WeCom’s own hosts and the one we talk to
 * are asked, no redirect is followed, and no more than 2 MiB is read (faults.md IO-01).
 */
export async function readQrPicture(address: string, wecomBaseUrl: string): Promise<string> {
  const bytes = await fetchPicture(address, wecomBaseUrl)
  if (!checkPicture(bytes)) throw new QrUnreadable('not a picture')
  const image = await loadImage(bytes).catch(() => undefined)
  if (!image) throw new QrUnreadable('the picture does not open')
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff' // a transparent margin would read as black
  context.fillRect(0, 0, image.width, image.height)
  context.drawImage(image, 0, 0)
  const content = decodeQr(context.getImageData(0, 0, image.width, image.height).data, image.width, image.height)
  if (content === undefined) throw new QrUnreadable('no code in the picture')
  return content
}

export function decodeQr(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  const read = jsqr as unknown as typeof jsqr.default // CommonJS: its types name a default export Node does not make
  return read(pixels, width, height)?.data || undefined
}

export function isAllowedPicture(address: string, wecomBaseUrl: string): boolean {
  const [url, base] = [URL.parse(address), URL.parse(wecomBaseUrl)]
  if (!url || url.username || url.password) return false
  if (url.origin === base?.origin) return true
  return url.protocol === 'https:' && url.port === '' && PICTURE_HOSTS.some((host) => host.test(url.hostname))
}

async function fetchPicture(address: string, wecomBaseUrl: string): Promise<Buffer> {
  if (!isAllowedPicture(address, wecomBaseUrl)) throw new QrUnreadable('the picture lies on a host that is not WeCom’s')
  let response: Response
  try {
    response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
    if (!response.ok || !response.body) throw new QrUnreadable(`the picture answered ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body) {
      size += chunk.length
      if (size > BYTES_MAX) throw new QrUnreadable('the picture is larger than 2 MiB')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof QrUnreadable) throw error
    throw new QrUnreadable('the picture could not be fetched', { cause: error })
  }
}
