import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readPages, sendPage } from './built-pages.ts'
import type { App } from './http.ts'

/** Small pages, one HTML file each, handed out with what the server knows of this very opening. */
export interface MobilePages {
  /** `entry`: the name of the HTML file. `boot` is read by its script as JSON; it may hold what others wrote. */
  send(request: FastifyRequest, reply: FastifyReply, entry: string, boot: object): FastifyReply
}

export interface MobilePageOptions {
  /** Where the workspace's build is. */
  folder: string
  /** Loaded before the page's own script, from where it says. */
  firstScript: string | undefined
  /** Who may show our page inside his. */
  framedBy: readonly string[]
}

const PLACE_OF_BOOT = '<!--boot-->'

/** Serves the assets and returns what sends the pages. What is not built is answered with 503 and the way to build it. */
export function serveMobilePages(app: App, { folder, firstScript, framedBy }: MobilePageOptions): MobilePages {
  const built = existsSync(folder)
  const html = new Map(
    (built ? readdirSync(folder) : [])
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name.slice(0, -'.html'.length), readFileSync(join(folder, name), 'utf8')]),
  )
  const assets = built ? readPages(folder) : new Map<string, never>()
  app.get<{ Params: { '*': string } }>(
    '/m/assets/*',
    { config: { access: 'public' }, schema: { hide: true } },
    (request, reply) => {
      const asset = assets.get(`assets/${request.params['*']}`)
      return asset ? sendPage(request, reply, asset) : reply.callNotFound()
    },
  )
  const first = firstScript ? `<script src="${firstScript}"></script>` : ''
  const policy = [
    "default-src 'self'",
    `script-src 'self'${firstScript ? ` ${new URL(firstScript).origin}` : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https: http://127.0.0.1:* http://localhost:*",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${["'self'", ...framedBy].join(' ')}`,
  ].join('; ')
  return {
    send(request, reply, entry, boot) {
      const page = html.get(entry)
      if (page === undefined)
        return reply.code(503).type('text/plain; charset=utf-8').send('页面还没有构建：npm run build -w @siyu/mobile')
      // No character of it can end the script it stands in, or begin a comment.
      const json = JSON.stringify(boot).replaceAll(
        /[<>&\u2028\u2029]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      const text = page.replace(
        PLACE_OF_BOOT,
        () => `<script type="application/json" id="boot">${json}</script>${first}`,
      )
      reply
        .header('content-security-policy', policy)
        .header('cache-control', 'no-store')
        .header('vary', 'accept-encoding')
        .removeHeader('x-frame-options')
        .type('text/html; charset=utf-8')
      return /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
        ? reply.header('content-encoding', 'gzip').send(gzipSync(text))
        : reply.send(text)
    },
  }
}
