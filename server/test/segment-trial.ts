import fc from 'fast-check'
import { sql } from 'kysely'
import { mergeContacts } from '../src/modules/contacts/merge-contacts.ts'
import { UNDO_DAYS, undoMerge } from '../src/modules/contacts/undo-merge.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { appendEvents, type NewEvent } from '../src/modules/events/journal.ts'
import { markChanged } from '../src/modules/facts/changes.ts'
import { recountOrders } from '../src/modules/facts/count.ts'
import { applyGroups } from '../src/modules/groups/apply-groups.ts'
import { buildSegment } from '../src/modules/segments/build.ts'
import type { References } from '../src/modules/segments/evaluate.ts'
import { keepCorp } from '../src/modules/segments/keep.ts'
import { Rule } from '../src/modules/segments/schema.ts'
import { createSegment, editSegment } from '../src/modules/segments/service.ts'
import { ensureFlow } from '../src/modules/stages/flows.ts'
import { BY_RULE, moveContacts } from '../src/modules/stages/move.ts'
import { readStages } from '../src/modules/stages/read-book.ts'
import { inCorp, type Tx } from '../src/platform/db.ts'
import { DAY_MS } from '../src/platform/shanghai.ts'
import { Killed, killing } from './killing.ts'
import { holds, type Life } from './lives.ts'
import { seeded } from './random.ts'
import { anyRule, type Town } from './rules.ts'

const START = new Date('2026-11-20T02:00:00Z')
const HOUR = 3_600_000
/** Rules that time turns often; random ones seldom do. */
const LIVELY = [
  { is: 'all', of: [{ is: 'did', deed: { kind: 'product.viewed' }, within: { n: 6, unit: 'hour' } }] },
  { is: 'all', of: [{ is: 'did', deed: { kind: 'cart.added' }, atMost: 2, within: { n: 12, unit: 'hour' } }] },
  {
    is: 'all',
    of: [
      { is: 'did', deed: { kind: 'order.paid' }, atLeast: 2 },
      { is: 'total', deed: { kind: 'order.paid' }, amount: 'amountFen', atLeast: 300 },
      {
        is: 'when',
        deed: { kind: 'order.paid' },
        which: 'last',
        olderThan: { n: 20, unit: 'hour' },
        newerThan: { n: 90, unit: 'hour' },
      },
    ],
  },
  {
    is: 'any',
    of: [
      {
        is: 'total',
        deed: { kind: 'product.viewed', where: [{ prop: 'kinds', op: 'is', values: ['杯'] }] },
        amount: 'amountFen',
        atLeast: 400,
        within: { n: 2, unit: 'day' },
      },
      {
        is: 'did',
        not: true,
        deed: { kind: 'cart.added', untrusted: true },
        atLeast: 18,
        within: { n: 60, unit: 'hour' },
      },
    ],
  },
].map((rule) => Rule.parse(rule))
const KINDS = ['product.viewed', 'cart.added', 'order.paid']

/** A mistake made on purpose, which the trial must find. */
export type Bug = 'window off by one' | 'missed flip' | 'stale edit' | 'late event forgotten'

export interface Trial {
  operations: number
  checks: number
  /** Members compared with a reading of their lives. */
  answers: number
  flips: number
  kills: number
}

interface Order {
  orderId: string
  contactId: string
  at: Date
  amountFen: number
  refundedFen: number
  closed: boolean
}

interface World {
  corpId: string
  town: Town
  customers: Life[]
  visitors: string[]
  /** Of merged visitors: whom they are, and by which merge. */
  merged: Map<string, { root: string; mergeId: string; at: Date }>
  /** What happened under which id. */
  journal: Map<string, Life['deeds']>
  orders: Order[]
  rules: Map<string, Rule>
}

/**
 * Lets random things happen to a small company, many at a time and broken off now and then, and after each few compares
 * every segment with what its rule says of every life, read off plainly. What was announced must add up to the same.
 * Throws where they differ.
 */
