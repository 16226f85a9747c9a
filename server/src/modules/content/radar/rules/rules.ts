import { sql } from 'kysely'
import type { Tx } from '../../../../platform/db.ts'
import { NotFound } from '../../../../platform/errors.ts'
import type { Actor } from '../../../corps/context.ts'
import type { Deed } from '../../../facts/schema.ts'
import type { Rule } from '../../../segments/schema.ts'
import { archiveSegment, createSegment } from '../../../segments/service.ts'
import { recordAudit } from '../../../staff/audit.ts'
import { MayNotAssign, TooManyReadingRules } from '../errors.ts'
import type { Asks, NewReadingRule, ReadingRule } from './schema.ts'

const RULES_MAX = 100

/** The rule in the one language of rules: everything is counted by the facts it needs, from the whole journal. */
export function ruleOf({ materialId, asks, atLeast }: Pick<NewReadingRule, 'materialId' | 'asks' | 'atLeast'>): Rule {
  const deed = (kind: string, ...more: Deed['where']): Deed => ({
    kind,
    where: [...(materialId ? [{ prop: 'pieceId', op: 'is' as const, values: [materialId] }] : []), ...more],
    untrusted: false,
  })
  const farther = (prop: Asks) => deed('content.read', { prop, op: 'atLeast', values: [atLeast] })
  const of = (): Rule['of'][number] => {
    switch (asks) {
      case 'opens':
        return { is: 'did', not: false, deed: deed('content.opened'), atLeast }
      case 'seconds':
        return { is: 'total', not: false, deed: deed('content.read'), amount: 'seconds', atLeast }
      case 'forwarded':
        return { is: 'did', not: false, deed: deed('content.forwarded'), atLeast }
      default:
        return { is: 'did', not: false, deed: farther(asks), atLeast: 1 }
    }
  }
  return { is: 'all', not: false, of: [of()] }
}

/** Makes a rule. Whoever meets it already is not told: it is for what is read from now on. */
export async function addReadingRule(tx: Tx, actor: Actor, given: NewReadingRule, now: Date): Promise<string> {
  const { corpId } = actor
  const { materialId, asks, atLeast, points, task } = given
  if (task && !actor.permissions.includes('tasks.assign')) throw new MayNotAssign()
  if (materialId) await requireMaterial(tx, corpId, materialId)
  // One at a time: names of their segments are told apart by the rule's own number.
  await sql`select pg_advisory_xact_lock(hashtext(${`radar rules ${corpId}`}))`.execute(tx)
  const { rows: held } = await sql<{ n: number; next: string }>`
    select count(*) filter (where stopped_at is null)::int as n, coalesce(max(radar_rule_id), 0) + 1 as next from radar_rule where corp_id = ${corpId}::bigint`.execute(
    tx,
  )
  if (held[0]!.n >= RULES_MAX) throw new TooManyReadingRules({ most: RULES_MAX })
  const name = `雷达规则 ${held[0]!.next}`
  const segmentId = await createSegment(tx, corpId, { name, note: '', rule: ruleOf(given) }, actor, now, 'radar')
  const { rows } = await sql<{ ruleId: string }>`
    insert into radar_rule (corp_id, material_id, asks, at_least, points, task_title, task_note, task_hours, segment_id, account_id, created_by, created_at)
    values (${corpId}::bigint, ${materialId}::bigint, ${asks}, ${atLeast}, ${points}, ${task?.title ?? null}, ${task?.note ?? ''}, ${task?.hours ?? 24}, ${segmentId}::bigint, ${actor.accountId}::bigint, ${actor.name}, ${now}::timestamptz)
    returning radar_rule_id as rule_id`.execute(tx)
  const { ruleId } = rows[0]!
  await recordAudit(tx, actor, {
    action: 'radar_rule.create',
    kind: 'radar_rule',
    id: ruleId,
    detail: { ...given },
    at: now,
  })
  return ruleId
}

/** Nobody is given anything by it any more; what was given stays. */
export async function stopReadingRule(tx: Tx, actor: Actor, ruleId: string, now: Date): Promise<void> {
  const { corpId } = actor
  const { rows } = await sql<{ segmentId: string }>`
    update radar_rule set stopped_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and radar_rule_id = ${ruleId}::bigint and stopped_at is null returning segment_id`.execute(
    tx,
  )
  if (!rows[0]) throw new NotFound({ what: '雷达规则' })
  await archiveSegment(tx, corpId, rows[0].segmentId, actor, now, 'radar')
  await recordAudit(tx, actor, { action: 'radar_rule.stop', kind: 'radar_rule', id: ruleId, detail: {}, at: now })
}

/** Those of a material with those of every material, the newest first. */
export async function listReadingRules(tx: Tx, corpId: string, materialId: string): Promise<ReadingRule[]> {
  const { rows } = await sql<Omit<ReadingRule, 'createdAt'> & { createdAt: Date }>`
    select r.radar_rule_id as rule_id, r.material_id, r.asks, r.at_least, r.points, r.met, s.version > 0 as is_ready, r.created_by, r.created_at,
      case when r.task_title is not null then jsonb_build_object('title', r.task_title, 'note', r.task_note, 'hours', r.task_hours) end as task
    from radar_rule r join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
    where r.corp_id = ${corpId}::bigint and r.stopped_at is null and (r.material_id is null or r.material_id = ${materialId}::bigint)
    order by r.radar_rule_id desc`.execute(tx)
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

async function requireMaterial(tx: Tx, corpId: string, materialId: string): Promise<void> {
  const { rows } = await sql`
    select material_id from material where corp_id = ${corpId}::bigint and material_id = ${materialId}::bigint and deleted_at is null`.execute(
    tx,
  )
  if (rows.length === 0) throw new NotFound({ what: '素材' })
}
