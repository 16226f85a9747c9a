import type { Media } from '../world/records.ts'
import { type Call, type Endpoint, fail, type RawReply } from './endpoint.ts'
import { pictureSize, videoSeconds } from './media-facts.ts'
import { requireMedia } from './media-life.ts'
import { type FilePart, readMultipart } from './multipart.ts'
import type { Body } from './params.ts'

const MB = 1024 * 1024
/** path/90253, 2026-11. */
const SIZE_BYTES_MAX: Record<Media['kind'], number> = { image: 10 * MB, voice: 2 * MB, video: 10 * MB, file: 20 * MB }
const SIZE_BYTES_MIN = 6
/** path/90256, 2026-11; the counts are per corp. */
const UPLOADIMG_BYTES_MAX = 2 * MB
const UPLOADIMG_DAY_MAX = 1000
const UPLOADIMG_MONTH_MAX = 3000
const DAY_S = 24 * 3600
/** path/95098 and path/95094, 2026-11. */
const ATTACHMENT_BYTES_MAX = 10 * MB
const LONG_SIDE_MAX = 10_800
const SHORT_SIDE_MAX = 1_080
const VIDEO_SECONDS_MAX = 30
const GET_WHOLE_BYTES_MAX = 20 * MB

/** What a file is, by its first bytes and not by its name. */
function sniff(bytes: Buffer): 'jpg' | 'png' | 'amr' | 'mp4' | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpg'
  if (bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'png'
  if (bytes.subarray(0, 5).toString('latin1') === '#!AMR') return 'amr'
  if (bytes.subarray(4, 8).toString('latin1') === 'ftyp') return 'mp4'
  return undefined
}

const FORMATS: Record<Media['kind'], readonly (string | undefined)[] | undefined> = {
  image: ['jpg', 'png'],
  voice: ['amr'],
  video: ['mp4'],
  file: undefined,
}

function requireFile({ contentType, bytes }: Call): FilePart {
  const file = readMultipart(contentType, bytes)?.find((part) => part.fileName !== undefined)
  return file ?? fail(44001, '表单里没有带文件名的 media')
}

function checkFile(file: FilePart, kind: Media['kind'], bytesMax: number): void {
  if (file.bytes.length < SIZE_BYTES_MIN) fail(40006, '文件要大于 5 字节')
  if (file.bytes.length > bytesMax) fail(kind === 'image' ? 40009 : 40006, `文件超过 ${bytesMax / MB} MB`)
  const formats = FORMATS[kind]
  if (formats && !formats.includes(sniff(file.bytes))) fail(40005, '文件内容与类型不符')
}

function upload(call: Call): Body {
  const kind = call.query.type as Media['kind']
  const file = requireFile(call)
  checkFile(file, kind, SIZE_BYTES_MAX[kind])
  return keepMedia(call, kind, file)
}

function keepMedia({ corp, world }: Call, kind: Media['kind'], file: FilePart, use?: Media['use']): Body {
  const media: Media = {
    mediaId: corp.makeId('3', 64),
    kind,
    fileName: file.fileName!,
    sizeBytes: file.bytes.length,
    createdAt: world.clock.seconds(),
    use,
    permanent: false,
  }
  corp.saveMedia(media, file.bytes)
  return { type: kind, media_id: media.mediaId, created_at: String(media.createdAt) }
}

/** For moments (attachment_type 1) and albums (2): path/95098, 2026-11. */
function uploadAttachment(call: Call): Body {
  const kind = call.query.media_type as 'image' | 'video' | 'file'
  const use = ({ 1: 'moment', 2: 'album' } as const)[call.query.attachment_type ?? ''] ?? fail(41072)
  if (!['image', 'video', 'file'].includes(kind)) return fail(40004)
  const file = requireFile(call)
  if (file.bytes.length < SIZE_BYTES_MIN || file.bytes.length > ATTACHMENT_BYTES_MAX) fail(41080)
  if (FORMATS[kind] && !FORMATS[kind].includes(sniff(file.bytes))) fail(41090)
  const size = kind === 'image' ? pictureSize(file.bytes) : undefined
  const [short, long] = size ? [Math.min(...size), Math.max(...size)] : [0, 0]
  if (use === 'moment' && (long > LONG_SIDE_MAX || short > SHORT_SIDE_MAX)) fail(41081)
  if (kind === 'video' && (videoSeconds(file.bytes) ?? 0) > VIDEO_SECONDS_MAX) fail(41082)
  return keepMedia(call, kind, file, use)
}

function uploadImage(call: Call): Body {
  const file = requireFile(call)
  checkFile(file, 'image', UPLOADIMG_BYTES_MAX)
  const { corp, world, publicUrl } = call
  const now = world.clock.seconds()
  const since = (seconds: number) =>
    [...corp.media.values()].filter((it) => it.permanent && it.createdAt > now - seconds).length
  if (since(DAY_S) >= UPLOADIMG_DAY_MAX || since(30 * DAY_S) >= UPLOADIMG_MONTH_MAX) fail(45009)
  const mediaId = corp.makeHexId()
  corp.saveMedia(
    {
      mediaId,
      kind: 'image',
      fileName: file.fileName!,
      sizeBytes: file.bytes.length,
      createdAt: world.clock.seconds(),
      permanent: true,
    },
    file.bytes,
  )
  return { url: `${publicUrl}/img/${corp.info.corpid}/${mediaId}` }
}

function download({ world, corp, query, range }: Call): RawReply {
  const media = requireMedia(world, corp, query.media_id ?? '', undefined, corp.media.get(query.media_id ?? '')?.use)
  const bytes = Buffer.from(corp.mediaBytes(media.mediaId)!)
  const headers = {
    'content-type': mediaType(bytes),
    'content-disposition': `attachment; filename="${encodeURIComponent(media.fileName)}"`,
    'accept-ranges': 'bytes',
  }
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!asked) {
    if (bytes.length > GET_WHOLE_BYTES_MAX) fail(830002)
    return { status: 200, headers, bytes }
  }
  const from = asked[1] ? Number(asked[1]) : Math.max(0, bytes.length - Number(asked[2]))
  const to = asked[1] && asked[2] ? Math.min(Number(asked[2]), bytes.length - 1) : bytes.length - 1
  if (from > to)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${bytes.length}` }, bytes: Buffer.alloc(0) }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
    bytes: bytes.subarray(from, to + 1),
  }
}

export function mediaType(bytes: Uint8Array): string {
  const types = { jpg: 'image/jpeg', png: 'image/png', amr: 'audio/amr', mp4: 'video/mp4' }
  const format = sniff(Buffer.from(bytes))
  return format ? types[format] : 'application/octet-stream'
}

export const mediaEndpoints: Endpoint[] = [
  {
    path: 'media/upload',
    method: 'POST',
    by: 'app',
    handle(call) {
      if (!Object.hasOwn(SIZE_BYTES_MAX, call.query.type ?? '')) fail(40004)
      return upload(call)
    },
    say: ({ query }) => `上传临时素材（${query.type}），3 天有效`,
  },
  {
    path: 'media/upload_attachment',
    method: 'POST',
    by: 'app',
    handle: uploadAttachment,
    say: ({ query }) =>
      `上传${query.attachment_type === '2' ? '商品图册' : '朋友圈'}附件（${query.media_type}），3 天有效`,
  },
  { path: 'media/get', method: 'GET', by: 'app', handle: download, say: () => '下载临时素材' },
  { path: 'media/uploadimg', method: 'POST', by: 'app', handle: uploadImage, say: () => '上传图片，地址长期有效' },
]
