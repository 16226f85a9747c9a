import type { Caller, CallOptions, RawCaller } from '../call.ts'
import { notUnderstood, type UploadFile } from '../transport.ts'
import type { MediaType, UploadedMedia } from '../types.ts'

/** Bytes. WeCom gives at most 20 MB without Range (830002): document path 90254, 2026-11. */
const MEDIA_BYTES_MAX = 21 * 1024 * 1024

export interface DownloadedMedia {
  bytes: Buffer
  contentType: string | undefined
  /** As WeCom sent it, unchecked: never use it as a path. */
  filename: string | undefined
}

export function mediaEndpoints(call: Caller, callRaw: RawCaller) {
  return {
    /** Uploads a file for 3 days. Bytes: image 10 MB JPG/PNG, voice 2 MB AMR, video 10 MB MP4, file 20 MB. */
    upload(type: MediaType, file: UploadFile, options?: CallOptions): Promise<UploadedMedia> {
      const endpoint = { api: 'media/upload', method: 'POST', idempotent: true } as const
      return call({ ...endpoint, query: { type }, file, reply: { media_id: 'string' } }, options)
    },

    /**
     * Uploads a file for 3 days, to stand in a moment (images at most 10 MB, long side 10,800 px, short side 1080 px;
     * videos 10 MB, 30 s) or in a product album. Other calls do not take its id.
     */
    uploadAttachment(
      media_type: Exclude<MediaType, 'voice'>,
      use: 'moment' | 'album',
      file: UploadFile,
      options?: CallOptions,
    ): Promise<UploadedMedia> {
      const endpoint = { api: 'media/upload_attachment', method: 'POST', idempotent: true } as const
      const query = { media_type, attachment_type: use === 'moment' ? 1 : 2 }
      return call({ ...endpoint, query, file, reply: { media_id: 'string' } }, options)
    },

    /** Downloads a file. 40007: unknown or past its 3 days. */
    async get(media_id: string, options?: CallOptions): Promise<DownloadedMedia> {
      const endpoint = { api: 'media/get', method: 'GET', idempotent: true, query: { media_id } } as const
      const reply = await callRaw({ ...endpoint, replyBytesMax: MEDIA_BYTES_MAX }, options)
      if (reply.bytes.length === 0) throw notUnderstood(endpoint, 'empty file')
      const filename = /filename="?([^";]+)"?/.exec(reply.header('content-disposition') ?? '')?.[1]
      return { bytes: reply.bytes, contentType: reply.header('content-type'), filename }
    },

    /** Uploads an image for good, to be shown inside WeCom messages only. 5 B–2 MB; 1000 a day, 3000 a month. */
    async uploadImage(file: UploadFile, options?: CallOptions): Promise<string> {
      const endpoint = { api: 'media/uploadimg', method: 'POST', idempotent: true } as const
      return (await call<{ url: string }>({ ...endpoint, file, reply: { url: 'string' } }, options)).url
    },
  }
}
