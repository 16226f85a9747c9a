import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './http.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}
/** Already compressed: a second time only makes them larger. */
const PACKED = new Set(['.png', '.woff2', '.ico', '.bcmap', '.pfb', '.ttf'])

interface Page {
  type: string
  etag: string
  plain: Buffer
  gzip: Buffer | undefined
  cacheControl: string
}

/** Its name holds the hash of its content. */
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Pasted into pages of others under a name that never changes: an hour after a new version everybody has it. */
const FOR_AN_HOUR = 'public, max-age=3600'

/** Serves built scripts that pages of other sites load. */
export function serveScripts(app: App, folder: string, names: readonly string[]): void {
  if (!existsSync(folder)) return
  const pages = readPages(folder)
  for (const name of names) {
    const page = { ...pages.get(name)!, cacheControl: FOR_AN_HOUR }
    app.get(`/${name}`, { config: { access: 'public' }, schema: { hide: true } }, (request, reply) => {
      reply
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('x-content-type-options', 'nosniff')
      return sendPage(request, reply, page)
    })
  }
}

/**
 * Serves a built single-page application from memory, compressed once at start. Hashed files are kept by browsers for
 * ever, index.html never; an unknown path is a page of the application, except below `api`.
 */
export function serveBuiltPages(app: App, folder: string): void {
  if (!existsSync(join(folder, 'index.html'))) return
  const pages = readPages(folder)
  const index = pages.get('index.html')!
  app.get<{ Params: { '*': string } }>(
    '/*',
    { config: { access: 'public' }, schema: { hide: true } },
    (request, reply) => {
      if (request.url.startsWith('/api/')) return reply.callNotFound()
      return sendPage(request, reply, pages.get(request.params['*']) ?? index)
    },
  )
}

export function sendPage(request: FastifyRequest, reply: FastifyReply, page: Page): FastifyReply {
  reply.header('cache-control', page.cacheControl).header('etag', page.etag)
  if (request.headers['if-none-match'] === page.etag) return reply.code(304).send()
  reply.type(page.type).header('vary', 'accept-encoding')
  const gzip = page.gzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  return gzip ? reply.header('content-encoding', 'gzip').send(page.gzip) : reply.send(page.plain)
}

export function readPages(folder: string): Map<string, Page> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name)
      const name = relative(folder, path).replaceAll('\\', '/')
      const plain = readFileSync(path)
      const extension = extname(name)
      return [
        name,
        {
          plain,
          type: TYPES[extension] ?? 'application/octet-stream',
          etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
          gzip: PACKED.has(extension) ? undefined : gzipSync(plain),
          cacheControl: name.startsWith('assets/') ? FOR_EVER : 'no-cache',
        },
      ]
    }),
  )
}
