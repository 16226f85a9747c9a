import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp } from '../../../platform/db.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob } from '../../../platform/jobs.ts'
import type { Cron, WorkContext } from '../../corps/context.ts'
import { readPicture } from './store.ts'

/** WeCom forgets media after 3 days (path/90253, 2026-11); uploaded again well before, so that no welcome waits for it. */
const REFRESH_AFTER_MS = 60 * 3_600_000
/** Past this a media id is no longer trusted. */
export const MEDIA_TRUSTED_MS = 70 * 3_600_000
/** Bytes: media/uploadimg takes 2 MB and its address lives for ever; larger pictures go by media id. */
export const LASTING_BYTES_MAX = 2 * 1024 * 1024

interface Due {
  mediaAssetId: string
  sha256: Buffer
  mime: string
  fileName: string
  sizeBytes: number
  wecomUrl: string | null
  stale: boolean
  asImage: boolean
}

/** Uploads what welcomes in use refer to and WeCom does not have, or will soon forget. Returns how many went up. */
export async function refreshMedia(context: WorkContext, corpId: string): Promise<number> {
  const now = context.clock.now()
  const due = await inCorp(
    context.db,
    corpId,
    async (tx) =>
      (
        await sql<Due>`
    with used as (
      select (a->>'mediaAssetId')::bigint as media_asset_id, bool_or(a->>'type' = 'image') as as_image from (
        select welcome from channel_code where corp_id = ${corpId} and welcome is not null
        union all select slot->'welcome' from channel_code, jsonb_array_elements(welcome_slots) as slot where corp_id = ${corpId}
        union all select variant->'welcome' from channel_code, jsonb_array_elements(welcome_variants) as variant where corp_id = ${corpId}
        union all select default_welcome from corp where corp_id = ${corpId} and default_welcome is not null) as w(welcome),
        jsonb_array_elements(w.welcome->'attachments') as a
      where a ? 'mediaAssetId' group by 1)
    select m.media_asset_id, m.sha256, m.mime, m.file_name, m.size_bytes, m.wecom_url, u.as_image,
      m.wecom_media_at is null or m.wecom_media_at < ${new Date(now.getTime() - REFRESH_AFTER_MS)}::timestamptz as stale
    from used u join media_asset m on m.corp_id = ${corpId} and m.media_asset_id = u.media_asset_id`.execute(tx)
      ).rows,
  )
  const todo = due.filter((asset) => asset.stale || (asset.asImage && lasting(asset) && !asset.wecomUrl))
  for (const asset of todo) await uploadAsset(context, corpId, asset)
  return todo.length
}

const lasting = (asset: Due) => asset.sizeBytes <= LASTING_BYTES_MAX

async function uploadAsset(context: WorkContext, corpId: string, asset: Due): Promise<void> {
  const wecom = await context.wecom(corpId)
  const file = {
    bytes: await readPicture(context.dataDir, corpId, asset),
    filename: asset.fileName,
    contentType: asset.mime,
  }
  const wecomMediaId = asset.stale ? (await wecom.media.upload('image', file)).media_id : undefined
  const wecomUrl = asset.asImage && lasting(asset) && !asset.wecomUrl ? await wecom.media.uploadImage(file) : undefined
  await inCorp(context.db, corpId, (tx) =>
    tx
      .updateTable('mediaAsset')
      .set({
        ...(wecomMediaId ? { wecomMediaId, wecomMediaAt: context.clock.now() } : {}),
        ...(wecomUrl ? { wecomUrl } : {}),
      })
      .where('corpId', '=', corpId)
      .where('mediaAssetId', '=', asset.mediaAssetId)
      .execute(),
  )
}

/** Right after a welcome was saved, and as the replay of a failure. */
export const refreshMediaJob = defineJob<WorkContext, { corpId: string }>({
  name: 'channels.refresh-media',
  payload: z.object({ corpId: Id }),
  run: (context, { corpId }) => refreshAndTell(context, corpId),
})

export const refreshWelcomeMedia: Cron = {
  name: 'channels.refresh-media',
  everyMinutes: 20,
  async run(context) {
    for (const { corpId } of await context.db.selectFrom('corp').select('corpId').orderBy('corpId').execute()) {
      await refreshAndTell(context, corpId).catch((error) =>
        context.log.warn({ err: error, corpId }, 'pictures of welcomes could not be uploaded'),
      )
    }
  },
}

async function refreshAndTell(context: WorkContext, corpId: string): Promise<void> {
  try {
    if ((await refreshMedia(context, corpId)) > 0) await context.health.resolve(corpId, 'welcome', { subject: 'media' })
  } catch (error) {
    await context.health.failure(corpId, 'welcome', {
      cause: error instanceof WecomError ? `wecom.${error.errcode}` : 'welcome.media_failed',
      subject: 'media',
      detail: { reason: error instanceof Error ? error.message.slice(0, 300) : String(error) },
      replay: { job: 'channels.refresh-media', payload: { corpId } },
    })
    throw error
  }
}
