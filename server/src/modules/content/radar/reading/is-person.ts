import type { FastifyRequest } from 'fastify'

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
export const isInWechat = ({ headers }: Pick<FastifyRequest, 'headers'>): boolean =>
  /MicroMessenger|wxwork/i.test(headers['user-agent'] ?? '')
