import { childText, readXml } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import { sha256, type Vault } from '../../platform/secrets.ts'
import { kindOf, subjectOf } from './callback.ts'
import { type Incoming, inboxPlace, openBatch, welcomePlace } from './intake.ts'

/** Batches of one transaction. */
const BATCHES_MAX = 8
const UNPACK_LOCK = 7_700_002
/** WeCom’s welcome codes live 20 s; we stop at 18 so that a call never arrives late. */
const WELCOME_MS = 18_000

/**
 * Moves stored batches into the inbox, oldest first: each text once, with its kind and subject, and a task for each
 * welcome code. One transaction: a crash leaves the batch, and unpacking it again adds nothing. Returns the batches moved.
 */
export async function unpackBatches(db: Db, vault: Vault): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // One at a time: batches unpacked side by side would put a subject's callbacks out of order.
    const { rows: lock } = await sql<{ got: boolean }>`select pg_try_advisory_xact_lock(${UNPACK_LOCK}) as got`.execute(
      tx,
    )
    if (!lock[0]?.got) return 0
    const { rows } = await sql<{ sealed: Buffer }>`
      with taken as (
        delete from callback_batch where batch_id in (select batch_id from callback_batch order by batch_id limit ${BATCHES_MAX})
        returning batch_id, sealed
      )
      select sealed from taken order by batch_id`.execute(tx)
    if (rows.length > 0)
      await saveCallbacks(
        tx,
        vault,
        rows.flatMap((row) => openBatch(vault, row.sealed)),
      )
    return rows.length
  })
}

async function saveCallbacks(tx: Tx, vault: Vault, incoming: Incoming[]): Promise<void> {
  const rows = incoming.map((row) => ({ ...row, hash: sha256(row.plain), ...meaningOf(row.plain) }))
  await sql`
    insert into callback_inbox (corp_id, plain_hash, kind, lane_key, sealed, received_at)
    select corp_id, plain_hash, kind, lane_key, sealed, received_at
    from unnest(${rows.map((r) => r.corpId)}::bigint[], ${rows.map((r) => r.hash)}::bytea[], ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => laneKey(r.subject))}::bigint[],
      ${rows.map((r) => vault.seal(r.plain, inboxPlace(r.corpId, r.hash)))}::bytea[], ${rows.map((r) => r.receivedAt.toISOString())}::timestamptz[])
      as g(corp_id, plain_hash, kind, lane_key, sealed, received_at)
    on conflict (corp_id, plain_hash) do nothing`.execute(tx)
  const welcomes = rows.flatMap(({ corpId, receivedAt, welcome }) =>
    welcome ? [{ corpId, receivedAt, ...welcome, hash: sha256(welcome.code) }] : [],
  )
  if (welcomes.length === 0) return
  await sql`
    with added as (
      insert into welcome_task (corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at, deadline_at)
      select corp_id, code_hash, code_sealed, external_userid, userid, nullif(state_param, ''), received_at, received_at + ${WELCOME_MS} * interval '1 ms'
      from unnest(${welcomes.map((w) => w.corpId)}::bigint[], ${welcomes.map((w) => w.hash)}::bytea[], ${welcomes.map((w) => vault.seal(w.code, welcomePlace(w.corpId, w.hash)))}::bytea[],
        ${welcomes.map((w) => w.externalUserid)}::text[], ${welcomes.map((w) => w.userid)}::text[], ${welcomes.map((w) => w.state)}::text[], ${welcomes.map((w) => w.receivedAt.toISOString())}::timestamptz[])
        as g(corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at)
      on conflict (corp_id, code_hash) do nothing returning 1
    )
    select pg_notify('siyu_welcome', '') from added limit 1`.execute(tx)
}

interface Meaning {
  kind: string
  subject: string
  welcome?: { code: string; externalUserid: string; userid: string; state: string }
}

/** Never throws: intake has read this text as XML before it acknowledged it. */
function meaningOf(plain: string): Meaning {
  const root = readXml(plain)
  const [code, externalUserid, userid] = ['WelcomeCode', 'ExternalUserID', 'UserID'].map((name) =>
    childText(root, name),
  )
  const welcome =
    code && externalUserid && userid
      ? { welcome: { code, externalUserid, userid, state: childText(root, 'State') ?? '' } }
      : {}
  return { kind: kindOf(root), subject: subjectOf(root), ...welcome }
}

/** 63 bits of the subject’s hash, as PostgreSQL’s bigint. */
function laneKey(subject: string): string {
  return (sha256(subject).readBigUInt64BE(0) >> 1n).toString()
}
