import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { inCorp, type Tx } from '../../platform/db.ts'
import { metrics } from '../../platform/metrics.ts'
import { ensureContacts } from '../contacts/service.ts'
import type { WorkContext } from '../corps/context.ts'
import { appendEvents } from '../events/journal.ts'

export type Settled = 'sent' | 'refused' | 'late' | 'unknown' | 'none' | 'waiting'

/** How one task ended, or that it goes back to wait. */
export interface Settlement {
  corpId: string
  codeHash: Buffer
  externalUserid: string
  userid: string
  /** What the row must still be: another lane may have settled it. */
  from: 'waiting' | 'sending'
  attempts: number
  state: Settled
  cause: string | null
  /** For `waiting`: not before that many milliseconds have passed. */
  waitMs?: number
  receivedAt: Date
  channelCodeId: string | null
  /** Of a code whose wordings are tried against each other. */
  trial: { variant: number; since: Date } | null
  said?: { text: string; attachments: number; ms: number; leftOut: number }
  /** For the health page, besides the cause. */
  detail?: Record<string, string | number | boolean | null>
}

/** A code met again is worth one look at the health page’s open failures a minute, not one a welcome. */
const RESOLVE_EVERY_MS = 60_000
const SETTLE_TRIES = 4
/** Nobody’s fault: they were talking already, or the code asks for it. */
const HARMLESS = new Set(['wecom.41051', 'welcome.blocked'])

/**
 * Writes outcomes as they come, all that gather during one commit in the next. The state, the journal and nothing else
 * share a transaction: a row that another lane settled first adds no second fact.
 */
export function createSettler(context: WorkContext) {
  let gathered: { settlement: Settlement; done: () => void; failed: (error: unknown) => void }[] = []
  let flushing = false
  const resolvedAt = new Map<string, number>()

  const flush = async () => {
    while (gathered.length > 0) {
      const batch = gathered
      gathered = []
      for (const [corpId, ofCorp] of Map.groupBy(batch, (g) => g.settlement.corpId)) {
        try {
          await tellHealth(
            context,
            resolvedAt,
            await settleStubbornly(
              context,
              corpId,
              ofCorp.map((g) => g.settlement),
            ),
          )
          for (const g of ofCorp) g.done()
        } catch (error) {
          for (const g of ofCorp) g.failed(error)
        }
      }
    }
    flushing = false
  }
  return (settlement: Settlement): Promise<void> =>
    new Promise((done, failed) => {
      gathered.push({ settlement, done, failed })
      if (flushing) return
      flushing = true
      setImmediate(() => void flush()) // lets what ends in the same turn share the transaction
    })
}

/** A cut connection or a deadlock must not turn a welcome that was sent into one nobody knows of. */
async function settleStubbornly(context: WorkContext, corpId: string, batch: Settlement[]): Promise<Settlement[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await settleAll(context, corpId, batch)
    } catch (error) {
      if (tries === SETTLE_TRIES) throw error
      context.log.warn({ err: error, corpId }, 'welcomes could not be settled; trying again')
      await sleep(tries * 200)
    }
  }
}

