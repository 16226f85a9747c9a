import { sql } from 'kysely'
import { refreshContacts } from '../src/modules/contacts/service.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { appendEvents, type NewEvent } from '../src/modules/events/journal.ts'
import { settleDue } from '../src/modules/segments/auto-tags/due.ts'
import { autoTagFollower } from '../src/modules/segments/auto-tags/follow-segments.ts'
import {
  createAutoTag,
  editAutoTag,
  editAutoTagGroup,
  startAutoTag,
  stopAutoTag,
} from '../src/modules/segments/auto-tags/rules.ts'
import { buildSegment } from '../src/modules/segments/build.ts'
import { followFlips } from '../src/modules/segments/follow.ts'
import { keepCorp } from '../src/modules/segments/keep.ts'
import { Rule } from '../src/modules/segments/schema.ts'
import { replaceWecomTags } from '../src/modules/tags/replace-wecom-tags.ts'
import { addTags, removeTags } from '../src/modules/tags/tag-pairs.ts'
import { inCorp } from '../src/platform/db.ts'
import { Killed, killing } from './killing.ts'
import { holds, type Life } from './lives.ts'
import { seeded } from './random.ts'

const START = new Date('2026-11-20T02:00:00Z')
const HOUR = 3_600_000
const CUSTOMERS = 14
const boss = { accountId: '1', name: '试', scope: undefined, mayBulk: true, mayMove: false, mayAssign: false }
const did = (kind: string, hours: number, atLeast = 1) => ({
  is: 'did',
  deed: { kind },
  atLeast,
  within: { n: hours, unit: 'hour' },
})
const all = (...of: unknown[]) => Rule.parse({ is: 'all', of: [...of, { is: 'lost', not: true }] })
const KINDS = ['product.viewed', 'cart.added']

/** A mistake made on purpose, which the trial must find. */
export type Bug =
  | 'forgotten due'
  | 'refusal forgotten'
  | 'order ignored'
  | 'hand taken for rule'
  | 'put behind its back'

export interface Trial {
  operations: number
  checks: number
  /** Pairs of member and customer compared. */
  pairs: number
  kills: number
  refused: number
}

interface TrialRule {
  ruleId: string
  tagId: string
  segmentId: string
  groupId: string
  rule: Rule
  keep: boolean
  on: boolean
}
interface Pair {
  life: Life
  staffId: string
  holds: boolean
  /** By whom each tag stands: a rule's id, or a person. */
  tags: Map<string, string>
}
interface World {
  context: WorkContext
  corpId: string
  random(): number
  now: Date
  staffIds: string[]
  tags: { tagId: string; groupId: string }[]
  lives: Life[]
  pairs: Pair[]
  rules: TrialRule[]
  exclusive: Set<string>
  /** Customer and tag. */
  refusals: Map<string, Date>
  lastFlip: string
  told: number
  trial: Trial
}

/**
 * Lets random things happen to a few customers: deeds, time, hands here and in WeCom, friends made and lost, rules edited,
 * turned off and on, put in another order; with the workers' steps in any order and broken off now and then. Then asks of
 * every pair of member and customer whether it carries what the rules, asked plainly, say. Throws where it does not.
 */
export async function tryAutoTags(
  context: WorkContext,
  corpId: string,
  asked: { operations: number; seed: number; keeps?: boolean; bug?: Bug },
): Promise<Trial> {
  const world = await settle(context, corpId, asked)
  while (world.trial.operations < asked.operations) {
    world.trial.operations++
    world.now = new Date(world.now.getTime() + 1_000)
    await OPERATIONS[Math.floor(world.random() * OPERATIONS.length)]!(world)
    if (asked.bug && world.random() < 0.1) await plant(world, asked.bug)
    for (let steps = Math.floor(world.random() * 4); steps > 0; steps--) await anyStep(world)
    // What is kept once given hangs on what was given, so nothing may go unlooked at between.
    if (asked.keeps || world.random() < 0.3) {
      await workAll(world)
      await compare(world)
    }
  }
  return world.trial
}

