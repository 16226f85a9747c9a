import { pino, stdTimeFunctions } from 'pino'
import type { Config } from './config.ts'

/** Structured logs, one JSON object a line. Secrets and personal data are never passed in; these paths are the last net. */
export function createLog(level: Config['logLevel']) {
  return pino({
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    redact: [
      'password',
      'secret',
      'token',
      'headers.cookie',
      'headers.authorization',
      '*.password',
      '*.secret',
      '*.token',
    ],
  })
}
export type Log = ReturnType<typeof createLog>
