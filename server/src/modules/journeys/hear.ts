import { sql } from 'kysely'
import { DAY_MS } from '../../platform/shanghai.ts'
import type { Heard } from '../events/ears.ts'
import { matches } from '../facts/matches.ts'
import type { Deed } from '../facts/schema.ts'
import { spanMs } from '../segments/evaluate.ts'
import { end, enter, leave, stand, takeOut, tally } from './people.ts'
import { ENTERED, EXITED, type Running } from './running.ts'
import type { Left, StepOf } from './schema.ts'
import { goOn, goOnAfter, type Turn } from './step.ts'
import { follow, standsUntil } from './when.ts'

/** What was told so late starts nobody: last year's orders, imported today, are no news. */
const STALE_MS = DAY_MS

const did = (deed: Deed, { kind, props }: Heard) => kind === deed.kind && matches(deed.where, props)

/**
 * Does what was heard means, in the order it happened: each customer's first, then each one's second. So what takes him out
 * and what brings him in never meet in one statement.
 */
export async function hear(turn: Turn, runnings: readonly Running[], heard: readonly Heard[]): Promise<void> {
  const nth = new Map<string, number>()
  const rounds = Map.groupBy(heard, ({ contactId }) => {
    const n = nth.get(contactId) ?? 0
    nth.set(contactId, n + 1)
    return n
  })
  const states = await readStates(turn, runnings)
  for (const round of rounds.values()) for (const running of runnings) await hearOf(turn, running, round, states) // versions that run, few
}

/** Codes' states, by code: a newcomer is told apart by the state he came with. */
async function readStates({ tx, corpId }: Turn, runnings: readonly Running[]): Promise<Map<string, Set<string>>> {
  const codes = runnings.flatMap(({ graph: { trigger } }) => (trigger.kind === 'friend' ? trigger.channelCodeIds : []))
  if (codes.length === 0) return new Map()
  const { rows } = await sql<{ codeId: string; state: string }>`
    select coalesce(placement_of, channel_code_id) as code_id, state from channel_code
    where corp_id = ${corpId}::bigint and (channel_code_id = any(${codes}::bigint[]) or placement_of = any(${codes}::bigint[]))`.execute(
    tx,
  )
  return new Map(
    [...Map.groupBy(rows, (row) => row.codeId)].map(([id, of]) => [id, new Set(of.map((row) => row.state))]),
  )
}

async function hearOf(
  turn: Turn,
  running: Running,
  round: readonly Heard[],
  states: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const { tx, corpId, now } = turn
  const { graph, journeyId } = running
  for (const [why, leaves] of Object.entries(leaving(running)) as [Left, (heard: Heard) => boolean][]) {
    const gone = await stillLost(turn, why, round.filter(leaves))
    for (const [at, ids] of byTime(gone)) await leave(tx, corpId, running, ids, why, at)
  }
  if (graph.goal) {
    const reached = await inTime(
      turn,
      running,
      round.filter((one) => did(graph.goal!.deed, one)),
    )
    for (const [at, ids] of byTime(reached)) await leave(tx, corpId, running, ids, 'goal', at)
  }
  // Everybody is taken from where he stood before anybody goes on: one deed leads on by one step.
  const went: { step: StepOf<'event'>; at: Date; contactIds: string[] }[] = []
  for (const step of graph.steps) {
    if (step.kind !== 'event') continue
    for (const [at, ids] of byTime(round.filter((one) => did(step.deed, one)))) {
      // Told late, it counts for whoever waited at the step then: who came to it since did not.
      const by = new Date(at.getTime() + spanMs(step.within))
      const stood = await takeOut(tx, corpId, running, ids, { step: step.key, after: at, by })
      went.push({ step, at, contactIds: stood.flatMap(({ contactIds }) => contactIds) })
    }
  }
  for (const { step, at, contactIds } of went) {
    if (contactIds.length === 0) continue
    if (running.isPaused) await waitThere(turn, running, step, contactIds, at)
    else await goOnAfter(turn, running, step, contactIds, at)
  }
  if (!running.isCurrent || running.isPaused) return
  const fresh = round.filter(
    (one) =>
      one.at >= running.publishedAt && now.getTime() - one.at.getTime() < STALE_MS && starts(running, one, states),
  )
  for (const [at, ids] of byTime(fresh)) {
    const entered = await enter(tx, corpId, running, ids, at)
    if (entered.length === 0) continue
    await tally(tx, corpId, journeyId, [{ step: '', port: 'in', people: entered.length }])
    await goOn(turn, running, [{ key: graph.first, contactIds: entered, at }])
  }
}

