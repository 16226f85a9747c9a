import { refreshContacts } from '../src/modules/contacts/service.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import { appendEvents, type NewEvent } from '../src/modules/events/journal.ts'
import { settleDue } from '../src/modules/segments/auto-tags/due.ts'
import { autoTagFollower } from '../src/modules/segments/auto-tags/follow-segments.ts'
import { createAutoTag } from '../src/modules/segments/auto-tags/rules.ts'
import { buildSegment } from '../src/modules/segments/build.ts'
import { followFlips } from '../src/modules/segments/follow.ts'
import { keepCorp } from '../src/modules/segments/keep.ts'
import { Rule } from '../src/modules/segments/schema.ts'
import type { BulkActor } from '../src/modules/tags/bulk-runs.ts'
import { inCorp } from '../src/platform/db.ts'
import { aContact, aContext, aCorp, type TestDb } from './world.ts'

const NOON = new Date('2026-11-23T04:00:00Z')
const HOUR = 3_600_000
export const boss: BulkActor = {
  accountId: '1',
  name: '店长',
  scope: undefined,
  mayBulk: true,
  mayMove: false,
  mayAssign: false,
}
export const viewed = (hours: number) => ({
  is: 'all',
  of: [{ is: 'did', deed: { kind: 'product.viewed' }, within: { n: hours, unit: 'hour' } }],
})

/** A corp with rules of tags, whose clock and whose workers the test turns. */
export async function aHouse(db: TestDb) {
  const corpId = await aCorp(db)
  let now = NOON
  const context = aContext(db, { clock: { now: () => now } as WorkContext['clock'] })
  const build = async () => {
    const rows = await inCorp(db.api, corpId, (tx) =>
      tx
        .selectFrom('segmentVersion')
        .select(['segmentId', 'version'])
        .where('corpId', '=', corpId)
        .where('state', '=', 'building')
        .execute(),
    )
    const attempt = { number: 1, last: false, signal: new AbortController().signal }
    for (const row of rows) await buildSegment.run(context, { corpId, ...row }, attempt)
  }
  return {
    corpId,
    boss,
    context,
    build,
    now: () => now,
    turn(hours: number) {
      now = new Date(now.getTime() + hours * HOUR)
    },
    /** All the workers until nothing is left. */
    async work() {
      await build()
      for (let isMore = true; isMore; ) {
        isMore = false
        while (await keepCorp(context, corpId, [autoTagFollower])) isMore = true
        while (await followFlips(context, corpId, autoTagFollower)) isMore = true
        while (await settleDue(context, corpId)) isMore = true
      }
    },
    make: async (tagId: string, rule: unknown) => {
      const asked = { tagId, rule: Rule.parse(rule), keep: false }
      const ruleId = await inCorp(db.api, corpId, (tx) => createAutoTag(tx, corpId, asked, boss, now))
      await build()
      return ruleId
    },
    tell: (contactId: string, kind: string, key: string, at = now) =>
      inCorp(db.api, corpId, async (tx) => {
        const event: NewEvent = { contactId, kind: kind as NewEvent['kind'], at, source: 'system', props: {}, key }
        await appendEvents(tx, corpId, [event], now)
      }),
    /** Three friends of a member. */
    customers(staffId: string) {
      const friend = () => aContact(db, corpId, { staffId })
      return Promise.all([friend(), friend(), friend()])
    },
    befriend: (contactId: string, staffId: string) =>
      inCorp(db.api, corpId, async (tx) => {
        await tx.insertInto('follow').values({ corpId, contactId, staffId, addedAt: now, updatedAt: now }).execute()
        await refreshContacts(tx, corpId, [contactId], now)
      }),
    tags: (contactId: string) =>
      inCorp(db.api, corpId, (tx) =>
        tx
          .selectFrom('followTag')
          .select(['staffId', 'tagId', 'source', 'reason', 'addedAt'])
          .where('corpId', '=', corpId)
          .where('contactId', '=', contactId)
          .orderBy('staffId')
          .orderBy('tagId')
          .execute(),
      ),
    journal: async (contactId: string) =>
      (
        await inCorp(db.api, corpId, (tx) =>
          tx
            .selectFrom('event')
            .select('kind')
            .where('corpId', '=', corpId)
            .where('contactId', '=', contactId)
            .where('kind', 'like', 'tag.%')
            .orderBy('at')
            .orderBy('kind')
            .execute(),
        )
      ).map((row) => row.kind),
    liveRules: async () =>
      (
        await inCorp(db.api, corpId, (tx) =>
          tx
            .selectFrom('autoTagRule')
            .select('ruleId')
            .where('corpId', '=', corpId)
            .where('deletedAt', 'is', null)
            .execute(),
        )
      ).map((row) => row.ruleId),
    [Symbol.asyncDispose]: () => context[Symbol.asyncDispose](),
  }
}
export type AutoTagHouse = Awaited<ReturnType<typeof aHouse>>
