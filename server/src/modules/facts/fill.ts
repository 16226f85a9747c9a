import { sql } from 'kysely'
import { type Db, inCorp, type Tx } from '../../platform/db.ts'
import { type Fact, readFacts, recount } from './count.ts'
import { factKey } from './spec.ts'

/** Customers counted anew in one transaction; adding to counts waits meanwhile. */
const STEP = 1_000

/**
 * Counts facts nobody counted before, from the journal, customer by customer. May be broken off anywhere and begun again.
 * Returns once all are counted.
 */
export async function fillFacts(
  db: Db,
  corpId: string,
  keys: readonly string[],
  now: Date,
  signal?: AbortSignal,
): Promise<void> {
  const facts = await inCorp(db, corpId, async (tx) =>
    (await readFacts(tx, corpId)).filter((fact) => !fact.filled && keys.includes(factKey(fact))),
  )
  if (facts.length === 0) return
  let after: string | undefined = '0'
  while (after !== undefined) {
    signal?.throwIfAborted()
    const from: string = after
    after = await inCorp(db, corpId, (tx) => fillStep(tx, corpId, facts, from))
  }
  await inCorp(db, corpId, (tx) =>
    sql`update fact set filled_at = ${now}::timestamptz where corp_id = ${corpId}::bigint and fact_id = any(${facts.map((f) => f.factId)}::bigint[])`.execute(
      tx,
    ),
  )
}

async function fillStep(tx: Tx, corpId: string, facts: Fact[], after: string): Promise<string | undefined> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from contact where corp_id = ${corpId}::bigint and contact_id > ${after}::bigint order by contact_id limit ${STEP}`.execute(
    tx,
  )
  await recount(
    tx,
    corpId,
    facts,
    rows.map((row) => row.contactId),
  )
  return rows.at(-1)?.contactId
}
