import { sql } from 'kysely'
import { DomainError } from '../../platform/errors.ts'
import { idArray } from '../../platform/id.ts'
import { askForRun } from '../broadcasts/plan-run.ts'
import { contentOf, createBroadcast, readBroadcast } from '../broadcasts/service.ts'
import { checkValue, fillMany } from '../contacts/field-values.ts'
import { spanMs } from '../segments/evaluate.ts'
import { askToTellNews } from '../staff/letters.ts'
import { BY_RULE, moveContacts } from '../stages/move.ts'
import { readStages } from '../stages/read-book.ts'
import { addTags, type PairTag, removeTags } from '../tags/tag-pairs.ts'
import { type Given, giveTasks } from '../tasks/give.ts'
import { nextOpen } from '../touches/plan.ts'
import { NOTICES } from './notices.ts'
import { tally } from './people.ts'
import type { Running } from './running.ts'
import type { Step, StepOf } from './schema.ts'
import type { Turn } from './step.ts'

/** Who tasks of a step are counted for. */
export const askedBy = ({ journeyId }: Pick<Running, 'journeyId'>, key: string) => `journey ${journeyId}/${key}`

/**
 * Does what a step does, for everybody who comes by, as sets. What cannot be done as things stand (a material that is gone,
 * a stage taken away) is counted as failed at that step; people go on.
 */
export async function act(turn: Turn, running: Running, step: Step, contactIds: readonly string[]): Promise<void> {
  try {
    await deed(turn, running, step, contactIds)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    await tally(turn.tx, turn.corpId, running.journeyId, [
      { step: step.key, port: 'failed', people: contactIds.length },
    ])
  }
}

function deed(turn: Turn, running: Running, step: Step, contactIds: readonly string[]): Promise<unknown> {
  const { tx, corpId, now } = turn
  switch (step.kind) {
    case 'message':
    case 'broadcast':
      return ask(turn, running, step, contactIds)
    case 'task':
      return giveThem(turn, running, step, contactIds)
    case 'notice':
      return notify(turn, step, contactIds)
    case 'tag':
      return changeTags(turn, running, step, contactIds)
    case 'stage':
      return moveOn(turn, running, step, contactIds)
    case 'field':
      return fill(turn, running, step, contactIds)
    case 'goal':
      return sql`update journey_enrolment set goal_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and journey_id = ${running.journeyId}::bigint
        and contact_id = any(${[...contactIds]}::bigint[]) and ended_at is null and goal_at is null`.execute(tx)
    default:
      return Promise.resolve()
  }
}

/** Asks members to write: a run of the step's own broadcast, through the gate like every other. */
async function ask(
  { tx, corpId, now }: Turn,
  running: Running,
  step: StepOf<'message'> | StepOf<'broadcast'>,
  contactIds: readonly string[],
): Promise<void> {
  const { journeyId, version, accountId, actor, name } = running
  const broadcastId = await broadcastOf({ tx, corpId, now }, running, step)
  const held = await readBroadcast(tx, corpId, broadcastId, { accountId, scope: undefined })
  const { rows: lists } = await sql<{ broadcastListId: string }>`
    insert into broadcast_list (corp_id, name, contact_ids, unknown, made_by, made_at, own)
    values (${corpId}::bigint, ${name}, ${idArray(contactIds)}::bigint[], 0, ${actor}, ${now}::timestamptz, false) returning broadcast_list_id`.execute(
    tx,
  )
  const { broadcastListId } = lists[0]!
  const content = {
    ...(await contentOf(tx, corpId, held, now)),
    audience: { include: [{ kind: 'list' as const, broadcastListId }], exclude: [] },
  }
  const at = await nextOpen(tx, corpId, now)
  const runId = await askForRun(
    tx,
    corpId,
    { broadcastId, occurrence: `list ${broadcastListId}`, at, content, accountId, actor },
    now,
  )
  if (!runId) return
  const stopAt = step.kind === 'message' ? new Date(at.getTime() + spanMs(step.within)) : null
  await sql`insert into journey_ask (corp_id, journey_id, step, version, run_id, asked_at, stop_at)
    values (${corpId}::bigint, ${journeyId}::bigint, ${step.key}, ${version}, ${runId}::bigint, ${now}::timestamptz, ${stopAt}::timestamptz)`.execute(
    tx,
  )
}

