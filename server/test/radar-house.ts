import { sql } from 'kysely'
import type { LinkWish } from '../src/modules/content/radar/links.ts'
import { type Link, linksFor } from '../src/modules/content/radar/links.ts'
import { newViewId, type ViewToken } from '../src/modules/content/radar/reading/view-token.ts'
import { inCorp } from '../src/platform/db.ts'
import { at, type TestDb, testVault } from './world.ts'

/** A material staff may send, straight in the database. */
export async function aMaterial(
  db: TestDb,
  corpId: string,
  given: { title?: string; kind?: string; content?: object; fileIds?: string[]; withdrawn?: boolean } = {},
): Promise<string> {
  const { title = '春茶怎么选', kind = 'article', fileIds = [], withdrawn = false } = given
  const content = given.content ?? {
    blocks: [{ type: 'paragraph', text: '春茶贵在一个早字。' }],
    author: '',
    source: null,
  }
  return inCorp(db.api, corpId, async (tx) => {
    const { rows } = await sql<{ materialId: string }>`
      insert into material (corp_id, kind, title, summary, content, file_ids, live_version, newest_version, labels, title_folded, words, grams, created_by, created_at, updated_at, withdrawn_at)
      values (${corpId}::bigint, ${kind}, ${title}, '', ${JSON.stringify(content)}::jsonb, ${fileIds}::bigint[], 1, 1, '{}', ${title}, ${title}, '{}', '测试', ${at}::timestamptz, ${at}::timestamptz, ${withdrawn ? at : null}::timestamptz)
      returning material_id`.execute(tx)
    return rows[0]!.materialId
  })
}

export async function aRadarLink(
  db: TestDb,
  corpId: string,
  wish: Pick<LinkWish, 'materialId' | 'staffId'> & Partial<LinkWish>,
): Promise<Link> {
  const [link] = await inCorp(db.api, corpId, (tx) =>
    linksFor(tx, testVault, corpId, [{ version: 1, channel: 'chat', ...wish }], at),
  )
  return link!
}

/** A reading begun on a browser at an instant of the real clock. */
export const aView = (corpId: string, linkId: string, device: string, issuedMs: number): ViewToken => ({
  viewId: newViewId(issuedMs),
  corpId,
  linkId,
  version: 1,
  issuedMs,
  device,
})
