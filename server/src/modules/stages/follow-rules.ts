import type { FlipFollower } from '../segments/follow.ts'
import { BY_RULE, moveContacts } from './move.ts'
import { readStages } from './read-book.ts'

/** Moves whoever comes to fit a stage's rule there. The turns and how far they were heard commit together: each moves once. */
export const stageFollower: FlipFollower = {
  name: 'stages',
  async segmentIds(tx, corpId) {
    return (await readStages(tx, corpId)).flatMap((stage) => stage.segmentId ?? [])
  },
  async take(tx, corpId, flips, now) {
    const stages = new Map(
      (await readStages(tx, corpId, { segmentIds: flips.map((flip) => flip.segmentId) })).map((stage) => [
        stage.segmentId,
        stage,
      ]),
    )
    // In their order, for one move may be what the next stands on; twenty packets at most.
    for (const { segmentId, entered } of flips) {
      const stage = stages.get(segmentId)
      if (stage && entered.length > 0) await moveContacts(tx, corpId, entered, stage, BY_RULE, now)
    }
  },
}
