import { createServer } from 'node:net'
import { aWorld, type Json } from '../../simulator/test/world.ts'
import type { CorpSettings, PermissionsView } from '../src/modules/corps/schema.ts'
import { readCallbackSettings } from '../src/modules/corps/service.ts'
import { aWholeApp } from './whole-app.ts'
import { aCorp, type TestDb, testVault } from './world.ts'

interface Answered {
  status: number
  code: string
  message: string
}

/** A company in a simulator nobody has connected yet, and the whole server before it, with an owner of another corp signed in. */
export async function aCompanyToConnect(db: TestDb) {
  const world = await aWorld()
  const port = await freePort()
  const there = await aWholeApp(db, { wecomBaseUrl: world.sim.url, publicUrl: `http://127.0.0.1:${port}` })
  await there.app.listen({ host: '127.0.0.1', port })
  const atHome = await there.signedIn(await aCorp(db), 'owner')
  const ask = async (method: string, url: string, cookie: string, body?: object) => {
    const { status, text, code } = await there.ask(method, url, cookie, body)
    const json = text ? (JSON.parse(text) as Json) : {}
    return { status, code, message: String(json.message ?? ''), json }
  }
  const good = {
    name: '测试企业',
    wecomCorpid: world.corp.corpid,
    agentId: world.corp.agentId,
    appSecret: world.corp.secret,
  }
  return {
    world,
    there,
    good,
    port,
    /** The first two steps of the wizard. */
    checkCorpid: (wecomCorpid: string): Promise<Answered> => ask('POST', '/api/corps/corpid', atHome, { wecomCorpid }),
    connect: (given: Partial<typeof good> = {}) => ask('POST', '/api/corps', atHome, { ...good, ...given }),
    async corps() {
      const rows = await db.owner
        .selectFrom('corp')
        .select('corpId')
        .where('wecomCorpid', '=', world.corp.corpid)
        .execute()
      return rows.map((row) => row.corpId)
    },
    /** Breaks or mends what WeCom's administrator would: rules of the simulator's faults, or a corp's option. */
    faults: (...rules: Json[]) => world.control('PUT', '/faults', { rules }),
    options: (options: Json) => world.control('PATCH', `/corps/${world.corp.corpid}`, { options }),
    /** The corp once it is connected, seen by its owner. */
    async connected() {
      const made = await ask('POST', '/api/corps', atHome, good)
      if (made.status !== 201) throw new Error(`not connected: ${made.code}`)
      const corpId = String(made.json.corpId)
      const cookie = await there.signedIn(corpId, 'owner')
      return {
        corpId,
        setup: async () => (await ask('GET', '/api/corp', cookie)).json as unknown as CorpSettings,
        check: async () => (await ask('POST', '/api/corp/check', cookie)).json as unknown as CorpSettings,
        permissions: async () => (await ask('GET', '/api/corp/permissions', cookie)).json as unknown as PermissionsView,
        replace: (agentId: number, appSecret: string) =>
          ask('PUT', '/api/corp/credentials', cookie, { agentId, appSecret }),
        saveProof: (fileName: string) => ask('PUT', '/api/corp/domain-proof', cookie, { fileName }),
        /** What an administrator does on WeCom's page 设置 API 接收, with something mistyped perhaps. */
        async saveReceiver(mistyped: { token?: string; encodingAesKey?: string } = {}) {
          const settings = await readCallbackSettings(db.api, testVault, `http://127.0.0.1:${port}`, corpId)
          return world.control<Json>('PUT', `/corps/${world.corp.corpid}/receiver`, { ...settings, ...mistyped })
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

/** The public address is part of what is tested, so it must be known before the server listens. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address ? address.port : 0
}

export const stepOf = (setup: CorpSettings, name: string) => {
  const { state, refusal } = setup.steps.find(({ step }) => step === name)!
  return refusal ? `${state} ${refusal}` : state
}
