import { z } from 'zod'
import { startSimulator } from './simulator.ts'

const Env = z.object({
  SIYU_SIM_PORT: z.coerce.number().int().min(0).max(65_535).default(7710),
  SIYU_SIM_HOST: z.string().min(1).default('127.0.0.1'),
  SIYU_SIM_DATA: z.string().min(1).default('./data/simulator'),
})

const env = Env.safeParse(process.env)
if (!env.success) {
  for (const { path, message } of env.error.issues) console.error(`${path.join('.')}: ${message}`)
  process.exit(1)
}

const { SIYU_SIM_PORT: port, SIYU_SIM_HOST: host, SIYU_SIM_DATA: dataDir } = env.data
const simulator = await startSimulator({ port, host, dataDir })
console.log(`模拟企业微信已启动：${simulator.url}`)

/** Longer than this nobody waits on Ctrl-C. */
const STOP_MS = 2000

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), STOP_MS).unref()
    void simulator.stop().then(() => process.exit(0))
  })
}