export async function trySegments(
  context: WorkContext,
  corpId: string,
  asked: { operations: number; seed: number; bug?: Bug },
): Promise<Trial> {
  const random = seeded(asked.seed)
  const trial: Trial = { operations: 0, checks: 0, answers: 0, flips: 0, kills: 0 }
  let now = START
  const ctx: WorkContext = { ...context, clock: { ...context.clock, now: () => now } }
  const world = await settle(ctx, corpId, random, now)
  const announced = new Map<string, Set<string>>()
  let lastFlip = '0'
  for (const rule of [...LIVELY, ...sampleRules(world, 4, asked.seed)]) await makeSegment(ctx, world, rule)

  while (trial.operations < asked.operations) {
    const dice = random()
    if (dice < 0.5) trial.operations += await happen(ctx, world, random, now, trial, asked.bug)
    else if (dice < 0.62) trial.operations += await order(ctx, world, random, now)
    else if (dice < 0.72) trial.operations += await retag(ctx, world, random, now)
    else if (dice < 0.76) trial.operations += await join(ctx, world, random, now)
    else if (dice < 0.78) trial.operations += await restage(ctx, world, random, now, trial)
    else if (dice < 0.81) trial.operations += await regroup(ctx, world, random, now, trial)
    else if (dice < 0.82) trial.operations += await edit(ctx, world, random, now, asked)
    else {
      await keepAll(ctx, corpId, random, trial)
      now = await later(ctx, corpId, random, now) // time passes with nobody sweeping
      trial.operations++
      await compare(ctx, world, now, trial)
      await keepAll(ctx, corpId, random, trial)
      if (asked.bug === 'window off by one')
        await inCorp(ctx.db, corpId, (tx) =>
          sql`update segment_member set until = until + interval '1 millisecond' where corp_id = ${corpId}::bigint and until < 'infinity'`.execute(
            tx,
          ),
        )
      if (asked.bug === 'missed flip' && random() < 0.05)
        await inCorp(ctx.db, corpId, (tx) =>
          sql`update segment_clock set swept_at = greatest(swept_at, next_at), next_at = 'infinity' where corp_id = ${corpId}::bigint and next_at < 'infinity'`.execute(
            tx,
          ),
        )
      lastFlip = await replay(ctx, corpId, announced, lastFlip, trial)
      await compare(ctx, world, now, trial, announced)
    }
  }
  return trial
}

