import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { BadConfiguration, type Config, readConfig } from '../server/src/platform/config.ts'
import { type LocalPostgres, PostgresRefused, startPostgres } from './postgres.ts'

const ROOT = resolve(import.meta.dirname, '..')
const STOP_CHILD_MS = 21_000

/** Starts the database, the simulated WeCom and the server; stops them in the other order. Children die with this process. */
async function main(): Promise<void> {
  process.chdir(ROOT)
  const config = readConfig(process.env)
  await refuseTakenPorts(config)
  mkdirSync(config.dataDir, { recursive: true })

  const postgres = config.databaseUrl === undefined ? await startPostgres(join(config.dataDir, 'postgres')) : undefined
  const children: ChildProcess[] = []
  let stopping: Promise<void> | undefined
  const stop = (code: number) => (stopping ??= stopAll(children, postgres).then(() => process.exit(code)))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0))

  const start = (script: string, env: Record<string, string>) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, script)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    })
    children.push(child)
    child.on('exit', (code) => {
      if (stopping !== undefined) return
      console.error(`${script} 意外退出（${code ?? '被终止'}），正在停下其余部分。再次 npm start 会从断开的地方继续。`)
      void stop(code ?? 1)
    })
    return child
  }
  if (config.demo && config.role !== 'api') {
    await ready(
      start('simulator/src/main.ts', {
        SIYU_SIM_PORT: String(config.simulatorPort),
        SIYU_SIM_DATA: join(config.dataDir, 'simulator'),
        SIYU_CONSOLE_URL: config.publicUrl,
      }),
    )
  }
  const { url, firstPassword } = await ready(
    start('server/src/main.ts', { DATABASE_URL: config.databaseUrl ?? postgres?.url ?? '' }),
  )
  announce(config, url, firstPassword)
}

/** The child's first message, which it sends when it can be used. Never settles when it dies first: its exit stops us. */
function ready(child: ChildProcess): Promise<{ url: string; firstPassword?: string }> {
  return new Promise((done) =>
    child.once('message', (message) => done(message as { url: string; firstPassword?: string })),
  )
}

function announce(config: Config, url: string, firstPassword: string | undefined): void {
  const world = config.demo ? ` · 模拟世界 ${url}/world` : ''
  const password = firstPassword ? ` · 登录名 ${config.adminLogin} 密码 ${firstPassword}` : ''
  const scan = config.demo ? ' · 也可以在登录页「扫码」，选周岚就是管理员' : ''
  console.log(`\n  Siyu 私域已就绪：控制台 ${url}${world}${password}${scan}\n`)
}

async function refuseTakenPorts(config: Config): Promise<void> {
  const wanted = [
    { port: config.port, setting: 'SIYU_PORT' },
    ...(config.demo ? [{ port: config.simulatorPort, setting: 'SIYU_SIM_PORT' }] : []),
  ]
  for (const { port, setting } of wanted) {
    if (await isFree(config.host, port)) continue
    const ours = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(1_000) }).then(
      (r) => r.ok,
      () => false,
    )
    console.error(
      ours
        ? `端口 ${port} 上已经有一个 Siyu 在运行：http://127.0.0.1:${config.port}。直接打开它，或先停掉它；要同时运行两个，请换 ${setting} 和 SIYU_DATA_DIR。`
        : `端口 ${port} 被别的程序占用。请换一个：${setting}=${port + 100} npm start。\nPort ${port} is taken: choose another with ${setting}.`,
    )
    process.exit(1)
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, host, () => server.close(() => done(true)))
  })
}

async function stopAll(children: ChildProcess[], postgres: LocalPostgres | undefined): Promise<void> {
  for (const child of children.toReversed()) await stopChild(child)
  await postgres?.stop()
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_CHILD_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      done()
    })
    child.kill('SIGTERM')
  })
}

main().catch((error) => {
  if (error instanceof BadConfiguration || error instanceof PostgresRefused) console.error(error.message)
  else console.error(error)
  process.exit(1)
})
