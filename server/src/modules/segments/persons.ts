import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { deedRows } from '../facts/deeds.ts'
import type { FactSpec, FactState } from '../facts/schema.ts'
import { RECENT_MAX } from '../facts/schema.ts'
import { factKey, factOf } from '../facts/spec.ts'
import { type FieldValue, type Membership, type Person, type References, spanMs } from './evaluate.ts'
import type { Node, Rule } from './schema.ts'

/** What must be read of customers for some rules. */
export interface Needs {
  /**
   * By `factKey`, with how many of the newest deeds are asked for one by one, and how far back every single one must be
   * known (milliseconds; Infinity: all; 0: the newest do).
   */
  facts: Map<string, { spec: FactSpec; newest: number; backMs: number }>
  fieldIds: Set<string>
  channelIds: Set<string>
  segmentIds: Set<string>
  anniversaries: boolean
  stages: boolean
  groups: boolean
  memberships: boolean
}

export function needsOf(rules: readonly Rule[], refs?: References): Needs {
  const needs: Needs = {
    facts: new Map(),
    fieldIds: new Set(),
    channelIds: new Set(),
    segmentIds: new Set(),
    anniversaries: false,
    stages: false,
    groups: false,
    memberships: false,
  }
  for (const rule of rules) gather(rule, needs, refs)
  return needs
}

function gather(node: Node, needs: Needs, refs?: References): void {
  const fact = (spec: FactSpec, newest = 0, backMs = 0) => {
    const key = factKey(spec)
    const known = needs.facts.get(key)
    needs.facts.set(key, {
      spec,
      newest: Math.max(newest, known?.newest ?? 0),
      backMs: Math.max(backMs, known?.backMs ?? 0),
    })
  }
  switch (node.is) {
    case 'all':
    case 'any':
      for (const part of node.of) gather(part, needs, refs)
      break
    case 'did': {
      const most = Math.max(node.atLeast ?? 1, (node.atMost ?? 0) + 1)
      if (node.within) fact(factOf(node.deed), Math.min(most, RECENT_MAX), most > RECENT_MAX ? spanMs(node.within) : 0)
      else fact(factOf(node.deed))
      break
    }
    case 'total':
      if (node.within) fact(factOf(node.deed, node.amount), RECENT_MAX, spanMs(node.within))
      else fact(factOf(node.deed, node.amount))
      break
    case 'when':
      fact(factOf(node.deed))
      break
    case 'sequence':
      fact(factOf(node.deed), RECENT_MAX, Infinity)
      fact(factOf(node.next), RECENT_MAX, Infinity)
      break
    case 'field':
    case 'anniversary':
      needs.fieldIds.add(node.fieldId)
      needs.anniversaries ||= node.is === 'anniversary'
      break
    case 'member':
      needs.memberships = true
      break
    case 'channels':
      for (const id of node.ids) needs.channelIds.add(id)
      break
    case 'stage':
      needs.stages = true
      break
    case 'group':
      needs.groups = true
      break
    case 'segment': {
      needs.segmentIds.add(node.segmentId)
      const rule = refs?.rules.get(node.segmentId)
      if (rule) gather(rule, needs, refs)
    }
  }
}

/** The same with all that a fact keeps one by one: for whoever is told what was found. */
export const inFull = (needs: Needs): Needs => ({
  ...needs,
  facts: new Map([...needs.facts].map(([key, fact]) => [key, { ...fact, newest: RECENT_MAX }])),
})

