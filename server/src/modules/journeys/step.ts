import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { idArray } from '../../platform/id.ts'
import { byWeight } from '../channels/trial/variant.ts'
import { toSql } from '../segments/compile.ts'
import { counting } from '../segments/read.ts'
import type { Calendar } from '../stages/schema.ts'
import { act } from './act.ts'
import { end, stand, tally } from './people.ts'
import type { Running } from './running.ts'
import type { Step, StepOf } from './schema.ts'
import { follow, standsUntil } from './when.ts'

/** What a turn of the clock knows of its corp. */
export interface Turn {
  tx: Tx
  corpId: string
  now: Date
  calendar: Calendar
}

/** People who go on together. `key` null: they are through. */
export interface Going {
  key: string | null
  contactIds: readonly string[]
  at: Date
}

/**
 * Has people go on until each stands where something is waited for, or is through: what steps do is done on the way. `at`
 * is when they went, which may be earlier than the clock shows; what is waited for counts from then.
 */
export async function goOn(turn: Turn, running: Running, going: readonly Going[]): Promise<void> {
  const { tx, corpId, calendar } = turn
  const open = going.filter(({ contactIds }) => contactIds.length > 0)
  const counts: { step: string; port: string; people: number }[] = []
  // A loop over steps, which are sixty at most, each with everybody who comes by.
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { key, contactIds, at } = one
    const step = key === null ? undefined : running.steps.get(key)
    if (!step) {
      await end(tx, corpId, running, contactIds, 'done', at)
      continue
    }
    counts.push({ step: step.key, port: 'in', people: contactIds.length })
    const dueAt = standsUntil(step, at, running.graph, calendar)
    if (dueAt > at || step.kind === 'event') await stand(tx, corpId, running, { step: step.key, dueAt, contactIds })
    else open.push(...(await passes(turn, running, step, contactIds, at, counts)))
  }
  await tally(tx, corpId, running.journeyId, counts)
}

/** Whoever has waited long enough at a step goes on from it. */
export async function goOnFrom(turn: Turn, running: Running, step: Step, contactIds: readonly string[], at: Date) {
  const counts: { step: string; port: string; people: number }[] = []
  const going =
    step.kind === 'event'
      ? away(step, 'otherwise', contactIds, at, counts)
      : await passes(turn, running, step, contactIds, at, counts)
  await tally(turn.tx, turn.corpId, running.journeyId, counts)
  await goOn(turn, running, going)
}

/** He did what was waited for. */
export async function goOnAfter(
  turn: Turn,
  running: Running,
  step: StepOf<'event'>,
  contactIds: readonly string[],
  at: Date,
) {
  const counts: { step: string; port: string; people: number }[] = []
  const going = away(step, 'next', contactIds, at, counts)
  await tally(turn.tx, turn.corpId, running.journeyId, counts)
  await goOn(turn, running, going)
}

function away(
  step: Step,
  port: string,
  contactIds: readonly string[],
  at: Date,
  counts: { step: string; port: string; people: number }[],
): Going[] {
  if (contactIds.length === 0) return []
  counts.push({ step: step.key, port, people: contactIds.length })
  return [{ key: follow(step, port), contactIds, at }]
}

async function passes(
  turn: Turn,
  running: Running,
  step: Step,
  contactIds: readonly string[],
  at: Date,
  counts: { step: string; port: string; people: number }[],
): Promise<Going[]> {
  switch (step.kind) {
    case 'exit':
      return [{ key: null, contactIds, at }]
    case 'split': {
      const ways = await splitByRules(turn, step, contactIds)
      return [...ways].flatMap(([port, ids]) => away(step, port, ids, at, counts))
    }
    case 'random': {
      const ways = Map.groupBy(contactIds, (id) => String(armOf(running.journeyId, step, id)))
      return [...ways].flatMap(([port, ids]) => away(step, port, ids, at, counts))
    }
    default:
      await act(turn, running, step, contactIds)
      return away(step, 'next', contactIds, at, counts)
  }
}

/** Of a random fork, the arm a customer takes: the same whenever he comes by, and each arm its share. */
export function armOf(journeyId: string, { key, arms }: StepOf<'random'>, contactId: string): number {
  const draw =
    createHash('sha256').update(`journey ${journeyId} ${key} ${contactId}`).digest().readUIntBE(0, 6) / 2 ** 48
  return byWeight(
    draw,
    arms.map(({ weight }) => weight),
  )
}

/** Who takes which arm: the first whose rule holds for him now, one statement an arm. */
export async function splitByRules(
  { tx, corpId, now }: Pick<Turn, 'tx' | 'corpId' | 'now'>,
  { arms }: StepOf<'split'>,
  contactIds: readonly string[],
): Promise<Map<string, string[]>> {
  const ways = new Map<string, string[]>()
  let rest = new Set(contactIds)
  for (const [nr, { rule }] of arms.entries()) {
    if (rest.size === 0) break
    const { rows } = await counting(tx, corpId, rule, now, (env) =>
      sql<{ contactId: string }>`
        select c.contact_id from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${idArray(rest)}::bigint[]) and ${toSql(rule, 'at', env)}`.execute(
        tx,
      ),
    )
    const taken = new Set(rows.map((row) => row.contactId))
    if (taken.size > 0) ways.set(String(nr), [...taken])
    rest = new Set([...rest].filter((id) => !taken.has(id)))
  }
  if (rest.size > 0) ways.set('otherwise', [...rest])
  return ways
}
