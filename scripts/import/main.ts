import { basename } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { importTaobao, sayImported } from './import-taobao.ts'
import { makeKey } from './key.ts'
import { findLoadedCorp, readMemberTable, readSimulatedMembers } from './members.ts'
import { ImportRefused } from './sender.ts'

const HELP = `用法：npm run import -- taobao <文件.csv.gz> [--name 企业] [--members 会员对照表.csv]

  把公开数据集 UserBehavior（用户,商品,类目,pv|cart|fav|buy,秒）经 POST /collect 报给 Siyu，
  记到会员号相同的客户名下。重复执行不会重复计算。

  --name     npm run sim -- load 时的企业名；默认是文件名
  --members  不用模拟器时：每行「会员号,external_userid」

环境变量
  SIYU_URL             Siyu 的地址（默认 http://127.0.0.1:$SIYU_PORT，端口默认 7700）
  SIYU_KEY             服务端密钥 sk_…。没有就用管理员登录，建一个只在导入期间有效的密钥
  SIYU_ADMIN_LOGIN     管理员登录名（默认 admin）
  SIYU_ADMIN_PASSWORD  管理员密码；没有就在终端里问
  SIYU_SIM_PORT        模拟器的端口（默认 7710）`

const { env } = process
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, members: { type: 'string' } },
})
const [format, path] = positionals
const url = env.SIYU_URL ?? `http://127.0.0.1:${env.SIYU_PORT ?? 7700}`
const simulatorUrl = `http://127.0.0.1:${env.SIYU_SIM_PORT ?? 7710}`

async function run(file: string): Promise<void> {
  const name = values.name ?? basename(file).replace(/\.(csv|gz|txt)/g, '')
  if (values.members !== undefined && !env.SIYU_KEY)
    throw new ImportRefused('用会员对照表时，请把服务端密钥放进 SIYU_KEY：它说明是哪家企业。')
  const corpid = values.members === undefined ? await findLoadedCorp(simulatorUrl, name) : ''
  const members = values.members ? readMemberTable(values.members) : readSimulatedMembers(simulatorUrl, corpid)
  const given = env.SIYU_KEY ? { key: env.SIYU_KEY, revoke: async () => {} } : undefined
  const { key, revoke } = given ?? (await makeKey(url, { ...(await askWho()), wecomCorpid: corpid }))
  try {
    console.log(sayImported(await importTaobao(file, { url, key, members, print: console.log })))
  } finally {
    await revoke()
  }
}

async function askWho(): Promise<{ login: string; password: string }> {
  const login = env.SIYU_ADMIN_LOGIN ?? 'admin'
  if (env.SIYU_ADMIN_PASSWORD) return { login, password: env.SIYU_ADMIN_PASSWORD }
  if (!process.stdin.isTTY) throw new ImportRefused('请设置 SIYU_KEY，或 SIYU_ADMIN_PASSWORD。')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const password = await terminal.question(`${login} 的密码：`)
  terminal.close()
  return { login, password }
}

if (format !== 'taobao' || path === undefined) {
  console.log(HELP)
  if (format !== undefined && format !== 'help') process.exitCode = 1
} else {
  await run(path).catch((error) => {
    if (!(error instanceof ImportRefused)) throw error
    console.error(error.message)
    process.exitCode = 1
  })
}
