import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { listenFor } from '../events/ears.ts'
import type { Draft, Step } from './schema.ts'

export const EAR = 'journeys'
/** Turns of segments, as the ear hears them beside the journal's own kinds. */
export const ENTERED = 'segment.entered'
export const EXITED = 'segment.left'

/** A version somebody is under way in, or may come into. */
export interface Running {
  journeyId: string
  version: number
  name: string
  graph: Draft
  steps: ReadonlyMap<string, Step>
  isPaused: boolean
  /** Newcomers go into it. */
  isCurrent: boolean
  publishedAt: Date
  accountId: string
  actor: string
}

export async function readRunning(tx: Tx, corpId: string): Promise<Running[]> {
  const { rows } = await sql<Omit<Running, 'steps'>>`
    select j.journey_id, v.version, v.graph ->> 'name' as name, v.graph, j.state = 'paused' as is_paused, v.version = j.version as is_current, v.published_at, v.account_id, v.actor
    from journey j join journey_version v on v.corp_id = ${corpId}::bigint and v.journey_id = j.journey_id
    where j.corp_id = ${corpId}::bigint and j.state in ('live', 'paused') and j.removed_at is null
      and (v.version = j.version or exists (select from journey_packet p where p.corp_id = ${corpId}::bigint and p.journey_id = j.journey_id and p.version = v.version))
    order by j.priority desc, j.journey_id, v.version`.execute(tx)
  return rows.map((row) => ({ ...row, steps: new Map(row.graph.steps.map((step) => [step.key, step])) }))
}

/** Kinds of events a version hears of; `segment.*` come from the segments, not the journal. */
export function kindsHeard({ trigger, leaveOn, goal, steps }: Draft): string[] {
  const started = {
    friend: 'contact.added',
    tag: 'tag.added',
    stage: 'stage.moved',
    group: 'group.joined',
    segment: ENTERED,
    date: [],
    calendar: [],
    event: trigger.kind === 'event' ? trigger.deed.kind : [],
  }[trigger.kind]
  return [
    'contact.lost',
    ...[started].flat(),
    ...(leaveOn.reply ? ['message.sent'] : []),
    ...(leaveOn.order ? ['order.paid'] : []),
    ...(leaveOn.segmentId ? [EXITED] : []),
    ...(goal ? [goal.deed.kind] : []),
    ...steps.flatMap((step) => (step.kind === 'event' ? step.deed.kind : [])),
  ]
}

/** Segments whose turns a version hears of. */
export const segmentsHeard = ({ trigger, leaveOn }: Draft): string[] => [
  ...(trigger.kind === 'segment' && trigger.segmentId !== '' ? [trigger.segmentId] : []),
  ...(leaveOn.segmentId ? [leaveOn.segmentId] : []),
]

/** Has the journal tell what the journeys that run care for. After every change of what runs. */
export async function hearForRunning(tx: Tx, corpId: string): Promise<void> {
  const kinds = (await readRunning(tx, corpId)).flatMap(({ graph }) => kindsHeard(graph))
  await listenFor(
    tx,
    corpId,
    EAR,
    [...new Set(kinds)].filter((kind) => !kind.startsWith('segment.')),
  )
}
