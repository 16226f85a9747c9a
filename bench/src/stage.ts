import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort, startPostgres } from '../../scripts/postgres.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** A database, a simulator and servers for one bench or one trial of chaos, apart from the working ones; all gone afterwards. */
export interface Stage extends AsyncDisposable {
  databaseUrl: string
  folder: string
  /** Starts the simulator without its demo company. */
  simulator(env?: Record<string, string>): Promise<{ url: string; child: ChildProcess }>
  server(env: Record<string, string>): Promise<{ url: string; port: number; child: ChildProcess }>
  /** Any script that sends `{ ready, url }` when it can be used. */
  script(path: string, env: Record<string, string>): Promise<{ url: string; child: ChildProcess }>
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'siyu-bench-'))
  chmodSync(folder, 0o755)
  const postgres = await startPostgres(join(folder, 'postgres'))
  const children: ChildProcess[] = []

  const script = (path: string, env: Record<string, string>) =>
    new Promise<{ url: string; child: ChildProcess }>((done, failed) => {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, path)], {
        env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      children.push(child)
      child.once('message', (message) => done({ url: (message as { url: string }).url, child }))
      child.once('exit', (code) => failed(new Error(`${path} exited with ${code}`)))
    })
  return {
    databaseUrl: postgres.url,
    folder,
    script,
    simulator: async (env = {}) =>
      script('simulator/src/main.ts', {
        SIYU_SIM_PORT: String(await freePort()),
        SIYU_SIM_DATA: join(folder, 'simulator'),
        SIYU_SIM_DEMO: '0',
        ...env,
      }),
    async server(env) {
      const port = Number(env.SIYU_PORT ?? (await freePort()))
      const started = await script('server/src/main.ts', {
        DATABASE_URL: postgres.url,
        SIYU_PORT: String(port),
        SIYU_DATA_DIR: join(folder, 'data'),
        SIYU_LOG_LEVEL: 'error',
        ...env,
      })
      return { ...started, port }
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const gone = new Promise((done) => child.once('exit', done))
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await gone
        clearTimeout(timer)
      }
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
