import { bulkWorks } from './bulk-works.ts'
import * as broadcasts from './modules/broadcasts/jobs.ts'
import { startBroadcastLane } from './modules/broadcasts/lane.ts'
import { hearContactEvents } from './modules/channels/hear-contacts.ts'
import * as channels from './modules/channels/jobs.ts'
import { hearAddressBook } from './modules/channels/roster/turn.ts'
import { startWelcomeLane } from './modules/channels/welcome-lane.ts'
import { makeContactCallbacks } from './modules/contacts/callbacks.ts'
import * as contacts from './modules/contacts/jobs.ts'
import type { SyncHooks } from './modules/contacts/sync.ts'
import * as content from './modules/content/jobs.ts'
import { readingRuleFollower } from './modules/content/radar/rules/follow.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { startDispatcher } from './modules/events/dispatcher.ts'
import * as events from './modules/events/jobs.ts'
import { callbackHandlers as groupCallbacks } from './modules/groups/callbacks.ts'
import * as groups from './modules/groups/jobs.ts'
import { askForGroups } from './modules/groups/sync.ts'
import { hearFriends } from './modules/groups/tell.ts'
import { journeyFollower } from './modules/journeys/follow-segments.ts'
import * as journeys from './modules/journeys/jobs.ts'
import { startJourneyLane } from './modules/journeys/lane.ts'
import * as openapi from './modules/openapi/jobs.ts'
import * as orders from './modules/orders/jobs.ts'
import { countStaffDays, recountLosses } from './modules/reports/count-days.ts'
import * as reports from './modules/reports/jobs.ts'
import { autoTagFollower } from './modules/segments/auto-tags/follow-segments.ts'
import * as autoTags from './modules/segments/auto-tags/jobs.ts'
import { startAutoTagLane } from './modules/segments/auto-tags/lane.ts'
import * as segments from './modules/segments/jobs.ts'
import { startSegmentLane } from './modules/segments/keep.ts'
import { callbackHandlers as staffCallbacks } from './modules/staff/callbacks.ts'
import * as staff from './modules/staff/jobs.ts'
import { ensureFlow } from './modules/stages/flows.ts'
import { stageFollower } from './modules/stages/follow-rules.ts'
import * as stages from './modules/stages/jobs.ts'
import { placeNew } from './modules/stages/place-new.ts'
import { makeRunBulk } from './modules/tags/bulk-job.ts'
import { callbackHandlers as tagCallbacks } from './modules/tags/callbacks.ts'
import * as tags from './modules/tags/jobs.ts'
import { replaceWecomTags } from './modules/tags/replace-wecom-tags.ts'
import { syncTagLibrary } from './modules/tags/sync-library.ts'
import * as tasks from './modules/tasks/jobs.ts'
import { startCrons } from './platform/crons.ts'
import { inCorp } from './platform/db.ts'
import { startJobs } from './platform/jobs.ts'
import type { Listener } from './platform/listen.ts'

export interface Worker {
  /** Finishes what is under way. */
  stop(): Promise<void>
}

/** What the rooms above the contacts do with what was learnt of them, in the same transaction. */
const contactHooks: SyncHooks = {
  async beforeCustomers(context, corpId) {
    await inCorp(context.db, corpId, (tx) => ensureFlow(tx, corpId, context.clock.now()))
    await syncTagLibrary(context, corpId)
    await hearAddressBook(context, corpId)
    await askForGroups(context, corpId)
    await reports.askForBehavior(context, corpId)
  },
  afterFollows: async (tx, corpId, pairs, told) => (await replaceWecomTags(tx, corpId, pairs, told)).contactIds,
  async afterEvents(tx, corpId, appended, now) {
    await hearContactEvents(tx, corpId, appended, now)
    await countStaffDays(tx, corpId, appended)
    await placeNew(tx, corpId, appended)
    await hearFriends(tx, corpId, appended, now)
  },
  afterLearnt: recountLosses,
}

/** Everything done later or outside a request: welcomes first, then callbacks, then jobs and what comes round by itself. */
export async function startWorker(
  context: WorkContext,
  deps: { databaseUrl: string; listener: Listener },
): Promise<Worker> {
  const welcome = startWelcomeLane(context, deps)
  const dispatcher = startDispatcher(
    context,
    { ...staffCallbacks, ...makeContactCallbacks(contactHooks), ...tagCallbacks, ...groupCallbacks },
    deps.listener,
  )
  const keeping = startSegmentLane(context, [autoTagFollower, stageFollower, readingRuleFollower, journeyFollower])
  const tagging = startAutoTagLane(context)
  const casting = startBroadcastLane(context, deps)
  const journeying = startJourneyLane(context)
  const runner = await startJobs(
    deps.databaseUrl,
    [
      ...staff.makeStaffJobs(hearAddressBook),
      ...events.jobs,
      ...contacts.makeContactJobs(contactHooks),
      ...tags.jobs,
      makeRunBulk(bulkWorks),
      ...tasks.jobs,
      ...orders.jobs,
      ...segments.jobs,
      ...stages.jobs,
      ...content.jobs,
      ...channels.jobs,
      ...broadcasts.jobs,
      ...journeys.jobs,
      ...groups.jobs,
      ...reports.jobs,
    ],
    context,
    context.log,
  )
  const crons = startCrons(
    [
      ...events.crons,
      ...contacts.crons,
      ...tags.crons,
      ...tasks.crons,
      ...orders.crons,
      ...segments.crons,
      ...stages.crons,
      ...autoTags.crons,
      ...content.crons,
      ...channels.crons,
      ...groups.crons,
      ...reports.crons,
      ...openapi.crons,
    ],
    context,
  )
  return {
    async stop() {
      crons.stop()
      await Promise.all([
        ...[dispatcher.stop(), welcome.stop(), keeping.stop(), tagging.stop(), casting.stop(), journeying.stop()],
        runner.stop(),
      ])
    },
  }
}
