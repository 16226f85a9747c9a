import type { Pool } from 'pg'
import { sha256, type Vault } from '../../platform/secrets.ts'

/** A callback that passed its signature, on its way to the inbox. */
export interface Incoming {
  corpId: string
  kind: string
  /** Names whom it is about: callbacks of one subject are worked through in order. */
  subject: string
  plain: string
  receivedAt: Date
  welcome?: { code: string; externalUserid: string; userid: string; state: string }
}

/** Stores callbacks durably. The promise settles after the commit: only then may WeCom be told 200. */
export interface Intake {
  store(incoming: Incoming): Promise<void>
  /** Waits for what is under way. */
  stop(): Promise<void>
}

/** Rows of one statement. Larger ones only add latency. */
const BATCH_MAX = 400
/** While one batch is being committed the next gathers: two in flight keep the disk busy and p99 short. */
const IN_FLIGHT_MAX = 2
/** WeCom’s welcome codes live 20 s; we stop at 18 so that a call never arrives late. */
const WELCOME_MS = 18_000

interface Waiting {
  incoming: Incoming
  done: () => void
  failed: (error: unknown) => void
}

export function createIntake(pool: Pool, vault: Vault): Intake {
  let waiting: Waiting[] = []
  const inFlight = new Set<Promise<void>>()

  const pump = () => {
    while (waiting.length > 0 && inFlight.size < IN_FLIGHT_MAX) {
      const batch = waiting.slice(0, BATCH_MAX)
      waiting = waiting.slice(BATCH_MAX)
      const flight = storeBatch(
        pool,
        vault,
        batch.map((w) => w.incoming),
      ).then(
        () => {
          for (const w of batch) w.done()
        },
        (error) => {
          for (const w of batch) w.failed(error)
        },
      )
      inFlight.add(flight)
      void flight.finally(() => {
        inFlight.delete(flight)
        pump()
      })
    }
  }
  return {
    store: (incoming) =>
      new Promise((done, failed) => {
        waiting.push({ incoming, done, failed })
        if (waiting.length === 1) setImmediate(pump) // lets the requests of this turn share the statement
      }),
    async stop() {
      while (waiting.length > 0 || inFlight.size > 0)
        await Promise.all([...inFlight, new Promise((done) => setImmediate(done))])
    },
  }
}

// The last row says whether anything was new: only then are the workers woken, inside the same commit.
const STORE = {
  name: 'store-callbacks',
  text: `
with given as (
  select * from unnest($1::bigint[], $2::bytea[], $3::text[], $4::bigint[], $5::bytea[], $6::timestamptz[])
    as g(corp_id, plain_hash, kind, lane_key, sealed, received_at)
), stored as (
  insert into callback_inbox (corp_id, plain_hash, kind, lane_key, sealed, received_at)
  select corp_id, plain_hash, kind, lane_key, sealed, received_at from given
  on conflict (corp_id, plain_hash) do nothing
  returning 1
), welcomes as (
  insert into welcome_task (corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at, deadline_at)
  select corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at, received_at + $14 * interval '1 ms'
  from unnest($7::bigint[], $8::bytea[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::timestamptz[])
    as w(corp_id, code_hash, code_sealed, external_userid, userid, state_param, received_at)
  on conflict (corp_id, code_hash) do nothing
  returning 1
)
select (select pg_notify('siyu_welcome', '') from welcomes limit 1), (select pg_notify('siyu_inbox', '') from stored limit 1),
  (select count(*) from stored)::int as fresh`,
}

async function storeBatch(pool: Pool, vault: Vault, batch: Incoming[]): Promise<number> {
  const rows = batch.map((b) => ({ ...b, hash: sha256(b.plain) }))
  const welcomes = rows.flatMap(({ corpId, receivedAt, welcome }) =>
    welcome ? [{ corpId, receivedAt, ...welcome, hash: sha256(welcome.code) }] : [],
  )
  const {
    rows: [result],
  } = await pool.query<{ fresh: number }>({
    ...STORE,
    values: [
      rows.map((r) => r.corpId),
      rows.map((r) => r.hash),
      rows.map((r) => r.kind),
      rows.map((r) => laneKey(r.subject)),
      rows.map((r) => vault.seal(r.plain, inboxPlace(r.corpId, r.hash))),
      rows.map((r) => r.receivedAt.toISOString()),
      welcomes.map((w) => w.corpId),
      welcomes.map((w) => w.hash),
      welcomes.map((w) => vault.seal(w.code, welcomePlace(w.corpId, w.hash))),
      welcomes.map((w) => w.externalUserid),
      welcomes.map((w) => w.userid),
      welcomes.map((w) => w.state || null),
      welcomes.map((w) => w.receivedAt.toISOString()),
      WELCOME_MS,
    ],
  })
  return result?.fresh ?? 0
}

export const inboxPlace = (corpId: string, hash: Buffer): string => `callback_inbox.${corpId}.${hash.toString('hex')}`
export const welcomePlace = (corpId: string, hash: Buffer): string => `welcome_task.${corpId}.${hash.toString('hex')}`

/** 63 bits of the subject’s hash, as PostgreSQL’s bigint. */
function laneKey(subject: string): string {
  return (sha256(subject).readBigUInt64BE(0) >> 1n).toString()
}
