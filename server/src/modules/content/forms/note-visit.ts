import { sql } from 'kysely'
import { inCorp } from '../../../platform/db.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import type { WorkContext } from '../../corps/context.ts'
import { appendEvents } from '../../events/journal.ts'
import { countInHour } from './count.ts'
import { readLink } from './links.ts'
import { askToTell } from './tell.ts'
import type { Visit } from './visit.ts'
import { contactOf, type Filler, isKnown, visitorMark } from './who.ts'

/** New visitors one address may make of one form in an hour; more are served, and not counted. */
const VISITORS_HOURLY_MAX = 2_000

/** Counts somebody once for a link, and once as having begun; of whoever WeCom names, the journal has it once a day. */
export async function noteVisit(
  { db, vault, clock }: Pick<WorkContext, 'db' | 'vault' | 'clock'>,
  { corpId, linkId }: Visit,
  filler: Filler,
  what: 'opened' | 'started',
  nowMs: number,
): Promise<void> {
  const now = clock.now()
  await inCorp(db, corpId, async (tx) => {
    const link = await readLink(tx, corpId, linkId)
    if (!link) return
    const { formId, staffId, content } = link
    const mark = visitorMark(filler)
    const { rows } = await sql`
      update form_visit set started_at = case when ${what} = 'started' then coalesce(started_at, ${now}::timestamptz) else started_at end
      where corp_id = ${corpId}::bigint and link_id = ${linkId}::bigint and visitor = ${mark} returning visitor`.execute(
      tx,
    )
    if (rows.length === 0) {
      const counted = { what: 'visitors from', who: filler.ip, most: VISITORS_HOURLY_MAX }
      if (!(await countInHour(tx, corpId, formId, counted, nowMs))) return
      await sql`
        insert into form_visit (corp_id, link_id, visitor, opened_at, started_at)
        values (${corpId}::bigint, ${linkId}::bigint, ${mark}, ${now}::timestamptz, ${what === 'started' ? now : null}::timestamptz) on conflict do nothing`.execute(
        tx,
      )
    }
    if (what !== 'opened' || !isKnown(filler)) return
    const contactId = await contactOf(tx, vault, corpId, filler, undefined, now)
    if (!contactId) return
    const props = { form: formId, title: content.title, placement: link.placement }
    const key = `form.opened ${linkId} ${contactId} ${shanghaiDay(now)}`
    const event = { contactId, at: now, kind: 'form.opened' as const, staffId, source: 'landing' as const, props, key }
    const fresh = await appendEvents(tx, corpId, [event], now)
    if (fresh.length > 0 && staffId && content.tell.opened)
      await askToTell(tx, corpId, { staffId, formId, fillerId: contactId, what: 'opened' }, now)
  })
}
