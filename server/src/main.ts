import { BadConfiguration, readConfig } from './platform/config.ts'
import { createLog } from './platform/log.ts'
import { SchemaMismatch } from './platform/migrate.ts'
import { startProgram } from './program.ts'

const STOP_WITHIN_MS = 20_000

try {
  const config = readConfig(process.env)
  const { databaseUrl } = config
  if (!databaseUrl)
    throw new BadConfiguration(
      'DATABASE_URL is missing. 直接运行 server 需要 DATABASE_URL；npm start 会自带一个数据库。',
    )
  const log = createLog(config.logLevel)
  const program = await startProgram({ ...config, databaseUrl }, log)
  process.send?.({ ready: true, url: program.url, firstPassword: program.firstPassword })
  log.info({ url: program.url, role: config.role }, 'ready')

  let stopping = false
  const stop = (why: string) => {
    if (stopping) return
    stopping = true
    log.info({ why }, 'stopping')
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
    program.stop().then(
      () => process.exit(0),
      (error) => {
        log.error({ err: error }, 'could not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('disconnect', () => stop('the launcher is gone'))
} catch (error) {
  if (error instanceof BadConfiguration || error instanceof SchemaMismatch) {
    console.error(error.message)
    process.exit(78) // EX_CONFIG
  }
  throw error
}
