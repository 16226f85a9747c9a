import type { FastifyRequest } from 'fastify'
import type { Corp } from '../world/corp.ts'
import type { World } from '../world/world.ts'

/** What is asked for does not exist: 404 with a code and a sentence. */
export class NotFound extends Error {
  readonly code: string

  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}

export function corpOf(world: World, request: FastifyRequest): Corp {
  const { corpid } = request.params as { corpid: string }
  const corp = world.corps.get(corpid)
  if (!corp) throw new NotFound('corp.unknown', `没有这个企业：${corpid}`)
  return corp
}
