import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addressBookEndpoints } from './address-book.ts'
import { agentEndpoints } from './agent.ts'
import { type Answer, errorAnswer, jsonAnswer, type PartialCall, rawAnswer, send } from './answer.ts'
import { appMessageEndpoints } from './app-messages.ts'
import { authEndpoints } from './auth.ts'
import { behaviorEndpoints } from './behavior.ts'
import { logCall } from './call-log.ts'
import { contactWayEndpoints } from './contact-ways.ts'
import { customerEndpoints } from './customers.ts'
import { type Call, type Endpoint, isRaw, type Platform } from './endpoint.ts'
import { ApiFailure } from './errors.ts'
import { apiFault } from './fault-replies.ts'
import { groupEndpoints } from './groups.ts'
import { massMessageEndpoints } from './mass-messages.ts'
import { mediaEndpoints } from './media.ts'
import { momentEndpoints } from './moments.ts'
import { type Body, checkParams } from './params.ts'
import { tagEndpoints } from './tags.ts'
import { welcomeEndpoints } from './welcome.ts'

const ENDPOINTS = new Map(
  [
    ...authEndpoints,
    ...agentEndpoints,
    ...addressBookEndpoints,
    ...contactWayEndpoints,
    ...customerEndpoints,
    ...behaviorEndpoints,
    ...tagEndpoints,
    ...welcomeEndpoints,
    ...groupEndpoints,
    ...mediaEndpoints,
    ...massMessageEndpoints,
    ...momentEndpoints,
    ...appMessageEndpoints,
  ].map((endpoint) => [endpoint.path, endpoint]),
)

export const API_PATHS = [...ENDPOINTS.keys()]

/** Largest upload WeCom takes is 20 MB (media/upload, file); a little more so that ours says so, not the socket. */
const BODY_BYTES_MAX = 25 * 1024 * 1024

/** Since 2022-08-15 the contact-sync assistant may list ids, not read details (path/96079, 2026-11). */
const DETAIL_READS = new Set(['user/get', 'user/list', 'user/simplelist', 'department/list', 'department/get'])

/** Every path under `/cgi-bin/`. No schema machinery here: benches read hundreds of pages a second. */
export function registerApi(app: FastifyInstance, platform: Platform): void {
  void app.register((scope, _options, registered) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, done) => {
      done(null, body)
    })
    scope.route({
      method: ['GET', 'POST'],
      url: '/cgi-bin/*',
      handler: (request, reply) => answerCall(platform, request, reply),
    })
    registered()
  })
}

async function answerCall(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const startedAt = performance.now()
  const path = (request.params as { '*': string })['*']
  const call = readCall(platform, request)
  const endpoint = ENDPOINTS.get(path)
  const fault = call.corp && platform.world.faults.decide('api', path, call.corp.info.corpid)
  const act = () => runEndpoint(endpoint, request.method, call)
  const log = (answer: Answer, result: string) => {
    logCall({ path, endpoint, call, fault, answer, result, ms: performance.now() - startedAt })
  }
  if (fault) return apiFault({ platform, fault, path, endpoint, call, act, reply, log })
  const answer = act()
  log(answer, answer.errcode === 0 ? 'ok' : String(answer.errcode))
  return send(reply, answer)
}

/** Reads what can be read, before anything is judged: a fault or a refusal is logged under the right corp. */
function readCall(platform: Platform, request: FastifyRequest): PartialCall {
  const query = request.query as Record<string, string | undefined>
  const token = platform.credentials.findToken(query.access_token ?? '')
  const corp = platform.world.corps.get(token?.corpid ?? query.corpid ?? '')
  const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
  const contentType = request.headers['content-type'] ?? ''
  const { body, jsonBroken } = contentType.startsWith('multipart/') ? { body: {}, jsonBroken: false } : readJson(bytes)
  return {
    ...platform,
    corp,
    query,
    body,
    jsonBroken,
    ip: request.ip,
    contentType,
    bytes,
    range: request.headers.range,
  }
}

function readJson(bytes: Buffer): { body: Body; jsonBroken: boolean } {
  if (bytes.length === 0) return { body: {}, jsonBroken: false }
  try {
    const parsed = JSON.parse(bytes.toString()) as unknown
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return { body: parsed as Body, jsonBroken: false }
  } catch {
    // WeCom goes on with what it could read, and warns in errmsg.
  }
  return { body: {}, jsonBroken: true }
}

/** Judges in this order: path, token, IP, permission, parameters, rate, and only then does the thing. */
function runEndpoint(endpoint: Endpoint | undefined, method: string, call: PartialCall): Answer {
  const warning = call.jsonBroken ? '. Warning: wrong json format. ' : ''
  try {
    if (!endpoint) return errorAnswer(40066, call.ip, '', 404)
    if (endpoint.by !== 'none') checkToken(endpoint, call)
    if (endpoint.method === 'POST' && method === 'GET') throw new ApiFailure(40063, '要用 POST')
    if (endpoint.params) checkParams(endpoint.params, endpoint.method === 'GET' ? call.query : call.body)
    if (call.corp?.info.options.rateLimits) call.rates.check(call.corp.info.corpid, call.ip, endpoint.path)
    const result = endpoint.handle(call as Call)
    return isRaw(result) ? rawAnswer(result) : jsonAnswer({ errcode: 0, errmsg: `ok${warning}`, ...result }, 0)
  } catch (error) {
    if (error instanceof ApiFailure) return errorAnswer(error.errcode, call.ip, warning)
    throw error
  }
}

function checkToken(endpoint: Endpoint, call: PartialCall): void {
  const text = call.query.access_token
  if (!text) throw new ApiFailure(41001)
  const token = call.credentials.findToken(text)
  if (!token || token.revoked || !call.corp) throw new ApiFailure(40014)
  if (call.credentials.isExpired(token)) throw new ApiFailure(42001)
  const { trustedIps } = call.corp.info.options
  if (trustedIps.length > 0 && !trustedIps.includes(call.ip)) throw new ApiFailure(60020)
  if (endpoint.by === 'both' || endpoint.by === token.kind) return
  throw new ApiFailure(token.kind === 'contacts' && DETAIL_READS.has(endpoint.path) ? 48009 : 48002)
}
