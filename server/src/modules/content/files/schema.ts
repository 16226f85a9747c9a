import { z } from 'zod'
import { Id } from '../../../platform/id.ts'
import { Text } from '../../../platform/text.ts'

const MB = 1024 * 1024
/** Bytes: what WeCom takes, developer.work.weixin.qq.com/document/path/90253, 2026-11. */
export const BYTES_MAX = { image: 10 * MB, video: 10 * MB, file: 20 * MB } as const

export const FILE_KINDS = ['image', 'video', 'file'] as const
/** As WeCom keeps it, and as it is sent: a picture, a video, or a file. */
export type FileKind = (typeof FILE_KINDS)[number]

export const MediaAsset = z.object({
  mediaAssetId: Id,
  kind: z.enum(FILE_KINDS),
  fileName: z.string(),
  mime: z.string(),
  sizeBytes: z.number().int(),
  url: z.string(),
})
export type MediaAsset = z.infer<typeof MediaAsset>
export const MediaQuery = z.object({ name: Text.trim().min(1).max(100).default('图片') })
