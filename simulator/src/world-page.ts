import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Where `npm run build -w @siyu/simulator` puts the world page. */
const BUILT = join(import.meta.dirname, '..', 'dist')

/** The two phones, at `/world/`. Built with the base `/world/`. */
export function registerWorldPage(app: FastifyInstance): void {
  app.get('/', (_request, reply) => reply.redirect('/world/'))
  if (existsSync(join(BUILT, 'index.html'))) {
    app.get('/world', (_request, reply) => reply.redirect('/world/'))
    void app.register(fastifyStatic, { root: BUILT, prefix: '/world/' })
    return
  }
  for (const url of ['/world', '/world/']) {
    app.get(url, (_request, reply) =>
      reply.code(503).type('text/plain; charset=utf-8').send('世界页还没有构建：npm run build -w @siyu/simulator'),
    )
  }
}
