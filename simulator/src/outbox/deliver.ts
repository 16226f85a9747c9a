import type { Fault } from '../faults.ts'
import type { WireEntry } from '../wire.ts'
import type { Corp } from '../world/corp.ts'
import type { OutEvent } from '../world/records.ts'
import { WELCOME_LIMIT_MS } from '../world/welcome.ts'
import type { World } from '../world/world.ts'
import { envelopeXml, seal } from './envelope.ts'
import { CALLBACK_DEADLINE_MS, NO_ANSWER, request } from './post.ts'

/** One attempt. True when the receiver took it with 200 in time; everything is on the wire log either way. */
export async function deliver(
  world: World,
  corp: Corp,
  event: OutEvent,
  { fault, shown }: { fault?: Fault; shown?: WireEntry },
): Promise<boolean> {
  const receiver = corp.info.receivers[event.receiver]
  if (!receiver) return true
  const { corpid } = corp.info
  const attempt = event.attempts + 1
  const sealed = seal(receiver, corpid, event.xml)
  const body = envelopeXml(corpid, event.receiver === 'app' ? corp.info.agentId : undefined, sealed.cipher)
  const at = world.clock.virtualMs()
  const reply =
    fault?.kind === 'unreachable' ? NO_ANSWER : await request('POST', sealed.url, body, CALLBACK_DEADLINE_MS)
  const taken = reply.status === 200
  const welcome = event.welcomeCode === undefined ? undefined : corp.welcomes.get(event.welcomeCode)
  const entry = {
    at,
    corpid,
    direction: 'callback' as const,
    api: event.name,
    sentence: attempt === 1 ? event.sentence : `第 ${attempt} 次送：${event.sentence}`,
    result: reply.status ? String(reply.status) : (reply.failure ?? '没有应答'),
    ok: taken,
    ms: reply.ms,
    fault,
    response: reply.body,
    callback: {
      xml: event.xml,
      cipher: sealed.cipher,
      query: sealed.query,
      attempt,
      checks:
        reply.status === 0
          ? [{ name: '没有应答', ok: false, detail: `${reply.ms} ms 里没有等到，签名对不对也就无从知道` }]
          : [
              { name: '签名一致', ok: reply.status !== 403, detail: 'sha1(sort(token, timestamp, nonce, encrypt))' },
              { name: '已解密', ok: taken, detail: `receiveid = ${corpid}` },
              { name: '先存后答', ok: taken, detail: `${reply.ms} ms 内应答，限 ${CALLBACK_DEADLINE_MS} ms` },
            ],
    },
    welcome: welcome && {
      code: welcome.code,
      limitMs: WELCOME_LIMIT_MS,
      usedMs: welcome.usedWireMs === undefined ? undefined : welcome.usedWireMs - welcome.issuedWireMs,
      userid: welcome.userid,
      externalUserid: welcome.externalUserid,
    },
  }
  if (shown) world.wire.update(shown, entry)
  else world.wire.log(entry)
  return taken
}
