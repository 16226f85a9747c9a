import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { settleTouch } from '../touches/send.ts'
import { RunElsewhere } from './errors.ts'
import { lockChunk } from './hand-over.ts'
import { handAgain } from './reconcile.ts'

/** A person has looked in WeCom: the member has the task, or he has not and it is handed over once more. */
export async function resolveUnclear(
  tx: Tx,
  corpId: string,
  runId: string,
  number: number,
  as: 'taken' | 'again',
  now: Date,
): Promise<void> {
  const chunk = { runId, number }
  const held = await lockChunk(tx, corpId, chunk, ['unknown'])
  if (!held) throw new RunElsewhere()
  if (as === 'again') {
    await handAgain(tx, corpId, chunk, now)
    await sql`select pg_notify('siyu_broadcast', ${corpId})`.execute(tx)
    return
  }
  // Nobody can ask WeCom about a task whose number is not known: it stays as asked.
  await settleTouch(tx, corpId, held.touchId, [{ fate: 'asked', contactIds: held.contactIds }], now)
  await sql`
    update broadcast_chunk set state = 'accepted', task = 'open', unclear = false, unknown_since = null, cause = 'broadcasts.by_hand'
    where corp_id = ${corpId}::bigint and run_id = ${runId}::bigint and number = ${number}`.execute(tx)
}
