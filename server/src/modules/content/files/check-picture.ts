/** Pixels: above this a small file may unfold into hundreds of megabytes (faults.md IO-04). */
export const PIXELS_MAX = 24_000_000

/** What the bytes themselves say a picture is, before anything unfolds it. Names and headers of a request are hearsay. */
export function checkPicture(
  bytes: Buffer,
): { mime: 'image/png' | 'image/jpeg'; width: number; height: number } | undefined {
  const size = sizeOfPng(bytes) ?? sizeOfJpeg(bytes)
  return size && size.width > 0 && size.height > 0 && size.width * size.height <= PIXELS_MAX ? size : undefined
}

const PNG_MARK = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

export function sizeOfPng(bytes: Buffer) {
  if (bytes.length < 24 || !bytes.subarray(0, 16).equals(PNG_MARK)) return undefined
  return { mime: 'image/png' as const, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Walks the segments to the frame header (SOF), which holds the size. */
export function sizeOfJpeg(bytes: Buffer) {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      // padding
      at++
      continue
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return { mime: 'image/jpeg' as const, width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return undefined
}
