import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { NotFound } from '../../platform/errors.ts'
import { dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { Actor } from '../corps/context.ts'
import { recordAudit } from '../staff/audit.ts'
import {
  DailyExportReached,
  ExportClosed,
  ExportNeedsApproval,
  ExportOutgrown,
  ExportTooLarge,
  OwnExport,
  PartOfTheCorp,
} from './errors.ts'
import { EXPORT_MAX } from './export-contacts.ts'
import { countContacts } from './list-contacts.ts'
import type { AskExport, ContactFilter, ExportRules, ExportView } from './schema.ts'

type Rules = z.infer<typeof ExportRules>
type Format = 'csv' | 'xlsx'
/** Hours an approved list waits to be taken, once. */
const READY_HOURS = 24
/** A list that grew by more than this share, or these customers, is another list than the one approved. */
const GROWN_SHARE = 0.1
const GROWN = 100
const SHOWN = 200

export async function readExportRules(tx: Tx, corpId: string): Promise<Rules> {
  const row = await tx
    .selectFrom('corp')
    .select(['exportApprovalAbove', 'exportDailyMax'])
    .where('corpId', '=', corpId)
    .executeTakeFirstOrThrow()
  return { approvalAbove: row.exportApprovalAbove, dailyMax: row.exportDailyMax }
}

export async function saveExportRules(tx: Tx, actor: Actor, rules: Rules, now: Date): Promise<void> {
  const { corpId } = actor
  const before = await readExportRules(tx, corpId)
  await tx
    .updateTable('corp')
    .set({ exportApprovalAbove: rules.approvalAbove, exportDailyMax: rules.dailyMax })
    .where('corpId', '=', corpId)
    .execute()
  const detail = { ...rules, before }
  await recordAudit(tx, actor, { action: 'export_rules.edit', kind: 'corp', id: corpId, detail, at: now })
}

/** What a file is marked by, row by row: it tells whose it was, wherever it is found (IO-08). */
export const markOf = (contactExportId: string, name: string): string => `E${contactExportId}-${name}`

/** A list of rows: of customers, or what a form was answered with. */
export interface AskedList {
  filter: Record<string, unknown>
  format: Format
  customers: number
  formId: string | null
}

export async function takeNow(
  tx: Tx,
  actor: Actor,
  filter: ContactFilter,
  format: Format,
  now: Date,
): Promise<{ mark: string }> {
  const customers = await countForExport(tx, actor, { ...filter, now })
  return takeList(tx, actor, { filter, format, customers, formId: null }, now)
}

/** A short list, taken at once; a long one is refused: it is asked for. Returns the mark of its file. */
export async function takeList(
  tx: Tx,
  actor: Actor,
  { filter, format, customers, formId }: AskedList,
  now: Date,
): Promise<{ mark: string }> {
  const { approvalAbove, dailyMax } = await readExportRules(tx, actor.corpId)
  if (customers > EXPORT_MAX) throw new ExportTooLarge({ most: EXPORT_MAX })
  if (customers > approvalAbove) throw new ExportNeedsApproval({ customers, most: approvalAbove })
  const id = await addExport(tx, actor, { filter, format, customers, formId, reason: '', state: 'taken' }, now)
  await keepWithinDay(tx, actor, dailyMax, now)
  await audit(tx, actor, actionOf(formId, 'export'), id, { filter, customers, format, ...ofForm(formId) }, now)
  return { mark: markOf(id, actor.name) }
}

/** Asks for a list that somebody else has to let out; one short enough needs nobody. */
export async function askExport(
  tx: Tx,
  actor: Actor,
  { filter, format, reason }: z.infer<typeof AskExport>,
  now: Date,
): Promise<string> {
  const customers = await countForExport(tx, actor, { ...filter, now })
  return askList(tx, actor, { filter, format, customers, formId: null }, reason, now)
}

export async function askList(tx: Tx, actor: Actor, list: AskedList, reason: string, now: Date): Promise<string> {
  const { filter, format, customers, formId } = list
  if (customers > EXPORT_MAX) throw new ExportTooLarge({ most: EXPORT_MAX })
  const id = await addExport(tx, actor, { ...list, reason, state: 'waiting' }, now)
  const detail = { filter, customers, format, reason, ...ofForm(formId) }
  await audit(tx, actor, actionOf(formId, 'export_ask'), id, detail, now)
  return id
}

const actionOf = (formId: string | null, what: string): string => `${formId ? 'form' : 'contact'}.${what}`
const ofForm = (formId: string | null) => (formId ? { formId } : {})

/** Lets a waiting list out or keeps it in; never one's own, nor by somebody who could not have it himself. */
export async function decideExport(
  tx: Tx,
  actor: Actor,
  contactExportId: string,
  { approve, note }: { approve: boolean; note: string },
  now: Date,
): Promise<void> {
  const asked = await lockExport(tx, actor.corpId, contactExportId)
  if (asked.accountId === actor.accountId) throw new OwnExport()
  if (actor.scope) throw new PartOfTheCorp()
  if (asked.state !== 'waiting') throw new ExportClosed()
  await tx
    .updateTable('contactExport')
    .set({
      state: approve ? 'ready' : 'refused',
      decidedBy: actor.accountId,
      decider: actor.name,
      decidedAt: now,
      note,
      expiresAt: approve ? new Date(now.getTime() + READY_HOURS * 3_600_000) : null,
    })
    .where('corpId', '=', actor.corpId)
    .where('contactExportId', '=', contactExportId)
    .execute()
  const detail = { askedBy: asked.askedBy, customers: asked.customers, note }
  await audit(tx, actor, approve ? 'contact.export_approve' : 'contact.export_refuse', contactExportId, detail, now)
}

export async function withdrawExport(tx: Tx, actor: Actor, contactExportId: string, now: Date): Promise<void> {
  const asked = await lockOwn(tx, actor, contactExportId)
  if (asked.state !== 'waiting' && asked.state !== 'ready') throw new ExportClosed()
  await setState(tx, actor.corpId, contactExportId, { state: 'withdrawn' })
  await audit(tx, actor, 'contact.export_withdraw', contactExportId, {}, now)
}

/** An approved list, taken by who asked for it: once, within a day, and as long as it still is that list. */
export async function takeApproved(
  tx: Tx,
  actor: Actor,
  contactExportId: string,
  now: Date,
): Promise<{ mark: string; filter: ContactFilter; format: Format }> {
  const taken = await takeApprovedList(
    tx,
    actor,
    contactExportId,
    ({ filter, formId }) =>
      formId === null ? countForExport(tx, actor, { ...(filter as unknown as ContactFilter), now }) : undefined,
    now,
  )
  return { ...taken, filter: { ...(taken.filter as unknown as ContactFilter), now } }
}

/** The same of any list. `count` says how long it is now; undefined: it is a list of another kind, and not to be taken here. */
export async function takeApprovedList(
  tx: Tx,
  actor: Actor,
  contactExportId: string,
  count: (list: { filter: Record<string, unknown>; formId: string | null }) => Promise<number> | undefined,
  now: Date,
): Promise<{ mark: string; filter: Record<string, unknown>; format: Format; formId: string | null }> {
  const asked = await lockOwn(tx, actor, contactExportId)
  const { formId } = asked
  const filter = asked.filter as unknown as Record<string, unknown>
  const format = asked.format as Format
  const counted = count({ filter, formId })
  if (counted === undefined) throw new NotFound({ what: '导出' })
  if (asked.state !== 'ready' || asked.expiresAt! <= now) throw new ExportClosed()
  const customers = await counted
  if (customers > asked.customers + Math.max(GROWN, asked.customers * GROWN_SHARE))
    throw new ExportOutgrown({ asked: asked.customers, now: customers })
  const { dailyMax } = await readExportRules(tx, actor.corpId)
  await setState(tx, actor.corpId, contactExportId, { state: 'taken', takenAt: now, customers })
  await keepWithinDay(tx, actor, dailyMax, now)
  const detail = { filter, customers, format, ...ofForm(formId) }
  await audit(tx, actor, actionOf(formId, 'export'), contactExportId, detail, now)
  return { mark: markOf(contactExportId, actor.name), filter, format, formId }
}

/** One's own, and for who may let lists out everybody's; what waits comes first. */
export async function listExports(
  tx: Tx,
  actor: Actor,
  now: Date,
  mayApprove: boolean,
): Promise<z.infer<typeof ExportView>[]> {
  const { rows } = await sql<
    Omit<z.infer<typeof ExportView>, 'createdAt' | 'expiresAt' | 'takenAt'> &
      Record<'createdAt' | 'expiresAt' | 'takenAt', Date>
  >`
    select x.contact_export_id, asked_by, account_id = ${actor.accountId}::bigint as own, filter, format, customers, reason, created_at, decider, note, expires_at, taken_at,
      case when state = 'ready' and expires_at <= ${now}::timestamptz then 'expired' else state end as state,
      (select jsonb_build_object('formId', f.form_id::text, 'title', f.title) from form f where f.corp_id = ${actor.corpId}::bigint and f.form_id = x.form_id) as form
    from contact_export x where corp_id = ${actor.corpId}::bigint and (${mayApprove} or account_id = ${actor.accountId}::bigint)
    order by state <> 'waiting', created_at desc, contact_export_id desc limit ${SHOWN}`.execute(tx)
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    takenAt: row.takenAt?.toISOString() ?? null,
  }))
}

