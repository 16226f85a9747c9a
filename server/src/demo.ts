import { connectSimulatedCorps } from './modules/corps/demo.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { startSync } from './modules/contacts/sync-runs.ts'
import { grantCorp } from './modules/staff/sign-in.ts'
import type { Config } from './platform/config.ts'

const LOOK_EVERY_MS = 5_000

/** After a corp is connected: its maker administers it, and the first full sync begins. */
export function addSyncOnConnect(work: WorkContext) {
  return async (corpId: string, accountId: string): Promise<void> => {
    await grantCorp(work.db, { accountId, corpId, role: 'admin' })
    await startSync(work.db, corpId, 'full', work.clock.now())
  }
}

/** Beside the simulator: connects its companies as they appear, and lets the demo's administrator into each. */
export function startDemo(work: WorkContext, config: Config): { stop(): void } {
  const look = async () => {
    const account = await work.db.selectFrom('account').select('accountId').where('login', '=', config.adminLogin).executeTakeFirstOrThrow()
    await connectSimulatedCorps(work, (corpId) => addSyncOnConnect(work)(corpId, account.accountId))
  }
  const attempt = () => void look().catch((error) => work.log.debug({ err: error }, 'the simulator does not answer yet'))
  attempt()
  const timer = setInterval(attempt, LOOK_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
