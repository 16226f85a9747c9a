import { dressDemoCompany } from './demo-company.ts'
import { openDemoShop } from './demo-shop.ts'
import { startSync } from './modules/contacts/sync-runs.ts'
import type { WorkContext } from './modules/corps/context.ts'
import { connectSimulatedCorps } from './modules/corps/demo.ts'
import { grantCorp } from './modules/staff/sign-in.ts'
import type { Config } from './platform/config.ts'
import { inCorp } from './platform/db.ts'

const LOOK_EVERY_MS = 2_000

/** Beside the simulator: connects its companies as they appear, lets the demo's administrator in, and dresses each once. */
export function startDemo(work: WorkContext, config: Config): { stop(): void } {
  const dressed = new Set<string>()
  let looking = false
  let shopIsOpen = false
  const look = async () => {
    const account = await work.db
      .selectFrom('account')
      .select('accountId')
      .where('login', '=', config.adminLogin)
      .executeTakeFirstOrThrow()
    await connectSimulatedCorps(work, async (corpId) => {
      await grantCorp(work.db, { ...account, corpId, role: 'owner' })
      await startSync(work.db, corpId, 'full', work.clock.now())
    })
    if (!shopIsOpen) shopIsOpen = await openDemoShop(work, account.accountId)
    const corps = await work.db.selectFrom('corp').select('corpId').where('simulated', '=', true).execute()
    for (const { corpId } of corps.filter((corp) => !dressed.has(corp.corpId))) {
      const read = await inCorp(work.db, corpId, (tx) =>
        tx
          .selectFrom('syncRun')
          .select('syncRunId')
          .where('corpId', '=', corpId)
          .where('state', '=', 'finished')
          .executeTakeFirst(),
      )
      if (!read) continue
      await dressDemoCompany(work, corpId)
      dressed.add(corpId)
    }
  }
  const attempt = () => {
    if (looking) return
    looking = true
    void look()
      .catch((error) => work.log.warn({ err: error }, 'the simulator cannot be looked at yet'))
      .finally(() => (looking = false))
  }
  attempt()
  const timer = setInterval(attempt, LOOK_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