/** Reads customers as rules see them, in a constant number of statements. Visitors who are nobody's friend are left out. */
export async function readPersons(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  needs: Needs,
  factIds: ReadonlyMap<string, string>,
  now: Date,
): Promise<Map<string, Person>> {
  const ids = sql`${[...contactIds]}::bigint[]`
  const { rows } = await sql<{
    contactId: string
    tagIds: string[]
    staffIds: string[]
    addedAt: Date | null
    lost: boolean
    gender: number
    states: string[] | null
  }>`
    select c.contact_id, c.tag_ids, c.staff_ids, c.last_added_at as added_at, c.lost_at is not null as lost, c.gender,
      ${needs.channelIds.size > 0 ? sql`(select array_agg(distinct f.state) from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = c.contact_id and f.state is not null)` : sql`null`} as states
    from contact c where c.corp_id = ${corpId}::bigint and c.contact_id = any(${ids}) and c.last_added_at is not null and c.merged_into is null`.execute(
    tx,
  )
  const facts = await readStates(tx, corpId, contactIds, needs, factIds, now)
  const fields = await readFieldValues(tx, corpId, contactIds, needs)
  const stages = await readStages(tx, corpId, contactIds, needs)
  const groups = await readGroups(tx, corpId, contactIds, needs)
  const memberships = await readMemberships(tx, corpId, contactIds, needs)
  return new Map(
    rows.map((row) => [
      row.contactId,
      {
        contactId: row.contactId,
        facts: facts.get(row.contactId) ?? new Map(),
        fields: fields.get(row.contactId) ?? new Map(),
        stages: stages.get(row.contactId) ?? new Map(),
        groupIds: groups.get(row.contactId) ?? new Set(),
        tagIds: new Set(row.tagIds),
        staffIds: new Set(row.staffIds),
        states: new Set(row.states ?? []),
        addedAt: row.addedAt?.getTime() ?? null,
        lost: row.lost,
        gender: row.gender,
        memberships: memberships.get(row.contactId) ?? [],
      },
    ]),
  )
}

interface StateRow {
  contactId: string
  factId: string
  number: number
  total: string
  /** Seconds of the epoch. */
  first: number
  last: number
  times: Date[]
  amounts: string[]
}

/** As a Date counts: whole milliseconds, what is finer cut off. */
const inMs = (seconds: number): number => Math.floor(Math.round(seconds * 1e6) / 1e3)

async function readStates(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  needs: Needs,
  factIds: ReadonlyMap<string, string>,
  now: Date,
) {
  const found = new Map<string, Map<string, FactState>>()
  const keyOf = new Map([...needs.facts.keys()].flatMap((key) => (factIds.has(key) ? [[factIds.get(key)!, key]] : [])))
  if (keyOf.size === 0) return found
  const newest = [...keyOf.values()].map((key) => needs.facts.get(key)!.newest)
  // Instants as numbers, and no more of the newest than is asked for: reading dates is most of what a large batch costs.
  const { rows } = await sql<StateRow>`
    select f.contact_id, f.fact_id, f.number, f.total, date_part('epoch', f.first_at) as first, date_part('epoch', f.last_at) as last,
      f.times[1:n.newest] as times, f.amounts[1:n.newest] as amounts
    from contact_fact f join unnest(${[...keyOf.keys()]}::bigint[], ${newest}::int[]) as n(fact_id, newest) on n.fact_id = f.fact_id
    where f.corp_id = ${corpId}::bigint and f.contact_id = any(${[...contactIds]}::bigint[]) and f.fact_id = any(${[...keyOf.keys()]}::bigint[])`.execute(
    tx,
  )
  const short = new Map<string, string[]>()
  for (const row of rows) {
    const key = keyOf.get(row.factId)!
    const state: FactState = {
      number: row.number,
      total: Number(row.total),
      firstAt: inMs(row.first),
      lastAt: inMs(row.last),
      times: row.times.map((at) => at.getTime()),
      amounts: row.amounts.map(Number),
    }
    const of = found.get(row.contactId) ?? new Map<string, FactState>()
    found.set(row.contactId, of.set(key, state))
    const back = now.getTime() - needs.facts.get(key)!.backMs
    if (state.number > state.times.length && state.times.at(-1)! > back)
      short.set(key, [...(short.get(key) ?? []), row.contactId])
  }
  if (short.size > 0) await readFurtherBack(tx, corpId, short, needs, now, found)
  return found
}

