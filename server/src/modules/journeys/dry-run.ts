import type { Tx } from '../../platform/db.ts'
import { DAY_MS } from '../../platform/shanghai.ts'
import { spanMs } from '../segments/evaluate.ts'
import { readCalendar } from '../stages/read-book.ts'
import type { DryRun, DryRunAsked, Left, Step } from './schema.ts'
import { armOf, splitByRules } from './step.ts'
import { follow, standsUntil } from './when.ts'

const MINUTE_MS = 60_000

/** What would become of one customer from now on, so many days: by the same waits, forks and ways as everybody's. Nothing is written. */
export async function dryRun(
  tx: Tx,
  corpId: string,
  { draft, contactId, days, happenings }: DryRunAsked,
  journeyId: string,
  now: Date,
): Promise<DryRun> {
  const calendar = await readCalendar(tx, corpId)
  const until = now.getTime() + days * DAY_MS
  const told = happenings
    .map((one) => ({ ...one, at: now.getTime() + one.afterMinutes * MINUTE_MS }))
    .sort((a, b) => a.at - b.at)
  const kindOf = { reply: 'message.sent', order: 'order.paid', lost: 'contact.lost' } as const
  const nameOf = (one: (typeof told)[number]) => (one.kind === 'event' ? (one.event ?? '') : kindOf[one.kind])
  /** What ends it, and when. */
  const ends = told.flatMap((one): { why: Left; at: number }[] => {
    if (one.kind === 'lost') return [{ why: 'lost', at: one.at }]
    if (one.kind === 'reply' && draft.leaveOn.reply) return [{ why: 'reply', at: one.at }]
    if (one.kind === 'order' && draft.leaveOn.order) return [{ why: 'order', at: one.at }]
    const isGoal = draft.goal?.deed.kind === nameOf(one) && one.at - now.getTime() <= spanMs(draft.goal.within)
    return isGoal ? [{ why: 'goal', at: one.at }] : []
  })[0]
  const steps = new Map(draft.steps.map((step) => [step.key, step]))
  const stops: DryRun['stops'] = []
  const portOf = async (step: Step): Promise<string> => {
    if (step.kind === 'random') return String(armOf(journeyId, step, contactId))
    if (step.kind !== 'split') return 'next'
    return [...(await splitByRules({ tx, corpId, now }, step, [contactId])).keys()][0] ?? 'otherwise'
  }
  let at = now
  for (let key = draft.first; key !== null; ) {
    const step = steps.get(key)
    if (!step) break
    const dueAt = standsUntil(step, at, draft, calendar)
    const heard =
      step.kind === 'event'
        ? told.find((one) => one.at > at.getTime() && one.at <= dueAt.getTime() && nameOf(one) === step.deed.kind)
        : undefined
    const leavesAt = heard ? new Date(heard.at) : dueAt
    const from = at.toISOString()
    if (ends && ends.at <= leavesAt.getTime() && ends.at <= until) {
      stops.push({ key, at: from, port: null })
      return { stops, standsAt: null, left: ends.why }
    }
    if (leavesAt.getTime() > until) {
      stops.push({ key, at: from, port: null })
      return { stops, standsAt: key, left: null }
    }
    if (step.kind === 'exit') {
      stops.push({ key, at: from, port: null })
      break
    }
    const port = step.kind === 'event' ? (heard ? 'next' : 'otherwise') : await portOf(step)
    stops.push({ key, at: from, port })
    at = leavesAt
    key = follow(step, port)
  }
  return { stops, standsAt: null, left: 'done' }
}