async function settle({ db, vault: _ }: WorkContext, corpId: string, random: () => number, now: Date): Promise<World> {
  return inCorp(db, corpId, async (tx) => {
    const ids = async (text: ReturnType<typeof sql<{ id: string }>>) =>
      (await text.execute(tx)).rows.map((row) => row.id)
    const staff = await ids(
      sql<{
        id: string
      }>`insert into staff (corp_id, userid, name, follows, updated_at) select ${corpId}, 'trial' || i, '导购' || i, true, ${now}::timestamptz from generate_series(1, 3) i returning staff_id as id`,
    )
    const [group] = await ids(
      sql<{
        id: string
      }>`insert into tag_group (corp_id, name, created_at) values (${corpId}, '试验', ${now}::timestamptz) returning tag_group_id as id`,
    )
    const tags = await ids(
      sql<{
        id: string
      }>`insert into tag (corp_id, tag_group_id, name, created_at) select ${corpId}, ${group}, '标签' || i, ${now}::timestamptz from generate_series(1, 3) i returning tag_id as id`,
    )
    const fields = await ids(sql<{ id: string }>`insert into contact_field (corp_id, name, kind, sort_order, created_at)
      select ${corpId}, kind, kind, 1, ${now}::timestamptz from unnest(array['text', 'number', 'date', 'choices']) with ordinality as k(kind, place) order by place returning contact_field_id as id`)
    const customers = await ids(sql<{
      id: string
    }>`insert into contact (corp_id, first_added_at, last_added_at, followers, staff_ids, created_at, updated_at)
      select ${corpId}, ${now}::timestamptz - i * interval '5 hours', ${now}::timestamptz - i * interval '5 hours', 1, array[(${staff}::bigint[])[1 + i % 3]], ${now}::timestamptz, ${now}::timestamptz from generate_series(1, 30) i returning contact_id as id`)
    await sql`insert into follow (corp_id, contact_id, staff_id, added_at, updated_at) select corp_id, contact_id, staff_ids[1], last_added_at, updated_at from contact where corp_id = ${corpId} and last_added_at is not null`.execute(
      tx,
    )
    await sql`insert into contact_identity (corp_id, kind, value, contact_id, created_at) select ${corpId}, 'external_userid', 'wm' || id, id, ${now}::timestamptz from unnest(${customers}::bigint[]) as id`.execute(
      tx,
    )
    const visitors = await ids(
      sql<{
        id: string
      }>`insert into contact (corp_id, created_at, updated_at) select ${corpId}, ${now}::timestamptz, ${now}::timestamptz from generate_series(1, 20) i returning contact_id as id`,
    )
    const [text, number, date, choices] = fields as [string, string, string, string]
    await ensureFlow(tx, corpId, now)
    const stages = (await readStages(tx, corpId)).map((stage) => stage.stageId)
    await tellGroups(tx, corpId, [[], []], now)
    const groups = await ids(
      sql<{ id: string }>`select group_chat_id as id from group_chat where corp_id = ${corpId} order by chat_id`,
    )
    return {
      corpId,
      town: { kinds: KINDS, tags, staff, stages, groups, codes: ['999999'], fields: { text, number, date, choices } },
      visitors,
      merged: new Map(),
      journal: new Map([...customers, ...visitors].map((id) => [id, []])),
      orders: [],
      rules: new Map(),
      customers: customers.map((contactId, i) => ({
        contactId,
        deeds: [],
        tagIds: [],
        staffIds: [staff[(i + 1) % 3]!],
        states: [],
        addedAt: new Date(now.getTime() - (i + 1) * 5 * HOUR),
        lost: false,
        gender: random() < 2 ? 0 : 1,
        memberships: [],
        fields: {},
        stages: [],
        groupIds: [],
      })),
    }
  })
}

const sampleRules = (world: World, n: number, seed: number): Rule[] =>
  fc
    .sample(anyRule(world.town, [...world.rules.keys()].slice(0, 3)), { numRuns: n, seed })
    .filter((rule) => !JSON.stringify(rule).includes('"channels"'))

async function makeSegment(ctx: WorkContext, world: World, rule: Rule): Promise<void> {
  const { corpId } = world
  const made = { name: `人群${world.rules.size}`, note: '', rule }
  const segmentId = await inCorp(ctx.db, corpId, (tx) =>
    createSegment(tx, corpId, made, { name: '试', scope: undefined }, ctx.clock.now()),
  )
  await build(ctx, corpId, segmentId, 1)
  world.rules.set(segmentId, rule)
}

const build = (ctx: WorkContext, corpId: string, segmentId: string, version: number) =>
  buildSegment.run(
    ctx,
    { corpId, segmentId, version },
    { number: 1, last: false, signal: new AbortController().signal },
  )

const pick = <T>(of: readonly T[], random: () => number): T => of[Math.floor(random() * of.length)]!