async function settle(
  given: WorkContext,
  corpId: string,
  { seed, keeps }: { seed: number; keeps?: boolean },
): Promise<World> {
  const trial = { operations: 0, checks: 0, pairs: 0, kills: 0, refused: 0 }
  const context = { ...given, clock: { ...given.clock, now: () => world.now } }
  const world: World = {
    context,
    corpId,
    random: seeded(seed),
    now: START,
    staffIds: [],
    tags: [],
    lives: [],
    pairs: [],
    rules: [],
    exclusive: new Set(),
    refusals: new Map(),
    lastFlip: '0',
    told: 0,
    trial,
  }
  await inCorp(context.db, corpId, async (tx) => {
    const ids = async (text: ReturnType<typeof sql<{ id: string }>>) =>
      (await text.execute(tx)).rows.map((row) => row.id)
    world.staffIds = await ids(
      sql`insert into staff (corp_id, userid, name, follows, updated_at) select ${corpId}, 'trial' || i, '导购' || i, true, ${START}::timestamptz from generate_series(1, 3) i returning staff_id as id`,
    )
    for (const name of ['价值', '爱好']) {
      const [groupId] = await ids(
        sql`insert into tag_group (corp_id, name, created_at) values (${corpId}, ${name}, ${START}::timestamptz) returning tag_group_id as id`,
      )
      const tagIds = await ids(
        sql`insert into tag (corp_id, tag_group_id, name, wecom_tag_id, created_at) select ${corpId}, ${groupId}, ${name} || i, ${name} || i, ${START}::timestamptz from generate_series(1, 3) i returning tag_id as id`,
      )
      world.tags.push(...tagIds.map((tagId) => ({ tagId, groupId: groupId! })))
    }
    const contactIds = await ids(
      sql`insert into contact (corp_id, first_added_at, last_added_at, created_at, updated_at) select ${corpId}, ${START}::timestamptz, ${START}::timestamptz, ${START}::timestamptz, ${START}::timestamptz from generate_series(1, ${CUSTOMERS}) returning contact_id as id`,
    )
    world.lives = contactIds.map((contactId) => ({
      contactId,
      deeds: [],
      tagIds: [],
      staffIds: [],
      states: [],
      stages: [],
      groupIds: [],
      memberships: [],
      addedAt: START,
      lost: false,
      gender: 0,
      fields: {},
    }))
  })
  for (const life of world.lives) await befriend(world, life, world.staffIds[0]!)
  const [high, mid, low, tea, fruit, both] = world.tags as [World['tags'][0], ...World['tags']] & { length: 6 }
  await make(world, high, all(did('product.viewed', 6, 3)), keeps ?? false)
  await make(world, mid!, all(did('product.viewed', 12, 2)))
  await make(world, low!, all(did('product.viewed', 24)))
  await make(world, tea!, all(did('cart.added', 8)), keeps ?? false)
  await make(world, fruit!, all({ is: 'tags', any: [tea!.tagId] }, did('product.viewed', 30))) // reads what another rule gives
  await make(world, both!, all({ is: 'tags', any: [fruit!.tagId, high.tagId] }))
  await regroup(world)
  return world
}

async function make(world: World, { tagId, groupId }: World['tags'][0], rule: Rule, keep = false): Promise<void> {
  const { context, corpId } = world
  const ruleId = await inCorp(context.db, corpId, (tx) =>
    createAutoTag(tx, corpId, { tagId, rule, keep }, boss, world.now),
  )
  const { rows } = await inCorp(context.db, corpId, (tx) =>
    sql<{
      segmentId: string
    }>`select segment_id from auto_tag_rule where corp_id = ${corpId} and rule_id = ${ruleId}`.execute(tx),
  )
  world.rules.push({ ruleId, tagId, groupId, rule, keep, on: true, segmentId: rows[0]!.segmentId })
  await build(world)
}

async function build({ context, corpId }: World): Promise<void> {
  const { rows } = await inCorp(context.db, corpId, (tx) =>
    sql<{
      segmentId: string
      version: number
    }>`select segment_id, version from segment_version where corp_id = ${corpId}::bigint and state = 'building'`.execute(
      tx,
    ),
  )
  for (const target of rows)
    await buildSegment.run(
      context,
      { corpId, ...target },
      { number: 1, last: false, signal: new AbortController().signal },
    )
}

const pick = <T>(of: readonly T[], random: () => number): T => of[Math.floor(random() * of.length)]!
const keyOf = (contactId: string, tagId: string) => `${contactId} ${tagId}`

/** What people and customers do; each also told to the plain picture of the world. */
const OPERATIONS: ((world: World) => Promise<void>)[] = [
  act,
  act,
  act,
  act,
  putByHand,
  takeByHand,
  takeByHand,
  takeInWecom,
  gain,
  lose,
  pass,
  pass,
  pass,
  edit,
  turnOff,
  turnOn,
  regroup,
]

