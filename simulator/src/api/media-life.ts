import type { Corp } from '../world/corp.ts'
import type { Media } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { ApiFailure } from './errors.ts'

/** Virtual time: temporary media live three days (path/90253, 2026-11). */
const MEDIA_LIFE_S = 3 * 24 * 3600

export function requireMedia(
  world: World,
  corp: Corp,
  mediaId: string,
  kind?: Media['kind'],
  use?: Media['use'],
): Media {
  const media = corp.media.get(mediaId)
  if (!media || media.permanent) throw new ApiFailure(40007, '没有这个素材')
  if (world.clock.seconds() - media.createdAt > MEDIA_LIFE_S)
    throw new ApiFailure(40007, '素材满 3 天已过期，要重新上传')
  if (media.use !== use)
    throw new ApiFailure(40007, use ? '素材不是用 upload_attachment 传的' : '素材只能用在朋友圈或商品图册')
  if (kind && media.kind !== kind) throw new ApiFailure(40007, `素材不是 ${kind}`)
  return media
}
