import type { Wecom } from '@siyu/wecom'
import { WecomError } from '@siyu/wecom/errors'
import type { ContactOfUserPage } from '@siyu/wecom/types'
import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import type { WorkContext } from '../corps/context.ts'
import { syncAddressBook } from '../staff/directory.ts'
import { ensureStaff } from '../staff/service.ts'
import { applyContacts, type ContactHooks, type FollowTold } from './apply-contacts.ts'
import { loseFollows } from './lose-follows.ts'
import { endRun, readRun, type SyncPayload, type SyncRun, saveProgress } from './sync-runs.ts'

/** Members whose customers are read as one piece: a run that dies starts its piece again. */
const MEMBERS_AT_ONCE = 10
/** Rows written in one transaction. */
const ROWS_AT_ONCE = 1_500
/** Pages read ahead while rows are written. */
const PAGES_AHEAD = 24
/** From so many rows on statistics are refreshed: a plan made for an empty table is no plan for a full one. */
const ANALYZE_FROM = 5_000
/** No member of these may be asked for customers: without a licence, without the permission, unknown. */
const NOT_ASKED = new Set([701008, 84061, 84074, 60111])

export interface SyncHooks extends ContactHooks {
  /** The tag library must be known before the tags of pairs. */
  beforeCustomers(context: WorkContext, corpId: string): Promise<void>
}

class Cancelled extends Error {}

/** Runs or goes on with a full sync: address book, tag library, every follow, and the end of those WeCom no longer lists. */
export async function runSync(
  context: WorkContext,
  payload: SyncPayload,
  hooks: SyncHooks,
  signal: AbortSignal,
): Promise<void> {
  const run = await readRun(context.db, payload)
  if (!run) return // cancelled, or finished by an attempt that could not say so
  const { corpId } = payload
  try {
    const wecom = await context.wecom(corpId)
    if (run.step === 'address_book') {
      await syncAddressBook(context, corpId)
      run.step = 'tags'
      await keep(context, corpId, run)
    }
    if (run.step === 'tags') {
      await hooks.beforeCustomers(context, corpId)
      run.step = 'customers'
      run.cursor = { userids: await wecom.customer.followUsers(), next: 0 }
      await keep(context, corpId, run)
    }
    await readCustomers(context, wecom, corpId, run, hooks, signal)
    await endRun(context.db, payload, 'finished', context.clock.now())
    await context.health.resolve(corpId, 'customers')
    context.health.success(corpId, 'customers')
  } catch (error) {
    if (error instanceof Cancelled) return
    throw error
  }
}

async function keep(context: WorkContext, corpId: string, run: SyncRun): Promise<void> {
  const { userids = [], next = 0 } = run.cursor
  if (!(await inCorp(context.db, corpId, (tx) => saveProgress(tx, corpId, run, next, userids.length))))
    throw new Cancelled()
}

async function readCustomers(
  context: WorkContext,
  wecom: Wecom,
  corpId: string,
  run: SyncRun,
  hooks: SyncHooks,
  signal: AbortSignal,
): Promise<void> {
  const { userids = [] } = run.cursor
  for (let next = run.cursor.next ?? 0; next < userids.length; next += MEMBERS_AT_ONCE) {
    signal.throwIfAborted()
    const members = userids.slice(next, next + MEMBERS_AT_ONCE)
    const startedAt = context.clock.now()
    const seen = await readMembers(context, wecom, corpId, members, run, hooks, signal)
    const lost = await sweep(
      context,
      corpId,
      members.filter((userid) => !seen.unasked.has(userid.toLowerCase())),
      seen.pairs,
      startedAt,
      hooks,
    )
    run.changes.lost = (run.changes.lost ?? 0) + lost
    run.cursor = { userids, next: Math.min(next + MEMBERS_AT_ONCE, userids.length) }
    await keep(context, corpId, run)
  }
  if (run.rowsRead >= ANALYZE_FROM) await analyze(context, corpId)
}

interface Seen {
  /** `contactId staffId` */
  pairs: Set<string>
  /** In lower case. */
  unasked: Set<string>
}

/** Reads every page of these members, writing while the next pages are on their way. */
async function readMembers(
  context: WorkContext,
  wecom: Wecom,
  corpId: string,
  members: string[],
  run: SyncRun,
  hooks: SyncHooks,
  signal: AbortSignal,
): Promise<Seen> {
  const seen: Seen = { pairs: new Set(), unasked: new Set() }
  let rows: FollowTold[] = []
  let askedFirst = context.clock.now()
  for await (const { page, askedAt } of readAhead(pagesOf(context, wecom, members, seen, signal))) {
    if (rows.length === 0) askedFirst = askedAt
    for (const userid of page.fail_info?.unlicensed_userid_list ?? []) seen.unasked.add(userid.toLowerCase())
    for (const {
      external_contact: contact,
      follow_info: { tag_id: tagWecomIds = [], ...follow },
    } of page.external_contact_list) {
      rows.push({ contact, follow, tagWecomIds })
    }
    if (rows.length < ROWS_AT_ONCE) continue
    await write(context, corpId, rows, askedFirst, run, seen, hooks)
    rows = []
  }
  await write(context, corpId, rows, askedFirst, run, seen, hooks)
  return seen
}

