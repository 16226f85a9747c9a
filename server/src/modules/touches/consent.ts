import { sql } from 'kysely'
import type { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { appendEvents } from '../events/journal.ts'
import { AgreementTextUnknown, AlreadyAgreed, UntilPast } from './errors.ts'
import type {
  AgreementKind,
  AgreementTextView,
  AgreementView,
  NewAgreement,
  NewRefusal,
  RefusalView,
} from './schema.ts'

type Kind = z.infer<typeof AgreementKind>

/**
 * Notes that customers are not to be written to; said again it is the newer word that holds. What is already handed to
 * WeCom cannot be taken back, everything else asks again before it is sent.
 */
export async function refuse(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  { channel, why, note, until: asked }: NewRefusal,
  actor: string,
  now: Date,
): Promise<void> {
  const until = asked === null ? null : new Date(asked)
  if (until && until <= now) throw new UntilPast()
  await sql`
    insert into touch_refusal (corp_id, contact_id, channel, why, note, since, until, actor)
    select ${corpId}::bigint, c, ${channel}, ${why}, ${note}, ${now}::timestamptz, ${until}::timestamptz, ${actor} from unnest(${[...contactIds]}::bigint[]) c
    on conflict (corp_id, contact_id, channel, why) do update set note = excluded.note, since = excluded.since, until = excluded.until, actor = excluded.actor`.execute(
    tx,
  )
  const events = contactIds.map((contactId) => ({
    ...{ contactId, at: now, kind: 'touch.refused' as const, source: 'console' as const },
    props: { channel, why, by: actor, note },
    key: `refused:${contactId}:${channel}:${why}:${now.toISOString()}`,
  }))
  await appendEvents(tx, corpId, events, now)
}

/** Lets customers be written to again; returns whom something was lifted of. WeCom's own refusals end by themselves. */
export async function lift(
  tx: Tx,
  corpId: string,
  contactIds: readonly string[],
  actor: string,
  now: Date,
): Promise<string[]> {
  const { rows } = await sql<{ contactId: string }>`
    with gone as (delete from touch_refusal where corp_id = ${corpId}::bigint and contact_id = any(${[...contactIds]}::bigint[]) and why <> 'platform' returning contact_id)
    select distinct contact_id from gone order by 1`.execute(tx)
  const events = rows.map(({ contactId }) => ({
    ...{ contactId, at: now, kind: 'touch.allowed' as const, source: 'console' as const },
    props: { by: actor },
    key: `allowed:${contactId}:${now.toISOString()}`,
  }))
  await appendEvents(tx, corpId, events, now)
  return rows.map((row) => row.contactId)
}

const REFUSALS_PAGE = 50

/** As `listRefusals` gives it: the time, whose, by which way, on whose word. */
const PLACE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([1-9]\d{0,17})_(\*|[a-z]+)_([a-z]+)$/

/** Who is not to be written to, the newest word first; within a scope. */
export async function listRefusals(
  tx: Tx,
  corpId: string,
  {
    before,
    contactId,
    scope,
    now,
  }: { before?: string; contactId?: string; scope: readonly string[] | undefined; now: Date },
): Promise<{ items: RefusalView[]; next: string | null }> {
  const [, told, ofContact, channel, why] = PLACE.exec(before ?? '') ?? []
  const since = new Date(told ?? '')
  // Anything we did not make begins at the top.
  const past = !Number.isNaN(since.getTime())
    ? sql`(r.since, r.contact_id, r.channel, r.why) < (${since}::timestamptz, ${ofContact}::bigint, ${channel}, ${why})`
    : sql`true`
  const { rows } = await sql<Omit<RefusalView, 'since' | 'until'> & { since: Date; until: Date | null }>`
    select r.contact_id, c.name as contact_name, r.channel, r.why, r.note, r.since, r.until, r.actor
    from touch_refusal r join contact c on c.corp_id = ${corpId}::bigint and c.contact_id = r.contact_id
    where r.corp_id = ${corpId}::bigint and (r.until is null or r.until > ${now}::timestamptz) and ${past}
      and (${contactId ?? null}::bigint is null or r.contact_id = ${contactId ?? null}::bigint)
      and (${scope ?? null}::bigint[] is null or exists (select from follow f where f.corp_id = ${corpId}::bigint and f.contact_id = r.contact_id and f.staff_id = any(${scope ?? null}::bigint[])))
    order by r.since desc, r.contact_id desc, r.channel desc, r.why desc limit ${REFUSALS_PAGE + 1}`.execute(tx)
  const items = rows
    .slice(0, REFUSALS_PAGE)
    .map((row) => ({ ...row, since: row.since.toISOString(), until: row.until?.toISOString() ?? null }))
  const last = items.at(-1)
  return {
    items,
    next: rows.length > REFUSALS_PAGE && last ? `${last.since}_${last.contactId}_${last.channel}_${last.why}` : null,
  }
}

/** Another wording of an agreement; whoever agrees from now on agrees to it. */
export async function writeText(
  tx: Tx,
  corpId: string,
  kind: Kind,
  body: string,
  actor: string,
  now: Date,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`touch text ${corpId} ${kind}`}, 0))`.execute(tx)
  const { rows } = await sql<{ version: number }>`
    insert into touch_agreement_text (corp_id, kind, version, body, written_by, written_at)
    select ${corpId}::bigint, ${kind}, coalesce(max(version), 0) + 1, ${body}, ${actor}, ${now}::timestamptz from touch_agreement_text where corp_id = ${corpId}::bigint and kind = ${kind}
    returning version`.execute(tx)
  return rows[0]!.version
}

export async function readTexts(tx: Tx, corpId: string): Promise<AgreementTextView[]> {
  const { rows } = await sql<Omit<AgreementTextView, 'writtenAt'> & { writtenAt: Date }>`
    select t.kind, t.version, t.body, t.written_by, t.written_at,
      (select count(*)::int from touch_agreement a where a.corp_id = ${corpId}::bigint and a.kind = t.kind and a.text_version = t.version and a.withdrawn_at is null) as people
    from touch_agreement_text t where t.corp_id = ${corpId}::bigint order by t.kind, t.version desc`.execute(tx)
  return rows.map((row) => ({ ...row, writtenAt: row.writtenAt.toISOString() }))
}

/** Notes that a customer agrees to the newest wording. */
export async function agree(
  tx: Tx,
  corpId: string,
  contactId: string,
  { kind, how }: NewAgreement,
  actor: string,
  now: Date,
): Promise<void> {
  const { rows } = await sql<{ version: number | null }>`
    select max(version) as version from touch_agreement_text where corp_id = ${corpId}::bigint and kind = ${kind}`.execute(
    tx,
  )
  const version = rows[0]?.version
  if (!version) throw new AgreementTextUnknown()
  const made = await sql`
    insert into touch_agreement (corp_id, contact_id, kind, given_at, text_version, proof)
    values (${corpId}::bigint, ${contactId}::bigint, ${kind}, ${now}::timestamptz, ${version}, ${JSON.stringify({ how, by: actor })}::jsonb)
    on conflict do nothing returning contact_id`.execute(tx)
  if (made.rows.length === 0) throw new AlreadyAgreed()
  await tellAgreement(tx, corpId, contactId, 'agreement.given', { agreement: kind, version, how, by: actor }, now)
}

/** Takes his agreement back; whatever needs it is not sent to him from this moment. Returns whether he had agreed. */
export async function withdraw(
  tx: Tx,
  corpId: string,
  contactId: string,
  { kind, how }: NewAgreement,
  actor: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    update touch_agreement set withdrawn_at = ${now}::timestamptz, withdrawn_how = ${JSON.stringify({ how, by: actor })}::jsonb
    where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint and kind = ${kind} and withdrawn_at is null returning contact_id`.execute(
    tx,
  )
  if (rows.length > 0)
    await tellAgreement(tx, corpId, contactId, 'agreement.withdrawn', { agreement: kind, how, by: actor }, now)
  return rows.length > 0
}

async function tellAgreement(
  tx: Tx,
  corpId: string,
  contactId: string,
  kind: 'agreement.given' | 'agreement.withdrawn',
  props: Record<string, unknown>,
  now: Date,
): Promise<void> {
  const key = `${kind}:${contactId}:${props.agreement}:${now.toISOString()}`
  await appendEvents(tx, corpId, [{ contactId, at: now, kind, source: 'console', props, key }], now)
}

/** What a customer has agreed to and taken back, newest first. */
export async function readAgreements(tx: Tx, corpId: string, contactId: string): Promise<AgreementView[]> {
  const { rows } = await sql<
    Omit<AgreementView, 'givenAt' | 'withdrawnAt'> & { givenAt: Date; withdrawnAt: Date | null }
  >`
    select kind, text_version, given_at, proof ->> 'how' as how, proof ->> 'by' as by, withdrawn_at from touch_agreement
    where corp_id = ${corpId}::bigint and contact_id = ${contactId}::bigint order by given_at desc limit 50`.execute(tx)
  return rows.map((row) => ({
    ...row,
    givenAt: row.givenAt.toISOString(),
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  }))
}
