import { type RawBuilder, sql } from 'kysely'
import { wordsOf } from '../../platform/bigrams.ts'
import type { Tx } from '../../platform/db.ts'
import type { Actor } from '../corps/context.ts'
import type { Found } from './materials/schema.ts'
import { isFor, isSeen, isUsable, readViewer, type Viewer } from './materials/visible.ts'
import { holdsWords, snippetOf, titleHolds } from './search.ts'

interface Row extends Omit<Found, 'snippet'> {
  said: string
}

/**
 * What a member may send that holds every word of `q`, materials and scripts in one list: those with it in their title
 * before those with it in their text, then what is used most, then what is newest. With nothing asked, what he used last.
 */
export async function searchLibrary(
  tx: Tx,
  corpId: string,
  actor: Pick<Actor, 'staffId' | 'permissions'>,
  { q, kinds, limit }: { q: string; kinds?: readonly Found['kind'][] | undefined; limit: number },
  now: Date,
): Promise<Found[]> {
  // Whoever writes the library sends what everybody may send: his own departments' things are found, others' are not.
  const viewer = { ...(await readViewer(tx, corpId, actor)), writes: false }
  const asked = wordsOf(q).length > 0
  const place = (t: string) => (asked ? sql`case when ${titleHolds(t, q)} then 'title' else 'text' end` : sql`'recent'`)
  const wanted = kinds && kinds.length > 0 ? [...kinds] : undefined
  const { rows } = await sql<Row>`
    select piece, id, kind, title, said, picture_id, version, uses, "where", own from (
      select 'material' as piece, m.material_id as id, m.kind, m.title, coalesce(nullif(m.summary, ''), m.content->>'text', m.words) as said,
        coalesce(m.cover_id, case when m.kind = 'image' then (m.content->>'fileId')::bigint end) as picture_id, m.live_version as version, m.uses, ${place('m')} as "where", false as own, m.updated_at, u.used_at
      from material m left join content_use u on u.corp_id = ${corpId}::bigint and u.staff_id = ${viewer.staffId}::bigint and u.piece = 'material' and u.piece_id = m.material_id
      where m.corp_id = ${corpId}::bigint and ${isUsable(now)} and ${isSeen(corpId, viewer)} and ${holdsWords('m', q)}
        and (${wanted ?? null}::text[] is null or m.kind = any(${wanted ?? null}::text[]))
      union all
      select 'script', s.script_id, 'script', s.title, coalesce((select p->>'text' from jsonb_array_elements(s.parts) p where p->>'type' = 'text' limit 1), ''),
        null, s.version, s.uses, ${place('s')}, s.owner_staff_id is not null, s.updated_at, u.used_at
      from script s join script_group g on g.corp_id = ${corpId}::bigint and g.script_group_id = s.script_group_id
      left join content_use u on u.corp_id = ${corpId}::bigint and u.staff_id = ${viewer.staffId}::bigint and u.piece = 'script' and u.piece_id = s.script_id
      where s.corp_id = ${corpId}::bigint and s.removed_at is null and ${isScriptSeen(viewer)} and ${holdsWords('s', q)}
        and (${wanted ?? null}::text[] is null or 'script' = any(${wanted ?? null}::text[]))
    ) found
    order by ${asked ? sql`"where" = 'text'` : sql`used_at is null, used_at desc`}, uses desc, updated_at desc, piece, id desc limit ${limit}`.execute(
    tx,
  )
  return rows.map(({ said, ...row }) => ({ ...row, snippet: snippetOf(said, q) }))
}

/** Scripts `s` of groups `g` he may say: his own, and the corp's that are for his departments. */
export const isScriptSeen = (viewer: Viewer): RawBuilder<unknown> =>
  sql`(s.owner_staff_id = ${viewer.staffId}::bigint or s.owner_staff_id is null and ${isFor(viewer, sql`g.scope_departments`)})`
