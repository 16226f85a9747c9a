import type { Stage } from './stage.ts'

/** Talks to a running simulator's control API and, as its administrator, to a server beside it. */
export interface World {
  simulatorUrl: string
  corpid: string
  control<T>(method: string, path: string, body?: unknown): Promise<T>
}

export const ADMIN = { login: 'admin', password: 'bench-password-1' }

/** Settings of a server that connects the simulator's companies by itself. */
export const serverEnv = (simulatorUrl: string, rootKey: string) => ({
  SIYU_DEMO: '1',
  WECOM_CALLS_PER_MINUTE: '10000000',
  WECOM_BASE_URL: simulatorUrl,
  SIYU_ROOT_KEY: rootKey,
  SIYU_ADMIN_LOGIN: ADMIN.login,
  SIYU_ADMIN_PASSWORD: ADMIN.password,
})

export async function openWorld(stage: Stage, corp: Record<string, unknown>): Promise<World> {
  const { url: simulatorUrl } = await stage.simulator()
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${simulatorUrl}/control${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const { corpid } = await control<{ corpid: string }>('POST', '/corps', corp)
  return { simulatorUrl, corpid, control }
}

/** A signed-in administrator of a server, for its API. Keeps whatever cookie the server gives it. */
export async function signIn(
  serverUrl: string,
): Promise<<T>(method: string, path: string, body?: unknown) => Promise<T>> {
  let cookie = ''
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${serverUrl}${path}`, {
      method,
      headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...json,
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    const given = response.headers.getSetCookie().map((c) => c.split(';')[0])
    if (given.length > 0) cookie = given.join('; ')
    return (
      response.status === 204 || response.headers.get('content-length') === '0' ? undefined : await response.json()
    ) as T
  }
  await until('an administrator may enter a corp', 30, () =>
    call('POST', '/api/session', ADMIN).then(
      () => true,
      () => false,
    ),
  )
  return call
}

/** Asks until it holds; throws after `seconds`. */
export async function until(
  what: string,
  seconds: number,
  holds: () => Promise<boolean>,
  everyMs = 250,
): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    if (await holds()) return
    await new Promise((done) => setTimeout(done, everyMs))
  }
  throw new Error(`${what} did not come true within ${seconds} s`)
}
