import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startSimulator } from './simulator.ts'

const run = promisify(execFile)

/** Four distinct members; 25 and 49 share the guide of 1 (mod 24), 100 has another. */
const CSV = '1,2244074,1575622,pv,1511658000\n25,1,1,pv,1\n1,5,5,buy,2\n49,1,1,pv,1\n100,1,1,cart,1\n'

async function aLoad(port: number) {
  const folder = await mkdtemp(join(tmpdir(), 'sim-cli-'))
  const file = join(folder, 'users.csv.gz')
  await writeFile(file, gzipSync(CSV))
  const env = {
    ...process.env,
    SIYU_SIM_PORT: String(port),
    SIYU_SIM_HOST: '127.0.0.1',
    SIYU_SIM_DATA: join(folder, 'data'),
  }
  return {
    dataDir: env.SIYU_SIM_DATA,
    async load() {
      const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'load', file], { env })
      return { corpid: /corpid +(ww\w+)/.exec(stdout)![1]!, counts: /客户 +(.*)/.exec(stdout)![1]! }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

interface Follows {
  customers: { memberNumber: string; follows: { userid: string; remark: string }[] }[]
}

async function guides(url: string, corpid: string): Promise<Set<string>> {
  const { customers } = (await (await fetch(`${url}/control/corps/${corpid}/customers`)).json()) as Follows
  const lines = customers.flatMap(({ memberNumber, follows }) =>
    follows.map((it) => `${memberNumber} ${it.userid} ${it.remark}`),
  )
  return new Set(lines)
}

const EXPECTED = new Set(['1 guide01 1', '100 guide04 100', '25 guide01 25', '49 guide01 49'])

test('members go to the running simulator, one customer each, and a repeated load adds nobody', async () => {
  await using sim = Object.assign(await startSimulator(), { [Symbol.asyncDispose]: () => sim.stop() })
  await using cli = await aLoad(Number(new URL(sim.url).port))
  const first = await cli.load()
  expect(first.counts).toBe('4（这次新增 4）')
  expect(await cli.load()).toEqual({ corpid: first.corpid, counts: '4（这次新增 0）' })
  expect(await guides(sim.url, first.corpid)).toEqual(EXPECTED)
})

test('with none running they go into the store, where the next start finds them', async () => {
  await using cli = await aLoad(17_729)
  const first = await cli.load()
  expect(await cli.load()).toEqual({ corpid: first.corpid, counts: '4（这次新增 0）' })
  await using sim = Object.assign(await startSimulator({ dataDir: cli.dataDir }), {
    [Symbol.asyncDispose]: () => sim.stop(),
  })
  expect(await guides(sim.url, first.corpid)).toEqual(EXPECTED)
})
