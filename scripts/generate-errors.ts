import { readFileSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { declaredErrors } from '../server/src/platform/errors.ts'

// Writes docs/errors.md from every refusal the rooms declare; with --verify only compares.
const ROOT = resolve(import.meta.dirname, '..')
const file = join(ROOT, 'docs/errors.md')

for await (const path of glob('server/src/modules/**/errors.ts', { cwd: ROOT })) await import(join(ROOT, path))

const lines = [...declaredErrors]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, { status, say }]) => `| \`${code}\` | ${status} | ${sample(say).replaceAll('|', '\\|')} |`)
const text = `# 错误代码 · Error codes

接口拒绝一件事时，会回答一个不变的代码、一句说明接下来怎么做的话，和一个请求编号（\`requestId\`，找日志用）。代码不会换意思，也不会重复使用。
由 \`npm run types\` 从代码生成，花括号里是当时的内容。没有列在这里的 500（\`platform.internal\`）是程序的错，请把请求编号发给我们。

| 代码 | 状态 | 说的话 |
| --- | --- | --- |
${lines.join('\n')}
`

if (process.argv.includes('--verify')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('docs/errors.md is stale')
    process.exit(1)
  }
} else writeFileSync(file, text)

/** The sentence with the names of its parameters standing for their values. */
function sample(say: (params: never) => string): string {
  const named = (name: string): unknown =>
    new Proxy(() => `{${name}}`, {
      get: (_, key) =>
        key === Symbol.toPrimitive || key === 'toString'
          ? () => `{${name}}`
          : key === 'join' || key === 'map'
            ? () => named(name)
            : named(name),
    })
  const params = new Proxy({}, { get: (_, key) => named(String(key)) })
  return say(params as never).replaceAll('NaN', '{…}')
}