async function act(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const batch: NewEvent[] = Array.from({ length: 1 + Math.floor(random() * 6) }, () => {
    const life = pick(world.lives, random)
    const deed = {
      kind: pick(KINDS, random),
      at: new Date(now.getTime() - Math.floor(random() * 3 * HOUR)),
      trusted: true,
      props: {},
    }
    life.deeds.push(deed)
    return {
      ...deed,
      kind: deed.kind as NewEvent['kind'],
      contactId: life.contactId,
      source: 'system',
      key: `told ${++world.told}`,
    }
  })
  await inCorp(context.db, corpId, (tx) => appendEvents(tx, corpId, batch, now))
}

async function putByHand(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const pair = pick(
    world.pairs.filter((one) => one.holds),
    random,
  )
  const { tagId } = pick(world.tags, random)
  if (!pair) return
  const item = { contactId: pair.life.contactId, staffId: pair.staffId, tagId }
  await inCorp(context.db, corpId, (tx) =>
    addTags(tx, corpId, [item], { source: 'staff', reason: { by: '周岚' }, now }),
  )
  pair.tags.set(tagId, 'person')
}

/** Takes off a tag one sees: one put by a rule a moment ago too. */
async function takeByHand(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const seen = await readPairs(world)
  const row = pick(
    seen.filter((one) => one.holds),
    random,
  )
  if (!row) return
  await inCorp(context.db, corpId, (tx) =>
    removeTags(tx, corpId, [row], { source: 'staff', reason: { by: '周岚' }, now }),
  )
  refuse(world, row)
}

async function takeInWecom(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const seen = await readPairs(world)
  const row = pick(
    seen.filter((one) => one.holds),
    random,
  )
  if (!row) return
  const rest = seen.filter(
    (one) => one.contactId === row.contactId && one.staffId === row.staffId && one.tagId !== row.tagId,
  )
  await inCorp(context.db, corpId, async (tx) => {
    await sql`update follow_tag set pushed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${row.contactId}::bigint and staff_id = ${row.staffId}::bigint`.execute(
      tx,
    )
    await sql`update follow_tag_removal set pushed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${row.contactId}::bigint`.execute(
      tx,
    )
    const told = { contactId: row.contactId, staffId: row.staffId, tagWecomIds: rest.map((one) => one.wecomTagId) }
    await replaceWecomTags(tx, corpId, [told], { now, source: 'callback' })
    await refreshContacts(tx, corpId, [row.contactId], now)
  })
  refuse(world, row)
}

function refuse(
  world: World,
  { contactId, staffId, tagId }: { contactId: string; staffId: string; tagId: string },
): void {
  world.pairs.find((one) => one.life.contactId === contactId && one.staffId === staffId)!.tags.delete(tagId)
  if (!world.rules.some((rule) => rule.tagId === tagId && rule.on)) return
  world.refusals.set(keyOf(contactId, tagId), world.now)
  world.trial.refused++
}

async function gain(world: World): Promise<void> {
  await befriend(world, pick(world.lives, world.random), pick(world.staffIds, world.random))
}

/** Somebody becomes a friend, or is one again: with no tags, as WeCom has it. */
async function befriend(world: World, life: Life, staffId: string): Promise<void> {
  const { context, corpId, now } = world
  const known = world.pairs.find((one) => one.life === life && one.staffId === staffId)
  if (known?.holds) return
  await inCorp(context.db, corpId, async (tx) => {
    await sql`insert into follow (corp_id, contact_id, staff_id, added_at, updated_at) values (${corpId}, ${life.contactId}, ${staffId}, ${now}::timestamptz, ${now}::timestamptz)
      on conflict (corp_id, contact_id, staff_id) do update set added_at = excluded.added_at, lost_at = null`.execute(
      tx,
    )
    await sql`update follow_tag set pushed_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${life.contactId}::bigint and staff_id = ${staffId}::bigint`.execute(
      tx,
    )
    await replaceWecomTags(tx, corpId, [{ contactId: life.contactId, staffId, tagWecomIds: [], isNew: true }], {
      now,
      source: 'callback',
    })
    await refreshContacts(tx, corpId, [life.contactId], now)
  })
  if (known) Object.assign(known, { holds: true, tags: new Map() })
  else world.pairs.push({ life, staffId, holds: true, tags: new Map() })
}

/** The tags of an ended friendship stay as they were: what they were must be known. */
async function lose(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  await workAll(world)
  await compare(world)
  const pair = pick(
    world.pairs.filter((one) => one.holds),
    random,
  )
  if (!pair) return
  await inCorp(context.db, corpId, async (tx) => {
    await sql`update follow set lost_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and contact_id = ${pair.life.contactId}::bigint and staff_id = ${pair.staffId}::bigint`.execute(
      tx,
    )
    await refreshContacts(tx, corpId, [pair.life.contactId], now)
  })
  pair.holds = false
}

