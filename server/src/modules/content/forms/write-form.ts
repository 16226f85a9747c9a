import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { NotFound } from '../../../platform/errors.ts'
import { listFields } from '../../contacts/fields.ts'
import type { Actor } from '../../corps/context.ts'
import { recordAudit } from '../../staff/audit.ts'
import { isPrivate } from './check-answers.ts'
import { FormChanged, FormIncomplete, NothingNew, NotPublished, TooManyForms } from './errors.ts'
import { FormContent, type FormField } from './schema.ts'

const FORMS_MAX = 500

interface FormRow {
  title: string
  state: string
  draft: FormContent
  revision: number
  liveVersion: number | null
  liveRevision: number | null
}

async function lockForm(tx: Tx, corpId: string, formId: string): Promise<FormRow> {
  const { rows } = await sql<FormRow>`
    select title, state, draft, revision, live_version, live_revision from form
    where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint for update`.execute(tx)
  if (!rows[0]) throw new NotFound({ what: '表单' })
  return { ...rows[0], draft: FormContent.parse(rows[0].draft) }
}

/** A new form: with what is given, as a copy of another, or nearly empty. Returns its id. */
export async function createForm(
  tx: Tx,
  actor: Actor,
  given: { content?: FormContent | undefined; copyOf?: string | undefined },
  now: Date,
): Promise<string> {
  const { corpId } = actor
  await sql`select pg_advisory_xact_lock(hashtext(${`form ${corpId}`}))`.execute(tx)
  const { rows: held } = await sql<{
    n: number
  }>`select count(*)::int as n from form where corp_id = ${corpId}::bigint`.execute(tx)
  if (held[0]!.n >= FORMS_MAX) throw new TooManyForms({ most: FORMS_MAX })
  const copied = given.copyOf ? (await lockForm(tx, corpId, given.copyOf)).draft : undefined
  const content =
    given.content ??
    (copied ? { ...copied, title: `${copied.title.slice(0, 26)}（副本）` } : FormContent.parse({ title: '新的表单' }))
  const { rows } = await sql<{ formId: string }>`
    insert into form (corp_id, title, state, draft, created_by, created_at, updated_at)
    values (${corpId}::bigint, ${content.title}, 'draft', ${JSON.stringify(content)}::jsonb, ${actor.name}, ${now}::timestamptz, ${now}::timestamptz) returning form_id`.execute(
    tx,
  )
  const { formId } = rows[0]!
  await audit(tx, actor, 'form.create', formId, { title: content.title, copyOf: given.copyOf ?? null }, now)
  return formId
}

/** Saves the draft; customers go on seeing what is published. Whoever saw another draft is told so. */
export async function saveDraft(
  tx: Tx,
  actor: Actor,
  formId: string,
  { revision, content }: { revision: number; content: FormContent },
  now: Date,
): Promise<{ revision: number }> {
  const before = await lockForm(tx, actor.corpId, formId)
  if (before.revision !== revision) throw new FormChanged()
  if (JSON.stringify(before.draft) === JSON.stringify(content)) return { revision }
  await sql`
    update form set title = ${content.title}, draft = ${JSON.stringify(content)}::jsonb, revision = revision + 1, updated_at = ${now}::timestamptz
    where corp_id = ${actor.corpId}::bigint and form_id = ${formId}::bigint`.execute(tx)
  await audit(tx, actor, 'form.edit', formId, { title: content.title, fields: content.fields.length }, now)
  return { revision: revision + 1 }
}

/** Makes the draft a version nobody can change and shows it to customers. */
export async function publishForm(tx: Tx, actor: Actor, formId: string, now: Date): Promise<number> {
  const { corpId } = actor
  const form = await lockForm(tx, corpId, formId)
  if (form.liveRevision === form.revision) throw new NothingNew()
  await requireWhole(tx, corpId, form.draft)
  const version = (form.liveVersion ?? 0) + 1
  const content = { ...form.draft, consents: await countConsents(tx, corpId, formId, form) }
  await sql`
    insert into form_version (corp_id, form_id, version, content, published_by, published_at)
    values (${corpId}::bigint, ${formId}::bigint, ${version}, ${JSON.stringify(content)}::jsonb, ${actor.name}, ${now}::timestamptz)`.execute(
    tx,
  )
  await sql`
    update form set live_version = ${version}, live_revision = revision, draft = ${JSON.stringify(content)}::jsonb, state = case when state = 'draft' then 'open' else state end, updated_at = ${now}::timestamptz
    where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint`.execute(tx)
  await audit(tx, actor, 'form.publish', formId, { title: content.title, version }, now)
  return version
}

/** Consents with the number of their words: another wording of one purpose is another number, whatever lay between. */
async function countConsents(
  tx: Tx,
  corpId: string,
  formId: string,
  { draft }: FormRow,
): Promise<FormContent['consents']> {
  const { rows } = await sql<{ purpose: string; text: string; version: number }>`
    select distinct c->>'purpose' as purpose, c->>'text' as text, (c->>'version')::int as version
    from form_version v, jsonb_array_elements(v.content->'consents') c where v.corp_id = ${corpId}::bigint and v.form_id = ${formId}::bigint`.execute(
    tx,
  )
  return draft.consents.map(({ purpose, text }) => {
    const ofPurpose = rows.filter((row) => row.purpose === purpose)
    const known = ofPurpose.find((row) => row.text === text)?.version
    return { purpose, text, version: known ?? Math.max(0, ...ofPurpose.map((row) => row.version)) + 1 }
  })
}

