import type { WorkContext } from '../src/modules/corps/context.ts'
import { buildSegment } from '../src/modules/segments/build.ts'
import { followFlips } from '../src/modules/segments/follow.ts'
import { keepCorp } from '../src/modules/segments/keep.ts'
import { editStage } from '../src/modules/stages/edit-stages.ts'
import { ensureFlow } from '../src/modules/stages/flows.ts'
import { stageFollower } from '../src/modules/stages/follow-rules.ts'
import { moveByHand } from '../src/modules/stages/move-by-hand.ts'
import { readBook, readStages } from '../src/modules/stages/read-book.ts'
import { readStays } from '../src/modules/stages/read-stays.ts'
import { NewMove, StageEdit } from '../src/modules/stages/schema.ts'
import type { Tx } from '../src/platform/db.ts'
import { inCorp } from '../src/platform/db.ts'
import { aContext, aCorp, type TestDb } from './world.ts'

/** Tuesday, noon in Shanghai. */
export const TUESDAY = new Date('2026-11-24T04:00:00Z')
const HOUR = 3_600_000
export const boss = { name: '店长', staffId: null, scope: undefined }

/** A corp with the flow every corp begins with, whose clock the test turns. */
export async function aStageHouse(db: TestDb, given: { wecomBaseUrl?: string; corpId?: string } = {}) {
  const corpId = given.corpId ?? (await aCorp(db))
  let now = TUESDAY
  const context: WorkContext = aContext(db, { ...given, clock: { now: () => now } as never })
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  await within((tx) => ensureFlow(tx, corpId, now))
  const stages = await within((tx) => readStages(tx, corpId))
  const [fresh, talking, keen, won, lost] = stages.map((stage) => stage.stageId) as [
    string,
    string,
    string,
    string,
    string,
  ]
  const keep = async () => {
    while (await keepCorp(context, corpId)) await undefined
  }
  return {
    corpId,
    context,
    within,
    flowId: stages[0]!.flowId,
    ids: { fresh, talking, keen, won, lost },
    now: () => now,
    turn(hours: number) {
      now = new Date(now.getTime() + hours * HOUR)
    },
    book: () => within((tx) => readBook(tx, corpId)),
    edit: (stageId: string, edit: unknown) =>
      within((tx) => editStage(tx, corpId, stageId, StageEdit.parse(edit), boss, now)),
    move: (contactId: string, stageId: string, more: object = {}, mover: Parameters<typeof moveByHand>[4] = boss) =>
      within((tx) => moveByHand(tx, corpId, contactId, NewMove.parse({ stageId, ...more }), mover, now)),
    stays: (contactId: string) => within((tx) => readStays(tx, corpId, contactId, undefined, now)),
    where: async (contactId: string) =>
      (await within((tx) => readStays(tx, corpId, contactId, undefined, now))).find((stay) => stay.until === null)
        ?.stage,
    keep,
    /** Builds every rule that waits, and has stages hear who turned. */
    async follow() {
      const building = await within((tx) =>
        tx
          .selectFrom('segmentVersion')
          .select(['segmentId', 'version'])
          .where('corpId', '=', corpId)
          .where('state', '=', 'building')
          .execute(),
      )
      for (const one of building)
        await buildSegment.run(
          context,
          { corpId, ...one },
          { number: 1, last: false, signal: new AbortController().signal },
        )
      await keep()
      while (await followFlips(context, corpId, stageFollower)) await undefined
    },
  }
}
