import { sql } from 'kysely'
import type { Db, Tx } from '../../../../platform/db.ts'
import { inCorp } from '../../../../platform/db.ts'
import { sha256 } from '../../../../platform/secrets.ts'
import { contactIdsOf, rootsOf } from '../../../contacts/merge-contacts.ts'
import { takeBackEvents } from '../../../events/journal.ts'
import { openedKey } from './tell-journal.ts'
import type { ViewToken } from './view-token.ts'

const MARK_BYTES = 16
export const deviceMark = (device: string): Buffer => sha256(`device ${device}`).subarray(0, MARK_BYTES)
export const contactMark = (contactId: string): Buffer => sha256(`contact ${contactId}`).subarray(0, MARK_BYTES)

/** Of these marks those who would rather not be known. */
export async function whoIsQuiet(tx: Tx, corpId: string, marks: readonly Buffer[]): Promise<Set<string>> {
  if (marks.length === 0) return new Set()
  const { rows } = await sql<{ mark: Buffer }>`
    select mark from radar_quiet where corp_id = ${corpId}::bigint and mark = any(${[...marks]}::bytea[])`.execute(tx)
  return new Set(rows.map(({ mark }) => mark.toString('hex')))
}

/**
 * A reader turns being seen off or on again, for everything of this corp. What the reading under way has already said of
 * him is taken back: the line in the journal, what he did in the sums, what nobody has been told yet. That it was opened
 * stays counted.
 */
export async function setQuiet(
  { db }: { db: Db },
  { corpId, viewId, device }: ViewToken,
  contactIdOfIds: (tx: Tx) => Promise<string | undefined>,
  quiet: boolean,
  now: Date,
): Promise<void> {
  await inCorp(db, corpId, async (tx) => {
    const contactId = await contactIdOfIds(tx)
    const marks = [deviceMark(device), ...(contactId ? [contactMark(contactId)] : [])]
    if (!quiet) {
      await sql`delete from radar_quiet where corp_id = ${corpId}::bigint and mark = any(${marks}::bytea[])`.execute(tx)
      return
    }
    await sql`insert into radar_quiet (corp_id, mark, since) select ${corpId}::bigint, mark, ${now}::timestamptz from unnest(${marks}::bytea[]) as mark on conflict do nothing`.execute(
      tx,
    )
    await forgetReader(tx, corpId, viewId)
  })
}

interface Known {
  contactId: string
  materialId: string
  staffId: string
  channel: string
  openedAt: Date
}

/** Makes a view under way nobody's: it has been opened, and that is all that is kept. */
async function forgetReader(tx: Tx, corpId: string, viewId: string): Promise<void> {
  const { rows } = await sql<Known>`
    select contact_id, material_id, staff_id, channel, opened_at from radar_view
    where corp_id = ${corpId}::bigint and view_id = ${viewId}::uuid and not settled and contact_id is not null for update`.execute(
    tx,
  )
  const [view] = rows
  if (!view) return
  await sql`update radar_view set contact_id = null, known = false, seconds = 0, depth = 0, pages = '{}' where corp_id = ${corpId}::bigint and view_id = ${viewId}::uuid`.execute(
    tx,
  )
  await sql`delete from radar_notice where corp_id = ${corpId}::bigint and view_id = ${viewId}::uuid and batch is null`.execute(
    tx,
  )
  await takeOutOfSums(tx, corpId, view)
  const root = (await rootsOf(tx, corpId, [view.contactId])).get(view.contactId) ?? view.contactId
  await takeBackEvents(tx, corpId, root, await contactIdsOf(tx, corpId, root), [openedKey(viewId)])
}

/** His views that are left say whether he is still one of the people. */
async function takeOutOfSums(tx: Tx, corpId: string, view: Known): Promise<void> {
  const { contactId, materialId, staffId, channel, openedAt } = view
  await sql`
    with left_over as (
      select max(opened_at) as last_at from radar_view where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and material_id = ${materialId}::bigint
    ), gone as (
      delete from radar_reader where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and contact_id = ${contactId}::bigint and opens <= 1
    )
    update radar_reader set opens = opens - 1, last_at = (select last_at from left_over)
    where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and contact_id = ${contactId}::bigint and opens > 1`.execute(
    tx,
  )
  for (const [facet, where] of [
    ['', sql`true`],
    [`staff:${staffId}`, sql`staff_id = ${staffId}::bigint`],
    [`channel:${channel}`, sql`channel = ${channel}`],
  ] as const)
    await sql`
      with left_over as (
        select max(opened_at) as last_at, bool_or((opened_at at time zone 'Asia/Shanghai')::date = (${openedAt}::timestamptz at time zone 'Asia/Shanghai')::date) as same_day
        from radar_view where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and material_id = ${materialId}::bigint and ${where}
      ), seen as (
        update radar_seen set last_on = (l.last_at at time zone 'Asia/Shanghai')::date from left_over l
        where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and facet = ${facet} and contact_id = ${contactId}::bigint and l.last_at is not null
      ), unseen as (
        delete from radar_seen s using left_over l where s.corp_id = ${corpId}::bigint and s.material_id = ${materialId}::bigint and s.facet = ${facet} and s.contact_id = ${contactId}::bigint and l.last_at is null
        returning 1
      ), summed as (
        update radar_sum set people = people - 1 where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and facet = ${facet} and exists (select from unseen)
      )
      update radar_day set people = people - 1
      where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and facet = ${facet} and on_day = (${openedAt}::timestamptz at time zone 'Asia/Shanghai')::date
        and not coalesce((select same_day from left_over), false)`.execute(tx)
}
