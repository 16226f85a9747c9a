import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify'
import { jsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import {
  DomainError,
  ForeignOrigin,
  InvalidRequest,
  NotFound,
  type Problem,
  TooLarge,
  TooManyRequests,
} from './errors.ts'
import type { Log } from './log.ts'
import { Misfit, validatorCompiler } from './validation.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call: 'public', or a permission the signed-in account's role must hold. A route without it stops the boot. */
    access?: string
    /** Asks for a proof of the person not older than a few minutes (AU-06). */
    stepUp?: boolean
    /** Opened by a key and never by a cookie: pages of others may call it. */
    anyOrigin?: boolean
  }
}

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

export interface HttpOptions {
  log: Log
  trustedProxies: number
  /** Origins whose pages may change things with a session cookie. */
  ownOrigins: string[]
  /** Asked before anything else whether it takes the request, for the one path too hot for hooks and request logs. */
  before?: (request: IncomingMessage, response: ServerResponse) => boolean
}

const BODY_BYTES_MAX = 1024 * 1024
const REQUESTS_PER_MINUTE = 1_200

/** The HTTP server every room registers on: request ids, validation by zod, one error shape, declared access, same-origin writes. */
export async function createHttp(options: HttpOptions): Promise<App> {
  const app: App = fastify({
    loggerInstance: options.log as unknown as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: (_address, hop) => hop < options.trustedProxies,
    serverFactory: (handle) =>
      openServer((request, response) => {
        if (!options.before?.(request, response)) handle(request, response)
      }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    forceCloseConnections: true,
    // An address that cannot be read leads nowhere.
    frameworkErrors: (_error, request, reply) => answerError(new NotFound({ what: '地址' }), request, reply),
  } satisfies FastifyServerOptions<Server>).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply))
  app.setNotFoundHandler((request, reply) => answerError(new NotFound({ what: '地址' }), request, reply))
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined && route.method !== 'HEAD' && route.method !== 'OPTIONS') {
      throw new Error(`route ${String(route.method)} ${route.url} declares no access`)
    }
  })
  app.addHook('onSend', async (request, reply) => void reply.header('x-request-id', request.id))
  app.addHook('onRequest', async (request) => refuseForeignWrites(request, options.ownOrigins))
  await app.register(swagger, {
    openapi: { info: { title: 'Siyu 私域 API', version: '1' }, openapi: '3.1.0' },
    transform: jsonSchemaTransform,
  })
  return app
}

function openServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const server = createServer({ requestTimeout: 30_000, keepAliveTimeout: 72_000 }, handle)
  server.setTimeout(120_000)
  return server
}

/** Cookies, security headers and the rate limit: for people’s pages, kept off the callback path. */
export async function addPageGuards(app: App): Promise<void> {
  await app.register(cookie)
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    errorResponseBuilder: () => new TooManyRequests(),
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'https:', 'http://127.0.0.1:*', 'http://localhost:*'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'", 'http://127.0.0.1:*', 'http://localhost:*'],
        formAction: ["'self'"],
      },
    },
    hsts: false,
    crossOriginEmbedderPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-site' },
  })
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** A page of another site must not act with our cookie (AU-07). Servers and WeCom send no Origin. */
function refuseForeignWrites(request: FastifyRequest, ownOrigins: string[]): void {
  if (SAFE_METHODS.has(request.method) || request.routeOptions.config.anyOrigin) return
  const origin = request.headers.origin
  if (origin === undefined || ownOrigins.includes(origin)) return
  const host = request.headers.host
  if (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)) return
  throw new ForeignOrigin()
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = toProblem(error, request.id)
  if (problem.status >= 500)
    request.log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'request failed')
  const { status, ...body } = problem
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
}

function toProblem(error: unknown, requestId: string): Problem & { status: number } {
  if (error instanceof DomainError) return { status: error.status, code: error.code, message: error.message, requestId }
  if (error instanceof Misfit) return { ...toProblem(new InvalidRequest(), requestId), fields: error.fields }
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 413) return toProblem(new TooLarge(), requestId)
  if (status >= 400 && status < 500) return { ...toProblem(new InvalidRequest(), requestId), status }
  return {
    status: 500,
    code: 'platform.internal',
    message: `出了点问题，已记录。请稍后再试；若一直如此，把编号 ${requestId} 发给管理员。`,
    requestId,
  }
}
