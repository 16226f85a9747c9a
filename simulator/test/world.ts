import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
// Crypto that is not ours: what a stranger's receiver would use.
import { decrypt, getSignature } from '@wecom/crypto'
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator.ts'

export type Json = Record<string, unknown>

export interface TestCorp {
  corpid: string
  agentId: number
  secret: string
  contactSecret: string
}

export interface TestWorld extends AsyncDisposable {
  sim: Simulator
  corp: TestCorp
  /** Calls an endpoint as the app, as any client would: POST with a body, GET with a query. */
  api(path: string, body?: Json): Promise<Json>
  apiGet(path: string, query?: Record<string, string>): Promise<Json>
  control<T = Json>(method: string, path: string, body?: unknown): Promise<T>
  /** One action of a simulated person; its result. */
  act<T = Json>(action: Json): Promise<T>
  token(secret?: string): Promise<string>
}

export interface Met {
  userid: string
  externalUserid: string
  outcome: string
  welcomeCode?: string
}

/** A simulator on a free port with one company: a department, members `amy`, `Bob` and `cat`, no customers; or a generated one. */
export async function aWorld(options: SimulatorOptions & { corp?: Json } = {}): Promise<TestWorld> {
  const { corp: corpOptions, ...rest } = options
  const sim = await startSimulator(rest)
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(`${sim.url}/control${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return (await reply.json()) as T
  }
  const known = (await control<{ corps: TestCorp[] }>('GET', '/corps')).corps[0]
  const corp = known ?? (await control<TestCorp>('POST', '/corps', { name: '测试企业', ...corpOptions }))
  const act = async <T>(action: Json): Promise<T> => {
    const reply = await control<{ result?: T; code?: string }>('POST', `/corps/${corp.corpid}/actions`, action)
    return reply.result ?? (reply as T)
  }
  if (!known && !corpOptions?.generate) {
    await act({ type: 'department_add', name: '测试企业', parentId: 0 })
    for (const userid of ['amy', 'Bob', 'cat']) await act({ type: 'member_add', userid, name: userid.toUpperCase() })
  }
  const token = async (secret = corp.secret) => {
    const query = new URLSearchParams({ corpid: corp.corpid, corpsecret: secret })
    return ((await (await fetch(`${sim.url}/cgi-bin/gettoken?${query}`)).json()) as { access_token: string })
      .access_token
  }
  return {
    sim,
    corp,
    control,
    act,
    token,
    async api(path, body = {}) {
      const [bare, query] = path.split('?')
      const reply = await fetch(`${sim.url}/cgi-bin/${bare}?access_token=${await token()}${query ? `&${query}` : ''}`, {
        method: 'POST',
        body: JSON.stringify(body),
      })
      return (await reply.json()) as Json
    },
    async apiGet(path, query = {}) {
      const search = new URLSearchParams({ access_token: await token(), ...query })
      return (await (await fetch(`${sim.url}/cgi-bin/${path}?${search}`)).json()) as Json
    },
    [Symbol.asyncDispose]: () => sim.stop(),
  }
}

/** A contact way for `amy`, and somebody new who scans it. */
export async function aFriend(world: TestWorld, name = '林晚'): Promise<Met> {
  const { externalUserid } = await world.act<{ externalUserid: string }>({ type: 'new_customer', name })
  return world.act<Met>({ type: 'add', userid: 'amy', externalUserid })
}

export async function aContactWay(world: TestWorld, way: Json = {}): Promise<string> {
  const made = await world.api('externalcontact/add_contact_way', { type: 2, scene: 2, user: ['amy'], ...way })
  return made.config_id as string
}

export interface Delivery {
  /** The decrypted XML. */
  xml: string
  nonce: string
  cipher: string
  signatureOk: boolean
  receiveId: string
  at: number
  path: string
}

export interface TestReceiver extends AsyncDisposable {
  url: string
  deliveries: Delivery[]
  /** What the next deliveries are answered with; 200 when it runs out. 0 hangs up. */
  answers: number[]
  waitFor(count: number): Promise<Delivery[]>
}

const TOKEN = 'QDG6eK'
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'

/** A company's receiver, written with `@wecom/crypto` alone, connected to the world's corp. */
export async function aReceiver(world: TestWorld, purpose = 'both'): Promise<TestReceiver> {
  const deliveries: Delivery[] = []
  const answers: number[] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url!, 'http://receiver')
    const query = Object.fromEntries(url.searchParams) as Record<string, string>
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.method === 'GET') return response.end(decrypt(AES_KEY, query.echostr!).message)
      const cipher = /<Encrypt><!\[CDATA\[(.+)\]\]><\/Encrypt>/.exec(Buffer.concat(parts).toString())![1]!
      const { message, id } = decrypt(AES_KEY, cipher)
      const signatureOk = getSignature(TOKEN, query.timestamp!, query.nonce!, cipher) === query.msg_signature
      deliveries.push({
        xml: message,
        nonce: query.nonce!,
        cipher,
        signatureOk,
        receiveId: id,
        at: performance.now(),
        path: url.pathname,
      })
      const answer = answers.shift() ?? 200
      if (answer === 0) return response.destroy()
      response.writeHead(answer).end()
    })
  }
  const server: Server = createServer(handle)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
  const verification = await world.control<{ verified: boolean }>('PUT', `/corps/${world.corp.corpid}/receiver`, {
    url,
    token: TOKEN,
    encodingAesKey: AES_KEY,
    purpose,
  })
  if (!verification.verified) throw new Error('the receiver was not verified')
  return {
    url,
    deliveries,
    answers,
    async waitFor(count) {
      const deadline = performance.now() + 8000
      while (deliveries.length < count && performance.now() < deadline) await sleep(5)
      if (deliveries.length < count) throw new Error(`${deliveries.length} callbacks came, not ${count}`)
      return deliveries
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** The text of one element of a delivery. */
export function field(delivery: Delivery | undefined, name: string): string | undefined {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`).exec(delivery?.xml ?? '')
  return found?.[1]
}

/** Long enough for anything that would wrongly be sent to arrive. */
export function quiet(): Promise<void> {
  return sleep(150)
}