/** Some events, new, late or told before, under any id somebody ever had; now and then killed before the commit. */
async function happen(
  ctx: WorkContext,
  world: World,
  random: () => number,
  now: Date,
  trial: Trial,
  bug?: Bug,
): Promise<number> {
  const { corpId } = world
  const everybody = [...world.customers.map((life) => life.contactId), ...world.visitors]
  const batch: (NewEvent & { isRepeat: boolean })[] = []
  for (let n = 1 + Math.floor(random() * 60); n > 0; n--) {
    const contactId = pick(everybody, random)
    const known = world.journal.get(contactId)!
    const again = random() < 0.1 ? known[Math.floor(random() * known.length)] : undefined
    const deed = again ?? {
      kind: pick(KINDS.slice(0, 2), random),
      at: new Date(
        now.getTime() - (random() < 0.3 ? Math.floor(random() * 240) * HOUR : Math.floor(random() * 60_000)),
      ),
      trusted: random() < 0.8,
      props: {
        name: pick(['红茶', '绿茶', 3], random),
        amountFen: pick([100, 250, -50], random),
        kinds: pick([['茶'], ['茶', '杯'], []], random),
        n: `${trial.operations}.${batch.length}`,
      },
    }
    batch.push({
      ...deed,
      kind: deed.kind as NewEvent['kind'],
      contactId,
      source: 'system',
      key: `${contactId} ${deed.props.n}`,
      isRepeat: again !== undefined,
    })
  }
  const append = (kill: boolean) =>
    inCorp(ctx.db, corpId, async (tx) => {
      await appendEvents(tx, corpId, batch, now)
      if (bug === 'late event forgotten')
        await sql`delete from contact_fact where corp_id = ${corpId}::bigint and last_at < ${new Date(now.getTime() - 30 * HOUR)}::timestamptz`.execute(
          tx,
        )
      if (kill) throw new Killed()
    })
  if (random() < 0.1) await killed(trial, () => append(true))
  await append(false)
  for (const { contactId, isRepeat, kind, at, trusted = true, props } of batch)
    if (!isRepeat) world.journal.get(contactId)!.push({ kind, at, trusted, props })
  return batch.length
}

async function killed(trial: Trial, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    trial.kills++
  }
}

/** Orders paid, refunded in part or whole, and closed. */
async function order(ctx: WorkContext, world: World, random: () => number, now: Date): Promise<number> {
  const { corpId } = world
  const made = 1 + Math.floor(random() * 6)
  await inCorp(ctx.db, corpId, async (tx) => {
    for (let n = 0; n < made; n++) await oneOrder(tx, world, random, now)
    await recountOrders(tx, corpId, [...world.customers.map((life) => life.contactId), ...world.visitors])
  })
  return made
}

async function oneOrder(
  tx: Tx,
  { corpId, orders, customers, visitors }: World,
  random: () => number,
  now: Date,
): Promise<void> {
  const old = random() < 0.4 ? pick(orders, random) : undefined
  if (old) {
    if (random() < 0.2) old.closed = true
    else old.refundedFen = Math.min(old.amountFen, old.refundedFen + pick([50, 100, 250], random))
    await sql`update customer_order set refunded_fen = ${old.refundedFen}, state = ${old.closed ? 'closed' : 'paid'} where corp_id = ${corpId}::bigint and contact_id = ${old.contactId}::bigint and order_id = ${old.orderId}::bigint`.execute(
      tx,
    )
    return
  }
  const one = {
    contactId: pick([...customers.map((life) => life.contactId), ...visitors], random),
    at: new Date(now.getTime() - Math.floor(random() * 200) * HOUR),
    amountFen: pick([100, 250, 600], random),
    refundedFen: 0,
    closed: false,
  }
  const { rows } = await sql<{ orderId: string }>`
    insert into customer_order (corp_id, contact_id, shop, order_no, state, placed_at, paid_at, amount_fen, source, updated_at)
    values (${corpId}, ${one.contactId}, 'own', ${`t${orders.length}`}, 'paid', ${one.at}::timestamptz, ${one.at}::timestamptz, ${one.amountFen}, 'import', ${now}::timestamptz) returning order_id`.execute(
    tx,
  )
  orders.push({ ...one, orderId: rows[0]!.orderId })
}

