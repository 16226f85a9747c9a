import { readEnv } from './env.ts'
import { startSimulator } from './simulator.ts'

const simulator = await startSimulator({ ...readEnv(process.env), demo: true })
console.log(`模拟企业微信已启动：${simulator.url}`)

/** Longer than this nobody waits on Ctrl-C. */
const STOP_MS = 2000

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), STOP_MS).unref()
    void simulator.stop().then(() => process.exit(0))
  })
}
