import { join } from 'node:path'
import { createGateway } from '../../server/src/modules/corps/gateway.ts'
import { createHealth } from '../../server/src/modules/corps/health.ts'
import { systemClock } from '../../server/src/platform/clock.ts'
import { openPools } from '../../server/src/platform/db.ts'
import { createLog } from '../../server/src/platform/log.ts'
import { createVault } from '../../server/src/platform/secrets.ts'
import { trySegments } from '../../server/test/segment-trial.ts'
import type { Bench } from './bench.ts'
import { BENCH_ROOT_KEY, seedCorp } from './corp.ts'
import { openStage } from './stage.ts'

const OPERATIONS = 1_000_000
/** Of one company: lives that have grown longer take a plain reading longer. */
const EACH = 10_000

/** `trial`: a million random operations on segments, of companies one after another, against a plain reading of every life. */
export const bench: Bench = async ({ quick, say }) => {
  await using stage = await openStage()
  const log = createLog('error')
  const { corpId: first } = await seedCorp(stage.databaseUrl)
  const pools = openPools(stage.databaseUrl, { api: 2, intake: 1, work: 2 })
  const vault = createVault(Buffer.from(BENCH_ROOT_KEY, 'hex'))
  const health = createHealth({ db: pools.api, clock: systemClock, log })
  const wecomBaseUrl = 'http://127.0.0.1:9'
  const { client: wecom } = createGateway({ db: pools.api, vault, health, baseUrl: wecomBaseUrl })
  const context = {
    db: pools.work,
    clock: systemClock,
    vault,
    log,
    health,
    wecom,
    wecomBaseUrl,
    dataDir: join(stage.folder, 'data'),
    publicUrl: '',
  }
  const total = { operations: 0, checks: 0, answers: 0, flips: 0, kills: 0 }
  const started = performance.now()
  for (let seed = 1; total.operations < (quick ? 2 * EACH : OPERATIONS); seed++) {
    const corpId = seed === 1 ? first : (await seedCorp(stage.databaseUrl)).corpId
    const trial = await trySegments(context, corpId, { operations: EACH, seed })
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += trial[key]
    if (seed % 5 === 0) say(`${total.operations} operations, ${total.answers} answers, 0 wrong`)
  }
  await health.stop()
  await pools.stop()
  return {
    bench: 'trial',
    ours: 0,
    baseline: null,
    ratio: null,
    unit: 'wrong answers',
    detail: { ...total, seconds: Math.round((performance.now() - started) / 1_000) },
  }
}
