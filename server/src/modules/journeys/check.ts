import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { DomainError } from '../../platform/errors.ts'
import { freezeVariants } from '../broadcasts/plan-run.ts'
import type { Deed } from '../facts/schema.ts'
import { checkRule } from '../segments/service.ts'
import { readPolicy } from '../touches/policy.ts'
import type { Draft, Problems, Step } from './schema.ts'
import { follow, portsOf } from './when.ts'

/** Where problems of the trigger and of the whole are told. */
const START = 'start'

/** What stands in the way of publishing, in words, by the step it is to be mended in. */
export async function findProblems(tx: Tx, corpId: string, draft: Draft, now: Date): Promise<Problems> {
  const problems: Record<string, string[]> = {}
  const say = (key: string, said: string) => {
    problems[key] = [...(problems[key] ?? []), said]
  }
  const known = await readKnown(tx, corpId, draft)
  if (draft.name === '') say(START, '给旅程起个名字。')
  for (const said of ofTrigger(draft, known)) say(START, said)
  if (draft.leaveOn.segmentId && !known.segments.has(draft.leaveOn.segmentId))
    say(START, '「离开这个人群」选的人群已经没有了。')
  if (draft.goal?.deed.untrusted) say(START, '目标不能看浏览器自己报的事件。')
  if (draft.first === null) say(START, '至少加一步。')
  for (const { key, said } of ofShape(draft)) say(key, said)
  const { topics } = await readPolicy(tx, corpId)
  for (const step of draft.steps)
    for (const said of ofStep(step, known, new Set(topics.map(({ name }) => name)))) say(step.key, said)
  for (const step of draft.steps) for (const said of await ofContent(tx, corpId, step, now)) say(step.key, said)
  return problems
}

interface Known {
  segments: ReadonlySet<string>
  tags: ReadonlySet<string>
  stages: ReadonlySet<string>
  fields: ReadonlyMap<string, string>
}

/** What the draft names, as far as it is there. */
async function readKnown(tx: Tx, corpId: string, draft: Draft): Promise<Known> {
  const { trigger, steps, leaveOn } = draft
  const segmentIds = [
    ...(trigger.kind === 'segment' || trigger.kind === 'calendar' ? [trigger.segmentId] : []),
    leaveOn.segmentId ?? '',
  ].filter((id) => id !== '')
  const tagIds = [
    ...(trigger.kind === 'tag' ? trigger.tagIds : []),
    ...steps.flatMap((step) => (step.kind === 'tag' ? [...step.add, ...step.remove] : [])),
  ]
  const stageIds = [
    ...(trigger.kind === 'stage' ? trigger.stageIds : []),
    ...steps.flatMap((step) => (step.kind === 'stage' && step.stageId !== '' ? [step.stageId] : [])),
  ]
  const { rows } = await sql<{ segments: string[]; tags: string[]; stages: string[]; fields: Record<string, string> }>`
    select array(select segment_id::text from segment where corp_id = ${corpId}::bigint and archived_at is null and segment_id = any(${segmentIds}::bigint[])) as segments,
      array(select tag_id::text from tag where corp_id = ${corpId}::bigint and deleted_at is null and tag_id = any(${tagIds}::bigint[])) as tags,
      array(select stage_id::text from stage where corp_id = ${corpId}::bigint and removed_at is null and stage_id = any(${stageIds}::bigint[])) as stages,
      coalesce((select jsonb_object_agg(contact_field_id::text, kind) from contact_field where corp_id = ${corpId}::bigint and deleted_at is null), '{}') as fields`.execute(
    tx,
  )
  const row = rows[0]!
  return {
    segments: new Set(row.segments),
    tags: new Set(row.tags),
    stages: new Set(row.stages),
    fields: new Map(Object.entries(row.fields)),
  }
}

function ofTrigger({ trigger }: Draft, { segments, tags, stages, fields }: Known): string[] {
  switch (trigger.kind) {
    case 'segment':
      return segments.has(trigger.segmentId) ? [] : ['选一个人群。']
    case 'calendar':
      return segments.has(trigger.segmentId) ? [] : ['选一个人群。']
    case 'tag':
      return trigger.tagIds.length > 0 && trigger.tagIds.every((id) => tags.has(id)) ? [] : ['选一个还在用的标签。']
    case 'stage':
      return trigger.stageIds.length > 0 && trigger.stageIds.every((id) => stages.has(id))
        ? []
        : ['选一个还在用的阶段。']
    case 'date':
      return fields.get(trigger.fieldId) === 'date' ? [] : ['选一个日期字段。']
    case 'event':
      return trigger.deed.untrusted ? ['浏览器自己报的事件不能开始旅程。'] : []
    default:
      return []
  }
}

/** Every way leads to a step that is there, each step is reached, and none twice on one way. */
function ofShape({ first, steps }: Draft): { key: string; said: string }[] {
  const byKey = new Map(steps.map((step) => [step.key, step]))
  const problems: { key: string; said: string }[] = []
  if (byKey.size !== steps.length) problems.push({ key: START, said: '有两步用了同一个编号，请删掉其中一步。' })
  const [open, done] = [new Set<string>(), new Set<string>()]
  const visit = (key: string | null, from: string): void => {
    if (key === null || done.has(key)) return
    const step = byKey.get(key)
    if (!step) return void problems.push({ key: from, said: '后面接着的一步已经没有了。' })
    if (open.has(key)) return void problems.push({ key: from, said: '这里绕回了前面的步骤，会没完没了。' })
    open.add(key)
    for (const port of portsOf(step)) visit(follow(step, port), key)
    open.delete(key)
    done.add(key)
  }
  visit(first, START)
  for (const { key } of steps) if (!done.has(key)) problems.push({ key, said: '没有哪条路走到这一步。' })
  return problems
}

const loose = ({ untrusted }: Deed) => untrusted

function ofStep(step: Step, { tags, stages, fields }: Known, topics: ReadonlySet<string>): string[] {
  switch (step.kind) {
    case 'message':
    case 'broadcast':
      return [
        ...(step.text.trim() === '' && step.materialIds.length === 0 ? ['写一句话，或选一份素材。'] : []),
        ...(topics.has(step.topic) ? [] : ['选这条消息说的是哪一类事。']),
      ]
    case 'event':
      return loose(step.deed) ? ['浏览器自己报的事件不能让客户往下走。'] : []
    case 'notice':
    case 'task':
      return step.title === '' ? ['写清楚要成员做什么。'] : []
    case 'tag':
      return step.add.length + step.remove.length === 0
        ? ['选要打上或拿掉的标签。']
        : [...step.add, ...step.remove].every((id) => tags.has(id))
          ? []
          : ['有标签已经被删了，换一个。']
    case 'stage':
      return stages.has(step.stageId) ? [] : ['选一个还在用的阶段。']
    case 'field':
      return !fields.has(step.fieldId) ? ['选要填哪一栏。'] : step.value === '' ? ['写要填的内容。'] : []
    default:
      return []
  }
}

/** Contents that cannot be sent as they are, and rules that cannot be asked. */
async function ofContent(tx: Tx, corpId: string, step: Step, now: Date): Promise<string[]> {
  try {
    if (step.kind === 'message' || step.kind === 'broadcast')
      await freezeVariants(tx, corpId, [{ weight: 1, text: step.text, materialIds: step.materialIds }], now)
    if (step.kind === 'split') for (const { rule } of step.arms) await checkRule(tx, corpId, rule)
    return []
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return [error.message]
  }
}
