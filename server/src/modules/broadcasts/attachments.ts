import type { Attachment } from '@siyu/wecom/types'
import { inCorp } from '../../platform/db.ts'
import { mediaIdOf, readSendables } from '../content/files/refresh.ts'
import type { ContentOf, MaterialKind } from '../content/materials/schema.ts'
import { addressOf, linksFor } from '../content/radar/links.ts'
import type { WorkContext } from '../corps/context.ts'
import type { FrozenMaterial } from './frozen.ts'

/** Read on a page of ours, where it is seen who opened it and how far he read. */
const ON_A_PAGE: ReadonlySet<MaterialKind> = new Set(['article', 'link', 'product'])
const said = <K extends MaterialKind>({ content }: FrozenMaterial, _kind: K) => content as ContentOf<K>

/** What goes along with a task of one member: his own links, and files as media WeCom has now. Uploads what it lacks. */
export async function attachmentsOf(
  context: WorkContext,
  corpId: string,
  materials: readonly FrozenMaterial[],
  staffId: string,
): Promise<Attachment[]> {
  const now = context.clock.now()
  const paged = materials.filter(({ kind }) => ON_A_PAGE.has(kind))
  const { links, covers } = await inCorp(context.db, corpId, async (tx) => ({
    links: await linksFor(
      tx,
      context.vault,
      corpId,
      paged.map(({ materialId, version }) => ({ materialId, version, staffId, channel: 'broadcast' as const })),
      now,
    ),
    covers: await readSendables(
      tx,
      corpId,
      materials.flatMap(({ cover }) => cover ?? []),
      now,
    ),
  }))
  const media = (fileId: string) => mediaIdOf(context, corpId, fileId)
  const attachments: Attachment[] = []
  // Nine at most, and WeCom is asked for those alone that it lacks.
  for (const material of materials) {
    const { kind, title, summary: desc, cover } = material
    if (ON_A_PAGE.has(kind)) {
      const url = addressOf(context.publicUrl, links[paged.indexOf(material)]!.token)
      const picurl = (cover && covers.get(cover)?.url) || undefined
      attachments.push({
        msgtype: 'link',
        link: { title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) },
      })
    } else if (kind === 'mini_program') {
      const { appid, page } = said(material, kind)
      const pic_media_id = cover ? await media(cover) : ''
      attachments.push({ msgtype: 'miniprogram', miniprogram: { title, appid, page, pic_media_id } })
    } else if (kind === 'image')
      attachments.push({ msgtype: 'image', image: { media_id: await media(said(material, kind).fileId) } })
    else if (kind === 'video')
      attachments.push({ msgtype: 'video', video: { media_id: await media(said(material, kind).fileId) } })
    else attachments.push({ msgtype: 'file', file: { media_id: await media(said(material, 'file').fileId) } })
  }
  return attachments
}
