import { sql } from 'kysely'
import type { FlipFollower } from '../segments/follow.ts'
import { EAR, ENTERED, EXITED, readRunning, segmentsHeard } from './running.ts'

/** Notes who turns in segments that start journeys or end them, among what the journal tells. */
export const journeyFollower: FlipFollower = {
  name: 'journeys',
  segmentIds: async (tx, corpId) => (await readRunning(tx, corpId)).flatMap(({ graph }) => segmentsHeard(graph)),
  async take(tx, corpId, flips) {
    // Whoever a rule's own making or editing puts in or out has done nothing.
    const told = flips.filter(({ why }) => why !== 'edit')
    const turns = told.flatMap(({ segmentId, at, entered, exited }) => [
      ...entered.map((contactId) => ({ segmentId, at, contactId, kind: ENTERED })),
      ...exited.map((contactId) => ({ segmentId, at, contactId, kind: EXITED })),
    ])
    if (turns.length === 0) return
    await sql`
      insert into event_heard (corp_id, ear, contact_id, kind, at, props)
      select ${corpId}::bigint, ${EAR}, r.contact_id, r.kind, r.at, jsonb_build_object('segmentId', r.segment_id)
      from unnest(${turns.map((r) => r.contactId)}::bigint[], ${turns.map((r) => r.kind)}::text[], ${turns.map((r) => r.at.toISOString())}::timestamptz[], ${turns.map((r) => r.segmentId)}::text[])
        with ordinality as r(contact_id, kind, at, segment_id, n) order by r.n`.execute(tx)
  },
}
