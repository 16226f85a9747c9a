import type { Corp } from '../world/corp.ts'
import type { World } from '../world/world.ts'
import { ApiFailure } from './errors.ts'
import { requireMedia } from './media-life.ts'
import { type Body, checkParams, type Param } from './params.ts'

/** path/92137, 2026-11. */
const ATTACHMENTS_MAX = 9
const TITLE_BYTES_MAX = 128
const MINI_TITLE_BYTES_MAX = 64
const DESC_BYTES_MAX = 512

const PARAMS: Record<string, readonly Param[]> = {
  image: [
    { at: 'media_id', is: 'text' },
    { at: 'pic_url', is: 'text' },
  ],
  link: [
    { at: 'title', is: 'text', need: 40063, bytesMax: TITLE_BYTES_MAX },
    { at: 'picurl', is: 'text', bytesMax: 2048 },
    { at: 'desc', is: 'text', bytesMax: DESC_BYTES_MAX },
    { at: 'url', is: 'text', need: 40063, bytesMax: 2048 },
  ],
  miniprogram: [
    { at: 'title', is: 'text', need: 40063, bytesMax: MINI_TITLE_BYTES_MAX },
    { at: 'pic_media_id', is: 'text', need: 40007 },
    { at: 'appid', is: 'text', need: 40063 },
    { at: 'page', is: 'text', need: 40063 },
  ],
  video: [{ at: 'media_id', is: 'text', need: 40007 }],
  file: [{ at: 'media_id', is: 'text', need: 40007 }],
}

export interface Attachment {
  kind: 'image' | 'link' | 'miniprogram' | 'video' | 'file'
  content: Body
  /** What a chat list would show of it. */
  text: string
}

/** Checks the attachments of a welcome or mass message, and that their media still live. */
export function readAttachments(world: World, corp: Corp, given: readonly Body[]): Attachment[] {
  if (given.length > ATTACHMENTS_MAX) throw new ApiFailure(41064, `附件最多 ${ATTACHMENTS_MAX} 个`)
  return given.map((attachment) => readAttachment(world, corp, attachment))
}

function readAttachment(world: World, corp: Corp, attachment: Body): Attachment {
  const kind = attachment.msgtype as Attachment['kind']
  const params = PARAMS[kind]
  const content = attachment[kind] as Body | undefined
  if (!params || typeof content !== 'object' || content === null) throw new ApiFailure(41065, '附件类型不对')
  checkParams(params, content)
  const mediaId = (content.media_id || content.pic_media_id) as string | undefined
  if (kind === 'image' && !mediaId) {
    // Only what uploadimg returned may be shown by address.
    const known = [...corp.media.values()].some(
      (media) => media.permanent && String(content.pic_url).includes(media.mediaId),
    )
    if (!known) throw new ApiFailure(40007, '图片要先上传')
  } else if (mediaId)
    requireMedia(world, corp, mediaId, kind === 'miniprogram' ? 'image' : (kind as 'image' | 'video' | 'file'))
  return {
    kind,
    content,
    text: String(content.title ?? { image: '[图片]', video: '[视频]', file: '[文件]' }[kind as 'image']),
  }
}