export async function setOpen(tx: Tx, actor: Actor, formId: string, open: boolean, now: Date): Promise<void> {
  const { corpId } = actor
  const form = await lockForm(tx, corpId, formId)
  if (form.liveVersion === null) throw new NotPublished()
  await sql`update form set state = ${open ? 'open' : 'closed'}, updated_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint`.execute(
    tx,
  )
  await audit(tx, actor, open ? 'form.open' : 'form.close', formId, { title: form.title }, now)
}

const audit = (tx: Tx, actor: Actor, action: string, id: string, detail: Record<string, unknown>, at: Date) =>
  recordAudit(tx, actor, { action, kind: 'form', id, detail, at })

/** What of a form could never work is said before customers see it. */
async function requireWhole(tx: Tx, corpId: string, content: FormContent): Promise<void> {
  const why = findFault(content) ?? (await findStranger(tx, corpId, content))
  if (why) throw new FormIncomplete({ why })
}

/** The first thing wrong with a form by itself, in words; undefined: nothing. */
export function findFault({ fields, consents, limits }: FormContent): string | undefined {
  if (fields.length === 0) return '一道题也没有'
  const before = new Map<string, FormField>()
  const has = (purpose: string) => consents.some((one) => one.purpose === purpose)
  for (const field of fields) {
    const named = `「${field.label}」`
    if (before.has(field.key)) return `${named}和前面的题用了同一个名字 ${field.key}`
    const chosen = field.kind === 'choice' || field.kind === 'choices'
    if (chosen && field.options.length < 2) return `${named}至少要有两个选项`
    if (field.min !== null && field.max !== null && field.min > field.max) return `${named}的下限比上限大`
    if (field.when) {
      const asked = before.get(field.when.field)
      if (!asked) return `${named}要看的那道题不在它前面`
      if (asked.kind !== 'choice' && asked.kind !== 'choices') return `${named}只能看选择题的答案`
      if (field.when.is.some((option) => !asked.options.includes(option))) return `${named}要看的选项已经没有了`
    }
    if (field.into && !has('profile')) return `${named}要写进客户资料，先加上「记到客户资料」的同意`
    if (field.into?.to === 'remark' && field.kind !== 'text') return `${named}不是单行文字，不能写进备注`
    if (field.into?.to === 'field' && isPrivate(field)) return `「${field.label}」是私密的，不能写进客户字段`
    if (field.into && field.kind === 'file') return `${named}是文件，不能写进客户资料`
    before.set(field.key, field)
  }
  if (new Set(consents.map((one) => one.purpose)).size < consents.length) return '同一件事问了两次同意'
  if (has('phone') && !fields.some((field) => field.kind === 'phone')) return '问了手机号的同意，却没有手机号这道题'
  if (fields.filter((field) => field.into?.to === 'remark').length > 1) return '只能有一道题写进备注'
  if (limits.opensAt && limits.closesAt && Date.parse(limits.opensAt) >= Date.parse(limits.closesAt))
    return '结束要晚于开始'
  return undefined
}

/** Kinds of the corp's own fields an answer can fill. */
const FITS: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  long_text: ['text'],
  choice: ['choice', 'text'],
  choices: ['choices'],
  number: ['number'],
  rating: ['number'],
  date: ['date'],
  phone: [],
  region: ['text'],
  file: [],
}

async function findStranger(tx: Tx, corpId: string, { fields, thanks }: FormContent): Promise<string | undefined> {
  const known = new Map((await listFields(tx, corpId)).map((field) => [field.contactFieldId, field]))
  for (const { label, kind, into, options } of fields) {
    if (into?.to !== 'field') continue
    const field = known.get(into.contactFieldId)
    if (!field) return `「${label}」要写进的客户字段已经没有了`
    if (!FITS[kind]!.includes(field.kind)) return `「${label}」写不进「${field.name}」，两边不是一类`
    const missing = field.kind === 'text' ? undefined : options.find((option) => !field.options.includes(option))
    if (missing) return `「${field.name}」里没有「${missing}」这个选项`
  }
  if (thanks.channelCodeId) {
    const { rows } = await sql`
      select from channel_code where corp_id = ${corpId}::bigint and channel_code_id = ${thanks.channelCodeId}::bigint and removed_at is null`.execute(
      tx,
    )
    if (rows.length === 0) return '感谢页要显示的活码已经没有了'
  }
  if (thanks.materialId) {
    const { rows } = await sql`
      select from material where corp_id = ${corpId}::bigint and material_id = ${thanks.materialId}::bigint and withdrawn_at is null and deleted_at is null`.execute(
      tx,
    )
    if (rows.length === 0) return '感谢页要给人看的素材已经没有了'
  }
  return undefined
}
