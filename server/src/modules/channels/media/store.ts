import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { type Db, inCorp } from '../../../platform/db.ts'
import { sha256 } from '../../../platform/secrets.ts'
import { PictureTooWide, PictureUnreadable } from '../errors.ts'
import { checkPicture, PIXELS_MAX, sizeOfJpeg, sizeOfPng } from './check-picture.ts'

export interface StoredAsset {
  mediaAssetId: string
  fileName: string
  mime: string
  sizeBytes: number
}

const JPEG_QUALITY = 88

/**
 * Keeps a picture for welcomes. It is judged by its bytes, drawn anew and written under the hash of what was drawn: what
 * was hidden in the file (a script, a second format, where it was taken) is not kept.
 */
export async function storePicture(
  db: Db,
  dataDir: string,
  corpId: string,
  given: { bytes: Buffer; name: string; now: Date },
): Promise<StoredAsset> {
  const { bytes, mime } = await drawAnew(given.bytes)
  const hash = sha256(bytes)
  await writeOnce(pathOf(dataDir, corpId, hash, mime), bytes)
  const fileName = `${given.name.replaceAll(/[/\\]|\p{Cc}/gu, '_').replace(/\.(png|jpe?g)$/i, '')}.${mime === 'image/png' ? 'png' : 'jpg'}`
  return inCorp(db, corpId, (tx) =>
    tx
      .insertInto('mediaAsset')
      .values({ corpId, sha256: hash, mime, fileName, sizeBytes: bytes.length, createdAt: given.now })
      .onConflict((c) => c.columns(['corpId', 'sha256']).doUpdateSet({ fileName }))
      .returning(['mediaAssetId', 'fileName', 'mime', 'sizeBytes'])
      .executeTakeFirstOrThrow(),
  )
}

export function readPicture(dataDir: string, corpId: string, asset: { sha256: Buffer; mime: string }): Promise<Buffer> {
  return readFile(pathOf(dataDir, corpId, asset.sha256, asset.mime))
}

async function drawAnew(bytes: Buffer): Promise<{ bytes: Buffer; mime: 'image/png' | 'image/jpeg' }> {
  const size = checkPicture(bytes)
  if (!size)
    throw (sizeOfPng(bytes) ?? sizeOfJpeg(bytes))
      ? new PictureTooWide({ pixelsMax: PIXELS_MAX })
      : new PictureUnreadable()
  const image = await loadImage(bytes).catch(() => undefined)
  if (!image) throw new PictureUnreadable()
  const canvas = createCanvas(image.width, image.height)
  canvas.getContext('2d').drawImage(image, 0, 0)
  return {
    mime: size.mime,
    bytes: size.mime === 'image/png' ? await canvas.encode('png') : await canvas.encode('jpeg', JPEG_QUALITY),
  }
}

const pathOf = (dataDir: string, corpId: string, hash: Buffer, mime: string) =>
  join(dataDir, 'media', corpId, `${hash.toString('hex')}.${mime === 'image/png' ? 'png' : 'jpg'}`)

/** Whole or not at all: a half-written file under its hash would be believed for ever. */
async function writeOnce(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, bytes, { mode: 0o600, flush: true })
  await rename(draft, path)
}
