import { Agent, request } from 'node:http'

const THINK_MS = [1_000, 3_000] as const
const AGENT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148'

export interface Crowd {
  port: number
  users: number
  seconds: number
  /** All of them come within so long. */
  arriveMs: number
  radarToken: string
  formToken: string
}

export interface Heard {
  requests: number
  perSecond: number
  errors: number
  /** What was refused or broke off, by status; 0: no answer. */
  refused: Record<number, number>
  /** Sorted, by what was asked. */
  each: Record<string, number[]>
  /** Sorted, in milliseconds. */
  firstPages: number[]
  all: number[]
}

interface Answer {
  status: number
  text: string
}

/** A phone of its own: a cookie and an address nobody else has. */
export class Phone {
  #cookie: string
  readonly #agent: Agent
  readonly #port: number
  readonly #ip: string

  constructor(agent: Agent, port: number, ip: string, cookie = '') {
    this.#cookie = cookie
    this.#agent = agent
    this.#port = port
    this.#ip = ip
  }

  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const payload = body && JSON.stringify(body)
    return new Promise((done, failed) => {
      const asked = request(
        {
          agent: this.#agent,
          port: this.#port,
          host: '127.0.0.1',
          method,
          path,
          headers: {
            'user-agent': AGENT,
            'x-forwarded-for': this.#ip,
            cookie: this.#cookie,
            ...(payload ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) } : {}),
          },
        },
        (answer) => {
          const [set] = answer.headers['set-cookie'] ?? []
          if (set) this.#cookie = set.split(';')[0]!
          let text = ''
          answer.setEncoding('utf8').on('data', (part: string) => {
            text += part
          })
          answer.on('end', () => done({ status: answer.statusCode ?? 0, text }))
          answer.on('error', failed)
        },
      )
      asked.on('error', failed)
      asked.end(payload)
    })
  }
}

export const openAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
export const addressOf = (nr: number): string => `10.${(nr >> 16) & 255}.${(nr >> 8) & 255}.${nr & 255}`

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms))
const think = () => wait(THINK_MS[0] + Math.random() * (THINK_MS[1] - THINK_MS[0]))
const bootOf = (html: string) =>
  JSON.parse(/id="boot">(.*?)<\/script>/s.exec(html)![1]!) as { view?: string; visit?: string }

/** People who open an article, read it, open a form, look at it, and begin again; each at his own pace. */
export async function walk({ port, users, seconds, arriveMs, radarToken, formToken }: Crowd): Promise<Heard> {
  const agent = openAgent()
  const [firstPages, all]: [number[], number[]] = [[], []]
  const refused: Record<number, number> = {}
  const each: Record<string, number[]> = {}
  const start = performance.now()
  const end = start + seconds * 1_000
  const timed = async (phone: Phone, ...[method, path, body]: Parameters<Phone['ask']>) => {
    const since = performance.now()
    const answer = await phone.ask(method, path, body).catch(() => undefined)
    const ms = performance.now() - since
    all.push(ms)
    const kind = path.startsWith('/api/') ? path : path.slice(0, 3)
    each[kind] ??= []
    each[kind].push(ms)
    const status = answer?.status ?? 0
    if (status < 200 || status >= 300) refused[status] = (refused[status] ?? 0) + 1
    return { ms, answer }
  }
  const one = async (nr: number) => {
    const phone = new Phone(agent, port, addressOf(nr + 1))
    await wait(Math.random() * arriveMs)
    for (let isFirst = true; isFirst || performance.now() < end; isFirst = false) {
      const page = await timed(phone, 'GET', `/r/${radarToken}`)
      if (isFirst) firstPages.push(page.ms)
      if (page.answer?.status !== 200) return
      const { view } = bootOf(page.answer.text)
      for (let n = 1; n <= 2 && performance.now() < end; n++) {
        await think()
        await timed(phone, 'POST', '/api/m/radar/beats', { view, n, seconds: n * 2, depth: n * 40, bye: n === 2 })
      }
      if (performance.now() >= end) return
      await think()
      const form = await timed(phone, 'GET', `/f/${formToken}`)
      if (form.answer?.status !== 200) return
      await timed(phone, 'POST', '/api/m/forms/visits', { visit: bootOf(form.answer.text).visit, what: 'opened' })
      await think()
    }
  }
  await Promise.all(Array.from({ length: users }, (_, nr) => one(nr)))
  agent.destroy()
  const took = (performance.now() - start) / 1_000
  const sorted = (values: number[]) => values.toSorted((a, b) => a - b)
  return {
    requests: all.length,
    perSecond: all.length / took,
    errors: Object.values(refused).reduce((n, one) => n + one, 0),
    refused,
    each: Object.fromEntries(Object.entries(each).map(([kind, values]) => [kind, sorted(values)])),
    firstPages: sorted(firstPages),
    all: sorted(all),
  }
}
