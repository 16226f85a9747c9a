import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { type Fact, readFacts } from '../facts/count.ts'
import { factKey } from '../facts/spec.ts'
import type { References } from './evaluate.ts'
import { type Needs, needsOf } from './persons.ts'
import type { Rule } from './schema.ts'

export interface Version {
  segmentId: string
  version: number
  rule: Rule
  state: 'building' | 'live'
  /** What a change must touch for the rule to be asked again, as in `markChanged`. */
  reads: ReadonlySet<string>
  needs: Needs
}

/** All it takes to evaluate a corp's segments. */
export interface Board {
  versions: Version[]
  refs: References
  /** Fully counted facts by `factKey`. */
  factIds: Map<string, string>
  facts: Fact[]
}

/** The rules that stand, and those being built whose facts are counted. */
export async function readBoard(tx: Tx, corpId: string): Promise<Board> {
  const { rows } = await sql<Pick<Version, 'segmentId' | 'version' | 'rule' | 'state'>>`
    select v.segment_id, v.version, v.rule, v.state from segment_version v join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = v.segment_id
    where v.corp_id = ${corpId}::bigint and s.archived_at is null and v.state in ('building', 'live') order by v.segment_id, v.version`.execute(
    tx,
  )
  const live = rows.filter((row) => row.state === 'live')
  const refs = await readReferences(
    tx,
    corpId,
    rows.map((row) => row.rule),
    live,
  )
  const facts = await readFacts(tx, corpId)
  const factIds = new Map(facts.filter((fact) => fact.filled).map((fact) => [factKey(fact), fact.factId]))
  const versions = rows.flatMap((row) => {
    const needs = needsOf([row.rule], refs)
    const isCounted = [...needs.facts.keys()].every((key) => factIds.has(key))
    return isCounted ? [{ ...row, needs, reads: readsOf(needs, factIds) }] : []
  })
  return { versions, refs, factIds, facts }
}

/** What rules refer to: other segments as they stand, and the states of codes and their placements. */
export async function readReferences(
  tx: Tx,
  corpId: string,
  rules: readonly Rule[],
  known?: readonly { segmentId: string; rule: Rule }[],
): Promise<References> {
  const live = known ?? (await readLive(tx, corpId))
  const byId = new Map(live.map((one) => [one.segmentId, one.rule]))
  const channelIds = [...needsOf(rules, { rules: byId, states: new Map() }).channelIds]
  const states = new Map<string, string[]>()
  if (channelIds.length > 0) {
    const { rows } = await sql<{ codeId: string; state: string }>`
      select coalesce(placement_of, channel_code_id) as code_id, state from channel_code
      where corp_id = ${corpId}::bigint and (channel_code_id = any(${channelIds}::bigint[]) or placement_of = any(${channelIds}::bigint[]))`.execute(
      tx,
    )
    for (const { codeId, state } of rows) states.set(codeId, [...(states.get(codeId) ?? []), state])
  }
  return { rules: byId, states }
}

async function readLive(tx: Tx, corpId: string): Promise<{ segmentId: string; rule: Rule }[]> {
  const { rows } = await sql<{ segmentId: string; rule: Rule }>`
    select v.segment_id, v.rule from segment_version v join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = v.segment_id and s.version = v.version
    where v.corp_id = ${corpId}::bigint and s.archived_at is null`.execute(tx)
  return rows
}

const readsOf = (needs: Needs, factIds: ReadonlyMap<string, string>): ReadonlySet<string> =>
  new Set([
    'contact',
    ...(needs.memberships ? ['member'] : []),
    ...[...needs.facts.keys()].map((key) => `fact:${factIds.get(key)}`),
    ...[...needs.fieldIds].map((id) => `field:${id}`),
    ...(needs.stages ? ['stage'] : []),
    ...(needs.groups ? ['group'] : []),
  ])
