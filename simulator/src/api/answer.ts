import type { FastifyReply } from 'fastify'
import type { Corp } from '../world/corp.ts'
import type { Call, RawReply } from './endpoint.ts'
import { errorBody } from './errors.ts'
import type { Body } from './params.ts'

/** A call as far as it could be read before anything was judged. */
export type PartialCall = Omit<Call, 'corp'> & { corp?: Corp; jsonBroken: boolean }

export interface Answer {
  status: number
  type: string
  body: string | Uint8Array
  headers?: Record<string, string>
  /** 0 also for raw bytes. */
  errcode: number
  value?: Body
}

export function jsonAnswer(value: Body, errcode: number, status = 200): Answer {
  return { status, type: 'application/json; charset=UTF-8', body: JSON.stringify(value), errcode, value }
}

export function errorAnswer(errcode: number, ip: string, warning = '', status = 200): Answer {
  return jsonAnswer(errorBody(errcode, ip, warning), errcode, status)
}

export function rawAnswer({ status, headers, bytes }: RawReply): Answer {
  const { 'content-type': type = 'application/octet-stream', ...rest } = headers
  return { status, type, body: bytes, headers: rest, errcode: 0 }
}

export function send(reply: FastifyReply, { status, type, body, headers }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-type': type, ...headers })
    .send(body)
}
