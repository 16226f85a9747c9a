import { sql } from 'kysely'
import { gramsOf } from '../../../platform/bigrams.ts'
import type { Tx } from '../../../platform/db.ts'
import { DAY_MS } from '../../../platform/shanghai.ts'
import type { Actor } from '../../corps/context.ts'
import { readViewer } from '../materials/visible.ts'
import { isScriptSeen } from '../search-library.ts'
import { fromScripts, type ScriptRow, scriptColumns, toScript } from './list-scripts.ts'
import { rank } from './rank.ts'
import type { Suggestion } from './schema.ts'

/** Of what could fit at all, so many are ranked. */
const CANDIDATES_MAX = 300
/** What he said longer ago is answered, or over. */
const SAID_DAYS = 7

interface Row extends ScriptRow {
  ownUsedAt: Date | null
  stage: string | null
}

/**
 * What a member might say to this customer now: by what he last said, where we know it, and by the stage he stands in;
 * then what the member said lately and what everybody says often. Each with its reasons. The contact is one he may see.
 */
export async function suggestScripts(
  tx: Tx,
  corpId: string,
  actor: Pick<Actor, 'staffId' | 'permissions'>,
  contactId: string,
  given: { said?: string | undefined; limit: number },
  now: Date,
): Promise<{ said: string | null; saidAt: string | null; items: Suggestion[] }> {
  const viewer = await readViewer(tx, corpId, actor)
  const heard = given.said ? { said: given.said, at: null } : await readSaid(tx, corpId, contactId, now)
  const grams = heard ? gramsOf(heard.said) : []
  const { rows } = await sql<Row>`
    with stands as (
      select y.stage_id, t.name from stage_stay y join stage t on t.corp_id = ${corpId}::bigint and t.stage_id = y.stage_id
      where y.corp_id = ${corpId}::bigint and y.contact_id = ${contactId}::bigint and y.until is null)
    select ${scriptColumns(corpId, now)}, u.used_at as own_used_at, st.name as stage
    from ${fromScripts(corpId)}
    left join content_use u on u.corp_id = ${corpId}::bigint and u.staff_id = ${viewer.staffId}::bigint and u.piece = 'script' and u.piece_id = s.script_id
    left join lateral (select stands.name from stands where stands.stage_id = any(s.stage_ids) limit 1) st on true
    where s.corp_id = ${corpId}::bigint and s.removed_at is null and ${isScriptSeen(viewer)}
      and (s.grams && ${grams}::int[] or st.name is not null or u.used_at is not null or s.uses > 0 or s.is_quick)
    order by (s.grams && ${grams}::int[]) desc, st.name is not null desc, u.used_at desc nulls last, s.uses desc, s.script_id desc limit ${CANDIDATES_MAX}`.execute(
    tx,
  )
  const ranked = rank(
    rows.map((row) => ({ ...row, text: textOf(row) })),
    heard?.said ?? null,
    now,
  )
  const items = rows
    .map(({ ownUsedAt: _, stage: __, ...row }, i) => ({ row, ...ranked[i]! }))
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score || Number(BigInt(b.row.scriptId) - BigInt(a.row.scriptId)))
    .slice(0, given.limit)
    .map(({ row, reasons }) => ({ ...toScript(row), reasons }))
  return { said: heard?.said ?? null, saidAt: heard?.at?.toISOString() ?? null, items }
}

const textOf = ({ parts }: ScriptRow) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')

/** What he said last, by the word of somebody we believe. */
async function readSaid(tx: Tx, corpId: string, contactId: string, now: Date) {
  const { rows } = await sql<{ said: string; at: Date }>`
    select e.props->>'words' as said, e.at from event e
    where e.corp_id = ${corpId}::bigint and e.contact_id = ${contactId}::bigint and e.kind = 'message.sent' and e.trusted and e.at > ${new Date(now.getTime() - SAID_DAYS * DAY_MS)}::timestamptz and e.at <= ${now}::timestamptz
      and e.props->>'words' <> '' order by e.at desc, e.event_id desc limit 1`.execute(tx)
  return rows[0]
}
