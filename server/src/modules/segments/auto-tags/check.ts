import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import type { Deed } from '../../facts/schema.ts'
import { AutoTagsLoop, AutoTagUntrusted } from '../errors.ts'
import { needsOf } from '../persons.ts'
import type { Node, Rule } from '../schema.ts'

interface AutoTag {
  ruleId: string
  tagId: string
  name: string
  segmentId: string
  /** The exclusive group it is in: there what one rule gives hangs on all the others. */
  groupId: string | null
}
/** Rules whose tags hang on one another. */
interface Knot {
  rules: AutoTag[]
  reads: Reads
}
/** Ids of tags, or 'all' where a rule asks for any tagging. */
type Reads = ReadonlySet<string>

/**
 * Refuses what has just been written when a rule would come round to the tag it gives: over other rules' tags, segments
 * people made, and the journal of taggings; or when it would hang on what browsers tell without proof. Rules that are off
 * count too, so that turning one on needs no asking.
 */
export async function checkAutoTags(tx: Tx, corpId: string): Promise<void> {
  const { rows: tags } = await sql<AutoTag>`
    select r.rule_id, r.tag_id, t.name, r.segment_id, x.tag_group_id as group_id from auto_tag_rule r
    join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is null
    left join auto_tag_exclusive x on x.corp_id = ${corpId}::bigint and x.tag_group_id = t.tag_group_id
    where r.corp_id = ${corpId}::bigint and r.deleted_at is null order by r.rank, r.rule_id`.execute(tx)
  if (tags.length === 0) return
  const { rows: newest } = await sql<{ segmentId: string; rule: Rule }>`
    select distinct on (v.segment_id) v.segment_id, v.rule from segment_version v
    join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = v.segment_id and s.archived_at is null
    where v.corp_id = ${corpId}::bigint and v.state in ('building', 'live') order by v.segment_id, v.version desc`.execute(
    tx,
  )
  const rules = new Map(newest.map((one) => [one.segmentId, one.rule]))
  const loose = tags.find((tag) => isUntrusted(tag.segmentId, rules, new Set()))
  if (loose) throw new AutoTagUntrusted({ name: loose.name })
  const loop = findLoop(tags, rules)
  if (loop) throw new AutoTagsLoop({ path: loop.map((name) => `「${name}」`).join(' → ') })
}

/** The names of tags round a loop, the first once more at the end. */
export function findLoop(tags: readonly AutoTag[], rules: ReadonlyMap<string, Rule>): string[] | undefined {
  const knots: Knot[] = [...Map.groupBy(tags, (tag) => tag.groupId ?? `rule ${tag.ruleId}`).values()].map((of) => ({
    rules: of,
    reads: new Set(of.flatMap((tag) => [...readsOf(tag.segmentId, rules, new Set())])),
  }))
  const done = new Set<Knot>()
  /** Against the arrows: from a rule to whatever gives a tag it reads. `read` names the tags that led here. */
  const visit = (knot: Knot, way: readonly Knot[], read: readonly string[]): string[] | undefined => {
    const met = way.indexOf(knot)
    if (met >= 0) return [read.at(-1)!, ...read.slice(met).reverse().slice(1), read.at(-1)!]
    if (done.has(knot)) return undefined
    for (const giver of knots) {
      const tag = giver.rules.find(({ tagId }) => knot.reads.has(tagId) || knot.reads.has('all'))
      const loop = tag && visit(giver, [...way, knot], [...read, tag.name])
      if (loop) return loop
    }
    done.add(knot)
    return undefined
  }
  for (const knot of knots) {
    const loop = visit(knot, [], [])
    if (loop) return loop
  }
  return undefined
}

function readsOf(segmentId: string, rules: ReadonlyMap<string, Rule>, seen: Set<string>): Set<string> {
  const rule = rules.get(segmentId)
  if (!rule || seen.has(segmentId)) return new Set()
  seen.add(segmentId)
  return new Set(tagsRead(rule, (id) => readsOf(id, rules, seen)))
}

function tagsRead(node: Node, ofSegment: (segmentId: string) => Iterable<string>): string[] {
  switch (node.is) {
    case 'all':
    case 'any':
      return node.of.flatMap((part) => tagsRead(part, ofSegment))
    case 'tags':
      return [...(node.any ?? []), ...(node.all ?? [])]
    case 'segment':
      return [...ofSegment(node.segmentId)]
    case 'did':
    case 'total':
    case 'when':
      return taggingsRead(node.deed)
    case 'sequence':
      return [...taggingsRead(node.deed), ...taggingsRead(node.next)]
    default:
      return []
  }
}

/** Taggings are in the journal, which rules read too. */
function taggingsRead({ kind, where }: Deed): string[] {
  if (kind !== 'tag.added' && kind !== 'tag.removed') return []
  const named = where?.find((one) => one.prop === 'tagId' && one.op === 'is')
  return named ? named.values.map(String) : ['all']
}

function isUntrusted(segmentId: string, rules: ReadonlyMap<string, Rule>, seen: Set<string>): boolean {
  const rule = rules.get(segmentId)
  if (!rule || seen.has(segmentId)) return false
  seen.add(segmentId)
  const { facts, segmentIds } = needsOf([rule])
  return (
    [...facts.values()].some(({ spec }) => spec.untrusted) || [...segmentIds].some((id) => isUntrusted(id, rules, seen))
  )
}
