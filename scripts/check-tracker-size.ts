import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Rollup } from 'vite'

const ROOT = resolve(import.meta.dirname, '..')
/** Of each file as it travels. */
const GZIP_BYTES_MAX = 4_096

for (const mode of ['web', 'mini']) {
  const configFile = join(ROOT, 'tracker/vite.config.ts')
  const built = (await build({ configFile, mode, build: { write: false } })) as Rollup.RollupOutput[]
  for (const file of built.flatMap(({ output }) => output)) {
    if (file.type !== 'chunk') continue
    const bytes = gzipSync(file.code, { level: 9 }).length
    console.log(`${file.fileName}: ${bytes} of ${GZIP_BYTES_MAX} bytes`)
    if (bytes > GZIP_BYTES_MAX) process.exitCode = 1
  }
}
