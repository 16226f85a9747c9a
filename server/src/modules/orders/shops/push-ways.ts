import { createHash, timingSafeEqual } from 'node:crypto'
import type { Platform } from '../connectors/registry.ts'

/** A push as it came. */
export interface Push {
  body: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  query: Readonly<Record<string, string>>
}

export interface Credentials {
  appKey: string
  secret: string
}

/** How one platform signs what it pushes, and what is in it. */
interface PushWay {
  /** What the signature must be, and what it is. */
  signatures(push: Push, credentials: Credentials): { wanted: string; given: string }
  /** What to send a signature along with: for a trial of our own. */
  sign(body: string, credentials: Credentials): { headers: Record<string, string>; query: Record<string, string> }
  /** The order in its envelope; undefined where the message is of something else. */
  open(message: Record<string, unknown>): unknown
  /** What the platform takes for an answer; without it the push comes again. */
  ack: string
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value) ?? ''

/** Of names and values in the order of the names, and the body, between the secret: the gateways of Taobao and JD. */
function gatewaySign(query: Push['query'], signed: Record<string, string>, body: string, secret: string): string {
  const flat = (given: Readonly<Record<string, string>>) =>
    Object.keys(given)
      .filter((name) => name !== 'sign')
      .sort()
      .map((name) => `${name}${given[name]}`)
      .join('')
  return md5(`${secret}${flat(signed)}${flat(query)}${body}${secret}`).toUpperCase()
}

const signedHeaders = ({ headers }: Push) =>
  Object.fromEntries(
    one(headers['top-sign-list'])
      .split(',')
      .filter(Boolean)
      .map((name) => [name, one(headers[name.toLowerCase()])]),
  )

/** By the query, as both gateways do. */
const gateway = {
  signatures: (push: Push, { secret }: Credentials) => ({
    wanted: gatewaySign(push.query, signedHeaders(push), push.body, secret),
    given: one(push.query.sign),
  }),
  sign(body: string, { appKey, secret }: Credentials) {
    const query = { app_key: appKey }
    return { headers: {}, query: { ...query, sign: gatewaySign(query, {}, body, secret) } }
  },
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text
  } catch {
    return undefined
  }
}

/** Texts of messages come percent-encoded. */
function decoded(text: unknown): unknown {
  try {
    return typeof text === 'string' ? decodeURIComponent(text.replaceAll('+', ' ')) : text
  } catch {
    return text
  }
}

export const PUSH_WAYS: Readonly<Record<Platform, PushWay>> = {
  /** Event-Sign: MD5 of client_id, the whole body and client_secret. doc.youzanyun.com/resource/develop-guide/41355/41536, as quoted in github.com/cuncle/youzanyun-push-demo, read 2026-11-30. */
  youzan: {
    signatures: ({ body, headers }, { appKey, secret }) => ({
      wanted: md5(`${appKey}${body}${secret}`),
      given: one(headers['event-sign']).toLowerCase(),
    }),
    sign: (body, { appKey, secret }) => ({ headers: { 'event-sign': md5(`${appKey}${body}${secret}`) }, query: {} }),
    open: ({ msg }) => parse(decoded(msg)),
    ack: '{"code":0,"msg":"success"}',
  },
  /**
   * As the open platform calls services of others (SPI): headers named in top-sign-list, the query and the body between the
   * secret, MD5 in capitals; by the SpiUtils of the platform's published clients, read 2026-11-30. Orders themselves it
   * tells over a channel of its own (TMC): whoever hears that sends them on here, signed so.
   */
  taobao: {
    ...gateway,
    open: (message) => (isObject(message.trade_fullinfo_get_response) ? message.trade_fullinfo_get_response : message),
    ack: '{"success":true}',
  },
  /** JD's gateway signs calls the same way; it pushes no orders by HTTP itself: whoever hears them sends them on here, signed so. */
  jd: {
    ...gateway,
    open: (message) => {
      const answer = message.jingdong_pop_order_get_responce
      return isObject(answer) && isObject(answer.orderDetailInfo) ? answer.orderDetailInfo : message
    },
    ack: '{"code":"0"}',
  },
  /** SHA1 of token, timestamp and nonce in their order. developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push, read 2026-11-30. */
  'wechat-shop': {
    signatures: ({ query }, { secret }) => ({
      wanted: sha1([secret, one(query.timestamp), one(query.nonce)].sort().join('')),
      given: one(query.signature).toLowerCase(),
    }),
    sign(_body, { secret }) {
      const query = { timestamp: '0', nonce: 'siyu' }
      return {
        headers: {},
        query: { ...query, signature: sha1([secret, query.timestamp, query.nonce].sort().join('')) },
      }
    },
    // Its own events name the order alone: what it says of it is read by the shop's server, which sends it on here.
    open: (message) => message,
    ack: 'success',
  },
  /** MD5 of client_id, the body and client_secret, as the header `sign`: no public document was found on 2026-11-30, to be compared with it. */
  weimob: {
    signatures: ({ body, headers }, { appKey, secret }) => ({
      wanted: md5(`${appKey}${body}${secret}`),
      given: one(headers.sign).toLowerCase(),
    }),
    sign: (body, { appKey, secret }) => ({ headers: { sign: md5(`${appKey}${body}${secret}`) }, query: {} }),
    open: ({ msg_body }) => parse(msg_body),
    ack: '{"code":{"errcode":0,"errmsg":"success"}}',
  },
}

/** Whether whoever sent it knows the secret. */
export function isGenuine(platform: Platform, push: Push, credentials: Credentials): boolean {
  const { wanted, given } = PUSH_WAYS[platform].signatures(push, credentials)
  return wanted.length === given.length && timingSafeEqual(Buffer.from(wanted), Buffer.from(given))
}

/** What a push says, opened: the order, or that it is a trial, or nothing we know. */
export function openPush(platform: Platform, body: string): { isTrial: boolean; order: unknown } {
  const message = parse(body)
  if (!isObject(message)) return { isTrial: false, order: undefined }
  return { isTrial: message.test === true, order: PUSH_WAYS[platform].open(message) }
}