async function pass(world: World): Promise<void> {
  const { rows } = await sql<{
    nextAt: Date | number
  }>`select next_at from segment_clock where corp_id = ${world.corpId}::bigint`.execute(world.context.db)
  const next = rows[0]?.nextAt
  const isDue = next instanceof Date && next > world.now && world.random() < 0.5
  world.now = isDue ? next : new Date(world.now.getTime() + Math.floor(world.random() * 5 * HOUR))
}

async function edit(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const rule = pick(
    world.rules.filter((one) => !JSON.stringify(one.rule).includes('"tags"')),
    random,
  )
  const next = all(did(pick(KINDS, random), 4 + Math.floor(random() * 20), 1 + Math.floor(random() * 3)))
  await inCorp(context.db, corpId, (tx) =>
    editAutoTag(tx, corpId, rule.ruleId, { rule: next, keep: rule.keep }, boss, now),
  )
  rule.rule = next
  if (random() < 0.5) await act(world)
  await build(world)
}

/** What a rule that is off has given stays as it is: what that was must be known. */
async function turnOff(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  if (random() < 0.5) return
  await workAll(world)
  await compare(world)
  const rule = pick(world.rules, random)
  await inCorp(context.db, corpId, (tx) =>
    stopAutoTag(tx, corpId, rule.ruleId, { state: 'off', tags: 'stay' }, boss, now),
  )
  rule.on = false
}

async function turnOn(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const rule = pick(
    world.rules.filter((one) => !one.on),
    random,
  )
  if (!rule) return
  await inCorp(context.db, corpId, (tx) => startAutoTag(tx, corpId, rule.ruleId, boss, now))
  rule.on = true
}

