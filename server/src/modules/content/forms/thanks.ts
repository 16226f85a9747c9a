import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../../platform/db.ts'
import type { WorkContext } from '../../corps/context.ts'
import { isUsable } from '../materials/visible.ts'
import { linkFor } from '../radar/links.ts'
import { readLink } from './links.ts'
import { FormContent, type Thanks } from './schema.ts'
import type { Visit } from './visit.ts'

interface Code {
  content: string
  name: string | null
}

/** The code a thank-you shows: of whoever's link it is, where he has one of his own; else the one the form names. */
async function findCode(
  tx: Tx,
  corpId: string,
  staffId: string | null,
  { addStaff, channelCodeId }: FormContent['thanks'],
): Promise<Code | undefined> {
  const { rows } = await sql<Code>`
    select c.qr_content as content, case when o.own then s.name end as name
    from channel_code c
    cross join lateral (select ${addStaff}::boolean and ${staffId}::bigint is not null and array(select cs.staff_id from channel_code_staff cs where cs.corp_id = ${corpId}::bigint and cs.channel_code_id = c.channel_code_id) = array[${staffId}::bigint] as own) o
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = ${staffId}::bigint
    where c.corp_id = ${corpId}::bigint and c.removed_at is null and c.archived_at is null and c.qr_content is not null and (o.own or c.channel_code_id = ${channelCodeId}::bigint)
    order by o.own desc, c.channel_code_id limit 1`.execute(tx)
  return rows[0]
}

/** The code as its picture is drawn; of the form as customers see it now. */
export const readCode = (
  db: Db,
  { corpId, staffId, content }: { corpId: string; staffId: string | null; content: FormContent },
): Promise<Code | undefined> => inCorp(db, corpId, (tx) => findCode(tx, corpId, staffId, content.thanks))

/** Who follows him longest: by the shop's own link nobody in particular gave him the form. */
async function friendOf(tx: Tx, corpId: string, externalUserid: string | null): Promise<string | null> {
  if (externalUserid === null) return null
  const { rows } = await sql<{ staffId: string }>`
    select f.staff_id from contact_identity i join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = i.contact_id
    join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = coalesce(c.merged_into, c.contact_id) and f.lost_at is null
    where i.corp_id = ${corpId}::bigint and i.kind = 'external_userid' and i.value = ${externalUserid} order by f.added_at, f.staff_id limit 1`.execute(
    tx,
  )
  return rows[0]?.staffId ?? null
}

/** A material that may be read now. */
async function readSendable(tx: Tx, corpId: string, materialId: string, now: Date) {
  const { rows } = await sql<{ materialId: string; version: number; title: string }>`
    select m.material_id, m.live_version as version, m.title from material m where m.corp_id = ${corpId}::bigint and m.material_id = ${materialId}::bigint and ${isUsable(now)}`.execute(
    tx,
  )
  return rows[0]
}

/** What somebody reads who has sent his answer. */
export async function readThanks(
  { db, vault, publicUrl, clock }: Pick<WorkContext, 'vault' | 'publicUrl' | 'clock'> & { db: Db },
  { corpId, linkId, version }: Visit,
  externalUserid: string | null,
): Promise<Thanks> {
  return inCorp(db, corpId, async (tx) => {
    const link = await readLink(tx, corpId, linkId)
    const { rows } = await sql<{ content: unknown }>`
      select content from form_version where corp_id = ${corpId}::bigint and form_id = ${link?.formId ?? '0'}::bigint and version = ${version}`.execute(
      tx,
    )
    const { thanks } = rows[0] ? FormContent.parse(rows[0].content) : FormContent.parse({ title: '表单' })
    const code = link && (await findCode(tx, corpId, link.staffId, link.content.thanks))
    const { materialId } = link?.content.thanks ?? { materialId: null }
    const staffId = materialId && link ? (link.staffId ?? (await friendOf(tx, corpId, externalUserid))) : null
    const found = staffId && (await readSendable(tx, corpId, materialId!, clock.now()))
    const wish = found && { ...found, staffId, channel: 'other' as const, chatId: `form ${link!.formId}` }
    const url = wish && (await linkFor(tx, { vault, publicUrl }, corpId, wish, clock.now()))
    return {
      words: thanks.words,
      hasCode: code !== undefined,
      codeOf: code?.name ?? null,
      material: url ? { title: found.title, path: new URL(url).pathname } : null,
    }
  })
}
