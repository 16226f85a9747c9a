import type { FastifyInstance } from 'fastify'

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** `host[:port]` of a Host header, or the host of an Origin, names this machine. */
function isLocal(host: string): boolean {
  return LOCAL_NAMES.has(host.replace(/:\d+$/, '').toLowerCase())
}

/**
 * `/control` shows secrets and moves the world, so only pages and programs of this machine may use it. A foreign Host is
 * refused because a rebound DNS name would make any web page "same origin"; a foreign Origin because browsers send it along.
 */
export function guardControl(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (request, reply) => {
    const refuse = (message: string) => reply.code(403).send({ code: 'control.not_local', message })
    if (!isLocal(request.headers.host ?? '')) return refuse('控制接口只在本机开放')
    const { origin } = request.headers
    if (origin === undefined) return
    const from = URL.canParse(origin) ? new URL(origin).host : ''
    if (!isLocal(from)) return refuse('控制接口不接受其他网站的请求')
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-methods': 'GET, POST, PUT, PATCH',
      vary: 'origin',
    })
    if (request.method === 'OPTIONS') return reply.code(204).send()
  })
}