/** Pages, each with when it was asked for: that is long before it is written when pages are read ahead. */
async function* pagesOf(
  context: WorkContext,
  wecom: Wecom,
  members: string[],
  seen: Seen,
  signal: AbortSignal,
): AsyncGenerator<{ page: ContactOfUserPage; askedAt: Date }> {
  try {
    let askedAt = context.clock.now()
    for await (const page of wecom.customer.pagesByUser(members, { signal })) {
      yield { page, askedAt }
      askedAt = context.clock.now()
    }
  } catch (error) {
    if (!(error instanceof WecomError) || !NOT_ASKED.has(error.errcode)) throw error
    if (members.length === 1) return void seen.unasked.add(members[0]!.toLowerCase())
    for (const member of members) yield* pagesOf(context, wecom, [member], seen, signal) // one of them spoils the call for all
  }
}

/** Lets the source run ahead of the reader by a bounded number of pages. */
async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  const ready: T[] = []
  let ended = false
  let failure: unknown
  let wakeReader = () => {}
  let wakeSource = () => {}
  const pump = (async () => {
    for await (const item of source) {
      ready.push(item)
      wakeReader()
      if (ready.length >= PAGES_AHEAD) await new Promise<void>((go) => (wakeSource = go))
    }
  })()
    .catch((error: unknown) => {
      failure = error
    })
    .finally(() => {
      ended = true
      wakeReader()
    })
  try {
    while (true) {
      while (ready.length > 0) {
        yield ready.shift()!
        wakeSource()
      }
      if (ended) break
      await new Promise<void>((go) => (wakeReader = go))
    }
    await pump
    if (failure !== undefined) throw failure
  } finally {
    ready.length = 0
    wakeSource()
  }
}

async function write(
  context: WorkContext,
  corpId: string,
  rows: FollowTold[],
  askedAt: Date,
  run: SyncRun,
  seen: Seen,
  hooks: SyncHooks,
): Promise<void> {
  if (rows.length === 0) return
  const started = performance.now()
  const told = { source: 'sync' as const, now: context.clock.now(), askedAt }
  const { rowsRead, changes } = run
  const met = await inCorp(context.db, corpId, async (tx) => {
    const { pairs, changed } = await applyContacts(tx, corpId, context.vault, rows, told, hooks)
    run.rowsRead = rowsRead + rows.length
    run.changes = { ...changes, written: (changes.written ?? 0) + changed }
    const { userids = [], next = 0 } = run.cursor
    if (!(await saveProgress(tx, corpId, run, next, userids.length))) throw new Cancelled()
    return pairs
  })
  for (const { contactId, staffId } of met) seen.pairs.add(`${contactId} ${staffId}`)
  context.health.success(corpId, 'customers', performance.now() - started)
}

/** Ends the follows of fully read members that no page listed and that were not learnt of since the reading began. */
async function sweep(
  context: WorkContext,
  corpId: string,
  members: string[],
  listed: Set<string>,
  startedAt: Date,
  hooks: SyncHooks,
): Promise<number> {
  if (members.length === 0) return 0
  return inCorp(context.db, corpId, async (tx) => {
    const staffIds = await ensureStaff(tx, corpId, members, startedAt)
    const held = await readHeld(tx, corpId, [...staffIds.values()])
    const gone = held.filter((h) => !listed.has(`${h.contactId} ${h.staffId}`))
    const now = context.clock.now()
    return loseFollows(
      tx,
      corpId,
      gone.map((g) => ({ contactId: g.contactId, staffId: g.staffId, by: 'unknown' as const, at: now })),
      { source: 'sync', now, askedAt: startedAt },
      hooks,
    )
  })
}

async function readHeld(tx: Tx, corpId: string, staffIds: string[]): Promise<{ contactId: string; staffId: string }[]> {
  return tx
    .selectFrom('follow')
    .select(['contactId', 'staffId'])
    .where('corpId', '=', corpId)
    .where('staffId', 'in', staffIds)
    .where('lostAt', 'is', null)
    .execute()
}

/** The serving role may not ANALYZE tables it does not own; the owner lends it one function. */
async function analyze(context: WorkContext, corpId: string): Promise<void> {
  await inCorp(context.db, corpId, (tx) => sql`select analyze_contacts()`.execute(tx))
}
