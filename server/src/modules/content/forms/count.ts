import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { sha256 } from '../../../platform/secrets.ts'

const HOUR_MS = 3_600_000

/** What is counted: `person 12`, `browser …`. The hour is part of it where it counts within one. */
export const countMark = (what: string, who: string | Buffer): Buffer =>
  sha256(`${what} ${typeof who === 'string' ? who : who.toString('hex')}`).subarray(0, 16)

/** One more, as long as there are fewer than `most`: exact, however many come at once. */
export async function countUp(
  tx: Tx,
  corpId: string,
  formId: string,
  counted: { mark: Buffer; most: number; until: Date | null },
): Promise<boolean> {
  const { rows } = await sql`
    insert into form_count as c (corp_id, form_id, mark, n, until)
    values (${corpId}::bigint, ${formId}::bigint, ${counted.mark}, 1, ${counted.until}::timestamptz)
    on conflict (corp_id, form_id, mark) do update set n = c.n + 1 where c.n < ${counted.most} returning n`.execute(tx)
  return rows.length > 0
}

interface Cap {
  what: string
  who: string | Buffer
  most: number
}
const inHour = ({ what, who }: Cap, nowMs: number) => {
  const hour = Math.floor(nowMs / HOUR_MS)
  return { mark: countMark(`${what} ${hour}`, who), until: new Date((hour + 1) * HOUR_MS) }
}

/** The same within the hour that runs, by the real clock. */
export const countInHour = (tx: Tx, corpId: string, formId: string, cap: Cap, nowMs: number): Promise<boolean> =>
  countUp(tx, corpId, formId, { ...inHour(cap, nowMs), most: cap.most })

/** Whether there have been so many already. */
export async function isOver(tx: Tx, corpId: string, formId: string, cap: Cap, nowMs: number): Promise<boolean> {
  const { rows } = await sql`
    select from form_count where corp_id = ${corpId}::bigint and form_id = ${formId}::bigint and mark = ${inHour(cap, nowMs).mark} and n >= ${cap.most}`.execute(
    tx,
  )
  return rows.length > 0
}
