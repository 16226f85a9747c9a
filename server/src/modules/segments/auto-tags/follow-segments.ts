import { sql } from 'kysely'
import type { Tx } from '../../../platform/db.ts'
import { forgetRefusals } from '../../tags/refusals.ts'
import type { FlipFollower } from '../follow.ts'
import { FOLLOWER, putDue } from './due.ts'

const readSegments = async (tx: Tx, corpId: string): Promise<{ segmentId: string; tagId: string }[]> => {
  const { rows } = await sql<{
    segmentId: string
    tagId: string
  }>`select segment_id, tag_id from auto_tag_rule where corp_id = ${corpId}::bigint and deleted_at is null`.execute(tx)
  return rows
}

/** Notes whose tags may have to change: whoever turned, and whoever has another follower or another tag. */
export const autoTagFollower: FlipFollower = {
  name: FOLLOWER,
  segmentIds: async (tx, corpId) => (await readSegments(tx, corpId)).map((one) => one.segmentId),
  async take(tx, corpId, flips) {
    const tagOf = new Map((await readSegments(tx, corpId)).map((one) => [one.segmentId, one.tagId]))
    const turned = flips.map(({ segmentId, entered, exited, at }) => ({
      tagId: tagOf.get(segmentId)!,
      contactIds: [...entered, ...exited],
      at,
    }))
    await forgetRefusals(tx, corpId, turned)
    const contactIds = turned.flatMap((one) => one.contactIds)
    await putDue(tx, corpId, sql`select contact_id from unnest(${contactIds}::bigint[]) as u(contact_id)`)
  },
  async changed(tx, corpId, contactIds) {
    await putDue(
      tx,
      corpId,
      sql`select contact_id from unnest(${[...contactIds]}::bigint[]) as u(contact_id)
        where exists (select from auto_tag_rule where corp_id = ${corpId}::bigint and deleted_at is null)`,
    )
  },
}
