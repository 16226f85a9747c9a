import { sql } from 'kysely'
import type { Tx } from '../../platform/db.ts'
import { FATE } from './fates.ts'
import type { TouchRow } from './ledger.ts'
import type { Recipients } from './schema.ts'

/** How many customers members are asked to write to on a day by all touches that stand; of some, or of everybody. */
export async function readLoads(
  tx: Tx,
  corpId: string,
  day: string,
  staffIds?: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await sql<{ staffId: string; asked: number }>`
    select l.staff_id, sum(l.asked)::int as asked from touch_load l join touch t on t.corp_id = ${corpId}::bigint and t.touch_id = l.touch_id and t.released_at is null
    where l.corp_id = ${corpId}::bigint and l.day = ${day}::date and (${staffIds ? [...staffIds] : null}::bigint[] is null or l.staff_id = any(${staffIds ? [...staffIds] : null}::bigint[])) group by l.staff_id`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.staffId, row.asked]))
}

/** How many customers members are asked to write to that day, where the corp limits it. */
export class MemberLoads {
  readonly #most: number | null
  readonly #staffOf: ReadonlyMap<string, string>
  readonly #asked: Map<string, number>
  readonly #added = new Map<string, number>()

  private constructor(most: number | null, staffOf: ReadonlyMap<string, string>, asked: Map<string, number>) {
    this.#most = most
    this.#staffOf = staffOf
    this.#asked = asked
  }

  static async read(
    tx: Tx,
    corpId: string,
    { day }: TouchRow,
    most: number | null,
    recipients: Recipients,
  ): Promise<MemberLoads> {
    const { contactIds, staffIds = [] } = recipients
    const staffOf = new Map(staffIds.map((staffId, i) => [contactIds[i]!, staffId]))
    if (most === null || staffIds.length === 0) return new MemberLoads(null, staffOf, new Map())
    return new MemberLoads(most, staffOf, await readLoads(tx, corpId, day, [...new Set(staffIds)]))
  }

  full(contactId: string): number | undefined {
    const staffId = this.#staffOf.get(contactId)
    if (this.#most === null || staffId === undefined) return undefined
    return (this.#asked.get(staffId) ?? 0) >= this.#most ? FATE.memberFull : undefined
  }

  ask(contactId: string): void {
    const staffId = this.#staffOf.get(contactId)
    if (staffId === undefined) return
    this.#asked.set(staffId, (this.#asked.get(staffId) ?? 0) + 1)
    this.#added.set(staffId, (this.#added.get(staffId) ?? 0) + 1)
  }

  async write(tx: Tx, corpId: string, { touchId, day }: TouchRow): Promise<void> {
    if (this.#added.size === 0) return
    await sql`
      insert into touch_load (corp_id, touch_id, staff_id, day, asked)
      select ${corpId}::bigint, ${touchId}::bigint, r.staff_id, ${day}::date, r.asked from unnest(${[...this.#added.keys()]}::bigint[], ${[...this.#added.values()]}::integer[]) as r(staff_id, asked)
      on conflict (corp_id, touch_id, staff_id) do update set asked = touch_load.asked + excluded.asked`.execute(tx)
  }
}
