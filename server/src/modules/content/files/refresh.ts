import { WecomError } from '@siyu/wecom/errors'
import { sql } from 'kysely'
import { z } from 'zod'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { Id } from '../../../platform/id.ts'
import { defineJob } from '../../../platform/jobs.ts'
import type { Cron, WorkContext } from '../../corps/context.ts'
import { everyCorp } from '../../corps/each-corp.ts'
import type { FileKind } from './schema.ts'
import { readFileBytes } from './store.ts'

/** WeCom forgets media after 3 days (path/90253, 2026-11); uploaded again well before, so that nothing waits for it. */
const REFRESH_AFTER_MS = 60 * 3_600_000
/** Past this a media id is no longer trusted. */
export const MEDIA_TRUSTED_MS = 70 * 3_600_000
/** Bytes: media/uploadimg takes 2 MB and its address lives for ever; larger pictures go by media id. */
export const LASTING_BYTES_MAX = 2 * 1024 * 1024
/** An upload of 20 MB over a slow line. */
const UPLOAD_TIMEOUT_MS = 60_000

interface Due {
  mediaAssetId: string
  kind: FileKind
  sha256: Buffer
  mime: string
  fileName: string
  sizeBytes: number
  wecomUrl: string | null
  stale: boolean
  asImage: boolean
}

/**
 * Uploads what welcomes, materials and scripts in use refer to and WeCom does not have, or will soon forget. Returns how
 * many went up. What WeCom refuses keeps none of the others from going up.
 */
export async function refreshMedia(context: WorkContext, corpId: string): Promise<number> {
  const now = context.clock.now()
  const due = await inCorp(
    context.db,
    corpId,
    async (tx) =>
      (
        await sql<Due>`
    with used as (
      select media_asset_id, bool_or(as_image) as as_image from (
        select (a->>'mediaAssetId')::bigint as media_asset_id, a->>'type' = 'image' as as_image from (
          select welcome from channel_code where corp_id = ${corpId} and welcome is not null
          union all select slot->'welcome' from channel_code, jsonb_array_elements(welcome_slots) as slot where corp_id = ${corpId}
          union all select variant->'welcome' from channel_code, jsonb_array_elements(welcome_variants) as variant where corp_id = ${corpId}
          union all select default_welcome from corp where corp_id = ${corpId} and default_welcome is not null) as w(welcome),
          jsonb_array_elements(w.welcome->'attachments') as a where a ? 'mediaAssetId'
        union all select unnest(m.file_ids), false from material m
          where m.corp_id = ${corpId} and m.live_version is not null and m.withdrawn_at is null and m.deleted_at is null and m.kind in ('image', 'video', 'file', 'pdf') and (m.valid_until is null or m.valid_until > ${now}::timestamptz)
        union all select m.cover_id, true from material m
          where m.corp_id = ${corpId} and m.live_version is not null and m.withdrawn_at is null and m.deleted_at is null and m.cover_id is not null and (m.valid_until is null or m.valid_until > ${now}::timestamptz)
        union all select unnest(s.file_ids), false from script s where s.corp_id = ${corpId} and s.removed_at is null
      ) each_use group by 1)
    select m.media_asset_id, m.kind, m.sha256, m.mime, m.file_name, m.size_bytes, m.wecom_url, u.as_image,
      m.wecom_media_at is null or m.wecom_media_at < ${new Date(now.getTime() - REFRESH_AFTER_MS)}::timestamptz as stale
    from used u join media_asset m on m.corp_id = ${corpId} and m.media_asset_id = u.media_asset_id order by m.media_asset_id`.execute(
          tx,
        )
      ).rows,
  )
  const todo = due.filter((asset) => asset.stale || lastingIsDue(asset))
  const refused: unknown[] = []
  for (const asset of todo) await uploadAsset(context, corpId, asset).catch((error) => refused.push(error))
  if (refused.length > 0) throw refused[0]
  return todo.length
}

const lastingIsDue = ({ asImage, sizeBytes, wecomUrl }: Due) => asImage && sizeBytes <= LASTING_BYTES_MAX && !wecomUrl

