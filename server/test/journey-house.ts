import { sql } from 'kysely'
import { appendEvents } from '../src/modules/events/journal.ts'
import type { Draft, Step } from '../src/modules/journeys/schema.ts'
import { createJourney, publish } from '../src/modules/journeys/service.ts'
import { tick } from '../src/modules/journeys/tick.ts'
import { inCorp, type Tx } from '../src/platform/db.ts'
import { aContact, aCorp, aStaff, aTag, type TestDb } from './world.ts'

/** Monday, nine in the morning in Shanghai. */
export const START = Date.parse('2026-11-23T01:00:00Z')
export const BOSS = { accountId: '1', name: '小满', scope: undefined }

/** A corp with customers of one member, and a clock of its own, in which journeys run. */
export async function aJourneyHouse(db: TestDb, people = 3) {
  let now = START
  const corpId = await aCorp(db)
  const staffId = await aStaff(db, corpId)
  const tags = [await aTag(db, corpId, {}), await aTag(db, corpId, {})]
  const contacts: string[] = []
  for (let n = 0; n < people; n++)
    contacts.push(await aContact(db, corpId, { name: `客户${n}`, staffId, addedAt: new Date(START - 86_400_000) }))
  const within = <T>(work: (tx: Tx) => Promise<T>) => inCorp(db.api, corpId, work)
  const context = { db: db.api, clock: { now: () => new Date(now) } }
  let told = 0
  return {
    corpId,
    staffId,
    tags: tags.map(String),
    contacts,
    within,
    at: (ms: number) => {
      now = ms
    },
    now: () => now,
    /** Everything that is due is done, by a process whose database may be another. */
    async settle(db = context.db) {
      while (await tick({ ...context, db } as never, corpId)) await undefined
    },
    tell: (happened: { contactId: string; kind: string; props?: Record<string, unknown> }[]) =>
      within((tx) =>
        appendEvents(
          tx,
          corpId,
          happened.map((one) => ({
            props: {},
            ...one,
            at: new Date(now),
            kind: one.kind as 'search.made',
            source: 'api',
            key: `told ${++told}`,
          })),
          new Date(now),
        ),
      ),
    async run(graph: Draft) {
      const { journeyId } = await within((tx) =>
        createJourney(tx, corpId, { requestKey: `request ${Math.random()}`, draft: graph }, BOSS, new Date(now)),
      )
      await within((tx) => publish(tx, corpId, journeyId, { revision: 1, people: 'stay' }, BOSS, new Date(now)))
      return journeyId
    },
    standing: (journeyId: string) =>
      within(async (tx) => {
        const { rows } = await sql<{
          contactId: string
          enteredAt: Date
          endedAt: Date | null
          ended: string | null
          run: number
          step: string | null
          dueAt: Date | null
        }>`
          select distinct on (e.contact_id) e.contact_id, e.entered_at, e.ended_at, e.ended, e.run, p.step, p.due_at from journey_enrolment e
          left join (select step, due_at, unnest(contact_ids) as contact_id from journey_packet where journey_id = ${journeyId}::bigint) p on p.contact_id = e.contact_id and e.ended_at is null
          where e.corp_id = ${corpId}::bigint and e.journey_id = ${journeyId}::bigint order by e.contact_id, e.run desc`.execute(
          tx,
        )
        return new Map(rows.map((row) => [row.contactId, row]))
      }),
  }
}

export const base = {
  name: '试走',
  priority: 5,
  again: { kind: 'never' as const },
  leaveOn: { reply: false, order: false, segmentId: null },
  goal: null,
  workdays: false,
}
export const onSearch = { kind: 'event' as const, deed: { kind: 'search.made', where: [], untrusted: false } }

export const wait = (key: string, next: string | null, n = 1): Step => ({
  key,
  kind: 'wait',
  span: { n, unit: 'hour' },
  at: null,
  workdays: false,
  next,
})
