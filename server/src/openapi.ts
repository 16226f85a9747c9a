import type { AppDeps } from './app.ts'
import { createApp } from './app.ts'
import { createLog } from './platform/log.ts'

/** The contract of every route, without a database: routes are registered, none is called. */
export async function describeApi(): Promise<unknown> {
  const nothing = {} as AppDeps
  const log = createLog('error')
  const app = await createApp({
    ...nothing,
    demo: false,
    adminLogin: '',
    work: { ...nothing.work, log, publicUrl: 'http://localhost' },
    checks: {},
    trustedProxies: 0,
    secureCookies: false,
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
