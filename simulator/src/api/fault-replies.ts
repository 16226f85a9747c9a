import type { FastifyReply } from 'fastify'
import type { Fault } from '../faults.ts'
import { type Answer, errorAnswer, type PartialCall, send } from './answer.ts'
import type { Call, Endpoint, Platform } from './endpoint.ts'

/** Longer than any client waits. */
const HANG_MS = 30_000
const SLOW_MS = 3000
const BAD_GATEWAY = '<html><body><h1>502 Bad Gateway</h1></body></html>'

interface FaultyCall {
  platform: Platform
  fault: Fault
  path: string
  endpoint?: Endpoint
  call: PartialCall
  /** Does what the call asks for, and gives the honest answer. */
  act: () => Answer
  reply: FastifyReply
  log: (answer: Answer, result: string) => void
}

/** Answers a call the way the injected fault wants. What comes before and after the effect differs, and is the point. */
export async function apiFault(faulty: FaultyCall): Promise<unknown> {
  const { platform, fault, path, endpoint, call, act, reply, log } = faulty
  const refuse = (errcode: number) => {
    const answer = errorAnswer(errcode, call.ip)
    log(answer, String(errcode))
    return send(reply, answer)
  }
  const instead = (status: number, type: string, body: string, result: string) => {
    log({ ...errorAnswer(-1, call.ip), errcode: 0, body }, result)
    return send(reply, { status, type, body, errcode: -1 })
  }
  switch (fault.kind) {
    case '5xx':
      return instead(502, 'text/html', BAD_GATEWAY, '502')
    case 'html':
      return instead(
        200,
        'text/html',
        '<!DOCTYPE html><html><head><title>企业微信</title></head><body>页面</body></html>',
        'HTML',
      )
    case 'garbage':
      return instead(200, 'application/json', '{"errcode":0,"errmsg":"ok","next_cur\u0000', '乱码')
    case 'busy':
      return refuse(-1)
    case '45033':
    case '48002':
    case '50003':
    case '60011':
    case '60020':
    case '84074':
    case '301002':
      return refuse(Number(fault.kind))
    case '40014':
      platform.credentials.revoke(call.corp!.info.corpid)
      return refuse(40014)
    case '45009-minute':
    case '45009-hour':
      platform.rates.block(call.corp!.info.corpid, path, fault.kind === '45009-hour' ? 'hour' : 'minute')
      return refuse(45009)
    case 'reset':
      log({ ...errorAnswer(-1, call.ip), errcode: 0, body: '' }, '连接断开')
      reply.hijack()
      return reply.raw.socket?.resetAndDestroy()
    case 'reset-after': {
      const answer = act()
      log(answer, `连接断开（${answer.errcode === 0 ? '已生效' : answer.errcode}）`)
      reply.hijack()
      return reply.raw.socket?.resetAndDestroy()
    }
    case '5xx-after':
      act()
      return instead(502, 'text/html', BAD_GATEWAY, '502（已生效）')
    case 'timeout-before':
      log({ ...errorAnswer(-1, call.ip), errcode: 0, body: '' }, '超时')
      return hang(reply, fault.ms ?? HANG_MS)
    case 'timeout-after': {
      const answer = act()
      log(answer, `超时（${answer.errcode === 0 ? '已生效' : answer.errcode}）`)
      return hang(reply, fault.ms ?? HANG_MS)
    }
    default: {
      const ms = fault.ms ?? SLOW_MS
      if (call.corp) endpoint?.reserve?.(call as Call, ms)
      await new Promise((resolve) => setTimeout(resolve, ms))
      const answer = act()
      log(answer, answer.errcode === 0 ? 'ok' : String(answer.errcode))
      return send(reply, answer)
    }
  }
}

/** Says nothing until the client has gone, or its time is over. */
function hang(reply: FastifyReply, ms: number): void {
  reply.hijack()
  const { socket } = reply.raw
  const timer = setTimeout(() => socket?.destroy(), ms)
  timer.unref()
  socket?.once('close', () => clearTimeout(timer))
}
