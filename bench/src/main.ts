import type { Bench } from './bench.ts'

const BENCHES: Record<string, () => Promise<{ bench: Bench }>> = {
  ack: () => import('./ack.ts'),
  welcome: () => import('./welcome.ts'),
  sync: () => import('./sync.ts'),
  list: () => import('./list.ts'),
  segments: () => import('./segments.ts'),
  clock: () => import('./clock.ts'),
  preview: () => import('./preview.ts'),
  ingest: () => import('./ingest.ts'),
  freshness: () => import('./freshness.ts'),
  trial: () => import('./trial.ts'),
  radar: () => import('./radar.ts'),
  h5: () => import('./h5.ts'),
  'console-load': () => import('./console-load.ts'),
  sidebar: () => import('./sidebar.ts'),
}

const [name = '', ...options] = process.argv.slice(2)
const load = BENCHES[name]
if (!load) {
  console.error(`npm run bench -- <name>    ${Object.keys(BENCHES).join(' | ')}`)
  process.exit(64)
}
const { bench } = await load()
const contacts = Number(options.find((one) => one.startsWith('--contacts='))?.slice(11))
const line = await bench({
  quick: options.includes('--quick'),
  ...(contacts > 0 ? { contacts } : {}),
  say: (text) => console.error(text),
})
console.log(JSON.stringify(line))
process.exit(0)