async function settleAll(context: WorkContext, corpId: string, batch: Settlement[]): Promise<Settlement[]> {
  return inCorp(context.db, corpId, async (tx) => {
    const { rows } = await sql<{ nr: string }>`
      update welcome_task t set state = s.state, cause = s.cause, settled_at = case when s.state = 'waiting' then null else clock_timestamp() end,
        not_before = case when s.state = 'waiting' then clock_timestamp() + s.wait_ms * interval '1 millisecond' end
      from unnest(${batch.map((s) => s.codeHash)}::bytea[], ${batch.map((s) => s.from)}::text[], ${batch.map((s) => s.attempts)}::int[], ${batch.map((s) => s.state)}::text[],
        ${batch.map((s) => s.cause)}::text[], ${batch.map((s) => s.waitMs ?? 0)}::float8[]) with ordinality as s(code_hash, was, attempts, state, cause, wait_ms, nr)
      where t.corp_id = ${corpId} and t.code_hash = s.code_hash and t.attempts = s.attempts
        and (t.state = s.was or (s.was = 'sending' and t.state = 'unknown')) -- given up for dead, yet it lived: it knows better
      returning s.nr`.execute(tx)
    const settled = rows.map((row) => batch[Number(row.nr) - 1]!)
    const facts = settled.filter(
      (s) => s.state === 'sent' || s.state === 'refused' || s.state === 'late' || s.state === 'unknown',
    )
    if (facts.length === 0) return settled
    const now = context.clock.now()
    const contactIds = await ensureContacts(tx, corpId, [...new Set(facts.map((s) => s.externalUserid))], now)
    const staff = new Map(
      (
        await tx
          .selectFrom('staff')
          .select(['staffId', 'userid'])
          .where('corpId', '=', corpId)
          .where(
            sql<string>`lower(userid)`,
            'in',
            facts.map((s) => s.userid.toLowerCase()),
          )
          .execute()
      ).map((s) => [s.userid.toLowerCase(), s.staffId]),
    )
    await appendEvents(
      tx,
      corpId,
      facts.map((s) => ({
        contactId: contactIds.get(s.externalUserid)!,
        at: now,
        kind: s.state === 'sent' ? ('welcome.sent' as const) : ('welcome.failed' as const),
        staffId: staff.get(s.userid.toLowerCase()) ?? null,
        source: 'system' as const,
        key: `welcome ${s.codeHash.toString('hex')} ${s.state}`,
        props: {
          ...(s.state === 'sent' ? s.said : { cause: s.cause }),
          ...(s.channelCodeId ? { channelCodeId: s.channelCodeId } : {}),
          ...(s.trial ? { variant: s.trial.variant } : {}),
        },
      })),
      now,
    )
    await noteTrials(
      tx,
      corpId,
      facts.map((s) => ({
        ...s,
        contactId: contactIds.get(s.externalUserid)!,
        staffId: staff.get(s.userid.toLowerCase()) ?? '0',
      })),
      now,
    )
    return settled
  })
}

/** Who was to be told which wording. Whoever comes again is in the trial already. */
async function noteTrials(
  tx: Tx,
  corpId: string,
  facts: (Settlement & { contactId: string; staffId: string })[],
  now: Date,
): Promise<void> {
  const tried = facts.flatMap((s) => (s.trial && s.channelCodeId ? [{ ...s, ...s.trial }] : []))
  if (tried.length === 0) return
  await sql`
    insert into welcome_trial (corp_id, channel_code_id, since, contact_id, staff_id, variant, outcome, at)
    select ${corpId}::bigint, t.*, ${now}::timestamptz
    from unnest(${tried.map((s) => s.channelCodeId)}::bigint[], ${tried.map((s) => s.since)}::timestamptz[], ${tried.map((s) => s.contactId)}::bigint[],
      ${tried.map((s) => s.staffId)}::bigint[], ${tried.map((s) => s.variant)}::smallint[], ${tried.map((s) => s.state)}::text[]) as t
    on conflict do nothing`.execute(tx)
}

async function tellHealth(context: WorkContext, resolvedAt: Map<string, number>, settled: Settlement[]): Promise<void> {
  for (const s of settled) {
    if (s.state === 'waiting') continue
    metrics.welcomes.inc({ outcome: s.state })
    const subject = s.channelCodeId ? `channel_code ${s.channelCodeId}` : 'default'
    if (s.state === 'sent' && s.said) {
      metrics.welcomeSeconds.observe(s.said.ms / 1000)
      context.health.success(s.corpId, 'welcome', s.said.ms)
      const key = `${s.corpId} ${subject}`
      const clean = s.said.leftOut === 0 && performance.now() - (resolvedAt.get(key) ?? -Infinity) > RESOLVE_EVERY_MS
      if (clean) {
        resolvedAt.set(key, performance.now())
        await context.health.resolve(s.corpId, 'welcome', { subject })
      }
    }
    const cause = s.said && s.said.leftOut > 0 ? 'welcome.attachment_left_out' : s.cause
    if (!cause || HARMLESS.has(cause)) continue
    await context.health.failure(s.corpId, 'welcome', {
      cause,
      subject,
      detail: { userid: s.userid, externalUserid: s.externalUserid, channelCodeId: s.channelCodeId, ...s.detail },
    })
  }
}
