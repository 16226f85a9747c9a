import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db, Tx } from '../../../platform/db.ts'
import { inCorp } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { sha256, type Vault } from '../../../platform/secrets.ts'
import { NotPublished, TooManyLinks } from './errors.ts'
import { FormContent, type FormToken } from './schema.ts'

const TOKEN_BYTES = 16
const LINKS_MAX = 2_000

/** Under which a token is looked up. */
export const tokenMark = (token: string): Buffer => sha256(`form ${token}`).subarray(0, 16)
export const addressOf = (publicUrl: string, token: string): string => `${publicUrl}/f/${token}`
const placeOf = (corpId: string, formId: string, placement: string, staffId: string | null) =>
  `form_link.${corpId}.${formId}.${staffId ?? 0}.${placement}`

export interface LinkRow {
  linkId: string
  formId: string
  placement: string
  staffId: string | null
  tokenSealed: Buffer
}
export const tokenOf = (vault: Vault, corpId: string, { formId, placement, staffId, tokenSealed }: LinkRow): string =>
  vault.open(tokenSealed, placeOf(corpId, formId, placement, staffId)).toString()

/** A link of the form for a placement and each of the members, or for the shop; those there are stay as they are. */
export async function makeLinks(
  tx: Tx,
  vault: Vault,
  corpId: string,
  formId: string,
  { placement, staffIds }: { placement: string; staffIds: readonly string[] },
  now: Date,
): Promise<number> {
  const { rows: forms } = await sql<{ liveVersion: number | null }>`
    select live_version from form where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint for update`.execute(
    tx,
  )
  if (!forms[0]) throw new NotFound({ what: '表单' })
  if (forms[0].liveVersion === null) throw new NotPublished()
  const wanted: (string | null)[] = staffIds.length > 0 ? [...new Set(staffIds)].sort() : [null]
  await requireMembers(tx, corpId, wanted)
  const rows = wanted.map((staffId) => {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    return { staffId, mark: tokenMark(token), sealed: vault.seal(token, placeOf(corpId, formId, placement, staffId)) }
  })
  const { rows: made } = await sql<{ linkId: string }>`
    with given as (
      select * from unnest(${rows.map((r) => r.staffId)}::bigint[], ${rows.map((r) => r.mark)}::bytea[], ${rows.map((r) => r.sealed)}::bytea[]) as g(staff_id, mark, sealed)
    ), made as (
      insert into form_link (corp_id, form_id, placement, staff_id, token_sealed, created_at)
      select ${corpId}::bigint, ${formId}::bigint, ${placement}, staff_id, sealed, ${now}::timestamptz from given
      on conflict (corp_id, form_id, placement, coalesce(staff_id, 0)) do nothing returning link_id, token_sealed
    )
    insert into form_token (token_mark, corp_id, link_id)
    select g.mark, ${corpId}::bigint, m.link_id from made m join given g on g.sealed = m.token_sealed returning link_id`.execute(
    tx,
  )
  const { rows: held } = await sql<{ n: number }>`
    select count(*)::int as n from form_link where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint`.execute(
    tx,
  )
  if (held[0]!.n > LINKS_MAX) throw new TooManyLinks({ most: LINKS_MAX })
  return made.length
}

async function requireMembers(tx: Tx, corpId: string, staffIds: readonly (string | null)[]): Promise<void> {
  const wanted = staffIds.filter((id) => id !== null)
  if (wanted.length === 0) return
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from staff where corp_id = ${corpId}::bigint and staff_id = any(${wanted}::bigint[]) and left_at is null`.execute(
    tx,
  )
  if (rows[0]!.n < wanted.length) throw new NotFound({ what: '成员' })
}

/** What a link leads to, as customers see it now. */
export interface OpenedLink {
  corpId: string
  corpName: string
  wecomCorpid: string | null
  linkId: string
  formId: string
  placement: string
  staffId: string | null
  staffName: string | null
  state: 'draft' | 'open' | 'closed'
  answers: number
  version: number
  content: FormContent
}

/** The link behind what stands in an address; undefined for whatever is none. */
export async function findLink(db: Db, token: z.infer<typeof FormToken>): Promise<OpenedLink | undefined> {
  const known = await db
    .selectFrom('formToken')
    .innerJoin('corp', 'corp.corpId', 'formToken.corpId')
    .select(['formToken.corpId', 'linkId', 'corp.name as corpName', 'wecomCorpid'])
    .where('tokenMark', '=', tokenMark(token))
    .executeTakeFirst()
  if (!known) return undefined
  return inCorp(db, known.corpId, async (tx) => {
    const link = await readLink(tx, known.corpId, known.linkId)
    return link && { ...known, ...link }
  })
}

export async function readLink(
  tx: Tx,
  corpId: string,
  linkId: string,
): Promise<Omit<OpenedLink, 'corpId' | 'corpName' | 'wecomCorpid' | 'linkId'> | undefined> {
  const { rows } = await sql<Omit<OpenedLink, 'content'> & { content: unknown }>`
    select l.form_id, l.placement, l.staff_id, s.name as staff_name, f.state, f.answers, f.live_version as version, v.content
    from form_link l join form f on f.corp_id = ${corpId}::bigint and f.form_id = l.form_id
    join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = f.form_id and v.version = f.live_version
    left join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = l.staff_id and s.left_at is null
    where l.corp_id = ${corpId}::bigint and l.link_id = ${linkId}::bigint`.execute(tx)
  const [row] = rows
  return row && { ...row, content: FormContent.parse(row.content) }
}