/** How many lists wait for somebody other than the one who asked. */
export async function countWaiting(tx: Tx, actor: Actor): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from contact_export
    where corp_id = ${actor.corpId}::bigint and state = 'waiting' and account_id <> ${actor.accountId}::bigint`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}

async function countForExport(tx: Tx, { corpId, scope }: Actor, filter: ContactFilter): Promise<number> {
  const { total, isFloor } = await countContacts(tx, corpId, filter, scope, EXPORT_MAX)
  if (isFloor) throw new ExportTooLarge({ most: EXPORT_MAX })
  return total
}

async function addExport(
  tx: Tx,
  actor: Actor,
  given: AskedList & { reason: string; state: 'taken' | 'waiting' },
  now: Date,
): Promise<string> {
  const { contactExportId } = await tx
    .insertInto('contactExport')
    .values({
      corpId: actor.corpId,
      accountId: actor.accountId,
      askedBy: actor.name,
      ...given,
      filter: JSON.stringify(given.filter),
      createdAt: now,
      takenAt: given.state === 'taken' ? now : null,
    })
    .returning('contactExportId')
    .executeTakeFirstOrThrow()
  return contactExportId
}

/** What one person took today, this one with it. Two at once take turns: neither slips past the other. */
async function keepWithinDay(tx: Tx, { corpId, accountId }: Actor, most: number, now: Date): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`exports ${corpId} ${accountId}`}))`.execute(tx)
  const { rows } = await sql<{ taken: number }>`
    select coalesce(sum(customers), 0)::int as taken from contact_export
    where corp_id = ${corpId}::bigint and account_id = ${accountId}::bigint and state = 'taken' and taken_at >= ${dayStart(shanghaiDay(now))}::timestamptz`.execute(
    tx,
  )
  if (rows[0]!.taken > most) throw new DailyExportReached({ most })
}

async function lockExport(tx: Tx, corpId: string, contactExportId: string) {
  const row = await tx
    .selectFrom('contactExport')
    .select(['accountId', 'askedBy', 'state', 'filter', 'format', 'customers', 'expiresAt', 'formId'])
    .where('corpId', '=', corpId)
    .where('contactExportId', '=', contactExportId)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new NotFound({ what: '导出' })
  return row
}

/** Another's is as one that is not there. */
async function lockOwn(tx: Tx, actor: Actor, contactExportId: string) {
  const row = await lockExport(tx, actor.corpId, contactExportId)
  if (row.accountId !== actor.accountId) throw new NotFound({ what: '导出' })
  return row
}

const setState = (
  tx: Tx,
  corpId: string,
  contactExportId: string,
  to: { state: string; takenAt?: Date; customers?: number },
) =>
  tx
    .updateTable('contactExport')
    .set(to)
    .where('corpId', '=', corpId)
    .where('contactExportId', '=', contactExportId)
    .execute()

const audit = (tx: Tx, actor: Actor, action: string, id: string, detail: Record<string, unknown>, at: Date) =>
  recordAudit(tx, actor, { action, kind: 'contact_export', id, detail, at })
