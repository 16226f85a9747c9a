import type { Runner } from 'graphile-worker'
import type { Listener } from './platform/listen.ts'
import { startJobs } from './platform/jobs.ts'
import * as channels from './modules/channels/jobs.ts'
import { startWelcomeLane } from './modules/channels/welcome-lane.ts'
import { callbackHandlers as contactCallbacks } from './modules/contacts/callbacks.ts'
import * as contacts from './modules/contacts/jobs.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { type Dispatcher, startDispatcher } from './modules/events/dispatcher.ts'
import * as events from './modules/events/jobs.ts'
import { callbackHandlers as staffCallbacks } from './modules/staff/callbacks.ts'
import * as tags from './modules/tags/jobs.ts'
import { callbackHandlers as tagCallbacks } from './modules/tags/callbacks.ts'
import { startCrons } from './platform/crons.ts'

export interface Worker {
  dispatcher: Dispatcher
  welcome: { idle(): Promise<void> }
  stop(): Promise<void>
}

/** Everything done later or outside a request: welcomes first, then callbacks, then jobs and what comes round by itself. */
export async function startWorker(context: WorkContext, deps: { databaseUrl: string; listener: Listener }): Promise<Worker> {
  const welcome = startWelcomeLane(context, deps)
  const dispatcher = startDispatcher(context, { ...staffCallbacks, ...contactCallbacks, ...tagCallbacks }, deps.listener)
  const runner: Runner = await startJobs(deps.databaseUrl, [...events.jobs, ...contacts.jobs, ...tags.jobs, ...channels.jobs], context, context.log)
  const crons = startCrons([...events.crons, ...contacts.crons, ...tags.crons, ...channels.crons], context)
  return {
    dispatcher,
    welcome,
    async stop() {
      crons.stop()
      await Promise.all([dispatcher.stop(), welcome.stop(), runner.stop()])
    },
  }
}