/** Tags and fields of somebody, as whoever writes them leaves it. */
async function retag(
  ctx: WorkContext,
  { corpId, customers, town }: World,
  random: () => number,
  now: Date,
): Promise<number> {
  const life = pick(customers, random)
  life.tagIds = town.tags.filter(() => random() < 0.4)
  const { text, number, date, choices } = town.fields
  const [field, value] = pick(
    [
      [text, '金卡会员'],
      [text, '银卡'],
      [number, 2],
      [number, 3],
      [date, '1990-11-24'],
      [date, '1992-02-29'],
      [choices, ['茶']],
    ] as const,
    random,
  )
  life.fields = { ...life.fields, [field]: value as never }
  await inCorp(ctx.db, corpId, async (tx) => {
    await sql`update contact set tag_ids = ${life.tagIds}::bigint[] where corp_id = ${corpId}::bigint and contact_id = ${life.contactId}::bigint`.execute(
      tx,
    )
    await sql`insert into contact_field_value (corp_id, contact_id, contact_field_id, value, updated_at) values (${corpId}, ${life.contactId}, ${field}, ${JSON.stringify(value)}::jsonb, ${now}::timestamptz)
      on conflict (corp_id, contact_id, contact_field_id) do update set value = excluded.value`.execute(tx)
    await markChanged(tx, corpId, [life.contactId], ['contact', `field:${field}`])
  })
  return 1
}

/** Some customers are moved to a stage, now and then killed before the commit. */
async function restage(
  ctx: WorkContext,
  { corpId, customers, town }: World,
  random: () => number,
  now: Date,
  trial: Trial,
): Promise<number> {
  const stageId = pick(town.stages, random)
  const lives = customers.filter(() => random() < 0.2)
  const move = (kill: boolean) =>
    inCorp(ctx.db, corpId, async (tx) => {
      const [stage] = await readStages(tx, corpId, { stageIds: [stageId] })
      const moved = await moveContacts(
        tx,
        corpId,
        lives.map((life) => life.contactId),
        stage!,
        { ...BY_RULE, way: 'hand' },
        now,
      )
      if (kill) throw new Killed()
      return new Set(moved)
    })
  if (random() < 0.2) await killed(trial, () => move(true))
  const moved = await move(false)
  for (const life of lives) if (moved.has(life.contactId)) life.stages = [{ stageId, since: now }]
  return 1
}

/** Who sits in each group, as WeCom tells it, from now on. */
async function tellGroups(tx: Tx, corpId: string, members: readonly string[][], now: Date): Promise<void> {
  const told = members.map((ids, i) => ({
    chat: {
      chat_id: `wr${i}`,
      name: `群${i}`,
      owner: 'u1',
      create_time: 1_700_000_000,
      member_version: `${now.getTime()} ${ids.join(' ')}`,
      member_list: ids.map((id) => ({
        userid: `wm${id}`,
        type: 2 as const,
        join_time: Math.floor(now.getTime() / 1000),
        join_scene: 3 as const,
      })),
    },
    askedAt: now,
  }))
  await applyGroups(tx, corpId, told, { source: 'sync', now })
}

/** People come into groups and leave them, now and then killed before the commit. */
async function regroup(
  ctx: WorkContext,
  { corpId, customers, town }: World,
  random: () => number,
  now: Date,
  trial: Trial,
): Promise<number> {
  const next = new Map(
    customers.map((life) => [
      life.contactId,
      town.groups.filter((id) => random() < 0.1 !== life.groupIds.includes(id)),
    ]),
  )
  const members = town.groups.map((id) =>
    customers.filter((life) => next.get(life.contactId)!.includes(id)).map((life) => life.contactId),
  )
  const tellAll = (kill: boolean) =>
    inCorp(ctx.db, corpId, async (tx) => {
      await tellGroups(tx, corpId, members, now)
      if (kill) throw new Killed()
    })
  if (random() < 0.2) await killed(trial, () => tellAll(true))
  await tellAll(false)
  for (const life of customers) life.groupIds = next.get(life.contactId)!
  return 1
}

