import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'

const ROOT = resolve(import.meta.dirname, '..')
/** Of a page with its styles inside, before it is told anything: what one round trip of a phone's network carries. */
const HTML_BYTES_MAX = 14_000
/** Of all the script a page loads, as it travels. */
const SCRIPT_GZIP_BYTES_MAX = 90_000

const { output } = (await build({
  configFile: join(ROOT, 'mobile/vite.config.ts'),
  logLevel: 'silent',
  build: { write: false },
})) as Rollup.RollupOutput
const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))

/** A chunk with all it imports, now or later. */
function reach(fileName: string, seen = new Set<string>()): Set<string> {
  const chunk = chunks.get(fileName)
  if (!chunk || seen.has(fileName)) return seen
  seen.add(fileName)
  for (const next of [...chunk.imports, ...chunk.dynamicImports]) reach(next, seen)
  return seen
}

for (const file of output) {
  if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
  const html = String(file.source)
  const entries = [...html.matchAll(/src="\/m\/([^"]+\.js)"/g)].map(([, name = '']) => name)
  const scripts = new Set(entries.flatMap((name) => [...reach(name)]))
  const scriptBytes = [...scripts].reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code, { level: 9 }).length, 0)
  const htmlBytes = Buffer.byteLength(html)
  console.log(
    `${file.fileName}: ${htmlBytes} of ${HTML_BYTES_MAX} bytes, script ${scriptBytes} of ${SCRIPT_GZIP_BYTES_MAX} gzipped`,
  )
  if (htmlBytes > HTML_BYTES_MAX || scriptBytes > SCRIPT_GZIP_BYTES_MAX || scripts.size === 0) process.exitCode = 1
}