async function regroup(world: World): Promise<void> {
  const { context, corpId, random, now } = world
  const { groupId } = pick(world.tags.slice(0, 3), random) // in the other group one rule reads what another gives
  const [inside, outside] = [
    world.rules.filter((one) => one.groupId === groupId),
    world.rules.filter((one) => one.groupId !== groupId),
  ]
  const order = inside
    .map((rule) => ({ rule, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map((one) => one.rule)
  const exclusive = random() < 0.8
  await inCorp(context.db, corpId, (tx) =>
    editAutoTagGroup(tx, corpId, groupId, { exclusive, ruleIds: order.map((one) => one.ruleId) }, boss, now),
  )
  world.rules = [...order, ...outside]
  if (exclusive) world.exclusive.add(groupId)
  else world.exclusive.delete(groupId)
}

/** One step of one of the workers, perhaps killed before its commit. Returns whether there may be more of it. */
async function anyStep(world: World): Promise<boolean> {
  const { context, corpId, random } = world
  const step = pick([keep, follow, settleDue], random)
  if (random() < 0.2)
    try {
      await step({ ...context, db: killing(context.db) }, corpId)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      world.trial.kills++
    }
  const isMore = await step(context, corpId)
  if (step === keep) await hearFlips(world)
  return isMore
}

const keep = (context: WorkContext, corpId: string) => keepCorp(context, corpId, [autoTagFollower])
const follow = (context: WorkContext, corpId: string) => followFlips(context, corpId, autoTagFollower)

/** All of them until nothing is left, whatever they make for one another. */
async function workAll(world: World): Promise<void> {
  const { context, corpId } = world
  await build(world)
  for (let isMore = true; isMore; ) {
    isMore = false
    while (await keep(context, corpId)) isMore = true
    await hearFlips(world)
    while (await follow(context, corpId)) isMore = true
    while (await settleDue(context, corpId)) isMore = true
  }
}

/** Whoever has gone in or out may be given again what was refused until then. */
async function hearFlips(world: World): Promise<void> {
  const { context, corpId } = world
  const { rows } = await inCorp(context.db, corpId, (tx) =>
    sql<{ flipId: string; segmentId: string; at: Date; turned: string[] }>`
      select flip_id, segment_id, at, entered || exited as turned from segment_flip where corp_id = ${corpId}::bigint and flip_id > ${world.lastFlip}::bigint order by flip_id`.execute(
      tx,
    ),
  )
  for (const { flipId, segmentId, at, turned } of rows) {
    world.lastFlip = flipId
    const rule = world.rules.find((one) => one.segmentId === segmentId)
    for (const contactId of rule ? turned : []) {
      const refusedAt = world.refusals.get(keyOf(contactId, rule!.tagId))
      if (refusedAt && refusedAt <= at) world.refusals.delete(keyOf(contactId, rule!.tagId))
    }
  }
}

interface PairRow {
  contactId: string
  staffId: string
  tagId: string
  wecomTagId: string
  by: string
  holds: boolean
}

async function readPairs({ context, corpId }: World): Promise<PairRow[]> {
  const { rows } = await inCorp(context.db, corpId, (tx) =>
    sql<PairRow>`
      select ft.contact_id, ft.staff_id, ft.tag_id, t.wecom_tag_id, case when ft.source = 'rule' then ft.reason->>'ruleId' else 'person' end as by, f.lost_at is null as holds
      from follow_tag ft join tag t on t.corp_id = ${corpId}::bigint and t.tag_id = ft.tag_id
      join follow f on f.corp_id = ${corpId}::bigint and f.contact_id = ft.contact_id and f.staff_id = ft.staff_id
      where ft.corp_id = ${corpId}::bigint order by 1, 2, 3`.execute(tx),
  )
  return rows
}

async function compare(world: World): Promise<void> {
  for (const life of world.lives) settlePlainly(world, life)
  const rows = Map.groupBy(await readPairs(world), (row) => `${row.contactId} ${row.staffId}`)
  const say = (tags: Iterable<readonly [string, string]>) =>
    [...tags]
      .map((one) => one.join(' by '))
      .sort()
      .join(', ')
  for (const { life, staffId, holds: isFriend, tags } of world.pairs) {
    const found = say((rows.get(`${life.contactId} ${staffId}`) ?? []).map((row) => [row.tagId, row.by] as const))
    if (found !== say(tags))
      throw new Error(
        `customer ${life.contactId} with member ${staffId} (${isFriend ? 'friends' : 'no friends'}) carries [${found}] and should [${say(tags)}] at ${world.now.toISOString()}`,
      )
    world.trial.pairs++
  }
  world.trial.checks++
}

/** The meaning of rules for one customer, as plainly as it can be written down; again until nothing changes. */
function settlePlainly(world: World, life: Life): void {
  const { rules, exclusive, refusals, now } = world
  const mine = world.pairs.filter((one) => one.life === life)
  const friends = mine.filter((one) => one.holds)
  life.lost = friends.length === 0
  for (let round = 0, before = ''; round < 10; round++) {
    life.tagIds = [...new Set(mine.flatMap((one) => [...one.tags.keys()]))]
    const carries = (rule: TrialRule) => friends.some((one) => one.tags.get(rule.tagId) === rule.ruleId)
    const claims = rules.filter(
      (rule) =>
        rule.on &&
        (holds(rule.rule, life, { rules: new Map(), states: new Map() }, now) || (rule.keep && carries(rule))),
    )
    const wins = (rule: TrialRule) =>
      !exclusive.has(rule.groupId) || claims.find((one) => one.groupId === rule.groupId) === rule
    for (const rule of rules.filter((one) => one.on))
      for (const { tags } of friends)
        if (claims.includes(rule) && wins(rule)) {
          if (!tags.has(rule.tagId) && !refusals.has(keyOf(life.contactId, rule.tagId)))
            tags.set(rule.tagId, rule.ruleId)
        } else if (tags.get(rule.tagId) === rule.ruleId) tags.delete(rule.tagId)
    const after = friends.map((one) => [...one.tags.keys()].sort().join()).join(';')
    if (after === before) return
    before = after
  }
}

async function plant(world: World, bug: Bug): Promise<void> {
  const { context, corpId } = world
  const [high] = world.rules
  await inCorp(context.db, corpId, async (tx) => {
    if (bug === 'forgotten due') await sql`delete from auto_tag_due where corp_id = ${corpId}::bigint`.execute(tx)
    if (bug === 'refusal forgotten') await sql`delete from tag_refusal where corp_id = ${corpId}::bigint`.execute(tx)
    if (bug === 'order ignored')
      await sql`update auto_tag_rule set rank = -rank where corp_id = ${corpId}::bigint`.execute(tx)
    if (bug === 'hand taken for rule')
      await sql`update follow_tag ft set source = 'rule', reason = jsonb_build_object('ruleId', r.rule_id::text) from auto_tag_rule r where ft.corp_id = ${corpId}::bigint and r.corp_id = ${corpId}::bigint and r.tag_id = ft.tag_id`.execute(
        tx,
      )
    if (bug === 'put behind its back')
      await sql`insert into follow_tag (corp_id, contact_id, staff_id, tag_id, source, added_at) select corp_id, contact_id, staff_id, ${high!.tagId}::bigint, 'rule', ${world.now}::timestamptz from follow where corp_id = ${corpId}::bigint on conflict do nothing`.execute(
        tx,
      )
  })
}
