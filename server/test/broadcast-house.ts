import type { FrozenContent } from '../src/modules/broadcasts/frozen.ts'
import { planRun } from '../src/modules/broadcasts/plan-run.ts'
import { Definition } from '../src/modules/broadcasts/schema.ts'
import { createBroadcast, decideRun, stopRun, submitBroadcast } from '../src/modules/broadcasts/service.ts'
import { saveSetting } from '../src/modules/broadcasts/setting.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { fateName } from '../src/modules/touches/fates.ts'
import { fatesOf } from '../src/modules/touches/send.ts'
import { inCorp, type Tx } from '../src/platform/db.ts'
import type { TestDb } from './world.ts'

/** Wednesday, ten in the morning in Shanghai. */
export const TEN = new Date('2026-12-02T02:00:00Z')
export const ASKER = { accountId: '71', name: '小满', scope: undefined }
export const CHECKER = { accountId: '72', name: '知夏', scope: undefined }

let made = 0

/** Broadcasts of a corp, asked for, planned and decided as people would. */
export function aBroadcastHouse(db: TestDb, corpId: string, context: WorkContext) {
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  const now = () => context.clock.now()
  const house = {
    within,
    draft: (given: Partial<Definition> = {}, actor: typeof ASKER | { scope: string[] } = ASKER) =>
      within(async (tx) => {
        const asker = { ...ASKER, ...actor }
        const definition = Definition.parse({
          ...{
            name: '冬至饺子节',
            topic: '营销',
            audience: { include: [{ kind: 'all' }] },
            variants: [{ text: '冬至快乐' }],
          },
          ...given,
        })
        const requestKey = `request-${++made}-${Math.random()}`
        return (await createBroadcast(tx, corpId, { ...definition, requestKey }, asker, now())).broadcastId
      }),
    submit: (broadcastId: string, actor: typeof ASKER | { scope: string[] } = ASKER) =>
      within((tx) => submitBroadcast(tx, corpId, broadcastId, 1, { ...ASKER, ...actor }, now())),
    /** Asked for and planned. */
    async run(given: Partial<Definition> = {}, actor: typeof ASKER | { scope: string[] } = ASKER): Promise<string> {
      const runId = await house.submit(await house.draft(given, actor), actor)
      await planRun(context, corpId, runId)
      return runId
    },
    rowOf: (runId: string) =>
      within((tx) =>
        tx
          .selectFrom('broadcastRun')
          .selectAll()
          .where('corpId', '=', corpId)
          .where('runId', '=', runId)
          .executeTakeFirstOrThrow(),
      ).then((row) => ({ ...row, content: row.content as unknown as FrozenContent })),
    chunks: (runId: string) =>
      within((tx) =>
        tx
          .selectFrom('broadcastChunk')
          .selectAll()
          .where('corpId', '=', corpId)
          .where('runId', '=', runId)
          .orderBy('number')
          .execute(),
      ),
    async decide(runId: string, approve = true, actor = CHECKER, hash?: string) {
      const row = await house.rowOf(runId)
      await within((tx) =>
        decideRun(tx, corpId, runId, { hash: hash ?? row.hash!.toString('hex'), approve, note: '' }, actor, now()),
      )
    },
    stop: (runId: string) => within((tx) => stopRun(tx, corpId, runId, ASKER, now())),
    approvalAbove: (people: number) => within((tx) => saveSetting(tx, corpId, people)),
    async fates(runId: string, contacts: readonly string[]) {
      const { touchId } = await house.rowOf(runId)
      const found = touchId ? await within((tx) => fatesOf(tx, corpId, touchId, contacts)) : new Map<string, number>()
      return contacts.map((contactId) => fateName(found.get(contactId) ?? 0))
    },
  }
  return house
}
