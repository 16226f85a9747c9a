import type { FastifyInstance } from 'fastify'
import { ZodError } from 'zod'
import type { Platform } from '../api/endpoint.ts'
import { shopRoutes } from '../shops/routes.ts'
import { Refusal } from '../world/refusal.ts'
import { actionRoutes } from './actions.ts'
import { browseRoutes } from './browse.ts'
import { corpRoutes } from './corps.ts'
import { NotFound } from './found.ts'
import { guardControl } from './guard.ts'
import { loadRoutes } from './load.ts'
import { massRoutes } from './mass.ts'
import { nativeRoutes } from './native.ts'
import { playRoutes, type Stage } from './play.ts'
import { timeAndFaultRoutes } from './time-and-faults.ts'
import { wireRoutes } from './wire-routes.ts'

/** What moves and shows the world. README.md documents each path with an example. */
export function registerControl(app: FastifyInstance, platform: Platform, stage: Stage): void {
  void app.register(
    (scope, _options, done) => {
      guardControl(scope)
      scope.setErrorHandler((error, _request, reply) => {
        if (error instanceof Refusal) return reply.code(409).send({ code: error.code, message: error.message })
        if (error instanceof NotFound) return reply.code(404).send({ code: error.code, message: error.message })
        if (error instanceof ZodError) {
          const [issue] = error.issues
          return reply
            .code(400)
            .send({ code: 'request.invalid', message: `${issue?.path.join('.')}: ${issue?.message}` })
        }
        throw error
      })
      scope.setNotFoundHandler((_request, reply) =>
        reply.code(404).send({ code: 'path.unknown', message: '没有这个控制接口' }),
      )
      corpRoutes(scope, platform)
      actionRoutes(scope, platform)
      browseRoutes(scope, platform)
      timeAndFaultRoutes(scope, platform)
      wireRoutes(scope, platform)
      playRoutes(scope, platform, stage)
      nativeRoutes(scope, platform)
      massRoutes(scope, platform)
      loadRoutes(scope, platform)
      shopRoutes(scope, platform.world)
      // Preflights are answered by the guard; they need a route to reach it.
      scope.options('/*', async (_request, reply) => reply.code(204).send())
      done()
    },
    { prefix: '/control' },
  )
}
