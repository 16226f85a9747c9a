import type { Fault } from '../faults.ts'
import { keepBody } from '../wire.ts'
import type { Answer, PartialCall } from './answer.ts'
import type { Call, Endpoint } from './endpoint.ts'

export interface LoggedCall {
  path: string
  endpoint?: Endpoint
  call: PartialCall
  fault?: Fault
  answer: Answer
  result: string
  ms: number
}

/** What each refusal means for whoever looks on. */
const REFUSAL_SENTENCES: Record<number, string> = {
  [-1]: '企业微信系统繁忙，稍后自动重试',
  40001: '应用凭证不对，请核对 Secret',
  40014: '访问凭证已失效，换新的再来一次',
  42001: '访问凭证过期，换新的再来一次',
  41050: '欢迎码已过期，没有补发',
  41048: '没有可以发送的客户，任务没有建',
  41063: '群发任务还在创建，几秒后再问',
  41079: '朋友圈任务还在创建，几秒后再问',
  41093: '企业已停止这个群发任务',
  41094: '24 小时里已提醒 3 次，明天再提醒',
  41210: '建朋友圈太密，稍后再建',
  41051: '已经欢迎过或聊起来了，没有再发',
  45009: '调用太密，限频时间过后自动重试',
  45033: '同时调用太多，稍后自动重试',
  48002: '这个凭证没有此接口的权限',
  60020: '来源 IP 不在可信名单里',
  84061: '他们现在不是好友',
}

/** Puts one call on the wire log: for people first, then for whoever wants the bytes. */
export function logCall(logged: LoggedCall): void {
  const { path, call, fault, answer, result, ms } = logged
  call.world.wire.log({
    at: call.world.clock.virtualMs(),
    corpid: call.corp?.info.corpid ?? '',
    direction: 'call',
    api: path,
    sentence: sentenceOf(logged),
    result,
    ok: result === 'ok',
    ms: Math.round(ms * 10) / 10,
    fault: fault && { kind: fault.kind, label: fault.label },
    request: requestOf(call),
    response: responseOf(answer),
  })
}

function sentenceOf({ path, endpoint, call, answer, result }: LoggedCall): string {
  if (!endpoint) return `没有这个接口：${path}`
  const plain = call.corp ? endpoint.say(call as Call, answer.errcode === 0 ? answer.value : undefined) : path
  if (result === 'ok' || answer.errcode === 0) return plain
  return REFUSAL_SENTENCES[answer.errcode] ?? `没有办成：${plain}`
}

/** Secrets and tokens stay out of what is shown. */
function requestOf(call: PartialCall): unknown {
  if (call.contentType.startsWith('multipart/')) return `（文件，${call.bytes.length} 字节）`
  if (call.bytes.length > 0) return keepBody(call.bytes.toString())
  const { access_token: _token, corpsecret: _secret, ...query } = call.query
  return query
}

function responseOf({ body, value }: Answer): unknown {
  if (typeof body !== 'string') return `（${body.length} 字节）`
  const kept = keepBody(body)
  return typeof kept === 'string' || !value ? kept : value
}
