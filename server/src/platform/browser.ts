import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sha256 } from './secrets.ts'

/** The same browser is known again by all pages that customers open. */
const DEVICE_COOKIE = 'siyu_d'
const DEVICE_DAYS = 400
const DEVICE = /^[\w-]{22}$/

/** Machines that open what they are shown: search engines, link previews, monitors, programs. */
const MACHINE =
  /bot|spider|crawl|slurp|preview|facebookexternalhit|whatsapp\/|headless|lighthouse|pingdom|uptime|monitor|curl|wget|python|java\/|go-http|okhttp|axios|node-fetch|undici|libwww|httpclient|scanner|phantom|puppeteer|playwright|archive\.org|mediapartners|feedfetcher|embedly|validator/i

/** Whether somebody holds the phone. Whoever runs the page's script and says what no browser of a person says is not counted. */
export function isPerson({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const agent = headers['user-agent'] ?? ''
  const purpose = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']].join(' ')
  return agent !== '' && !MACHINE.test(agent) && !/prefetch|prerender|preview/i.test(purpose)
}

/** Inside WeChat or WeCom, where a page can ask who holds the phone without asking him. */
const isInWechat = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  /MicroMessenger|wxwork/i.test(headers['user-agent'] ?? '')

/** Where signing in comes silently: inside the client, or beside the simulator, whose phones are frames. */
export const signsInSilently = (request: Pick<FastifyRequest, 'headers'>, demo: boolean): boolean =>
  isPerson(request) && (isInWechat(request) || (demo && request.headers['sec-fetch-dest'] === 'iframe'))

/** What is kept of the cookie: whoever reads it in the database cannot speak for the browser. */
const nameOf = (cookie: string): string => sha256(cookie).subarray(0, 16).toString('base64url')

/** The mark of this browser, where it has one. */
export function knownDevice({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
  const cookie = cookies[DEVICE_COOKIE]
  return cookie && DEVICE.test(cookie) ? nameOf(cookie) : undefined
}

/** A random mark of this browser, given where it has none: by it it is known again until somebody says who holds it. */
export function deviceOf(request: FastifyRequest, reply: FastifyReply): string {
  const known = knownDevice(request)
  if (known) return known
  const device = randomBytes(16).toString('base64url')
  reply.setCookie(DEVICE_COOKIE, device, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: request.protocol === 'https',
    maxAge: DEVICE_DAYS * 24 * 3600,
  })
  return nameOf(device)
}
