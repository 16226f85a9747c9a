import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

// `npm run check`: what a machine can hold of the house rules. Each step says how to mend what it found.
const ROOT = resolve(import.meta.dirname, '..')
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)

const steps: { name: string; command: string; args: string[]; mend: string }[] = [
  {
    name: 'lint and format',
    command: bin('biome'),
    args: ['check', '--error-on-warnings', '.'],
    mend: 'npx biome check --write .',
  },
  { name: 'types', command: bin('tsc'), args: ['-p', 'tsconfig.json'], mend: 'read the errors above' },
  {
    name: 'types of the console',
    command: bin('tsc'),
    args: ['-p', 'console/tsconfig.json', '--noEmit'],
    mend: 'read the errors above',
  },
  {
    name: 'types of the mobile pages',
    command: bin('tsc'),
    args: ['-p', 'mobile/tsconfig.json', '--noEmit'],
    mend: 'read the errors above',
  },
  {
    name: 'types of the world page',
    command: bin('tsc'),
    args: ['-p', 'simulator/world/tsconfig.json', '--noEmit'],
    mend: 'read the errors above',
  },
  {
    name: 'types of the tracker',
    command: bin('tsc'),
    args: ['-p', 'tracker/tsconfig.json', '--noEmit'],
    mend: 'read the errors above',
  },
  {
    name: 'size of the tracker',
    command: process.execPath,
    args: ['scripts/check-tracker-size.ts'],
    mend: 'every page of every shop loads it: take something out',
  },
  {
    name: 'size of the mobile pages',
    command: process.execPath,
    args: ['scripts/check-mobile-size.ts'],
    mend: 'they are opened on a phone, between two messages: take something out',
  },
  {
    name: 'arrows',
    command: bin('depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'server/src',
      'wecom/src',
      'simulator/src',
      'tracker/src',
      'scripts',
      'bench/src',
    ],
    mend: 'ARCHITECTURE.md says which way arrows point',
  },
  { name: 'unused code and dependencies', command: bin('knip'), args: [], mend: 'delete what nobody uses' },
  {
    name: 'database types fresh',
    command: process.execPath,
    args: ['scripts/generate-db-types.ts', '--verify'],
    mend: 'npm run types',
  },
  {
    name: 'openapi.json fresh',
    command: process.execPath,
    args: ['scripts/generate-openapi.ts', '--verify'],
    mend: 'npm run types',
  },
  {
    name: 'docs/errors.md fresh',
    command: process.execPath,
    args: ['scripts/generate-errors.ts', '--verify'],
    mend: 'npm run types',
  },
]

let failures = 0
for (const { name, command, args, mend } of steps) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` },
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (status === 0) continue
  failures++
  console.log(`${stdout}\n${stderr}\n  → ${mend}`)
}
process.exit(failures === 0 ? 0 : 1)
