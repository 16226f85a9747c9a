import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { sha256 } from '../../../platform/secrets.ts'
import { FileRefused, PictureTooWide, PictureUnreadable, WrongFile } from '../errors.ts'
import { checkPicture, PIXELS_MAX, sizeOfJpeg, sizeOfPng } from './check-picture.ts'
import { requireRoom } from './quota.ts'
import { BYTES_MAX, type FileKind } from './schema.ts'
import { EXTENSIONS, sniff } from './sniff.ts'

export interface StoredAsset {
  mediaAssetId: string
  kind: FileKind
  fileName: string
  mime: string
  sizeBytes: number
}
interface Given {
  bytes: Buffer
  name: string
  now: Date
  /** The account of whoever brings it, whose room it takes; without one it is ours. */
  broughtBy?: string
}
interface Judged {
  bytes: Buffer
  kind: FileKind
  mime: string
  width?: number
  height?: number
}

const JPEG_QUALITY = 88
const MB = 1024 * 1024

/**
 * Keeps a file of any kind. It is judged by its bytes and written under their hash. Pictures are drawn anew: what was
 * hidden in them (a script, a second format, where it was taken) is not kept.
 */
export async function storeFile(db: Db, dataDir: string, corpId: string, given: Given): Promise<StoredAsset> {
  return keep(db, dataDir, corpId, given, await judgeFile(given))
}

/** What a file is by its bytes, and the bytes to be kept; for who keeps them elsewhere. Whatever is none is refused. */
export async function judgeFile(given: Pick<Given, 'bytes' | 'name'>): Promise<Judged> {
  const looksDrawn = sizeOfPng(given.bytes) ?? sizeOfJpeg(given.bytes)
  return looksDrawn ? drawAnew(given.bytes) : judge(given)
}

/** The same of pictures alone. */
export async function storePicture(db: Db, dataDir: string, corpId: string, given: Given): Promise<StoredAsset> {
  return keep(db, dataDir, corpId, given, await drawAnew(given.bytes))
}

async function judge({ bytes, name }: Pick<Given, 'bytes' | 'name'>): Promise<Judged> {
  const { kind, mime } = await sniff(bytes, name)
  if (bytes.length > BYTES_MAX[kind]) throw new FileRefused({ why: `它超过了 ${BYTES_MAX[kind] / MB} MB` })
  return { bytes, kind, mime }
}

async function keep(
  db: Db,
  dataDir: string,
  corpId: string,
  { name, now, broughtBy }: Given,
  judged: Judged,
): Promise<StoredAsset> {
  const { bytes, kind, mime, width, height } = judged
  const hash = sha256(bytes)
  // Before it is written: what there is no room for leaves nothing on the disk.
  if (broughtBy) await inCorp(db, corpId, (tx) => requireRoomFor(tx, corpId, { hash, broughtBy, bytes, now }))
  await writeOnce(pathOf(dataDir, corpId, hash, mime), bytes)
  const fileName = nameOf(name, mime)
  return inCorp(db, corpId, async (tx) => {
    if (broughtBy) await requireRoomFor(tx, corpId, { hash, broughtBy, bytes, now })
    return tx
      .insertInto('mediaAsset')
      .values({
        corpId,
        sha256: hash,
        kind,
        mime,
        fileName,
        sizeBytes: bytes.length,
        width: width ?? null,
        height: height ?? null,
        createdAt: now,
        broughtBy: broughtBy ?? null,
      })
      .onConflict((c) => c.columns(['corpId', 'sha256']).doUpdateSet({ fileName }))
      .returning(['mediaAssetId', 'kind', 'fileName', 'mime', 'sizeBytes'])
      .$narrowType<{ kind: FileKind }>()
      .executeTakeFirstOrThrow()
  })
}

async function requireRoomFor(
  tx: Tx,
  corpId: string,
  { hash, broughtBy, bytes, now }: { hash: Buffer; broughtBy: string; bytes: Buffer; now: Date },
): Promise<void> {
  const held = await tx
    .selectFrom('mediaAsset')
    .select('mediaAssetId')
    .where('corpId', '=', corpId)
    .where('sha256', '=', hash)
    .executeTakeFirst()
  if (!held) await requireRoom(tx, corpId, broughtBy, bytes.length, now)
}

/** What people called it, with the ending its bytes have. */
const nameOf = (name: string, mime: string) =>
  `${name.replaceAll(/[/\\]|\p{Cc}/gu, '_').replace(/\.(png|jpe?g|mp4|pdf|docx|xlsx|pptx|txt|csv|md)$/i, '')}.${EXTENSIONS[mime]}`

export function readFileBytes(
  dataDir: string,
  corpId: string,
  asset: { sha256: Buffer; mime: string },
): Promise<Buffer> {
  return readFile(pathOf(dataDir, corpId, asset.sha256, asset.mime))
}

export interface KnownFile extends StoredAsset {
  sha256: Buffer
  width: number | null
  height: number | null
  pages: number | null
}

/** Files of the corp by id; of another corp they are as unknown as missing ones. */
export async function readFiles(tx: Tx, corpId: string, fileIds: readonly string[]): Promise<Map<string, KnownFile>> {
  if (fileIds.length === 0) return new Map()
  const { rows } = await sql<KnownFile>`
    select media_asset_id, kind, file_name, mime, size_bytes, sha256, width, height, pages from media_asset
    where corp_id = ${corpId}::bigint and media_asset_id = any(${[...new Set(fileIds)]}::bigint[])`.execute(tx)
  return new Map(rows.map((row) => [row.mediaAssetId, row]))
}

const WORDS: Readonly<Record<FileKind, string>> = { image: '图片', video: '视频', file: '文件' }

/** Refuses files that are not this corp's, or not of the kind their place wants. */
export async function requireFiles(
  tx: Tx,
  corpId: string,
  wanted: readonly { fileId: string; kind: FileKind; mime?: string }[],
): Promise<void> {
  const known = await readFiles(
    tx,
    corpId,
    wanted.map(({ fileId }) => fileId),
  )
  for (const { fileId, kind, mime } of wanted) {
    const file = known.get(fileId)
    if (!file) throw new NotFound({ what: WORDS[kind] })
    if (file.kind !== kind || (mime && file.mime !== mime))
      throw new WrongFile({ wanted: mime === 'application/pdf' ? ' PDF' : WORDS[kind] })
  }
}

async function drawAnew(bytes: Buffer): Promise<Judged> {
  if (bytes.length > BYTES_MAX.image) throw new PictureUnreadable()
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
    kind: 'image',
    mime: size.mime,
    width: image.width,
    height: image.height,
    bytes: size.mime === 'image/png' ? await canvas.encode('png') : await canvas.encode('jpeg', JPEG_QUALITY),
  }
}

const pathOf = (dataDir: string, corpId: string, hash: Buffer, mime: string) =>
  join(dataDir, 'media', corpId, `${hash.toString('hex')}.${EXTENSIONS[mime] ?? 'bin'}`)

/** Whole or not at all: a half-written file under its hash would be believed for ever. */
async function writeOnce(path: string, bytes: Buffer): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, bytes, { mode: 0o600, flush: true })
  await rename(draft, path)
}
