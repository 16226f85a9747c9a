import { WecomError } from '@siyu/wecom/errors'
import { readXml } from '@siyu/wecom/xml'
import { sql } from 'kysely'
import { inCorp } from '../../platform/db.ts'
import type { Listener } from '../../platform/listen.ts'
import { metrics } from '../../platform/metrics.ts'
import { repeating } from '../../platform/repeating.ts'
import type { WorkContext } from '../corps/context.ts'
import { type CallbackHandler, type ReceivedCallback, text } from './callback.ts'
import { inboxPlace } from './intake.ts'
import { unpackBatches } from './unpack.ts'

const CONCURRENCY = 24
const LEASE_SECONDS = 60
const POLL_MS = 1_000
/** A callback that breaks us, rather than WeCom, is put aside after this many tries. */
const POISON_TRIES = 5
const BACKOFF_SECONDS_MAX = 300

interface Claimed {
  inboxId: string
  corpId: string
  plainHash: Buffer
  kind: string
  sealed: Buffer
  receivedAt: Date
  attempts: number
}

/** Works through stored callbacks: each subject's in order, each once, until WeCom can be asked and the effect is committed. */
export interface Dispatcher {
  stop(): Promise<void>
}

export function startDispatcher(
  context: WorkContext,
  handlers: Readonly<Record<string, CallbackHandler>>,
  listener: Listener,
): Dispatcher {
  const running = new Set<Promise<void>>()
  const claiming = repeating(context.log, 'claiming callbacks failed', async () => {
    const room = CONCURRENCY - running.size
    if (room <= 0) return
    for (const row of await claim(context, room)) {
      const work = workThrough(context, handlers, row).finally(() => {
        running.delete(work)
        claiming.wake()
      })
      running.add(work)
    }
  })
  const unpacking = repeating(context.log, 'unpacking callbacks failed', async () => {
    while ((await unpackBatches(context.db, context.vault)) > 0) claiming.wake()
  })
  const forget = listener.on('siyu_inbox', unpacking.wake)
  const timer = setInterval(() => {
    unpacking.wake()
    claiming.wake()
  }, POLL_MS)
  unpacking.wake()
  claiming.wake()

  return {
    async stop() {
      forget()
      clearInterval(timer)
      await unpacking.stop()
      await claiming.stop()
      await Promise.all(running)
    },
  }
}

/** Takes the oldest due callback of each free subject. The attempt is counted before the work (K-08), under a lease (K-09). */
async function claim({ db }: WorkContext, limit: number): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    update callback_inbox set state = 'running', attempts = attempts + 1, lease_until = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second'
    where inbox_id in (
      select i.inbox_id from callback_inbox i
      where (i.state = 'waiting' or (i.state = 'running' and i.lease_until < clock_timestamp()))
        and (i.not_before is null or i.not_before <= clock_timestamp())
        and not exists (select from callback_inbox e where e.corp_id = i.corp_id and e.lane_key = i.lane_key and e.inbox_id < i.inbox_id
          and e.state in ('waiting', 'running'))
      order by i.inbox_id limit ${limit} for update of i skip locked)
    returning inbox_id, corp_id, plain_hash, kind, sealed, received_at, attempts`.execute(db)
  return rows
}

async function workThrough(
  context: WorkContext,
  handlers: Readonly<Record<string, CallbackHandler>>,
  row: Claimed,
): Promise<void> {
  try {
    const callback = openCallbackRow(context, row)
    const handler = handlers[row.kind]
    const apply = handler ? await handler(context, row.corpId, callback) : undefined
    const kept = await inCorp(context.db, row.corpId, async (tx) => {
      // The fence: a worker that lost its lease finds the row taken and leaves no effect.
      const { numUpdatedRows } = await tx
        .updateTable('callbackInbox')
        .set({
          state: handler ? 'done' : 'unknown_kind',
          doneAt: sql`clock_timestamp()`,
          leaseUntil: null,
          cause: null,
        })
        .where('inboxId', '=', row.inboxId)
        .where('state', '=', 'running')
        .where('attempts', '=', row.attempts)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await apply?.(tx)
      return true
    })
    if (!kept) return
    metrics.callbacksDone.inc({ outcome: handler ? 'done' : 'unknown_kind' })
    context.health.success(row.corpId, 'callbacks', Date.now() - row.receivedAt.getTime())
    if (row.attempts > 1) await context.health.resolve(row.corpId, 'callbacks', { subject: row.kind })
  } catch (error) {
    await putBack(context, row, error).catch((again) =>
      context.log.error({ err: again }, 'a failed callback could not be put back; its lease will end'),
    )
  }
}

function openCallbackRow(context: WorkContext, row: Claimed): ReceivedCallback {
  const fields = readXml(context.vault.open(row.sealed, inboxPlace(row.corpId, row.plainHash)))
  const seconds = Number(text({ fields }, 'CreateTime'))
  return {
    inboxId: row.inboxId,
    kind: row.kind,
    fields,
    receivedAt: row.receivedAt,
    createdAt: seconds > 0 ? new Date(seconds * 1000) : row.receivedAt,
  }
}

/** WeCom's trouble is waited out; a callback that breaks us is put aside with its reason, and the subject's next one goes on. */
async function putBack(context: WorkContext, row: Claimed, error: unknown): Promise<void> {
  const cause = error instanceof WecomError ? `wecom.${error.errcode}` : 'callback.failed'
  const waits = error instanceof WecomError && error.outcome !== 'refused'
  const dead = !waits && row.attempts >= POISON_TRIES
  const delaySeconds = Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(row.attempts, 9)) * (0.75 + Math.random() / 2)
  context.log.warn(
    { inboxId: row.inboxId, kind: row.kind, attempts: row.attempts, cause, dead, err: error },
    'a callback could not be worked through',
  )
  await context.db
    .updateTable('callbackInbox')
    .set({
      state: dead ? 'dead' : 'waiting',
      cause,
      leaseUntil: null,
      notBefore: sql`clock_timestamp() + ${delaySeconds} * interval '1 second'`,
    })
    .where('inboxId', '=', row.inboxId)
    .where('state', '=', 'running')
    .where('attempts', '=', row.attempts)
    .execute()
  metrics.callbacksDone.inc({ outcome: dead ? 'dead' : 'retry' })
  if (row.attempts < 2 && !dead) return
  await context.health.failure(row.corpId, 'callbacks', {
    cause,
    subject: dead ? `${row.kind} ${row.inboxId}` : row.kind,
    detail: {
      kind: row.kind,
      inboxId: row.inboxId,
      attempts: row.attempts,
      reason: error instanceof Error ? error.message.slice(0, 500) : String(error),
    },
    replay: { job: 'events.replay-callback', payload: { corpId: row.corpId, inboxId: row.inboxId } },
  })
}
