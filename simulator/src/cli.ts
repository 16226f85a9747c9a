import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { DEFAULT_DATA_DIR, DEFAULT_PORT, readEnv } from './env.ts'
import { openMemberFile, readMemberNumbers } from './member-file.ts'
import { DEFAULT_SEED, STORE_FILE } from './simulator.ts'
import { openStore } from './store.ts'
import { loadedCorp, loadMembers } from './world/members.ts'
import { World } from './world/world.ts'

const HELP = `用法：npm run sim -- <命令>

  load FILE.csv[.gz] [--name 名称]   用真实用户建一个企业：第 1 列是会员号，每个会员号一位客户，
                                     跟进人是 guide00…guide23 中的第（会员号 mod 24）位。
                                     重复执行不会重复建。模拟器在运行就交给它，否则直接写入数据文件夹。
  help                               显示这段说明

环境变量：SIYU_SIM_PORT（默认 ${DEFAULT_PORT}）、SIYU_SIM_HOST、SIYU_SIM_DATA（默认 ${DEFAULT_DATA_DIR}）`

interface Loaded {
  corpid: string
  secret: string
  contactSecret: string
  added: number
  total: number
}

const [command, file, ...rest] = process.argv.slice(2)
if (command === 'load' && file !== undefined) {
  const name = rest[0] === '--name' && rest[1] ? rest[1] : basename(file).replace(/\.(csv|gz|txt)/g, '')
  const { port, host, dataDir } = readEnv(process.env)
  const url = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`
  const loaded = (await isRunning(url)) ? await loadOver(url, file, name) : await loadInto(dataDir, file, name)
  console.log(`corpid        ${loaded.corpid}`)
  console.log(`secret        ${loaded.secret}`)
  console.log(`contactSecret ${loaded.contactSecret}`)
  console.log(`客户           ${loaded.total}（这次新增 ${loaded.added}）`)
} else {
  console.log(HELP)
  if (!['help', '--help', '-h', undefined].includes(command)) process.exitCode = 1
}

async function isRunning(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (reply) => reply.ok,
    () => false,
  )
}

/** Streams the numbers to the running simulator; neither side holds the file. */
async function loadOver(url: string, path: string, name: string): Promise<Loaded> {
  const lines = Readable.from(withNewlines(readMemberNumbers(openMemberFile(path))))
  const reply = await fetch(`${url}/control/load?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: Readable.toWeb(lines) as ReadableStream,
    duplex: 'half',
  })
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`)
  return (await reply.json()) as Loaded
}

async function* withNewlines(numbers: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const number of numbers) yield `${number}\n`
}

async function loadInto(dataDir: string, path: string, name: string): Promise<Loaded> {
  const store = openStore(join(dataDir, STORE_FILE))
  const world = new World(store, { seed: DEFAULT_SEED })
  const corp = loadedCorp(world, name)
  const numbers: string[] = []
  for await (const number of readMemberNumbers(openMemberFile(path))) numbers.push(number)
  const added = loadMembers(world, corp, numbers)
  world.stop()
  store.close()
  const { corpid, appSecret, contactSecret } = corp.info
  return { corpid, secret: appSecret, contactSecret, added, total: corp.customerCount }
}