/** Of those who did more within a rule's time than a fact keeps one by one: every single deed, from the journal. */
async function readFurtherBack(
  tx: Tx,
  corpId: string,
  short: ReadonlyMap<string, string[]>,
  needs: Needs,
  now: Date,
  found: Map<string, Map<string, FactState>>,
): Promise<void> {
  const parts = [...short].map(([key, among]) => {
    const { spec, backMs } = needs.facts.get(key)!
    const part = backMs === Infinity ? { among } : { among, after: new Date(now.getTime() - backMs) }
    return sql`select ${key}::text as key, contact_id, array_agg(at order by at desc, amount desc) as times, array_agg(amount order by at desc, amount desc) as amounts
      from (${deedRows(corpId, spec, part)}) d group by contact_id`
  })
  const { rows } = await sql<{
    key: string
    contactId: string
    times: Date[]
    amounts: string[]
  }>`${sql.join(parts, sql` union all `)}`.execute(tx)
  for (const row of rows) {
    const of = found.get(row.contactId)
    const state = of?.get(row.key)
    if (of && state)
      of.set(row.key, { ...state, times: row.times.map((at) => at.getTime()), amounts: row.amounts.map(Number) })
  }
}

async function readMemberships(tx: Tx, corpId: string, contactIds: readonly string[], needs: Needs) {
  if (!needs.memberships) return new Map<string, Membership[]>()
  const { rows } = await sql<Membership & { contactId: string }>`
    select w.contact_id, a.level, a.points::float8 as points from contact_identity w join member_account a on a.corp_id = ${corpId}::bigint and a.member_no = w.value
    where w.corp_id = ${corpId}::bigint and w.contact_id = any(${[...contactIds]}::bigint[]) and w.kind = 'member' order by a.member_no`.execute(
    tx,
  )
  return Map.groupBy(rows, ({ contactId }) => contactId)
}

async function readFieldValues(tx: Tx, corpId: string, contactIds: readonly string[], { fieldIds }: Needs) {
  const found = new Map<string, Map<string, FieldValue>>()
  if (fieldIds.size === 0) return found
  const { rows } = await sql<{ contactId: string; contactFieldId: string; value: FieldValue }>`
    select contact_id, contact_field_id, value from contact_field_value
    where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[]) and contact_field_id = any(${[...fieldIds]}::bigint[])`.execute(
    tx,
  )
  for (const row of rows)
    found.set(row.contactId, (found.get(row.contactId) ?? new Map()).set(row.contactFieldId, row.value))
  return found
}

async function readStages(tx: Tx, corpId: string, contactIds: readonly string[], { stages }: Needs) {
  const found = new Map<string, Map<string, number>>()
  if (!stages) return found
  const { rows } = await sql<{ contactId: string; stageId: string; since: Date }>`
    select contact_id, stage_id, since from stage_stay where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[]) and until is null`.execute(
    tx,
  )
  for (const { contactId, stageId, since } of rows)
    found.set(contactId, (found.get(contactId) ?? new Map()).set(stageId, since.getTime()))
  return found
}

async function readGroups(tx: Tx, corpId: string, contactIds: readonly string[], { groups }: Needs) {
  const found = new Map<string, Set<string>>()
  if (!groups) return found
  const { rows } = await sql<{ contactId: string; groupChatId: string }>`
    select w.contact_id, m.group_chat_id from contact_identity w join group_member m on m.corp_id = ${corpId}::bigint and m.userid = w.value and m.left_at is null and m.staff_id is null
    where w.corp_id = ${corpId}::bigint and w.contact_id = any(${[...contactIds]}::bigint[]) and w.kind = 'external_userid'`.execute(
    tx,
  )
  for (const row of rows) found.set(row.contactId, (found.get(row.contactId) ?? new Set()).add(row.groupChatId))
  return found
}
