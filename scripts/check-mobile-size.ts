import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'

const ROOT = resolve(import.meta.dirname, '..')
/** Of a page with its styles inside, before it is told anything: what one round trip of a phone's network carries. */
const HTML_BYTES_MAX = 14_000
/** Of all the script a page loads before it is of use, as it travels: its own and what it has the browser fetch at once. */
const SCRIPT_GZIP_BYTES_MAX = 90_000
/** Of what it fetches once somebody needs it, altogether. */
const LATER_GZIP_BYTES_MAX = 15_000

const { output } = (await build({
  configFile: join(ROOT, 'mobile/vite.config.ts'),
  logLevel: 'silent',
  build: { write: false },
})) as Rollup.RollupOutput
const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))

/** A chunk with all it imports: at once, or also later. */
function reach(fileName: string, also: 'later' | undefined, seen = new Set<string>()): Set<string> {
  const chunk = chunks.get(fileName)
  if (!chunk || seen.has(fileName)) return seen
  seen.add(fileName)
  for (const next of [...chunk.imports, ...(also ? chunk.dynamicImports : [])]) reach(next, also, seen)
  return seen
}

const gzipOf = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code, { level: 9 }).length, 0)

for (const file of output) {
  if (file.type !== 'asset' || !file.fileName.endsWith('.html')) continue
  const html = String(file.source)
  // Scripts of the page, and what it tells the browser to fetch beside them.
  const entries = [...html.matchAll(/(?:src|href)="\/m\/([^"]+\.js)"/g)].map(([, name = '']) => name)
  const first = new Set(entries.flatMap((name) => [...reach(name, undefined)]))
  const all = new Set(entries.flatMap((name) => [...reach(name, 'later')]))
  const [scriptBytes, laterBytes] = [gzipOf(first), gzipOf([...all].filter((name) => !first.has(name)))]
  const htmlBytes = Buffer.byteLength(html)
  console.log(
    `${file.fileName}: ${htmlBytes} of ${HTML_BYTES_MAX} bytes, script ${scriptBytes} of ${SCRIPT_GZIP_BYTES_MAX} gzipped, later ${laterBytes} of ${LATER_GZIP_BYTES_MAX}`,
  )
  if (
    htmlBytes > HTML_BYTES_MAX ||
    scriptBytes > SCRIPT_GZIP_BYTES_MAX ||
    laterBytes > LATER_GZIP_BYTES_MAX ||
    first.size === 0
  )
    process.exitCode = 1
}