/** The broadcast whose runs are what this step of this version asks for. */
async function broadcastOf(
  { tx, corpId, now }: Pick<Turn, 'tx' | 'corpId' | 'now'>,
  { journeyId, version, graph, accountId, actor, name }: Running,
  { key, topic, text, materialIds }: StepOf<'message'> | StepOf<'broadcast'>,
): Promise<string> {
  const { rows } = await sql<{ broadcastId: string }>`
    select broadcast_id from journey_step_broadcast where corp_id = ${corpId}::bigint and journey_id = ${journeyId}::bigint and version = ${version} and step = ${key}`.execute(
    tx,
  )
  if (rows[0]) return rows[0].broadcastId
  const { broadcastId } = await createBroadcast(
    tx,
    corpId,
    {
      requestKey: `journey ${journeyId}/${version}/${key}`,
      name: `旅程「${name}」第 ${version} 版 ${key}`.slice(0, 60),
      topic,
      priority: graph.priority,
      holdout: 0,
      audience: { include: [{ kind: 'all' }], exclude: [] },
      variants: [{ weight: 1, text, materialIds }],
      senders: { kind: 'recent' },
      schedule: { kind: 'now' },
      windowDays: 7,
    },
    { accountId, name: actor, scope: undefined },
    now,
  )
  await sql`update broadcast set state = 'live' where corp_id = ${corpId}::bigint and broadcast_id = ${broadcastId}::bigint`.execute(
    tx,
  )
  await sql`insert into journey_step_broadcast (corp_id, journey_id, version, step, broadcast_id)
    values (${corpId}::bigint, ${journeyId}::bigint, ${version}, ${key}, ${broadcastId}::bigint)`.execute(tx)
  return broadcastId
}

/** Whoever has followed each longest, of the members still there. */
async function whose({ tx, corpId }: Turn, contactIds: readonly string[]): Promise<Given[]> {
  const { rows } = await sql<Given>`
    select distinct on (f.contact_id) f.contact_id, f.staff_id from follow f join staff s on s.corp_id = ${corpId}::bigint and s.staff_id = f.staff_id and s.left_at is null
    where f.corp_id = ${corpId}::bigint and f.contact_id = any(${idArray(contactIds)}::bigint[]) and f.lost_at is null order by f.contact_id, f.added_at, f.staff_id`.execute(
    tx,
  )
  return rows
}

async function giveThem(turn: Turn, running: Running, step: StepOf<'task'>, contactIds: readonly string[]) {
  const { tx, corpId, now } = turn
  const { accountId, actor } = running
  const dueAt = new Date(now.getTime() + spanMs(step.due))
  await giveTasks(
    tx,
    corpId,
    await whose(turn, contactIds),
    { title: step.title, note: step.note, dueAt, accountId, actor, askedBy: askedBy(running, step.key) },
    now,
  )
}

async function notify(turn: Turn, { title, text }: StepOf<'notice'>, contactIds: readonly string[]): Promise<void> {
  const { tx, corpId, now } = turn
  const given = await whose(turn, contactIds)
  if (given.length === 0) return
  await sql`
    insert into journey_notice (corp_id, staff_id, contact_id, title, words, at)
    select ${corpId}::bigint, staff_id, contact_id, ${title}, ${text}, ${now}::timestamptz
    from unnest(${given.map((one) => one.staffId)}::bigint[], ${given.map((one) => one.contactId)}::bigint[]) as g(staff_id, contact_id) order by contact_id`.execute(
    tx,
  )
  await askToTellNews(tx, corpId, NOTICES)
}

/** On every friendship that holds: tags belong to the pair. */
async function changeTags(
  { tx, corpId, now }: Turn,
  { journeyId, name }: Running,
  { add, remove }: StepOf<'tag'>,
  contactIds: readonly string[],
): Promise<void> {
  const { rows: friends } = await sql<{ contactId: string; staffId: string }>`
    select contact_id, staff_id from follow where corp_id = ${corpId}::bigint and contact_id = any(${idArray(contactIds)}::bigint[]) and lost_at is null order by 1, 2`.execute(
    tx,
  )
  const why = { source: 'rule' as const, reason: { by: `旅程「${name}」`, journeyId }, now }
  const pairs = (tagIds: readonly string[]): PairTag[] =>
    tagIds.flatMap((tagId) => friends.map((friend) => ({ ...friend, tagId })))
  if (remove.length > 0) await removeTags(tx, corpId, pairs(remove), why)
  if (add.length > 0) await addTags(tx, corpId, pairs(add), why)
}

async function moveOn(
  { tx, corpId, now }: Turn,
  { name }: Running,
  { stageId }: StepOf<'stage'>,
  contactIds: readonly string[],
): Promise<void> {
  const [stage] = await readStages(tx, corpId, { stageIds: [stageId] })
  if (stage) await moveContacts(tx, corpId, contactIds, stage, { ...BY_RULE, reason: `旅程「${name}」` }, now)
}

async function fill(
  { tx, corpId, now }: Turn,
  { name }: Running,
  { fieldId, value }: StepOf<'field'>,
  contactIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<Parameters<typeof checkValue>[0]>`
    select contact_field_id, name, kind, options, null as value from contact_field where corp_id = ${corpId}::bigint and contact_field_id = ${fieldId}::bigint and deleted_at is null`.execute(
    tx,
  )
  const field = rows[0]
  if (!field) return
  const given = field.kind === 'number' ? Number(value) : field.kind === 'choices' ? value.split(/[、,，]/) : value
  const checked = checkValue(field, given)
  if (checked === null) return
  const filled = contactIds.map((contactId) => ({ contactId, contactFieldId: fieldId, value: checked }))
  await fillMany(tx, corpId, filled, `旅程「${name}」`, now)
}
