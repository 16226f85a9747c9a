import { readEnv } from './env.ts'
import { startSimulator } from './simulator.ts'

const simulator = await startSimulator(readEnv(process.env))
console.log(`模拟企业微信已启动：${simulator.url}`)
// A launcher on an IPC channel waits for this, and when it dies, we go too.
process.send?.({ url: simulator.url })

/** Longer than this nobody waits on Ctrl-C. */
const STOP_MS = 2000

function stop(): void {
  setTimeout(() => process.exit(1), STOP_MS).unref()
  void simulator.stop().then(() => process.exit(0))
}

process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.once('disconnect', stop)