/** A visitor turns out to be a customer, or was taken for one by mistake. */
async function join(
  ctx: WorkContext,
  { corpId, visitors, customers, merged }: World,
  random: () => number,
  now: Date,
): Promise<number> {
  const visitor = pick(visitors, random)
  const was = merged.get(visitor)
  if (was && now.getTime() - was.at.getTime() > UNDO_DAYS * DAY_MS) return 0 // for good
  await inCorp(ctx.db, corpId, async (tx) => {
    if (was) {
      await undoMerge(tx, corpId, { contactId: visitor, mergeId: was.mergeId }, '试', now)
      merged.delete(visitor)
    } else {
      const root = pick(customers, random).contactId
      await mergeContacts(tx, corpId, { from: visitor, into: root }, { why: 'review', actor: '试' }, now)
      const { rows } = await sql<{
        mergeId: string
      }>`select max(merge_id) as merge_id from contact_merge where corp_id = ${corpId}::bigint and contact_id = ${visitor}::bigint`.execute(
        tx,
      )
      merged.set(visitor, { root, mergeId: rows[0]!.mergeId, at: now })
    }
  })
  return 1
}

/** Another rule for a segment; things happen between its saving and its building. */
async function edit(
  ctx: WorkContext,
  world: World,
  random: () => number,
  now: Date,
  { seed, bug }: { seed: number; bug?: Bug },
): Promise<number> {
  const { corpId } = world
  const segmentId = pick([...world.rules.keys()], random)
  const rule = fc.sample(anyRule(world.town, []), { numRuns: 1, seed: seed + Math.floor(random() * 1e6) })[0]!
  if (JSON.stringify(rule).includes('"channels"')) return 0
  if (bug === 'stale edit') {
    await inCorp(ctx.db, corpId, (tx) =>
      sql`update segment_version set rule = ${JSON.stringify(rule)}::jsonb where corp_id = ${corpId}::bigint and segment_id = ${segmentId}::bigint and state = 'live'`.execute(
        tx,
      ),
    )
    world.rules.set(segmentId, rule)
    return 1
  }
  await inCorp(ctx.db, corpId, (tx) =>
    editSegment(tx, corpId, segmentId, { rule }, { name: '试', scope: undefined }, now),
  )
  if (random() < 0.5) await retag(ctx, world, random, now)
  await keepCorp(ctx, corpId)
  world.rules.set(segmentId, rule)
  await buildAll(ctx, corpId)
  return 1
}

/** As the jobs would: every version waiting to be built, those of segments that ask for it too. */
async function buildAll(ctx: WorkContext, corpId: string): Promise<void> {
  for (;;) {
    const { rows } = await inCorp(ctx.db, corpId, (tx) =>
      sql<{
        segmentId: string
        version: number
      }>`select segment_id, version from segment_version where corp_id = ${corpId}::bigint and state = 'building' limit 1`.execute(
        tx,
      ),
    )
    if (!rows[0]) return
    await build(ctx, corpId, rows[0].segmentId, rows[0].version)
  }
}

/** Works off what changed; now and then killed before the commit, as often as it takes. */
async function keepAll(ctx: WorkContext, corpId: string, random: () => number, trial: Trial): Promise<void> {
  if (random() < 0.15) await killed(trial, () => keepCorp({ ...ctx, db: killing(ctx.db) }, corpId))
  while (await keepCorp(ctx, corpId)) await undefined
}

/** Some time later; as often as not exactly when something is due to change, or just before. */
async function later({ db }: WorkContext, corpId: string, random: () => number, now: Date): Promise<Date> {
  const { rows } = await sql<{
    nextAt: Date | number
  }>`select next_at from segment_clock where corp_id = ${corpId}::bigint`.execute(db)
  const next = rows[0]?.nextAt
  if (next instanceof Date && next > now && random() < 0.6) return new Date(next.getTime() - (random() < 0.3 ? 1 : 0))
  return new Date(now.getTime() + Math.floor(random() * (random() < 0.2 ? 80 * HOUR : 2 * HOUR)))
}

