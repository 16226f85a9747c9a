import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { shanghaiDay } from '../../../platform/shanghai.ts'
import { pairsLane, pushPairs } from '../../tags/push-pairs.ts'
import { type PairTag, putTags, takeTags } from '../../tags/tag-pairs.ts'

interface Change extends PairTag {
  way: 'put' | 'take'
  ruleId: string
  segmentId: string
  version: number
  /** What brought him in; not known of a tag that is only kept. */
  inBy: 'event' | 'time' | null
}

/**
 * Makes the tags rules give these customers what the rules say now. Everything is read as it stands, in one statement, so
 * that it does not matter what was heard of in which order, or how often it is done.
 */
export async function settleTags(tx: Tx, corpId: string, contactIds: readonly string[], now: Date): Promise<void> {
  const changes = await readChanges(tx, corpId, contactIds, now)
  if (changes.length === 0) return
  const ofPair = new Map(changes.map((change) => [keyOf(change), change]))
  const why = { source: 'rule', reason: (item: PairTag) => reasonOf(ofPair.get(keyOf(item))!), now } as const
  const ways = Map.groupBy(changes, (change) => change.way)
  const taken = await takeTags(tx, corpId, ways.get('take') ?? [], why)
  const put = await putTags(tx, corpId, ways.get('put') ?? [], why)
  const ruleOf = (item: PairTag) => ofPair.get(keyOf(item))!.ruleId
  await countDay(tx, corpId, shanghaiDay(now), countCustomers(put, ruleOf), countCustomers(taken, ruleOf))
  // One waiting push is enough: settling of a corp takes turns, so nobody waits for its key.
  if (put.length + taken.length > 0)
    await enqueue(tx, pushPairs, { corpId }, { lane: pairsLane(corpId), key: `tags.rule-pairs.${corpId}` })
}

const keyOf = ({ contactId, staffId, tagId }: PairTag) => `${contactId} ${staffId} ${tagId}`

const reasonOf = ({ ruleId, segmentId, version, inBy }: Change) => ({
  ruleId,
  segmentId,
  version: String(version),
  ...(inBy ? { inBy } : {}),
})

/**
 * What is and what should be. A rule claims whoever is in its segment, and whoever carries its tag where it is kept; in an
 * exclusive group the first claim wins. Rules touch only what they put themselves, on friendships that hold.
 */
async function readChanges(tx: Tx, corpId: string, contactIds: readonly string[], now: Date): Promise<Change[]> {
  const ids = sql`${[...contactIds]}::bigint[]`
  const { rows } = await sql<Change>`
    with rule as materialized (
      select r.rule_id, r.tag_id, r.segment_id, r.keep, r.rank, s.version, t.tag_group_id, x.tag_group_id is not null as exclusive
      from auto_tag_rule r
      join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = r.tag_id and t.deleted_at is null
      join segment s on s.corp_id = ${corpId}::bigint and s.segment_id = r.segment_id
      left join auto_tag_exclusive x on x.corp_id = ${corpId}::bigint and x.tag_group_id = t.tag_group_id
      where r.corp_id = ${corpId}::bigint and r.state = 'on' and r.deleted_at is null
    ), inside as materialized (
      select m.contact_id, m.in_by, rule.* from rule join segment_member m on m.segment_id = rule.segment_id and m.version = rule.version
      where m.corp_id = ${corpId}::bigint and m.contact_id = any(${ids}) and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz
    ), friend as materialized (
      select contact_id, staff_id from follow where corp_id = ${corpId}::bigint and contact_id = any(${ids}) and lost_at is null
    ), carried as materialized (
      select ft.contact_id, ft.staff_id, ft.added_at, rule.* from follow_tag ft join friend using (contact_id, staff_id)
      join rule on rule.tag_id = ft.tag_id and ft.reason->>'ruleId' = rule.rule_id::text
      where ft.corp_id = ${corpId}::bigint and ft.contact_id = any(${ids}) and ft.source = 'rule'
    ), claim as materialized (
      select contact_id, rule_id, tag_id, segment_id, version, tag_group_id, exclusive, rank from inside
      union select contact_id, rule_id, tag_id, segment_id, version, tag_group_id, exclusive, rank from carried where keep
    ), wanted as materialized (
      select * from claim c where not c.exclusive or not exists (
        select from claim o where o.contact_id = c.contact_id and o.tag_group_id = c.tag_group_id and (o.rank, o.rule_id) < (c.rank, c.rule_id))
    ), refused as materialized (
      select contact_id, tag_id, at from tag_refusal where corp_id = ${corpId}::bigint and contact_id = any(${ids})
    )
    select 'put' as way, w.contact_id, f.staff_id, w.tag_id, w.rule_id, w.segment_id, w.version, i.in_by
    from wanted w join friend f using (contact_id) left join inside i using (contact_id, rule_id)
    where not exists (select from refused r where r.contact_id = w.contact_id and r.tag_id = w.tag_id)
      and not exists (select from follow_tag ft where ft.corp_id = ${corpId}::bigint and ft.contact_id = w.contact_id and ft.staff_id = f.staff_id and ft.tag_id = w.tag_id)
    union all
    select 'take', c.contact_id, c.staff_id, c.tag_id, c.rule_id, c.segment_id, c.version, null from carried c
    where not exists (select from wanted w where w.contact_id = c.contact_id and w.rule_id = c.rule_id)
      or exists (select from refused r where r.contact_id = c.contact_id and r.tag_id = c.tag_id and r.at < c.added_at) -- put by us while a person took it off`.execute(
    tx,
  )
  return rows
}

function countCustomers(touched: readonly PairTag[], ruleOf: (item: PairTag) => string): Map<string, number> {
  const customers = Map.groupBy(touched, ruleOf)
  return new Map([...customers].map(([ruleId, of]) => [ruleId, new Set(of.map((one) => one.contactId)).size]))
}

async function countDay(
  tx: Tx,
  corpId: string,
  day: string,
  put: ReadonlyMap<string, number>,
  taken: ReadonlyMap<string, number>,
): Promise<void> {
  const ruleIds = [...new Set([...put.keys(), ...taken.keys()])]
  await sql`
    insert into auto_tag_day as d (corp_id, rule_id, day, put, taken)
    select ${corpId}::bigint, rule_id, ${day}::date, put, taken
    from unnest(${ruleIds}::bigint[], ${ruleIds.map((id) => put.get(id) ?? 0)}::int[], ${ruleIds.map((id) => taken.get(id) ?? 0)}::int[]) as n(rule_id, put, taken)
    on conflict (corp_id, rule_id, day) do update set put = d.put + excluded.put, taken = d.taken + excluded.taken`.execute(
    tx,
  )
}
