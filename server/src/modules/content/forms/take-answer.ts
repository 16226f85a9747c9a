import { sql } from 'kysely'
import { inCorp, type Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { fillMany } from '../../contacts/field-values.ts'
import type { WorkContext } from '../../corps/context.ts'
import { appendEvents } from '../../events/journal.ts'
import { checkAnswers, isPrivate, type Kept } from './check-answers.ts'
import { countInHour, countMark, countUp, isOver } from './count.ts'
import { AnsweredAlready, FormClosed, FormFull, FormNotOpen, TooOften, UploadRefused } from './errors.ts'
import { readLink } from './links.ts'
import { sealPrivate } from './private-answers.ts'
import { putRemarkJob } from './remark-job.ts'
import { FormContent, type FormField, type Purpose, type Submission } from './schema.ts'
import { askToTell } from './tell.ts'
import { type Visit, visitMark } from './visit.ts'
import { contactOf, type Filler, isKnown, visitorMark } from './who.ts'

/** Answers of one browser, and of one address where nobody is signed in, to one form in an hour (PB-11). A shop has one address. */
export const HOURLY_MAX = { browser: 10, address: 120 } as const

const addressCap = ({ ip }: Filler) => ({ what: 'answers from', who: ip, most: HOURLY_MAX.address })

interface Standing {
  state: string
  answers: number
  content: FormContent
}

/**
 * Takes one answer. Sent again from the same opening of the page, it is the same answer. Whoever takes one holds its form,
 * so that limits are exact; the answer, what it does to the customer, the journal and the letter are one transaction.
 */
export async function takeAnswer(
  { db, vault, clock }: Pick<WorkContext, 'db' | 'vault' | 'clock'>,
  visit: Visit,
  filler: Filler,
  given: Pick<Submission, 'answers' | 'consents'>,
  nowMs: number,
): Promise<{ version: number; fresh: boolean }> {
  const { corpId } = visit
  const now = clock.now()
  return inCorp(db, corpId, async (tx) => {
    const link = await readLink(tx, corpId, visit.linkId)
    if (!link) throw new FormClosed()
    const { formId } = link
    const mark = visitMark(visit)
    if (await isTaken(tx, corpId, formId, mark)) return { version: visit.version, fresh: false }
    // A flood is turned away before it stands in line for the form.
    if (!isKnown(filler) && (await isOver(tx, corpId, formId, addressCap(filler), nowMs))) throw new TooOften()
    const form = await lockForm(tx, corpId, formId, visit.version)
    if (await isTaken(tx, corpId, formId, mark)) return { version: visit.version, fresh: false }
    const { content } = form
    refuseLate(form, now)
    const kept = checkAnswers(content, given.answers)
    const agreed = content.consents.filter(({ purpose }) => given.consents.includes(purpose))
    const has = (purpose: Purpose) => agreed.some((one) => one.purpose === purpose)
    const fillerId =
      (await contactOf(tx, vault, corpId, filler, has('phone') ? phoneOf(content, kept) : undefined, now)) ?? null
    await refuseMany(tx, corpId, formId, { content, filler, fillerId }, nowMs)
    const secret = content.fields.filter((field) => isPrivate(field) && kept[field.key] !== undefined)
    const isSecret = new Set(secret.map(({ key }) => key))
    const open: Kept = Object.fromEntries(Object.entries(kept).filter(([key]) => !isSecret.has(key)))
    const hidden: Kept = Object.fromEntries(Object.entries(kept).filter(([key]) => isSecret.has(key)))
    const sealed = sealPrivate(vault, corpId, { formId, visitMark: mark }, hidden)
    const { rows } = await sql<{ answerId: string }>`
      insert into form_answer (corp_id, form_id, version, link_id, staff_id, filler_id, known, visit_mark, visitor, answers, sealed, consents, seconds, submitted_at)
      values (${corpId}::bigint, ${formId}::bigint, ${visit.version}, ${visit.linkId}::bigint, ${link.staffId}::bigint, ${fillerId}::bigint, ${isKnown(filler)}, ${mark}, ${visitorMark(filler)},
        ${JSON.stringify(open)}::jsonb, ${sealed}, ${JSON.stringify(agreed.map(({ purpose, version }) => ({ purpose, version })))}::jsonb, ${Math.round((nowMs - visit.issuedMs) / 1000)}, ${now}::timestamptz)
      returning answer_id`.execute(tx)
    const { answerId } = rows[0]!
    await claimFiles(tx, corpId, { answerId, mark, fields: secret, kept })
    await sql`update form set answers = answers + 1 where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint`.execute(
      tx,
    )
    await markVisit(tx, corpId, visit.linkId, filler, now)
    const told = { ...link, version: visit.version, linkId: visit.linkId }
    if (fillerId)
      await tellJournal(
        tx,
        corpId,
        { ...told, answerId, fillerId, known: isKnown(filler), open: has('profile') ? open : {}, title: content.title },
        now,
      )
    // Nobody's word but WeCom's own changes what is known of a customer.
    if (fillerId && isKnown(filler) && has('profile'))
      await fill(tx, corpId, { answerId, fillerId, content, kept }, now)
    if (link.staffId && content.tell.submitted)
      await askToTell(tx, corpId, { staffId: link.staffId, formId, fillerId, what: 'submitted', answerId }, now)
    return { version: visit.version, fresh: true }
  })
}

/** By this key its line in the journal is found again. */
export const submittedKey = (formId: string, answerId: string): string => `form.submitted ${formId} ${answerId}`

async function lockForm(tx: Tx, corpId: string, formId: string, version: number): Promise<Standing> {
  const { rows } = await sql<Standing>`
    select f.state, f.answers, v.content from form f join form_version v on v.corp_id = ${corpId}::bigint and v.form_id = f.form_id and v.version = ${version}
    where f.corp_id = ${corpId}::bigint and f.form_id = ${formId}::bigint for update of f`.execute(tx)
  if (!rows[0]) throw new FormClosed()
  return { ...rows[0], content: FormContent.parse(rows[0].content) }
}

async function isTaken(tx: Tx, corpId: string, formId: string, mark: Buffer): Promise<boolean> {
  const { rows } = await sql`
    select from form_answer where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint and visit_mark = ${mark}`.execute(
    tx,
  )
  return rows.length > 0
}

/** Whether the form takes answers at an instant, by what is published and how many came. */
export function refuseLate({ state, answers, content: { limits } }: Standing, now: Date): void {
  if (state !== 'open') throw new FormClosed()
  if (limits.opensAt && now < new Date(limits.opensAt)) throw new FormNotOpen()
  if (limits.closesAt && now >= new Date(limits.closesAt)) throw new FormClosed()
  if (limits.total !== null && answers >= limits.total) throw new FormFull()
}

async function refuseMany(
  tx: Tx,
  corpId: string,
  formId: string,
  { content, filler, fillerId }: { content: FormContent; filler: Filler; fillerId: string | null },
  nowMs: number,
): Promise<void> {
  const { perPerson } = content.limits
  const known = isKnown(filler)
  if (perPerson !== null) {
    const mark = countMark('person', known && fillerId ? fillerId : visitorMark(filler))
    if (!(await countUp(tx, corpId, formId, { mark, most: perPerson, until: null }))) throw new AnsweredAlready()
  }
  const browser = { what: 'answers of', who: visitorMark(filler), most: HOURLY_MAX.browser }
  if (!(await countInHour(tx, corpId, formId, browser, nowMs))) throw new TooOften()
  // Cookies cost a machine nothing: what bounds it is where it comes from, and the form's own limit.
  if (!known && !(await countInHour(tx, corpId, formId, addressCap(filler), nowMs))) throw new TooOften()
}

function phoneOf({ fields }: FormContent, kept: Kept): string | undefined {
  const value = fields
    .filter(({ kind }) => kind === 'phone')
    .map(({ key }) => kept[key])
    .find((one) => one !== undefined)
  return typeof value === 'string' ? value : undefined
}

/** Files of this very opening, and no others, become part of the answer. */
async function claimFiles(
  tx: Tx,
  corpId: string,
  { answerId, mark, fields, kept }: { answerId: string; mark: Buffer; fields: readonly FormField[]; kept: Kept },
): Promise<void> {
  const wanted = fields
    .filter(({ kind }) => kind === 'file')
    .flatMap(({ key }) => (kept[key] as string[]).map((fileId) => ({ key, fileId })))
  if (wanted.length === 0) return
  const { rows } = await sql`
    update form_file f set answer_id = ${answerId}::bigint
    from unnest(${wanted.map((one) => one.fileId)}::uuid[], ${wanted.map((one) => one.key)}::text[]) as w(file_id, field)
    where f.corp_id = ${corpId}::bigint and f.file_id = w.file_id and f.field = w.field and f.visit_mark = ${mark} and f.answer_id is null returning f.file_id`.execute(
    tx,
  )
  if (rows.length < wanted.length) throw new UploadRefused({ why: '它已经不在了，请重新上传' })
}

async function markVisit(tx: Tx, corpId: string, linkId: string, filler: Filler, now: Date): Promise<void> {
  await sql`
    insert into form_visit as v (corp_id, link_id, visitor, opened_at, started_at, submitted_at)
    values (${corpId}::bigint, ${linkId}::bigint, ${visitorMark(filler)}, ${now}::timestamptz, ${now}::timestamptz, ${now}::timestamptz)
    on conflict (corp_id, link_id, visitor) do update set started_at = coalesce(v.started_at, excluded.started_at), submitted_at = coalesce(v.submitted_at, excluded.submitted_at)`.execute(
    tx,
  )
}

/** What rules ask for: the answers by their keys, where he agreed to it, and never what is private. */
async function tellJournal(
  tx: Tx,
  corpId: string,
  told: {
    answerId: string
    fillerId: string
    known: boolean
    formId: string
    title: string
    placement: string
    staffId: string | null
    version: number
    open: Kept
  },
  now: Date,
): Promise<void> {
  const { answerId, fillerId, known, formId, title, placement, staffId, version, open } = told
  const event = {
    contactId: fillerId,
    at: now,
    kind: 'form.submitted' as const,
    staffId,
    source: 'landing' as const,
    trusted: known,
    props: { ...open, form: formId, title, placement, version, answerId },
    key: submittedKey(formId, answerId),
  }
  await appendEvents(tx, corpId, [event], now)
}

/** Into the corp's own fields at once; into the remark by a job, because WeCom has to take it. */
async function fill(
  tx: Tx,
  corpId: string,
  { answerId, fillerId, content, kept }: { answerId: string; fillerId: string; content: FormContent; kept: Kept },
  now: Date,
): Promise<void> {
  const given = content.fields.flatMap(({ key, into }) => {
    const value = kept[key]
    return into?.to === 'field' && value !== undefined
      ? [
          {
            contactId: fillerId,
            contactFieldId: into.contactFieldId,
            value: typeof value === 'string' ? value.slice(0, 500) : value,
          },
        ]
      : []
  })
  await fillMany(tx, corpId, given, `表单「${content.title}」`, now)
  if (content.fields.some(({ key, into }) => into?.to === 'remark' && kept[key] !== undefined))
    await enqueue(tx, putRemarkJob, { corpId, answerId })
}
