import { Logger, runOnce, type TaskList } from 'graphile-worker'
import pg from 'pg'
import { aWorld, type Json, type TestWorld } from '../../simulator/test/world.ts'
import type { WorkContext } from '../src/modules/corps/context.ts'
import type { Clock } from '../src/platform/clock.ts'
import type { Job } from '../src/platform/jobs.ts'
import { aContact, aContext, aCorp, aStaff, type TestDb } from './world.ts'

export interface SimulatedCorp extends AsyncDisposable {
  world: TestWorld
  corpId: string
  context: WorkContext
  /** The member `amy`, who may have customers. */
  amyId: string
  /** A customer who added `amy` in WeCom, and is known here. */
  aFriend(given?: { name?: string; state?: string }): Promise<{ contactId: string; externalUserid: string }>
  /** Runs jobs until none is due, as the worker would. */
  // biome-ignore lint/suspicious/noExplicitAny: payload types differ per job
  work(jobs: Job<WorkContext, any>[]): Promise<void>
}

/** A corp whose WeCom is a simulator of its own. */
export async function aSimulatedCorp(
  db: TestDb,
  given: { clock?: Clock; startAtMs?: number } = {},
): Promise<SimulatedCorp> {
  const { startAtMs } = given
  const world = await aWorld(startAtMs === undefined ? {} : { startAtMs })
  // Where the world begins at a time of its own, ours goes by its clock.
  const own = startAtMs === undefined ? given.clock : { now: () => new Date(world.sim.world.clock.virtualMs()) }
  const corpId = await aCorp(db, { name: '测试企业', wecomCorpid: world.corp.corpid, secret: world.corp.secret })
  const amyId = await aStaff(db, corpId, { userid: 'amy', name: '艾米' })
  const context = aContext(db, { wecomBaseUrl: world.sim.url, clock: own })
  return {
    world,
    corpId,
    context,
    amyId,
    async aFriend({ name = '林晚', state } = {}) {
      const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name })
      await world.act<Json>({ type: 'add', userid: 'amy', externalUserid, ...(state ? { state } : {}) })
      return { externalUserid, contactId: await aContact(db, corpId, { name, externalUserid, staffId: amyId, state }) }
    },
    async work(jobs) {
      const taskList: TaskList = Object.fromEntries(
        jobs.map((job) => [
          job.name,
          async (raw, helpers) => {
            const { attempts: number, max_attempts: most } = helpers.job
            await job.run(context, job.payload.parse(raw), {
              number,
              last: number >= most,
              signal: new AbortController().signal,
            })
          },
        ]),
      )
      // A pool of our own, waited for: the queue still notes what is done when it says it is, and the database goes next.
      const pgPool = new pg.Pool({ connectionString: db.url, max: 4 })
      pgPool.on('error', () => {})
      pgPool.on('connect', (client) => void client.on('error', () => {}))
      await runOnce({ pgPool, taskList, noHandleSignals: true, logger: new Logger(() => () => {}) })
      await pgPool.end()
    },
    async [Symbol.asyncDispose]() {
      await context[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}
