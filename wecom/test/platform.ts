import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createWecom, memoryTokenStore, type WecomOptions } from '../src/client.ts'

export interface Hit {
  /** What stands before `/cgi-bin/`. */
  prefix: string
  api: string
  method: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
}

/** Takes the response over, for replies no healthy platform gives. */
class Raw {
  readonly write: (response: ServerResponse) => void
  constructor(write: (response: ServerResponse) => void) {
    this.write = write
  }
}
export const raw = (write: (response: ServerResponse) => void) => new Raw(write)

type Route = object | ((hit: Hit, times: number) => object)

/** A few endpoints of a platform over real HTTP. `routes` maps an API to its answer; a function is asked each time. */
export async function openPlatform(routes: Record<string, Route>) {
  const hits: Hit[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://platform')
      const [prefix, api = ''] = url.pathname.split('/cgi-bin/')
      const { method = '', headers } = request
      const hit = { prefix: prefix ?? '', api, method, query: url.searchParams, headers, body: Buffer.concat(chunks) }
      hits.push(hit)
      const times = hits.filter((other) => other.api === api).length
      const route = routes[api] ?? { errcode: 48002, errmsg: 'api forbidden' }
      const answer: object = typeof route === 'function' ? route(hit, times) : route
      if (answer instanceof Raw) answer.write(response)
      else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits,
    count: (api: string) => hits.filter((hit) => hit.api === api).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Hands out `T1`, then a new token after each `kill`; the platform refuses dead ones. */
export function tokenIssuer() {
  let generation = 1
  return {
    kill: () => void generation++,
    gettoken: () => ({ errcode: 0, errmsg: 'ok', access_token: `T${generation}`, expires_in: 7200 }),
    /** Wraps a route: the answer for a live token, 40014 for a dead one. */
    guard: (answer: object) => (hit: Hit) =>
      hit.query.get('access_token') === `T${generation}` ? answer : { errcode: 40014, errmsg: 'invalid access_token' },
  }
}

export function aClient(baseUrl: string, options: Partial<WecomOptions> = {}) {
  return createWecom({
    baseUrl,
    corpId: 'ww0123456789abcdef',
    agentId: 1000002,
    secrets: { app: 'app-secret', contactSync: 'sync-secret' },
    tokenStore: memoryTokenStore(),
    ...options,
  })
}

export const GOOD_TOKEN = { errcode: 0, errmsg: 'ok', access_token: 'T1', expires_in: 7200 }