async function uploadAsset(context: WorkContext, corpId: string, asset: Due): Promise<string | undefined> {
  const wecom = await context.wecom(corpId)
  const file = {
    bytes: await readFileBytes(context.dataDir, corpId, asset),
    filename: asset.fileName,
    contentType: asset.mime,
  }
  const options = { timeoutMs: UPLOAD_TIMEOUT_MS }
  const wecomMediaId = asset.stale ? (await wecom.media.upload(asset.kind, file, options)).media_id : undefined
  const wecomUrl = lastingIsDue(asset) ? await wecom.media.uploadImage(file, options) : undefined
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
  return wecomMediaId
}

/** How WeCom has a file: the media id a message takes, and for pictures the address that lasts. */
export interface Sendable {
  kind: FileKind
  mediaId: string | null
  url: string | null
}

export async function readSendables(
  tx: Tx,
  corpId: string,
  fileIds: readonly string[],
  now: Date,
): Promise<Map<string, Sendable>> {
  if (fileIds.length === 0) return new Map()
  const { rows } = await sql<Sendable & { mediaAssetId: string }>`
    select media_asset_id, kind, wecom_url as url,
      case when wecom_media_at > ${new Date(now.getTime() - MEDIA_TRUSTED_MS)}::timestamptz then wecom_media_id end as media_id
    from media_asset where corp_id = ${corpId}::bigint and media_asset_id = any(${[...new Set(fileIds)]}::bigint[])`.execute(
    tx,
  )
  return new Map(rows.map(({ mediaAssetId, ...row }) => [mediaAssetId, row]))
}

/** The media id of one file, uploaded now if WeCom does not have it: for whoever is about to send it. */
export async function mediaIdOf(context: WorkContext, corpId: string, fileId: string): Promise<string> {
  const now = context.clock.now()
  const { known, asset } = await inCorp(context.db, corpId, async (tx) => ({
    known: (await readSendables(tx, corpId, [fileId], now)).get(fileId),
    asset: await tx
      .selectFrom('mediaAsset')
      .select(['mediaAssetId', 'kind', 'sha256', 'mime', 'fileName', 'sizeBytes', 'wecomUrl'])
      .$narrowType<{ kind: FileKind }>()
      .where('corpId', '=', corpId)
      .where('mediaAssetId', '=', fileId)
      .executeTakeFirst(),
  }))
  if (known?.mediaId) return known.mediaId
  if (!asset) throw new NotFound({ what: '文件' })
  return (await uploadAsset(context, corpId, { ...asset, stale: true, asImage: false })) ?? ''
}

/** Right after something was saved, and as the replay of a failure. */
export const refreshMediaJob = defineJob<WorkContext, { corpId: string }>({
  name: 'content.refresh-media',
  payload: z.object({ corpId: Id }),
  run: (context, { corpId }) => refreshAndTell(context, corpId),
})

/** The name it was queued under before files were of every room. */
export const refreshWelcomeMediaJob = { ...refreshMediaJob, name: 'channels.refresh-media' }

export const refreshAllMedia: Cron = {
  name: 'content.refresh-media',
  everyMinutes: 20,
  run: (context) =>
    everyCorp(context, 'files in use could not be uploaded', (corpId) => refreshAndTell(context, corpId)),
}

/** What went wrong before files had a lane of their own is over, too. */
async function resolve({ health }: WorkContext, corpId: string): Promise<void> {
  await health.resolve(corpId, 'files', { subject: 'media' })
  await health.resolve(corpId, 'welcome', { subject: 'media' })
}

async function refreshAndTell(context: WorkContext, corpId: string): Promise<void> {
  try {
    if ((await refreshMedia(context, corpId)) > 0) await resolve(context, corpId)
  } catch (error) {
    await context.health.failure(corpId, 'files', {
      cause: error instanceof WecomError ? `wecom.${error.errcode}` : 'files.upload_failed',
      subject: 'media',
      detail: { reason: error instanceof Error ? error.message.slice(0, 300) : String(error) },
      replay: { job: 'content.refresh-media', payload: { corpId } },
    })
    throw error
  }
}