/** What was announced since last time: nobody enters who is in, nobody leaves who is not. */
async function replay(
  { db }: WorkContext,
  corpId: string,
  announced: Map<string, Set<string>>,
  after: string,
  trial: Trial,
): Promise<string> {
  const { rows } = await inCorp(db, corpId, (tx) =>
    sql<{ flipId: string; segmentId: string; entered: string[]; exited: string[] }>`
    select flip_id, segment_id, entered, exited from segment_flip where corp_id = ${corpId}::bigint and flip_id > ${after}::bigint order by flip_id`.execute(
      tx,
    ),
  )
  for (const { segmentId, entered, exited } of rows) {
    const inside = announced.get(segmentId) ?? new Set()
    announced.set(segmentId, inside)
    for (const id of exited)
      if (!inside.delete(id)) throw new Error(`customer ${id} left segment ${segmentId} without being in it`)
    for (const id of entered) {
      if (inside.has(id)) throw new Error(`customer ${id} entered segment ${segmentId} twice`)
      inside.add(id)
    }
    trial.flips += entered.length + exited.length
  }
  return rows.at(-1)?.flipId ?? after
}

async function compare(
  { db }: WorkContext,
  world: World,
  now: Date,
  trial: Trial,
  announced?: Map<string, Set<string>>,
): Promise<void> {
  const { corpId, customers, rules } = world
  const { rows } = await inCorp(db, corpId, (tx) =>
    sql<{ segmentId: string; ids: string[] }>`
    select s.segment_id, array(select m.contact_id from segment_member m where m.corp_id = ${corpId}::bigint and m.segment_id = s.segment_id and m.version = s.version
      and m.since <= ${now}::timestamptz and m.until > ${now}::timestamptz) as ids from segment s where s.corp_id = ${corpId}::bigint`.execute(
      tx,
    ),
  )
  const refs: References = { rules, states: new Map() }
  const lives = customers.map((life) => ({ ...life, deeds: deedsOf(world, life.contactId) }))
  for (const { segmentId, ids } of rows) {
    const inside = new Set(ids)
    const rule = rules.get(segmentId)
    if (!rule) continue
    for (const life of lives) {
      const truth = holds(rule, life, refs, now)
      if (inside.has(life.contactId) !== truth)
        throw new Error(
          `customer ${life.contactId} is ${truth ? 'not ' : ''}in segment ${segmentId} at ${now.toISOString()}, against its rule ${JSON.stringify(rule)}`,
        )
      trial.answers++
    }
    if (inside.size !== ids.length) throw new Error(`somebody is twice in segment ${segmentId}`)
    const told = announced?.get(segmentId) ?? new Set()
    if (announced && (told.size !== inside.size || [...told].some((id) => !inside.has(id))))
      throw new Error(
        `what was announced of segment ${segmentId} does not add up to its members at ${now.toISOString()}`,
      )
  }
  trial.checks++
}

/** Everything a customer did under his own id or a visitor's who is he. */
function deedsOf({ journal, merged, orders }: World, contactId: string): Life['deeds'] {
  const ids = new Set([contactId, ...[...merged].filter(([, { root }]) => root === contactId).map(([id]) => id)])
  return [
    ...[...ids].flatMap((id) => journal.get(id) ?? []),
    ...orders
      .filter((one) => ids.has(one.contactId) && !one.closed && one.refundedFen < one.amountFen)
      .map((one) => ({
        kind: 'order.paid',
        at: one.at,
        trusted: true,
        props: { amountFen: one.amountFen - one.refundedFen, shop: 'own' },
      })),
  ]
}
