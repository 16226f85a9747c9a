import { randomBytes } from 'node:crypto'
import type { Receiver } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { seal } from './envelope.ts'
import { NO_ANSWER, request } from './post.ts'

/** WeCom waits one second for the echo (developer.work.weixin.qq.com/document/path/90930, 2026-11); local starts are slower. */
const VERIFY_DEADLINE_MS = 5000

export interface Verification {
  verified: boolean
  status: number
  ms: number
  reason: string
}

/** What the admin console does on 保存: sends an encrypted echostr and wants its plaintext back, bare. */
export async function verifyReceiver(world: World, corpid: string, receiver: Receiver): Promise<Verification> {
  const echo = String(randomBytes(8).readBigUInt64BE())
  const sealed = seal(receiver, corpid, echo, 'echostr')
  const cut = world.faults.decide('callback', 'verify', corpid)?.kind === 'unreachable'
  const reply = cut ? NO_ANSWER : await request('GET', sealed.url, '', VERIFY_DEADLINE_MS)
  const verified = reply.status === 200 && reply.body === echo
  const reason = verified
    ? '回调地址校验通过，签名一致'
    : reply.failure
      ? `回调地址没有应答：${reply.failure}`
      : reply.status !== 200
        ? `回调地址返回了 ${reply.status}，应为 200`
        : '回调地址返回的明文不对：要原样返回解密后的 echostr，不带引号和换行'
  world.wire.log({
    at: world.clock.virtualMs(),
    corpid,
    direction: 'callback',
    api: `GET ${sealed.url.pathname}?echostr`,
    sentence: reason,
    result: reply.status ? String(reply.status) : '没有应答',
    ok: verified,
    ms: reply.ms,
    request: sealed.query,
    response: reply.body,
  })
  return { verified, status: reply.status, ms: reply.ms, reason }
}
