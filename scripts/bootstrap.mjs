// Runs on whatever Node the machine has (20 or later), before anything is installed: plain JavaScript, no dependencies.
// Installs the locked packages and builds the pages, each only when its inputs changed since the last time.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const [major] = process.versions.node.split('.').map(Number)

if (major < 20)
  fail(`需要 Node 20 或更新版本，这里是 ${process.version}。\nNode 20 or later is needed; this is ${process.version}.`)
install()
build('console', [
  'console/src',
  'console/index.html',
  'console/vite.config.ts',
  'server/openapi.json',
  'package-lock.json',
])
build(
  'mobile',
  [
    'mobile/src',
    'mobile/sidebar.html',
    'mobile/read.html',
    'mobile/form.html',
    'server/src/modules/content/forms',
    'mobile/vite.config.ts',
    'server/openapi.json',
    'package-lock.json',
  ],
  'sidebar.html',
)
build('simulator', ['simulator/world', 'package-lock.json'])
build('tracker', ['tracker/src', 'tracker/vite.config.ts', 'package-lock.json'], 'tracker.js')

function install() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const stamp = createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex')
  const file = join(modules, '.siyu-installed')
  if (existsSync(file) && readFileSync(file, 'utf8') === stamp) return
  console.log('首次启动：正在安装依赖，约一分钟。Installing dependencies, about a minute…')
  // npm by its own path, with a clean npm environment: settings inherited from an outer `npm start` would leak in.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(?!config_(registry|cache|proxy|https_proxy|cafile|userconfig|globalconfig))/i.test(name),
    ),
  )
  const npm = process.env.npm_execpath
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const run = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync('npm', args, {
        cwd: root,
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      })
  if (run.status !== 0) {
    fail(
      '依赖没有装好。请检查网络或代理（npm config get registry），再运行一次；已下载的不会重来。\nThe dependencies could not be installed: check the network, then run it again.',
    )
  }
  if (!existsSync(join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node'))) {
    if (major < 24)
      fail(
        `这个平台（${process.platform} ${process.arch}）没有随附的 Node 24，请自行安装 Node 24 后再启动。\nInstall Node 24 yourself on this platform.`,
      )
  }
  writeFileSync(file, stamp)
}

/** `npm run build` of a workspace, when the hash of its inputs is not the one last built. */
function build(workspace, inputs, made = 'index.html') {
  const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'))
  if (!manifest.scripts?.build) return
  const hash = createHash('sha256')
  for (const input of inputs) addToHash(hash, join(root, input))
  const stamp = hash.digest('hex')
  const file = join(modules, `.siyu-built-${workspace}`)
  if (existsSync(file) && readFileSync(file, 'utf8') === stamp && existsSync(join(root, workspace, 'dist', made)))
    return
  console.log(`正在构建页面（${workspace}）。Building the pages…`)
  try {
    const env = {
      ...process.env,
      PATH: `${join(modules, '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
    }
    execFileSync('npm', ['run', 'build', '--silent', '-w', workspace], {
      cwd: root,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
  } catch {
    fail(`页面（${workspace}）没有构建成功，原因见上。\nThe pages could not be built; the reason stands above.`)
  }
  mkdirSync(modules, { recursive: true })
  writeFileSync(file, stamp)
}

function addToHash(hash, path) {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) return void hash.update(path.slice(root.length)).update(readFileSync(path))
  for (const name of readdirSync(path).sort())
    if (name !== 'node_modules' && name !== 'dist') addToHash(hash, join(path, name))
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
