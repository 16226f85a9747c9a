import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { BehaviorDay } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { inCorp } from '../../platform/db.ts'
import { addDays, dayStart, shanghaiDay } from '../../platform/shanghai.ts'
import type { WorkContext } from '../corps/context.ts'

/** The job, by name: a failure says what tries it again, and the job itself imports this file. */
export const FETCH_BEHAVIOR = 'reports.fetch-behavior'

/** Days of one call: document path 92132, 2026-11. So many are read of a member never read before. */
const DAYS_MAX = 30
/** WeCom does not say when a day's numbers are final. Asked half a day after its end they are taken as they are. */
const SETTLED_AFTER_MS = 12 * 3_600_000
/** A day WeCom has said nothing about for so long will not come any more. */
const GIVEN_UP_AFTER_MS = 72 * 3_600_000
/** Members asked about at once, and written in one transaction. */
const AT_ONCE = 4
const ASKED_AGAIN_HOURS = 4
/** He has no numbers to read: no licence, no customer contact, not shown to us, unknown. */
const WITHOUT_NUMBERS = new Set([701008, 84074, 60011, 60111])

interface Due {
  staffId: string
  userid: string
  settledUntil: string | null
}
interface Told extends Due {
  days: BehaviorDay[]
  refused: number | null
}

/**
 * Reads what WeCom counted of each member on the days that are not settled yet, thirty at most. Whoever was read stays
 * read: a run that breaks goes on with the others, and a repeat writes the same rows.
 */
export async function fetchBehavior(context: WorkContext, corpId: string, signal: AbortSignal): Promise<void> {
  const wecom = await context.wecom(corpId)
  const askedAt = context.clock.now()
  const due = await readDue(context, corpId, askedAt)
  try {
    for (let from = 0; from < due.length && !signal.aborted; from += AT_ONCE) {
      const told = await Promise.all(due.slice(from, from + AT_ONCE).map((member) => ask(wecom, member, askedAt)))
      await saveBehavior(context, corpId, told, askedAt)
    }
    context.health.success(corpId, 'staff_stats')
    await context.health.resolve(corpId, 'staff_stats')
  } catch (error) {
    if (error instanceof WecomError)
      await context.health.failure(corpId, 'staff_stats', {
        cause: `wecom.${error.errcode}`,
        subject: 'behavior',
        detail: { api: error.api, errcode: error.errcode, reason: error.errmsg.slice(0, 300) },
        replay: { job: FETCH_BEHAVIOR, payload: { corpId } },
      })
    throw error
  }
}

/** Members whose yesterday is not settled and who were not asked about just now. */
async function readDue({ db }: WorkContext, corpId: string, now: Date): Promise<Due[]> {
  const { rows } = await inCorp(db, corpId, (tx) =>
    sql<Due>`
      select s.staff_id, s.userid, to_char(b.settled_until, 'YYYY-MM-DD') as settled_until
      from staff s left join staff_behavior_state b on b.corp_id = ${corpId}::bigint and b.staff_id = s.staff_id
      where s.corp_id = ${corpId}::bigint and s.left_at is null and (s.follows or b.refused is null and b.settled_until is not null)
        and (b.settled_until is null or b.settled_until < ${addDays(shanghaiDay(now), -1)}::date)
        and (b.asked_at is null or b.asked_at <= ${now}::timestamptz - ${ASKED_AGAIN_HOURS} * interval '1 hour')
      order by s.staff_id`.execute(tx),
  )
  return rows
}

/** The days after the settled ones, up to yesterday. */
function daysToAsk({ settledUntil }: Due, askedAt: Date): string[] {
  const last = addDays(shanghaiDay(askedAt), -1)
  const earliest = addDays(last, 1 - DAYS_MAX)
  const first = settledUntil && settledUntil >= earliest ? addDays(settledUntil, 1) : earliest
  return Array.from({ length: DAYS_MAX }, (_, i) => addDays(first, i)).filter((day) => day <= last)
}

async function ask(wecom: Wecom, member: Due, askedAt: Date): Promise<Told> {
  const days = daysToAsk(member, askedAt)
  const [from, to] = [dayStart(days[0]!), dayStart(days.at(-1)!)]
  try {
    const told = await wecom.customer.behavior(member.userid, from.getTime() / 1000, to.getTime() / 1000)
    return { ...member, days: told, refused: null }
  } catch (error) {
    if (!(error instanceof WecomError) || !WITHOUT_NUMBERS.has(error.errcode)) throw error
    return { ...member, days: [], refused: error.errcode }
  }
}

/** The last of the days that are settled one after another. */
export function settledUntil(member: Due, told: ReadonlySet<string>, askedAt: Date): string | null {
  let until = member.settledUntil
  for (const day of daysToAsk(member, askedAt)) {
    const age = askedAt.getTime() - dayStart(addDays(day, 1)).getTime()
    if (age < SETTLED_AFTER_MS || (!told.has(day) && age < GIVEN_UP_AFTER_MS)) break
    until = day
  }
  return until
}

async function saveBehavior({ db }: WorkContext, corpId: string, told: Told[], askedAt: Date): Promise<void> {
  const dayOf = (row: BehaviorDay) => shanghaiDay(new Date(row.stat_time * 1000))
  const rows = told.flatMap(({ staffId, days }) => days.map((row) => ({ staffId, day: dayOf(row), ...row })))
  const until = told.map((one) =>
    one.refused === null ? settledUntil(one, new Set(one.days.map(dayOf)), askedAt) : one.settledUntil,
  )
  await inCorp(db, corpId, async (tx) => {
    await sql`
      insert into staff_behavior (corp_id, on_day, staff_id, chats, messages, reply_share, first_reply_minutes, negative, applied, befriended)
      select ${corpId}::bigint, r.* from unnest(${rows.map((r) => r.day)}::date[], ${rows.map((r) => r.staffId)}::bigint[], ${rows.map((r) => r.chat_cnt)}::int[], ${rows.map((r) => r.message_cnt)}::int[],
        ${rows.map((r) => r.reply_percentage ?? null)}::real[], ${rows.map((r) => r.avg_reply_time ?? null)}::real[], ${rows.map((r) => r.negative_feedback_cnt)}::int[],
        ${rows.map((r) => r.new_apply_cnt)}::int[], ${rows.map((r) => r.new_contact_cnt)}::int[]) as r
      on conflict (corp_id, on_day, staff_id) do update set chats = excluded.chats, messages = excluded.messages, reply_share = excluded.reply_share,
        first_reply_minutes = excluded.first_reply_minutes, negative = excluded.negative, applied = excluded.applied, befriended = excluded.befriended`.execute(
      tx,
    )
    await sql`
      insert into staff_behavior_state (corp_id, staff_id, settled_until, refused, asked_at)
      select ${corpId}::bigint, r.staff_id, r.until, r.refused, ${askedAt}::timestamptz
      from unnest(${told.map((t) => t.staffId)}::bigint[], ${until}::date[], ${told.map((t) => t.refused)}::int[]) as r(staff_id, until, refused)
      on conflict (corp_id, staff_id) do update set settled_until = excluded.settled_until, refused = excluded.refused, asked_at = excluded.asked_at`.execute(
      tx,
    )
  })
}