/** Those heard of at the same instant together: a bulk change is one set. */
const byTime = (heard: readonly Heard[]): [Date, string[]][] =>
  [...Map.groupBy(heard, ({ at }) => at.getTime())]
    .sort(([a], [b]) => a - b)
    .map(([ms, of]) => [new Date(ms), [...new Set(of.map(({ contactId }) => contactId))]])

/** What ends somebody's way before its end. */
function leaving({ graph: { leaveOn } }: Running): Partial<Record<Left, (heard: Heard) => boolean>> {
  return {
    lost: ({ kind }) => kind === 'contact.lost',
    ...(leaveOn.reply ? { reply: ({ kind }: Heard) => kind === 'message.sent' } : {}),
    ...(leaveOn.order ? { order: ({ kind }: Heard) => kind === 'order.paid' } : {}),
    ...(leaveOn.segmentId
      ? { segment: ({ kind, props }: Heard) => kind === EXITED && props.segmentId === leaveOn.segmentId }
      : {}),
  }
}

/** Whoever has another member is not lost. */
async function stillLost({ tx, corpId }: Turn, why: Left, heard: Heard[]): Promise<Heard[]> {
  if (why !== 'lost' || heard.length === 0) return heard
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and contact_id = any(${heard.map((one) => one.contactId)}::bigint[]) and followers = 0`.execute(
    tx,
  )
  const lost = new Set(rows.map((row) => row.contactId))
  return heard.filter(({ contactId }) => lost.has(contactId))
}

/** Goals count for so long after somebody came in. */
async function inTime({ tx, corpId }: Turn, { journeyId, graph }: Running, heard: Heard[]): Promise<Heard[]> {
  if (heard.length === 0) return heard
  const { rows } = await sql<{ contactId: string; enteredAt: Date }>`
    select contact_id, entered_at from journey_enrolment where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and ended_at is null
      and contact_id = any(${heard.map((one) => one.contactId)}::bigint[])`.execute(tx)
  const since = new Map(rows.map((row) => [row.contactId, row.enteredAt.getTime()]))
  return heard.filter(
    ({ contactId, at }) => at.getTime() - (since.get(contactId) ?? -Infinity) <= spanMs(graph.goal!.within),
  )
}

/** Of a paused journey: he stands at the step after, and goes on once it runs again. */
async function waitThere(turn: Turn, running: Running, step: StepOf<'event'>, contactIds: string[], at: Date) {
  const { tx, corpId, calendar } = turn
  await tally(tx, corpId, running.journeyId, [{ step: step.key, port: 'next', people: contactIds.length }])
  const next = running.steps.get(follow(step, 'next') ?? '')
  if (!next) return void (await end(tx, corpId, running, contactIds, 'done', at))
  await tally(tx, corpId, running.journeyId, [{ step: next.key, port: 'in', people: contactIds.length }])
  await stand(tx, corpId, running, {
    step: next.key,
    dueAt: standsUntil(next, at, running.graph, calendar),
    contactIds,
  })
}

function starts(
  { graph: { trigger } }: Running,
  { kind, props, staffId }: Heard,
  states: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const one = (ids: readonly string[], id: unknown) => ids.length === 0 || ids.includes(String(id))
  switch (trigger.kind) {
    case 'friend':
      return (
        kind === 'contact.added' &&
        one(trigger.staffIds, staffId) &&
        (trigger.channelCodeIds.length === 0 ||
          trigger.channelCodeIds.some((id) => states.get(id)?.has(String(props.state))))
      )
    case 'event':
      return kind === trigger.deed.kind && matches(trigger.deed.where, props)
    case 'segment':
      return kind === ENTERED && props.segmentId === trigger.segmentId
    case 'tag':
      return kind === 'tag.added' && trigger.tagIds.includes(String(props.tagId))
    case 'stage':
      return kind === 'stage.moved' && trigger.stageIds.includes(String(props.toId))
    case 'group':
      return kind === 'group.joined' && one(trigger.groupChatIds, props.groupChatId)
    default:
      return false
  }
}
